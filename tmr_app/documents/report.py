"""A member's written progress report (A8.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Document, Fields, Heading, Narrative, Table
from tmr_app.documents.texts import Words, short_day
from tmr_app.documents.values import ActionValues, CaseValues, MeetingValues, SeatValues, SignerValues
from tmr_app.documents.wording import case_fields, meeting_fields, paper, signers_table


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportValues:
    """`meeting` is the one the report is for; `actions` those the member answers for."""

    case: CaseValues
    meeting: MeetingValues
    author: SeatValues
    filed_on: date
    done: str
    observations: str = ""
    obstacles: str = ""
    proposals: str = ""
    due_on: date | None = None
    actions: tuple[ActionValues, ...] = ()
    signer: SignerValues | None = None


def build(values: ReportValues) -> Document:
    _ = Words(values.case.language)
    author = values.author
    about = (
        (_("Member"), author.person.name),
        (_("Institution"), author.person.institution),
        (_("Seat at the Table"), _.label(author.kind)),
        (_("Filed on"), _.day(values.filed_on)),
        (_("Due by"), _.day(values.due_on)),
    )
    rows = tuple(
        (one.measure, short_day(one.planned_on), _.label(one.status), one.progress or one.notes)
        for one in values.actions
    )
    columns = (_("Action or measure"), _("Planned date"), _("Status"), _("Progress so far"))
    return paper(
        _,
        kind="report",
        title=_("Written progress report"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.filed_on,
        subtitle=_("Article 8, paragraph 9"),
        blocks=(
            Fields(tuple(row for row in about if row[1])),
            Heading(_("Case")),
            case_fields(_, values.case),
            Heading(_("For the meeting")),
            meeting_fields(_, values.meeting),
            Heading(_("Actions of the plan")) if rows else None,
            Table(columns, rows, (3, 1.1, 1.1, 3.4)) if rows else None,
            Narrative(_("What was done"), values.done),
            Narrative(_("Observations on the child's state"), values.observations),
            Narrative(_("Obstacles"), values.obstacles),
            Narrative(_("Proposals to the Table"), values.proposals),
            signers_table(_, (values.signer,)) if values.signer else None,
        ),
    )
