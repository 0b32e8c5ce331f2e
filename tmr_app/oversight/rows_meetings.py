"""Ledger rows of meetings: what each owes before it, in it and after it (Articles 6, 8, 9, 10)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.bundle_columns import keys
from tmr_app.oversight.ledger import CaseView, Row, builds, owed
from tmr_app.oversight.rows_procedure import is_risk_case
from tmr_app.regulation import articles
from tmr_app.regulation.days import notice_limit
from tmr_app.regulation.facts import (
    AgendaFacts,
    AttendanceFacts,
    AttendeeFacts,
    CallFacts,
    ChairedFacts,
    InitialPlanFacts,
    NoticeFacts,
    OccasionFacts,
    PackFacts,
    WaiverFacts,
)
from tmr_app.regulation.verdicts import Verdict

SENT_OUT = ("convened", "running", "held")


def dated(view: CaseView) -> list[Any]:
    """Meetings with a date that were not cancelled."""
    return [one for one in view.meetings if one.meeting_on is not None and one.state != "cancelled"]


def invited(view: CaseView, meeting: Any) -> list[Any]:
    """The invitations that stand: neither left out nor withdrawn."""
    return [
        one
        for one in view.invitations
        if one.meeting_id == meeting.id and not one.left_out and one.withdrawn_at is None
    ]


def chair_on(view: CaseView, on: date) -> UUID | None:
    """Who was case manager on that day; on the day of a hand-over the one who took over."""
    found = None
    for term in view.terms:
        if civil_date(term.from_at) <= on and (term.to_at is None or civil_date(term.to_at) >= on):
            found = term.person_id
    return found


def sendings(view: CaseView, meeting: Any) -> list[tuple[Any, datetime | None]]:
    """(seat, when it counts as sent) of everybody owed a notice.

    The chair sends it; a substitute for one meeting comes in the place of a member who had it.
    """
    if meeting.state not in SENT_OUT:
        return []
    seats = {
        seat.id: seat
        for seat in view.seats
        if seat.kind != "case_manager" and not (seat.meeting_id and seat.substitute_for_id)
    }
    return [(seats[one.seat_id], one.sent_at) for one in invited(view, meeting) if one.seat_id in seats]


def last_sent(view: CaseView, meeting: Any) -> datetime | None:
    """When the last member's notice was accepted or handed over; None while one is open (A8.3)."""
    sent = [at for _, at in sendings(view, meeting)]
    return max((at for at in sent if at is not None), default=None) if sent and all(sent) else None


@builds("A6.1.3")
def called_with_head(view: CaseView) -> Iterator[Row]:
    """The head's agreement to this date before the notice went out."""
    for meeting in dated(view):
        extraordinary = meeting.purpose == "extraordinary"
        called_at = meeting.called_at if extraordinary else meeting.convened_at
        agreed = meeting.agreed_at if meeting.agreed_on == meeting.meeting_on else None
        caller = meeting.convened_by_id or meeting.called_by_id
        facts = CallFacts(
            called_by_case_manager=extraordinary or caller in {term.person_id for term in view.terms},
            called_on=civil_date(called_at) if called_at else None,
            head_agreed_on=civil_date(agreed) if agreed else None,
            head_told_on=civil_date(meeting.head_informed_at) if meeting.head_informed_at else None,
            extraordinary=extraordinary,
        )
        verdict = articles.a6_1_3_called_with_head(facts, view.today)
        if meeting.state == "preparing":
            verdict = owed(verdict, notice_limit(meeting.meeting_on), view.today)
        yield view.row(verdict, meeting=meeting, met_at=agreed or meeting.head_informed_at)


@builds("A6.1.4")
def chair_chairs(view: CaseView) -> Iterator[Row]:
    """The case manager of the day chaired."""
    for meeting in dated(view):
        if meeting.state in SENT_OUT:
            facts = ChairedFacts(
                meeting.meeting_on, chair_on(view, meeting.meeting_on), meeting.chaired_by_id
            )
            verdict = articles.a6_1_4_chair_chairs(facts, view.today)
            yield view.row(verdict, meeting=meeting, met_at=meeting.started_at)


