"""Calling a meeting: by the case manager (A6.1.3, A8.1, A14.4, A14.5), or after a member's request (A8.4)."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, CaseRisk, TakeOver
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, Forbidden, OutOfOrder, RuleRefused
from tmr_app.meetings import agenda, inviting, notifications
from tmr_app.meetings.models import Meeting, MeetingRequest
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation import articles, reminders
from tmr_app.regulation.days import NOTICE_DAYS
from tmr_app.regulation.facts import CallFacts, ExtraordinaryFacts, InitiationFacts, OccasionFacts
from tmr_app.regulation.guidance import INVITATION_DAYS
from tmr_app.regulation.verdicts import Message, Status, Verdict

PURPOSES = ("first", "review", "reassessment", "extraordinary", "closing")
UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0/O, 1/I/L: a code is read out on the telephone."""


@dataclass(frozen=True, slots=True)
class Before:
    """What went before in a case: decides what a new meeting owes."""

    held: int
    taken_over: bool

    @property
    def is_first(self) -> bool:
        """Whether no meeting of the case was held yet, here or on paper before a take-over."""
        return self.held == 0 and not self.taken_over


def what_went_before(session: Session, case_id: UUID) -> Before:
    """How many meetings were held, and whether earlier ones were taken over from paper. One statement."""
    held = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.case_id == case_id, Meeting.status == "held")
        .scalar_subquery()
    )
    paper = (
        select(func.count())
        .select_from(TakeOver)
        .where(TakeOver.case_id == case_id, TakeOver.last_meeting_on.is_not(None))
        .scalar_subquery()
    )
    row = session.execute(select(held, paper)).one()
    return Before(int(row[0]), bool(row[1]))


def owed_by_referral(case: Case, today: date) -> Verdict:
    """Before the first meeting: every referral owes one (A8.1)."""
    return articles.a8_1_meeting_for_case(OccasionFacts("referral", case.referred_on), today)


def new_code(prefix: str = "TM-") -> str:
    """A neutral name such as TM-4K7QX; 31^5 of them, unique in the database."""
    return prefix + "".join(secrets.choice(UNAMBIGUOUS) for _ in range(5))


def call_meeting(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    purpose: str,
    stated_risk: str = "",
    once: str | None = None,
    by_duty: bool = False,
) -> Meeting:
    """Call a meeting of the case's Table; it lies ready with agenda and invitees pre-selected.

    All open requests of members (A8.4) are answered by it. `by_duty`: the duty case manager under break-glass, for an
    extraordinary meeting only. `once`: the submission's key; the same key gives the same meeting.
    Raises RuleRefused (A6.1.3, A14.5), FieldRefused at `purpose` or `stated_risk`, OutOfOrder for a closed case.
    """
    called = session.scalar(select(Meeting).where(Meeting.once == once)) if once else None
    if called is not None and called.case_id == case.id:
        return called
    if case.status != "open":
        raise OutOfOrder(Message("The case is closed: no meeting can be called."), "A8.1")
    before = what_went_before(session, case.id)
    _check_purpose(purpose, before)
    _check_caller(session, actor, now, case=case, purpose=purpose, stated_risk=stated_risk, by_duty=by_duty)
    municipality = session.get_one(Municipality, case.municipality_id)
    meeting = Meeting(
        case_id=case.id,
        code=_free_code(session),
        purpose=purpose,
        status="preparing",
        language=case.language,
        lead_days=lead_days(municipality),
        called_by_id=actor.id,
        called_at=now,
        once=once,
        sequence=0,
        version=1,
        stated_risk=stated_risk.strip(),
    )
    session.add(meeting)
    session.flush()
    agenda.lay_out(session, meeting, first=before.is_first)
    inviting.preselect(session, now, meeting=meeting)
    _answer_requests(session, meeting)
    if purpose == "extraordinary":
        _tell_head(session, now, case, meeting)
    audit.note(
        session, "meeting:called", object_type="meeting", object_id=meeting.id, case_id=case.id, rule="A6.1.3"
    )
    return meeting


def lead_days(municipality: Municipality) -> int:
    """Days of notice: the law's, or the municipality's longer ones (the guide's 14 when switched on)."""
    guide = INVITATION_DAYS if municipality.guide_notice else NOTICE_DAYS
    return max(NOTICE_DAYS, municipality.lead_days, guide)


def _check_purpose(purpose: str, before: Before) -> None:
    if purpose not in PURPOSES:
        raise FieldRefused("purpose", Message("Choose what the meeting is for."))
    if purpose == "first" and not before.is_first:
        raise FieldRefused("purpose", Message("The first meeting of this case was held already."))
    if purpose in ("review", "reassessment") and before.is_first:
        raise FieldRefused("purpose", Message("No meeting was held yet: call the first meeting."))


def _check_caller(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    purpose: str,
    stated_risk: str,
    by_duty: bool,
) -> None:
    today = civil_date(now)
    extraordinary = purpose == "extraordinary"
    is_caller = case.case_manager_id == actor.id or (by_duty and extraordinary)
    facts = CallFacts(
        called_by_case_manager=is_caller,
        head_agreed_on=today,
        head_told_on=today,
        extraordinary=extraordinary,
    )
    verdict = articles.a6_1_3_called_with_head(facts, today)
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    if not extraordinary:
        return
    if not stated_risk.strip():
        raise FieldRefused(
            "stated_risk", Message("An extraordinary meeting needs its risk in writing (A14.5).")
        )
    risky = is_risk_case(session, case)
    verdict = articles.a14_5_extraordinary(
        ExtraordinaryFacts(today, stated_risk, risk_case=risky, called_on=today, head_told_on=today), today
    )
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)


