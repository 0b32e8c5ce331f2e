"""Ledger rows of those called to a meeting: requests, guests, the same actors, reports, the family (Article 8, A10.5)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.holding_queries import family_person
from tmr_app.oversight.ledger import CaseView, Row, builds, owed
from tmr_app.oversight.rows_meetings import dated, invited, not_first
from tmr_app.oversight.rows_table import runs
from tmr_app.regulation import articles
from tmr_app.regulation.days import notice_limit
from tmr_app.regulation.facts import (
    ActorFacts,
    FamilyFacts,
    GuestFacts,
    InitiationFacts,
    InvitedFacts,
    OpinionFacts,
    ReportFacts,
)

PARENTS = frozenset({"mother", "father", "parent", "guardian"})
REVIEWS = ("review", "reassessment")


@builds("A8.4")
def requested_meeting(view: CaseView) -> Iterator[Row]:
    """One row per member's request, by the kind of seat."""
    kinds = {seat.id: seat.kind for seat in view.seats}
    for one in view.requests:
        meeting = next((each for each in view.meetings if each.id == one.meeting_id), None)
        called_at = meeting.called_at if meeting is not None else None
        facts = InitiationFacts(
            civil_date(one.asked_at),
            "on record",
            called_on=civil_date(called_at) if called_at else None,
            withdrawn_on=civil_date(one.done_at) if one.done_at else None,
        )
        verdict = articles.a8_4_requested_meeting_called(facts, view.today)
        yield view.row(
            verdict,
            meeting=meeting,
            subject=kinds.get(one.seat_id),
            met_at=called_at,
            endpoint="" if meeting else "meetings.index",
        )


@builds("A8.5")
def guests(view: CaseView) -> Iterator[Row]:
    """One row per guest of a meeting."""
    by_id = {one.id: one for one in view.meetings}
    for seat in view.seats:
        if seat.kind != "guest" or seat.meeting_id not in by_id:
            continue
        meeting = by_id[seat.meeting_id]
        attended = any(one.seat_id == seat.id and one.attendance == "present" for one in view.invitations)
        signed_at = seat.signed_at
        if not attended and signed_at is None and (meeting.state in ("held", "cancelled") or seat.ended_at):
            continue  # never came and was shown nothing: no declaration is owed any more
        facts = GuestFacts(
            str(seat.institution_id or seat.reason),
            seat.reason,
            meeting_on=meeting.meeting_on,
            declaration_on=civil_date(signed_at) if signed_at else None,
            attended=attended,
        )
        verdict = articles.a8_5_guest_connected(facts, view.today)
        yield view.row(verdict, meeting=meeting, subject="guest", met_at=signed_at, person_id=seat.person_id)


def actors_owed(view: CaseView, meeting: Any) -> list[UUID]:
    """Who is owed an invitation: everybody for a closing (A8.11), else the last held meeting's actors (A8.6)."""
    if meeting.purpose == "closing":
        return [seat.id for seat in view.seats]
    before = [one for one in dated(view) if one.state == "held" and one.meeting_on < meeting.meeting_on]
    if not before:
        return []
    return [
        one.seat_id or one.participant_id
        for one in view.invitations
        if one.meeting_id == before[-1].id
        and (one.attendance == "present" or (not one.left_out and one.withdrawn_at is None))
    ]


def invited_facts(view: CaseView, meeting: Any) -> InvitedFacts:
    """A8.6 and A8.11, as `meetings.inviting` gathers them before the deed."""
    rows = {
        one.seat_id or one.participant_id: one for one in view.invitations if one.meeting_id == meeting.id
    }
    standing = {one.seat_id or one.participant_id for one in invited(view, meeting)}
    seats = {seat.id: seat for seat in view.seats}
    people = {seats[key].person_id for key in standing if key in seats}
    places = {(seats[key].kind, seats[key].institution_id) for key in standing if key in seats}
    actors = []
    for subject in dict.fromkeys(actors_owed(view, meeting)):
        row = rows.get(subject)
        reason = row.left_out_reason if row is not None else ""
        seat = seats.get(subject)
        if seat is None:
            actors += _family_actor(view, subject, subject in standing, reason)
            continue
        ended = not runs(seat) and seat.recused_at is None and seat.meeting_id is None
        if ended and meeting.purpose != "closing":
            continue
        actors.append(
            ActorFacts(
                subject,
                invited=subject in standing or seat.person_id in people,
                recused=seat.recused_at is not None,
                ended=ended,
                successor_invited=(seat.kind, seat.institution_id) in places,
                reason=reason,
            )
        )
    convened_on = civil_date(meeting.convened_at) if meeting.convened_at else None
    return InvitedFacts(
        meeting.meeting_on, tuple(actors), review=meeting.purpose in REVIEWS, convened_on=convened_on
    )