@builds("A6.1.5")
def initial_plan_presented(view: CaseView) -> Iterator[Row]:
    """The first meeting of the case; one held on paper lies before the take-over."""
    paper_on = view.case.paper_meeting_on
    earlier = view.before_take_over("A6.1.5", paper_on) if paper_on else None
    if earlier is not None:
        yield view.row(earlier)
        return
    meeting = next(iter(dated(view)), None)
    if meeting is None:
        yield view.row(articles.a6_1_5_initial_plan_presented(InitialPlanFacts(), view.today))
        return
    items, said = keys(meeting.items), keys(meeting.said)
    held = meeting.state == "held"
    facts = InitialPlanFacts(
        meeting.meeting_on,
        on_agenda="initial_plan" in items,
        presented_on=meeting.meeting_on if "initial_plan" in said else None,
        held=held,
    )
    verdict = articles.a6_1_5_initial_plan_presented(facts, view.today)
    yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at if held else None)


@builds("A8.1")
def meeting_for_case(view: CaseView) -> Iterator[Row]:
    """The referral, and each comprehensive assessment, owe a meeting after them."""
    occasions = [("referral", view.case.referred_on)]
    versions = {one.id: one.made_on for one in view.assessments if one.kind == "comprehensive"}
    occasions += [("assessment", on) for on in versions.values()]
    for kind, occurred_on in occasions:
        paper_on = view.case.paper_meeting_on
        earlier = view.before_take_over("A8.1", occurred_on) if paper_on else None
        if earlier is not None:
            yield view.row(earlier, subject=kind)
            continue
        held = [one for one in dated(view) if one.state == "held" and one.meeting_on >= occurred_on]
        planned = [one for one in dated(view) if one.state in ("preparing", "convened", "running")]
        facts = OccasionFacts(
            kind,
            occurred_on,
            planned_on=planned[0].meeting_on if planned else None,
            met_on=held[0].meeting_on if held else None,
        )
        meeting = (held or planned or [None])[0]
        verdict = articles.a8_1_meeting_for_case(facts, view.today)
        met_at = held[0].ended_at if held else None
        yield view.row(
            verdict,
            meeting=meeting,
            subject=kind,
            met_at=met_at,
            endpoint="" if meeting else "meetings.index",
        )


def notice_facts(view: CaseView, meeting: Any, sent_at: datetime | None) -> NoticeFacts:
    """A8.3 from what is stored; before the freeze the case's own papers count as information."""
    assessed = any(one.completed_at is not None for one in view.assessments)
    ready = meeting.packed_any if meeting.state in SENT_OUT else assessed or view.case.initial_plan_on
    return NoticeFacts(
        meeting.meeting_on,
        agreed_for_on=meeting.agreed_on,
        agreed_on=civil_date(meeting.agreed_at) if meeting.agreed_at else None,
        sent_on=civil_date(sent_at) if sent_at else None,
        lead_days=meeting.lead_days,
        has_agenda=bool(meeting.items),
        has_information=bool(ready or meeting.no_assessment_reason),
        extraordinary=meeting.purpose == "extraordinary",
        risk_stated=meeting.stated_risk,
        late_reason=meeting.late_reason,
        cancelled=meeting.state == "cancelled",
    )


@builds("A8.3")
def notice_in_time(view: CaseView) -> Iterator[Row]:
    """One row per meeting; and one per member whose notice is late or has not gone out, by the kind of seat."""
    for meeting in view.meetings:
        if meeting.meeting_on is None:
            continue
        last_at = last_sent(view, meeting)
        verdict = _notice(view, meeting, last_at)
        yield view.row(verdict, meeting=meeting, met_at=last_at)
        for seat, sent_at in sendings(view, meeting):
            if sent_at is None or civil_date(sent_at) > notice_limit(meeting.meeting_on):
                yield _notice_of(view, meeting, seat, sent_at)


def own_notices(view: CaseView, person_id: UUID) -> Iterator[Row]:
    """What this person was sent of each meeting, in time too: for the own record, where nobody else's notice stands."""
    for meeting in view.meetings:
        for seat, sent_at in sendings(view, meeting) if meeting.meeting_on else ():
            if seat.person_id == person_id:
                yield _notice_of(view, meeting, seat, sent_at)


def _notice_of(view: CaseView, meeting: Any, seat: Any, sent_at: datetime | None) -> Row:
    verdict = _notice(view, meeting, sent_at)
    return view.row(verdict, meeting=meeting, subject=seat.kind, met_at=sent_at, person_id=seat.person_id)


