"""Words of this room's own short lists (sources, relations, phases, standings), said in the reader's language."""

from typing import Any

from flask_babel import get_locale

from tmr_app.kernel.page_texts import lazy_gettext as _l
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Message

SOURCE_TEXTS = {
    "police": Message("Police"),
    "school": Message("School"),
    "health": Message("Health service"),
    "institution": Message("Another institution"),
    "ngo": Message("Non-governmental organisation"),
    "family": Message("Family"),
    "child": Message("The child"),
    "citizen": Message("A citizen"),
    "anonymous": Message("Anonymous"),
    "own": Message("The centre itself"),
    "other": Message("Other source"),
}
"""Who referred, by kind only: the reporter's name is on no paper of the Table (T19)."""
SOURCES: dict[str, Any] = {key: _l(text.msgid) for key, text in SOURCE_TEXTS.items()}
RELATIONS: dict[str, Any] = {
    "mother": _l("Mother"),
    "father": _l("Father"),
    "guardian": _l("Legal guardian"),
    "sibling": _l("Brother or sister"),
    "grandparent": _l("Grandparent"),
    "household": _l("Lives in the household"),
    "other": _l("Other person"),
}
GENDERS: dict[str, Any] = {"female": _l("Girl"), "male": _l("Boy")}
PHASES: dict[str, Any] = {
    "assessment": _l("Assessment"),
    "plan": _l("Unified plan"),
    "implementation": _l("Implementation"),
    "review": _l("Review of plan and progress"),
    "closure": _l("Closure"),
}
STANDINGS: dict[str, Any] = {
    "case_manager": _l("Case manager"),
    "assistant": _l("Assistant"),
    "assistant_reader": _l("Assistant"),
    "head": _l("Head of social services"),
    "member": _l("Member"),
    "guest": _l("Guest"),
    "break_glass": _l("Duty case manager, emergency access"),
    "undeclared": _l("Declaration not signed"),
    "unanswered": _l("Conflict question open"),
    "recused": _l("Recused"),
    "former": _l("Former member"),
    "none": _l("No seat"),
}
STATUSES: dict[str, Any] = {
    "in_conflict_with_law": _l("In conflict with the law"),
    "community_office_concerned": _l("Belongs to a minority community"),
    "guide_applies": _l("Child labour: the guide applies"),
}
SECTORS: dict[str, Any] = {
    "street": _l("Work in the street (selling small things, carrying goods, begging)"),
    "housework": _l("Housework"),
    "agriculture": _l("Agriculture"),
    "forestry": _l("Forestry"),
    "building": _l("Building"),
    "recycling": _l("Recycling (work at dumps or collecting waste from containers)"),
    "quarrying": _l("Exploitation of natural resources (surface digging of sand, stone, coal)"),
    "illicit": _l("Use for forbidden activities (selling or making drugs, theft and others)"),
    "other_sector": _l("Other sector"),
}
"""The guide's sectors of hazardous work (form E-3): counted in the annual report."""
AUDIENCES: dict[str, Any] = {"table": _l("Members of the Table"), "case_manager": _l("The case manager only")}
LANGUAGES = [("sq", "Shqip"), ("sr_Latn", "Srpski"), ("en", "English")]
DISCLOSURE_STATES: dict[str, Any] = {
    "proposed": _l("Waits for the head"),
    "approved": _l("Approved, not yet disclosed"),
    "refused": _l("Not approved"),
    "disclosed": _l("Disclosed"),
}


def label(key: str) -> str:
    """A catalogue label in the language of the page."""
    return catalogue.label(key, str(get_locale() or "sq"))


def labels(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """Choices of catalogue keys in the language of the page."""
    return [(key, label(key)) for key in keys]


def flag_choices() -> list[tuple[str, Any]]:
    """The four statuses of A4.6, then the other marks of a case."""
    return [*labels(("asylum_seeker", "stateless", "refugee", "migrant")), *STATUSES.items()]
