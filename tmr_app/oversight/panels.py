"""What the ledger adds to a case's summary and to the head's office: from the kept next duty, at no or one statement."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import Standing
from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import OWN, Panel, PanelRow, asking
from tmr_app.cases.panels import DueLine
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_queries import schedules
from tmr_app.members.models import Municipality, Qps
from tmr_app.regulation import articles
from tmr_app.regulation.duties import duty as duty_of
from tmr_app.regulation.facts import OccasionFacts
from tmr_app.regulation.verdicts import Label, Message, Status, Verdict

SHOWN = 50


def next_duty(session: Session, case: Case, standing: Standing, now: datetime) -> Iterator[DueLine]:
    """What the case owes next, leading to the open rows of its ledger."""
    if case.next_duty is None or not may(standing, Permission.CASE_LEDGER_READ):
        return
    verdict = _verdict(case, case.next_duty, civil_date(now))
    title = duty_of(case.next_duty).title
    yield DueLine(verdict, title, url_for("ledger.case", case_id=case.id, status="open"))


def _verdict(case: Case, duty: str, today: date) -> Verdict:
    """A case referred without a meeting is shown as owing one, with its way out (A8.1); else the kept date."""
    if duty == "A8.1":
        facts = OccasionFacts("referral", case.referred_on, planned_on=case.next_duty_on)
        return articles.a8_1_meeting_for_case(facts, today)
    late = case.next_duty_on is not None and case.next_duty_on < today
    status = Status.OVERDUE if late else Status.DUE
    return Verdict(duty, status, case.next_duty_on, reading=duty_of(duty).reading)


_OVERDUE = (
    select(Case.id, Case.number, Case.next_duty, Case.next_duty_on)
    .where(OWN, Case.next_duty_on < bindparam("today"))
    .order_by(Case.next_duty_on, Case.id)
    .limit(SHOWN)
)


def overdue_cases(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel | None:
    """Open cases of the head's Centres whose earliest duty is past its date; the head's own recusals apart."""
    rows = session.connection().execute(_OVERDUE, asking(person_id, qps_ids, today=civil_date(now)))
    found = [
        PanelRow(one.number, "ledger.case", {"case_id": one.id}, note=_late(one.next_duty, one.next_duty_on))
        for one in rows
    ]
    return Panel(Message("Cases with a duty past its date"), found, look="overdue", position=5)


def _late(duty: str, on: object) -> Message:
    return Message("%(title)s: by %(on)s", title=duty_of(duty).title, on=on)


AHEAD_DAYS = 30


def general_meetings_owed(
    session: Session, _person_id: UUID, qps_ids: Sequence[UUID], now: datetime
) -> Panel | None:
    """General meetings of the head's municipalities that are overdue, or owed soon and not called in time (A8.2)."""
    places = Municipality.id.in_(select(Qps.municipality_id).where(Qps.id.in_(qps_ids)))
    today, rows, late = civil_date(now), [], False
    for place, found in schedules(session, places, now):
        due_on, planned = found.owed.due_on, found.facts.planned_on
        if (
            due_on is None
            or (due_on - today).days > AHEAD_DAYS
            or (planned is not None and planned <= due_on)
        ):
            continue
        late = late or due_on < today
        rows.append(
            PanelRow(
                str(Label(place.key)),
                "general.index",
                {"municipality_id": place.id},
                note=_late("A8.2", due_on),
            )
        )
    title = Message("General meetings that are overdue or owed soon")
    return Panel(title, rows, look="overdue" if late else "due", position=8)
