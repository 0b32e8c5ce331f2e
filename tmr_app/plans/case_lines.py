"""What the plan adds to the timeline of a case: adoptions, what became of the actions, letters to superiors."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import panels
from tmr_app.cases.models import Case
from tmr_app.cases.panels import Entry
from tmr_app.plans.models import ActionUpdate, SuperiorNotice
from tmr_app.plans.queries import versions_of
from tmr_app.regulation.verdicts import Label, Message

LETTERS = {
    "letter": Message("Letter to a superior written"),
    "reason": Message("Reason written instead of a letter to the superior"),
}


@panels.timeline_source
def plan_entries(session: Session, case: Case) -> Iterable[Entry]:
    """Three statements."""
    address = f"/cases/{case.id}/plan"
    for version in versions_of(session, case.id):
        title = Message("Plan adopted, version %(number)s", number=version.number)
        yield Entry(title, at=version.adopted_at, url=f"{address}/versions/{version.number}", kind="plan")
    updates = session.scalars(
        select(ActionUpdate)
        .where(ActionUpdate.case_id == case.id)
        .options(joinedload(ActionUpdate.updated_by))
        .order_by(ActionUpdate.updated_at)
    )
    for one in updates:
        yield Entry(
            Message("Action of the plan: %(status)s", status=Label(one.status)),
            at=one.updated_at,
            by=one.updated_by.name,
            text=one.note,
            url=f"{address}/actions/{one.action_key}",
            kind="plan",
        )
    notices = session.scalars(
        select(SuperiorNotice)
        .where(SuperiorNotice.case_id == case.id)
        .options(joinedload(SuperiorNotice.decided_by))
    )
    for notice in notices:
        yield Entry(
            LETTERS[notice.deed],
            at=notice.decided_at,
            by=notice.decided_by.name,
            url=f"{address}/cooperation",
            kind="plan",
        )