def _notice(view: CaseView, meeting: Any, sent_at: datetime | None) -> Verdict:
    """Still owed until it is sent or the meeting is held; after that nobody can mend it, and it is not met."""
    verdict = articles.a8_3_notice_in_time(notice_facts(view, meeting, sent_at), view.today)
    limit_on = notice_limit(meeting.meeting_on, meeting.lead_days)
    if sent_at is not None:
        return verdict
    if meeting.state == "held":
        return replace(verdict, due_on=verdict.due_on or limit_on)
    return owed(verdict, limit_on, view.today)


@builds("A8.7")
def papers_in_time(view: CaseView) -> Iterator[Row]:
    """Assessment and plan in the pack, sent when the notice was."""
    for meeting in dated(view):
        frozen = meeting.state in SENT_OUT
        assessed = any(one.completed_at is not None for one in view.assessments)
        last_at = last_sent(view, meeting)
        facts = PackFacts(
            meeting.meeting_on,
            has_assessment=bool(meeting.packed_assessment) if frozen else assessed,
            has_plan=bool(meeting.packed_plan)
            if frozen
            else bool(view.case.initial_plan_on or view.adoptions),
            sent_on=civil_date(last_at) if last_at else None,
            lead_days=meeting.lead_days,
            risk_case=is_risk_case(view),
            waiver_reason=meeting.no_assessment_reason,
            extraordinary=meeting.purpose == "extraordinary",
            risk_stated=meeting.stated_risk,
            late_reason=meeting.late_reason,
        )
        verdict = articles.a8_7_papers_in_time(facts, view.today)
        if not frozen:
            verdict = owed(verdict, notice_limit(meeting.meeting_on, meeting.lead_days), view.today)
        yield view.row(verdict, meeting=meeting, met_at=last_at)


@builds("A8.8")
def information_in_meeting(view: CaseView) -> Iterator[Row]:
    """Only where the exception is used."""
    for meeting in view.meetings:
        if not meeting.no_assessment_reason or meeting.state == "cancelled":
            continue
        facts = WaiverFacts(
            used=True,
            risk_case=is_risk_case(view),
            reason=meeting.no_assessment_reason,
            meeting_on=meeting.meeting_on,
            held=meeting.state == "held",
            given_in_meeting=bool(meeting.information_given),
        )
        verdict = articles.a8_8_information_in_meeting(facts, view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


@builds("A9")
def members_take_part(view: CaseView) -> Iterator[Row]:
    """The attendance of everybody invited."""
    for meeting in dated(view):
        if meeting.state not in SENT_OUT:
            continue
        facts = AttendanceFacts(
            meeting.meeting_on,
            held=meeting.state == "held",
            invitees=tuple(AttendeeFacts(one.id, one.attendance or "") for one in invited(view, meeting)),
        )
        verdict = articles.a9_members_take_part(facts, view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


@builds("A10.3")
def agenda_approved(view: CaseView) -> Iterator[Row]:
    """The Table approved the agenda."""
    for meeting in dated(view):
        if meeting.state in SENT_OUT:
            verdict = articles.a10_3_agenda_approved(agenda_facts(meeting), view.today)
            yield view.row(verdict, meeting=meeting, met_at=meeting.agenda_approved_at)


@builds("A10.4")
def case_presented(view: CaseView) -> Iterator[Row]:
    """The four standing items: on the agenda before, with a text of the discussion afterwards."""
    for meeting in dated(view):
        verdict = articles.a10_4_case_presented(agenda_facts(meeting), view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


def agenda_facts(meeting: Any) -> AgendaFacts:
    """A10.3 and A10.4 from what is stored."""
    items, said = keys(meeting.items), keys(meeting.said)
    return AgendaFacts(
        meeting.meeting_on,
        held=meeting.state == "held",
        approved=meeting.agenda_approved_at is not None,
        items=items,
        presented=said,
    )


def not_first(view: CaseView, meeting: Any) -> bool:
    """Whether a meeting of the case was held before this one, here or on paper."""
    if view.case.paper_meeting_on is not None:
        return True
    return any(one.state == "held" and one.meeting_on < meeting.meeting_on for one in dated(view))
