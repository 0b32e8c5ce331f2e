"""The part of a progress report that goes action by action (A8.9): the member's own actions of the plan in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.errors import BadInput, FieldRefused
from tmr_app.meetings.models import ProgressReport
from tmr_app.meetings.report_models import ReportAction
from tmr_app.members.models import Person
from tmr_app.plans import updating
from tmr_app.plans.models import STATUSES
from tmr_app.plans.queries import ActionNow, actions_of
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class ActionReport:
    """What was typed of one action."""

    status: str
    done: str = ""
    obstacle: str = ""
    needed: str = ""

    @property
    def said(self) -> str:
        """Everything in one text: the note of the action's own update."""
        return "\n".join(text for text in (self.done, self.obstacle, self.needed) if text.strip())


def own_actions(session: Session, case_id: UUID, seat: Seat | None) -> list[ActionNow]:
    """The actions this seat answers for in the plan in force; none before a plan is adopted."""
    if seat is None:
        return []
    return [one for one in actions_of(session, case_id) if one.seat is not None and one.seat.id == seat.id]


def of_report(session: Session, report: ProgressReport, version: int | None = None) -> list[ReportAction]:
    """What a version of the report (the present one when none is named) says, in the plan's order."""
    return list(
        session.scalars(
            select(ReportAction)
            .where(
                ReportAction.report_id == report.id,
                ReportAction.version == (report.version if version is None else version),
            )
            .order_by(ReportAction.position)
        )
    )


def as_typed(rows: Sequence[ReportAction]) -> dict[UUID, ActionReport]:
    return {one.action_key: ActionReport(one.status, one.done, one.obstacle, one.needed) for one in rows}


def check(given: Mapping[UUID, ActionReport], actions: Sequence[ActionNow]) -> None:
    """BadInput for an action that is not one's own or a status that is none; FieldRefused for a change without a word."""
    known = {one.key: one for one in actions}
    for key, one in given.items():
        if key not in known or one.status not in STATUSES:
            raise BadInput("an action or status that is none")
        if one.status == "not_done" and not one.said.strip():
            raise FieldRefused("actions", Message("Write for each action that is not done what hinders it."))


def write(
    session: Session, report: ProgressReport, given: Mapping[UUID, ActionReport], actions: Sequence[ActionNow]
) -> None:
    """The rows of the report's present version; earlier versions keep theirs."""
    for position, action in enumerate(actions):
        one = given.get(action.key)
        if one is not None:
            session.add(
                ReportAction(
                    case_id=report.case_id,
                    report_id=report.id,
                    version=report.version,
                    action_key=action.key,
                    position=position,
                    status=one.status,
                    measure=action.row.measure,
                    done=one.done,
                    obstacle=one.obstacle,
                    needed=one.needed,
                )
            )
    session.flush()


def tell_the_plan(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    seat: Seat,
    given: Mapping[UUID, ActionReport],
    actions: Sequence[ActionNow],
) -> None:
    """A report that says something new of an action is an update of it too (A14.2): nobody writes it twice."""
    for action in actions:
        one = given.get(action.key)
        if one is None or not one.said.strip():
            continue
        if action.update is not None and (action.status, action.update.note) == (
            one.status,
            one.said.strip(),
        ):
            continue
        updating.update(
            session,
            actor,
            now,
            case=case,
            action_key=action.key,
            status=one.status,
            note=one.said,
            seat_id=seat.id,
        )
