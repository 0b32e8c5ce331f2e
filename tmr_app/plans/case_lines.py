"""What the plan adds to the timeline of a case: versions and their sending, what became of actions, requests, letters."""

from collections.abc import Iterator

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.panels import Entry, timeline_source
from tmr_app.members.models import Person
from tmr_app.plans.models import (
    Action,
    ActionUpdate,
    InformationRequest,
    PlanSending,
    PlanVersion,
    SuperiorNotice,
)
from tmr_app.plans.queries import versions_of
from tmr_app.regulation.verdicts import Label, Message

LETTERS = {
    "letter": Message("Letter to a superior written"),
    "reason": Message("Reason written instead of a letter to the superior"),
}


@timeline_source
def plan_entries(session: Session, case: Case) -> Iterator[Entry]:
    """Versions adopted and sent to the members, and what was told of each action. Three statements."""
    address = f"/cases/{case.id}/plan"
    for version in versions_of(session, case.id):
        title = Message("Plan adopted, version %(number)s", number=version.number)
        yield Entry(title, at=version.adopted_at, url=f"{address}/versions/{version.number}", kind="plan")
    sent = session.execute(
        select(PlanVersion.number, func.min(PlanSending.sent_at), func.count())
        .join(PlanSending, PlanSending.version_id == PlanVersion.id)
        .where(PlanSending.case_id == case.id)
        .group_by(PlanVersion.number)
    )
    for number, at, count in sent:
        title = Message("Plan sent, version %(number)s, members: %(count)s", number=number, count=count)
        yield Entry(title, at=at, url=f"{address}/versions/{number}", kind="plan")
    updates = session.execute(
        select(ActionUpdate, Action)
        .join(
            Action,
            and_(Action.version_id == ActionUpdate.version_id, Action.action_key == ActionUpdate.action_key),
        )
        .where(ActionUpdate.case_id == case.id)
        .options(joinedload(ActionUpdate.updated_by))
        .order_by(ActionUpdate.updated_at)
    )
    for one, action in updates:
        yield Entry(
            Message("Action of the plan: %(status)s", status=Label(one.status)),
            at=one.updated_at,
            by=one.updated_by.name,
            text=f"{action.measure}\n{one.note}",
            url=f"{address}/actions/{one.action_key}",
            kind="plan",
        )


@timeline_source
def letter_entries(session: Session, case: Case) -> Iterator[Entry]:
    """What members were asked, once a person and day; letters to superiors and their answers. Two statements."""
    url = f"/cases/{case.id}/plan/cooperation"
    asked = session.execute(
        select(Person.name, func.min(InformationRequest.requested_at), func.count())
        .join(Person, Person.id == InformationRequest.person_id)
        .where(InformationRequest.case_id == case.id)
        .group_by(Person.id, Person.name, InformationRequest.requested_on)
    )
    for name, at, count in asked:
        title = Message("Information asked of %(name)s about actions: %(count)s", name=name, count=count)
        yield Entry(title, at=at, url=url, kind="letters")
    notices = session.scalars(
        select(SuperiorNotice)
        .where(SuperiorNotice.case_id == case.id)
        .options(joinedload(SuperiorNotice.decided_by), joinedload(SuperiorNotice.person))
    )
    for notice in notices:
        yield Entry(
            LETTERS[notice.deed],
            at=notice.decided_at,
            by=notice.decided_by.name,
            text=f"{notice.person.name}\n{notice.reason or ''}".strip(),
            url=url,
            kind="letters",
        )
        if notice.answered_at is not None:
            answered = Message("The superior's answer was recorded")
            yield Entry(answered, at=notice.answered_at, text=notice.answer or "", url=url, kind="letters")
