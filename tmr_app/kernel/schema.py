"""Every module that defines tables, in one list: importing this loads the whole metadata."""

from importlib import import_module

MODULES = (
    "tmr_app.kernel.audit",
    "tmr_app.kernel.drafts",
    "tmr_app.kernel.links",
    "tmr_app.kernel.outbox",
    "tmr_app.kernel.throttle",
    "tmr_app.kernel.vault",
    "tmr_app.kernel.web_session",
    "tmr_app.members.models",
    "tmr_app.members.account_models",
    "tmr_app.members.general_declaration",
    "tmr_app.cases.models",
    "tmr_app.cases.table_models",
    "tmr_app.cases.monitoring_models",
    "tmr_app.signing.models",
    "tmr_app.plans.models",
    "tmr_app.plans.review_models",
    "tmr_app.meetings.models",
    "tmr_app.meetings.report_models",
    "tmr_app.oversight.annual_models",
    "tmr_app.meetings.annex_models",
    "tmr_app.meetings.minutes_models",
    "tmr_app.meetings.general_models",
    "tmr_app.cases.transfer_models",
    "tmr_app.closures.models",
    "tmr_app.oversight.tally_models",
)


def load_all() -> None:
    """Import every module of `MODULES`, by name: the kernel knows no room, it only loads them."""
    for module in MODULES:
        import_module(module)
