"""Offices, reasons and states in words, for screens."""

from flask_babel import lazy_gettext as _l

OFFICE_WORDS = {
    "head": _l("Head of social services"),
    "case_manager": _l("Case manager"),
    "assistant_case_manager": _l("Assistant case manager"),
    "representative": _l("Representative"),
    "substitute": _l("Substitute"),
    "superior": _l("Superior"),
    "municipality_officer": _l("Municipality officer"),
    "general_chair": _l("Chair of the general meetings"),
    "ministry_reader": _l("Reader of the Ministry of Justice"),
    "council_reader": _l("Reader of the Council for the Rights of the Child"),
    "administrator": _l("Administrator"),
}
STAFF_WORDS = {key: OFFICE_WORDS[key] for key in ("representative", "substitute")}
ALL_OFFICE_WORDS = {
    **OFFICE_WORDS,
    "acting_head": _l("Acting head"),
    "duty_case_manager": _l("Duty case manager"),
}
"""With those the head names."""
END_REASON_WORDS = {
    "left_post": _l("Left the post"),
    "replaced": _l("Replaced"),
    "mistake": _l("Entered by mistake"),
    "other": _l("Other reason"),
}
ACCOUNT_WORDS = {
    "none": _l("no account"),
    "invited": _l("invited"),
    "active": _l("in use"),
    "disabled": _l("disabled"),
}