def _family_actor(view: CaseView, subject: UUID, is_invited: bool, reason: str) -> list[ActorFacts]:
    one = next((each for each in view.participants if each.id == subject), None)
    if one is None or one.withdrawn_at is not None:
        return []
    barred = {each.id for each in view.relations if each.is_suspected_perpetrator}
    return [ActorFacts(subject, invited=is_invited, perpetrator=one.relation_id in barred, reason=reason)]


@builds("A8.6")
def same_actors(view: CaseView) -> Iterator[Row]:
    """One row per review meeting."""
    for meeting in dated(view):
        if meeting.purpose in REVIEWS:
            verdict = articles.a8_6_same_actors_invited(invited_facts(view, meeting), view.today)
            yield _invited_row(view, meeting, verdict)


@builds("A8.11")
def all_to_closing(view: CaseView) -> Iterator[Row]:
    """One row per closing meeting."""
    for meeting in dated(view):
        if meeting.purpose == "closing":
            verdict = articles.a8_11_all_invited_to_closing(invited_facts(view, meeting), view.today)
            yield _invited_row(view, meeting, verdict)


def _invited_row(view: CaseView, meeting: Any, verdict: Any) -> Row:
    if meeting.state == "preparing":
        verdict = owed(verdict, notice_limit(meeting.meeting_on, meeting.lead_days), view.today)
    return view.row(verdict, meeting=meeting, met_at=meeting.convened_at)


@builds("A8.9")
def reports(view: CaseView) -> Iterator[Row]:
    """One row per member asked; one per meeting for which none is owed."""
    kinds = {seat.id: seat for seat in view.seats}
    for meeting in dated(view):
        asked = [one for one in view.reports if one.meeting_id == meeting.id]
        first, extraordinary = not not_first(view, meeting), meeting.purpose == "extraordinary"
        if not asked and (first or extraordinary):
            facts = ReportFacts(meeting.meeting_on, first_meeting=first, extraordinary=extraordinary)
            yield view.row(articles.a8_9_report_in_time(facts, view.today), meeting=meeting)
        for one in asked:
            seat = kinds.get(one.seat_id)
            facts = ReportFacts(
                meeting.meeting_on,
                filed_on=civil_date(one.done_at) if one.done_at else None,
                requested_on=civil_date(one.asked_at),
                frozen_on=civil_date(meeting.convened_at) if meeting.convened_at else None,
                first_meeting=first,
                extraordinary=extraordinary,
                seat=one.seat_id,
            )
            yield view.row(
                articles.a8_9_report_in_time(facts, view.today),
                meeting=meeting,
                subject=seat.kind if seat else None,
                met_at=one.done_at,
                person_id=seat.person_id if seat else None,
            )


def family_of(view: CaseView) -> list[Any]:
    """Parents and guardians who may be told, as `meetings.readiness` has it."""
    parents = [one for one in view.relations if one.has_parental_care or one.kind in PARENTS]
    cared = [one for one in parents if one.has_parental_care] or parents
    return [one for one in cared if not one.is_suspected_perpetrator]


@builds("A8.10")
def family_notified(view: CaseView) -> Iterator[Row]:
    """Child and parents: notified, heard, considered."""
    people = {one.id: one.relation_id for one in view.participants}
    for meeting in dated(view):
        notices = {one.relation_id: one for one in view.notices if one.meeting_id == meeting.id}
        present = {
            people[one.participant_id]
            for one in invited(view, meeting)
            if one.participant_id in people and one.attendance == "present"
        }
        relations = [("child", None), *(("parent_guardian", one.id) for one in family_of(view))]
        facts = FamilyFacts(
            meeting.meeting_on,
            tuple(family_person(kind, notices.get(key), key in present) for kind, key in relations),
            no_parent_reason=meeting.no_parent_reason,
            held=meeting.state == "held",
            stopped=view.case.family_notices_stopped_at is not None and meeting.state != "held",
        )
        verdict = articles.a8_10_family_notified_and_heard(facts, view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


@builds("A10.5")
def opinions(view: CaseView) -> Iterator[Row]:
    """One row per child, parent or guardian invited to a meeting."""
    people = {one.id: one for one in view.participants}
    barred = {one.id for one in view.relations if one.is_suspected_perpetrator}
    for meeting in dated(view):
        notices = {one.relation_id: one for one in view.notices if one.meeting_id == meeting.id}
        for one in invited(view, meeting):
            person = people.get(one.participant_id)
            if person is None:
                continue
            notice = notices.get(person.relation_id)
            facts = OpinionFacts(
                person.kind,
                perpetrator=person.relation_id in barred,
                invited=True,
                attended=one.attendance == "present",
                opinion=notice.views if notice is not None else "",
                held=meeting.state == "held",
            )
            verdict = articles.a10_5_opinion_heard(facts, view.today)
            yield view.row(verdict, meeting=meeting, subject=person.kind, met_at=meeting.ended_at)
