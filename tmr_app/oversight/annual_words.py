"""The words of the annual report's tables and parts, as messages put into the reader's or the document's language."""

from tmr_app.cases.words import SOURCE_TEXTS
from tmr_app.regulation.catalogue import RISK_GROUPS, RISK_KINDS, RISKS_OF_GROUP
from tmr_app.regulation.verdicts import Label, Message

_JUST = "%(name)s"

HIDDEN = "•"
"""Stands for every hidden figure."""

TITLES: dict[str, Message] = {
    "flow": Message("Cases in the year"),
    "sources": Message("Referrals by source"),
    "ages": Message("Cases by age and gender"),
    "risks": Message("Cases by kind of risk (a case may carry several)"),
    "level_start": Message("Cases by level of risk, as first determined"),
    "level_end": Message("Cases by level of risk, as last determined"),
    "statuses": Message("Children of Article 4, paragraph 6"),
    "sectors": Message("Children in hazardous work, by sector"),
    "grounds": Message("Closed cases by ground"),
    "durations": Message("Closed cases by duration"),
    "meetings": Message("Meetings held, by purpose and notice"),
    "reports": Message("Written reports of the members, by kind of institution"),
    "attendance": Message("Attendance at the meetings, by kind of institution"),
    "plans": Message("Unified plans adopted"),
    "reviews": Message("Reviews of the plans"),
    "actions": Message("Actions of the plans, by kind of institution that gives the service, and status"),
    "general_meetings": Message("General meetings held"),
    "totals": Message("Other totals of the year"),
}
TOTALS: dict[str, Message] = {
    "labour": Message("Children in hazardous work"),
    "meetings": Message("Meetings of the Table held"),
    "reports": Message("Written reports of the members"),
    "attendance": Message("Invitations to the meetings held"),
    "plans": Message("Unified plans adopted"),
    "reviews": Message("Reviews of the plans"),
    "actions": Message("Actions of the plans"),
    "general_meetings": Message("General meetings held"),
}
FLOW: dict[str, Message] = {
    "open_start": Message("Carried over from the year before"),
    "referred": Message("Referred in the year"),
    "treated": Message("Treated in the year"),
    "closed": Message("Closed in the year"),
    "open_end": Message("Open at the end of the year"),
}
DIMENSIONS: dict[str, Message] = {
    "age": Message("Age"),
    "gender": Message("Gender"),
    "risk": Message("Kind of risk"),
    "source": Message("Source"),
    "level_start": Message("Level of risk"),
    "level_end": Message("Level of risk"),
    "status": Message("Status"),
    "ground": Message("Ground"),
    "duration": Message("Duration"),
    "purpose": Message("Purpose"),
    "notice": Message("Notice"),
    "seat": Message("Kind of institution"),
    "filed": Message("Report"),
    "attendance": Message("Attendance"),
    "sector": Message("Sector"),
    "plan": Message("Plan"),
    "reviewed": Message("Review"),
    "action": Message("Status"),
}
_UNKNOWN = Message("not recorded")
WORDS: dict[str, dict[str, Message]] = {
    "age": {
        "0-5": Message("0 to 5 years"),
        "6-10": Message("6 to 10 years"),
        "11-14": Message("11 to 14 years"),
        "15-17": Message("15 to 17 years"),
        "18+": Message("18 years and over"),
    },
    "gender": {"female": Message("Girls"), "male": Message("Boys")},
    "source": SOURCE_TEXTS,
    "duration": {
        "to_90": Message("up to 3 months"),
        "to_180": Message("3 to 6 months"),
        "to_365": Message("6 to 12 months"),
        "over_365": Message("over a year"),
    },
    "purpose": {
        "first": Message("First meeting on the case"),
        "review": Message("Review of the plan and evaluation of progress"),
        "reassessment": Message("Re-assessment of the risk level and the needs"),
        "extraordinary": Message("Extraordinary meeting"),
        "closing": Message("Closing of the case"),
    },
    "notice": {
        "in_time": Message("in time"),
        "late": Message("late"),
        "shorter": Message("shorter notice (A14.5)"),
    },
    "filed": {
        "in_time": Message("in time"),
        "late": Message("late"),
        "missing": Message("missing"),
        "open": Message("not due yet"),
    },
    "attendance": {
        "present": Message("present"),
        "substitute": Message("substitute"),
        "absent_with_reason": Message("absent with reason"),
        "absent": Message("absent"),
        "not_noted": Message("not noted"),
    },
    "sector": {
        "street": Message("Work in the street (selling small things, carrying goods, begging)"),
        "housework": Message("Housework"),
        "agriculture": Message("Agriculture"),
        "forestry": Message("Forestry"),
        "building": Message("Building"),
        "recycling": Message("Recycling (work at dumps or collecting waste from containers)"),
        "quarrying": Message("Exploitation of natural resources (surface digging of sand, stone, coal)"),
        "illicit": Message("Use for forbidden activities (selling or making drugs, theft and others)"),
        "other_sector": Message("Other sector"),
    },
    "plan": {"first": Message("first plan of a case"), "updated": Message("later version")},
    "reviewed": {
        "in_time": Message("reviewed in time"),
        "late": Message("reviewed late"),
        "missing": Message("due and not held"),
    },
}
SECTION_TITLES: dict[str, Message] = {
    "situation": Message("Situation of children's protection in the municipality"),
    "work": Message("Work of the Table"),
    "obstacles": Message("Obstacles"),
    "needs": Message("Needs"),
    "proposals": Message("Proposals"),
}
SECTION_HINTS: dict[str, Message] = {
    "situation": Message("What the year was like for children in the municipality, without any single case."),
    "work": Message("What the Table did, what went well, with whom it worked."),
    "obstacles": Message("What stood in the way: services, staff, law, money, time."),
    "needs": Message("What the Table and the services need."),
    "proposals": Message("What the municipality is asked to do, by whom and until when."),
}
STATUS_WORDS: dict[str, Message] = {
    "draft": Message("Draft, not adopted yet"),
    "adopted": Message("Adopted by the Table"),
    "submitted": Message("Submitted to the municipality"),
    "acknowledged": Message("Acknowledged by the municipality"),
}
COPY_WORDS: dict[str, Message] = {
    "municipality": Message("Copy for the municipality"),
    "public": Message("Public copy"),
}
LEGENDS: dict[str, Message] = {
    "municipality": Message(
        "• hidden: a count of 1 to 4, or one from which such a count could be worked out. Zero is shown."
    ),
    "public": Message(
        "• hidden: a count below 10, or one from which such a count could be worked out. All other figures are rounded "
        "to 5, so parts need not add up to totals."
    ),
}
SMALL = Message(
    "Fewer than 10 cases: only totals are printed, so that no child can be recognised (Article 18, paragraph 1)."
)
KEPT = Message(
    "The figures of the version before stand: what changed since is too little to be printed without telling of a child."
)
BODY_WORDS: dict[str, Message] = {
    "ministry": Message("Ministry of Justice"),
    "council": Message("Council for the Rights of the Child"),
}
_GROUP_OF = {kind: group.key for group in RISK_GROUPS for kind in RISKS_OF_GROUP[group.key]}
_LABELLED = frozenset({"ground", "status", "level_start", "level_end", "seat", "action"})
_DOUBLED = {
    kind.key
    for kind in RISK_KINDS
    if kind.key.endswith("_other") or kind.key.endswith("psychological_violence")
}


def category(dimension: str, key: str) -> Message:
    """The word of one category."""
    if key == "unknown":
        return _UNKNOWN
    if dimension == "risk":
        return _risk(key)
    if dimension in _LABELLED:
        return Message(_JUST, name=Label(key))
    return WORDS[dimension][key]


def _risk(key: str) -> Message:
    """Words that stand in several groups of Annex 1 carry the group's name."""
    if key not in _DOUBLED:
        return Message(_JUST, name=Label(key))
    return Message("%(kind)s (%(group)s)", kind=Label(key), group=Label(_GROUP_OF[key]))