def is_risk_case(session: Session, case: Case) -> bool:
    """A case with risk (A8.8, A14.5): it carries a kind of risk of Annex 1, or an assessed level."""
    if case.risk_level:
        return True
    return session.scalar(select(CaseRisk.id).where(CaseRisk.case_id == case.id).limit(1)) is not None


def _free_code(session: Session) -> str:
    for _ in range(20):
        code = new_code()
        if session.scalar(select(Meeting.id).where(Meeting.code == code)) is None:
            return code
    raise RuntimeError("no free meeting code")


def _tell_head(session: Session, now: datetime, case: Case, meeting: Meeting) -> None:
    heads = notifications.heads_of(session, case.qps_id, now)
    notifications.tell(
        session,
        heads,
        kind="extraordinary_called",
        now=now,
        parameters=notifications.about(meeting),
        case_id=case.id,
        about_id=meeting.id,
    )
    meeting.head_informed_at = now


def _answer_requests(session: Session, meeting: Meeting) -> None:
    for request in open_requests(session, meeting.case_id):
        request.meeting_id = meeting.id


def open_requests(session: Session, case_id: UUID) -> list[MeetingRequest]:
    """Members' requests that were neither withdrawn nor answered by a call."""
    return list(
        session.scalars(
            select(MeetingRequest)
            .where(
                MeetingRequest.case_id == case_id,
                MeetingRequest.withdrawn_at.is_(None),
                MeetingRequest.meeting_id.is_(None),
            )
            .order_by(MeetingRequest.requested_at)
        )
    )


def request_meeting(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    seat_id: UUID,
    reason: str,
    once: str | None = None,
) -> MeetingRequest:
    """A member asks for a meeting (A8.4): the case manager is told and calls it. Raises FieldRefused without a reason."""
    made = session.scalar(select(MeetingRequest).where(MeetingRequest.once == once)) if once else None
    if made is not None and made.case_id == case.id:
        return made
    today = civil_date(now)
    if articles.a8_4_requested_meeting_called(InitiationFacts(today, reason), today).status is Status.NOT_MET:
        raise FieldRefused("reason", Message("Write why a meeting is needed."))
    request = MeetingRequest(
        case_id=case.id, seat_id=seat_id, requested_at=now, once=once, reason=reason.strip()
    )
    session.add(request)
    chair = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    notifications.tell(
        session,
        [chair],
        kind="meeting_requested",
        now=now,
        parameters={"path": f"/cases/{case.id}/meetings/"},
        case_id=case.id,
        about_id=request.id,
    )
    audit.note(
        session,
        "meeting-request:made",
        object_type="meeting_request",
        object_id=request.id,
        case_id=case.id,
        rule="A8.4",
    )
    return request


def withdraw_request(session: Session, actor: Person, now: datetime, *, request: MeetingRequest) -> None:
    """Only its author withdraws a request. Raises Forbidden for another, OutOfOrder once a meeting was called."""
    seat = session.get_one(Seat, request.seat_id)
    if seat.person_id != actor.id:
        raise Forbidden(Message("Only the member who asked for the meeting may withdraw the request (A8.4)."))
    if request.meeting_id is not None:
        raise OutOfOrder(Message("The meeting was called already."), "A8.4")
    if request.withdrawn_at is None:
        request.withdrawn_at = now
        audit.note(
            session,
            "meeting-request:withdrawn",
            object_type="meeting_request",
            object_id=request.id,
            case_id=request.case_id,
            rule="A8.4",
        )


def escalate_open_requests(session: Session, now: datetime) -> int:
    """For the worker: requests left open after the reasonable time go to the head, each once. Returns how many."""
    today = civil_date(now)
    rows = session.execute(
        select(MeetingRequest, Case)
        .join(Case, Case.id == MeetingRequest.case_id)
        .where(
            MeetingRequest.withdrawn_at.is_(None),
            MeetingRequest.meeting_id.is_(None),
            MeetingRequest.escalated_at.is_(None),
            Case.status == "open",
        )
    ).all()
    escalated = 0
    for request, case in rows:
        (escalation,) = reminders.initiation_reminders(civil_date(request.requested_at))
        if today < escalation.on:
            continue
        notifications.tell(
            session,
            notifications.heads_of(session, case.qps_id, now),
            kind="meeting_request_escalated",
            now=now,
            parameters={
                "path": f"/cases/{case.id}/meetings/",
                "since_on": civil_date(request.requested_at).isoformat(),
            },
            case_id=case.id,
            about_id=request.id,
            once_key=f"request-escalated:{request.id}",
        )
        request.escalated_at = now
        audit.note(
            session,
            "meeting-request:escalated",
            object_type="meeting_request",
            object_id=request.id,
            case_id=case.id,
            rule="A8.4",
        )
        escalated += 1
    return escalated
