"""The case assessment form (A12): the initial one of the case manager or the Table's comprehensive one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Block, Bullets, Document, Heading, Narrative, Table
from tmr_app.documents.texts import Words, short_day
from tmr_app.documents.values import CaseValues, ChildValues, FindingValues, PersonValues, SignerValues
from tmr_app.documents.wording import case_fields, child_fields, paper, signers_table
from tmr_app.regulation.verdicts import Message

KINDS = {
    "initial": Message("Initial assessment of the case"),
    "comprehensive": Message("Comprehensive assessment of the case"),
}
STATES = {
    "to_verify": Message("to verify"),
    "verified": Message("verified"),
    "disproved": Message("disproved"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationValues:
    """A12.1: a piece of information, where it comes from, and a key of `STATES`."""

    text: str
    source: str
    state: str = "to_verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionValues:
    person: PersonValues
    on: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLevelValues:
    on: date
    level: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentValues:
    """`kind` is a key of `KINDS`."""

    case: CaseValues
    child: ChildValues
    kind: str
    version: int
    made_on: date
    findings: tuple[FindingValues, ...]
    situation: str = ""
    information: tuple[InformationValues, ...] = ()
    contributions: tuple[ContributionValues, ...] = ()
    risk_history: tuple[RiskLevelValues, ...] = ()
    best_interest: str = ""
    signers: tuple[SignerValues, ...] = ()


def build(values: AssessmentValues) -> Document:
    _ = Words(values.case.language)
    return paper(
        _,
        kind="assessment",
        title=_.text(KINDS[values.kind]),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.made_on,
        subtitle=_("Version %(number)s, %(day)s", number=values.version, day=_.day(values.made_on)),
        blocks=(
            case_fields(_, values.case),
            Heading(_("The child")),
            child_fields(_, values.child),
            Narrative(_("Present situation"), values.situation),
            *_risks(_, values.case),
            Heading(_("Indicators of well-being (Article 12, paragraph 3)")),
            _findings(_, values.findings),
            *_gathered(_, values),
            Narrative(_("The child's best interest"), values.best_interest),
            Heading(_("Signatures")) if values.signers else None,
            signers_table(_, values.signers) if values.signers else None,
        ),
    )


def _risks(_: Words, case: CaseValues) -> tuple[Block, ...]:
    rows = tuple((_.label(key), case.risk_texts.get(key, "")) for key in case.risk_kinds)
    if not rows:
        return ()
    if not any(text for _name, text in rows):
        return (Heading(_("Kinds of risk")), Bullets(tuple(name for name, _text in rows)))
    return (Heading(_("Kinds of risk")), Table((_("Kind of risk"), _("Description")), rows, (2, 3)))


def _findings(_: Words, findings: tuple[FindingValues, ...]) -> Table:
    rows = tuple(
        (_.label(one.indicator) or one.title, one.finding, _.label(one.risk_level), one.sources)
        for one in findings
    )
    return Table((_("Indicator"), _("Findings"), _("Risk"), _("Sources")), rows, (2.2, 4, 0.9, 1.7))


def _gathered(_: Words, values: AssessmentValues) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if values.information:
        told = tuple((one.text, one.source, _.text(STATES[one.state])) for one in values.information)
        blocks += [
            Heading(_("Information received and its verification")),
            Table((_("Information"), _("Source"), _("State of verification")), told, (4, 2, 1.2)),
        ]
    if values.contributions:
        said = tuple(
            (one.person.name, one.person.institution, short_day(one.on), one.text)
            for one in values.contributions
        )
        blocks += [
            Heading(_("Information added by the members")),
            Table((_("Name"), _("Institution"), _("Date"), _("Information")), said, (1.6, 1.8, 1, 4)),
        ]
    if values.risk_history:
        levels = tuple((short_day(one.on), _.label(one.level), one.reason) for one in values.risk_history)
        blocks += [
            Heading(_("Risk level")),
            Table((_("Date"), _("Risk level"), _("Reason")), levels, (1, 1.2, 5)),
        ]
    return tuple(blocks)
