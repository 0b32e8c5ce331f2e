"""The plan's review and the evaluation of progress (A5.1.5, A15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Document, Heading, Narrative, Table
from tmr_app.documents.texts import Words
from tmr_app.documents.values import (
    ActionValues,
    CaseValues,
    ChildValues,
    MeetingValues,
    SignerValues,
    ViewValues,
)
from tmr_app.documents.wording import (
    action_columns,
    case_fields,
    child_fields,
    meeting_fields,
    paper,
    signers_table,
    views_blocks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewValues:
    case: CaseValues
    child: ChildValues
    meeting: MeetingValues
    plan_version: int
    actions: tuple[ActionValues, ...]
    well_being: str
    risk_level: str = ""
    monitoring: str = ""
    changes: str = ""
    views: tuple[ViewValues, ...] = ()
    next_review_on: date | None = None
    signers: tuple[SignerValues, ...] = ()


def build(values: ReviewValues) -> Document:
    _ = Words(values.case.language)
    rest = ((_("Next review by"), _.day(values.next_review_on)),) if values.next_review_on else ()
    return paper(
        _,
        kind="review",
        title=_("Review of the plan and evaluation of progress"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.meeting.on,
        subtitle=_(
            "Plan version %(number)s, %(day)s", number=values.plan_version, day=_.day(values.meeting.on)
        ),
        landscape=True,
        blocks=(
            case_fields(_, values.case, *rest),
            Heading(_("The child")),
            child_fields(_, values.child),
            Heading(_("Meeting")),
            meeting_fields(_, values.meeting),
            Heading(_("Progress of each action")),
            _progress(_, values.actions),
            Narrative(_("Findings of the case manager's monitoring"), values.monitoring),
            Narrative(_("The Table's finding on the child's well-being"), values.well_being),
            Narrative(_("Risk level after the review"), _.label(values.risk_level))
            if values.risk_level
            else None,
            Narrative(_("Changes to the plan"), values.changes),
            *views_blocks(_, values.views),
            Heading(_("Signatures")) if values.signers else None,
            signers_table(_, values.signers) if values.signers else None,
        ),
    )


def _progress(_: Words, actions: tuple[ActionValues, ...]) -> Table:
    return action_columns(
        _,
        actions,
        (2.3, 1.6, 1.7, 1.4, 1.15, 1.05),
        (_("Evaluation of progress"), 2.4, lambda one: one.progress),
        (_("Notes"), 1.6, lambda one: one.notes),
    )
