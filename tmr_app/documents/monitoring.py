"""The monitoring summary put before the Table with the pack (A14.3.4): how each action stands, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Document, Heading, Narrative, Table
from tmr_app.documents.texts import Words
from tmr_app.documents.values import ActionValues, CaseValues, MeetingValues
from tmr_app.documents.wording import action_columns, case_fields, meeting_fields, paper


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringValues:
    """`actions` with their latest status and note (`progress`); `overdue`: how many are past their planned date."""

    case: CaseValues
    meeting: MeetingValues
    plan_version: int
    made_on: date
    actions: tuple[ActionValues, ...]
    overdue: int = 0
    findings: str = ""


def build(values: MonitoringValues) -> Document:
    _ = Words(values.case.language)
    counted = (
        (_("Actions done"), str(sum(one.status == "done" for one in values.actions))),
        (_("Actions past their date"), str(values.overdue)),
    )
    return paper(
        _,
        kind="monitoring",
        title=_("Monitoring summary for the Table"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.made_on,
        subtitle=_("Plan version %(number)s, %(day)s", number=values.plan_version, day=_.day(values.made_on)),
        landscape=True,
        blocks=(
            case_fields(_, values.case, *counted),
            Heading(_("For the meeting")),
            meeting_fields(_, values.meeting),
            Heading(_("How each action stands")),
            _actions(_, values.actions),
            Narrative(_("Findings of the case manager's monitoring"), values.findings),
        ),
    )


def _actions(_: Words, actions: tuple[ActionValues, ...]) -> Table:
    return action_columns(
        _,
        actions,
        (2.4, 1.7, 1.8, 1.5, 1.1, 1),
        (_("Last told"), 3, lambda one: one.progress),
    )
