"""The blueprints of every room, in one list; and in another what tells a lower room of a higher one."""

from importlib import import_module

from flask import Flask

ROOMS = (
    "tmr_app.cases.views",
    "tmr_app.cases.views_visits",
    "tmr_app.cases.views_table",
    "tmr_app.cases.views_head_office",
    "tmr_app.signing.views",
    "tmr_app.signing.views_verify",
    "tmr_app.meetings.views_answers",
    "tmr_app.meetings.views_member",
    "tmr_app.meetings.drafts_view",
    "tmr_app.meetings.views_reports",
    "tmr_app.plans.views",
    "tmr_app.plans.views_letters",
    "tmr_app.meetings.views_report_links",
    "tmr_app.meetings.views",
    "tmr_app.meetings.views_holding",
    "tmr_app.meetings.views_review",
    "tmr_app.meetings.views_minutes",
    "tmr_app.meetings.views_minutes_course",
    "tmr_app.meetings.general_rooms",
    "tmr_app.closures.views",
    "tmr_app.closures.views_transfer",
    "tmr_app.closures.views_retention",
    "tmr_app.oversight.views_calendar",
    "tmr_app.oversight.views_dashboard",
    "tmr_app.oversight.views_annual",
    "tmr_app.oversight.views_annual_bodies",
    "tmr_app.oversight.views_annual_deeds",
    "tmr_app.oversight.views_ledger",
    "tmr_app.oversight.views_officer",
    "tmr_app.oversight.views_my_work",
    "tmr_app.web.views_home",
    "tmr_app.members.views_account",
    "tmr_app.members.views_administration",
    "tmr_app.members.views_municipality",
    "tmr_app.members.views_own_staff",
)
# Imported for what they register (`cases.panels`, `cases.papers`): entries of the timeline, lines of a case, its documents.
ENTRIES = (
    "tmr_app.plans.case_lines",
    "tmr_app.plans.guide_papers",
    "tmr_app.plans.letter_papers",
    "tmr_app.plans.plan_papers",
    "tmr_app.meetings.annex_plan",
    "tmr_app.meetings.case_lines",
    "tmr_app.meetings.case_papers",
    "tmr_app.meetings.chair_work",
    "tmr_app.meetings.family_papers",
    "tmr_app.meetings.new_chair",
    "tmr_app.meetings.timeline_entries",
    "tmr_app.closures.annex_closing",
    "tmr_app.closures.closing_papers",
    "tmr_app.closures.guide_papers",
    "tmr_app.closures.timeline_entries",
    "tmr_app.closures.work",
    "tmr_app.web.deed_words",
)
DEMONSTRATION_ROOMS: tuple[str, ...] = ("tmr_app.web.demo_sign_in", "tmr_app.web.demonstration.views")


def load_entries() -> None:
    """Let every room tell the rooms below what it adds to their pages."""
    for entry in ENTRIES:
        import_module(entry)


def register(app: Flask) -> None:
    """Register each module's `blueprint`; the demonstration's only over a database marked as one."""
    load_entries()
    rooms = ROOMS + (DEMONSTRATION_ROOMS if app.extensions["tmr_settings"].demonstration else ())
    for room in rooms:
        app.register_blueprint(import_module(room).blueprint)
