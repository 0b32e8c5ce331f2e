"""Ledger rows of a municipality's general meetings: held in time, who came, minutes, declarations (A8.2, A9, A10.1, A18.2).

A constant number of statements for a municipality, however many meetings it had.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_minutes_kind import GENERAL_MINUTES
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralMinutes
from tmr_app.meetings.general_queries import Schedule, schedule
from tmr_app.members.declaration_texts import newest
from tmr_app.members.general_declaration import GeneralDeclaration
from tmr_app.members.models import Municipality
from tmr_app.oversight.ledger import DONE, Row, builds_municipality
from tmr_app.regulation import articles
from tmr_app.regulation.facts import AttendanceFacts, AttendeeFacts, DeclarationFacts, MinutesFacts
from tmr_app.regulation.judging import waived
from tmr_app.regulation.verdicts import Message, Verdict
from tmr_app.signing.models import SUPERSEDED, UNDER_IT, FrozenVersion, Signature, SignatureSlot


def _row(
    municipality: Municipality,
    verdict: Verdict,
    *,
    meeting: Any = None,
    subject: str | None = None,
    person_id: UUID | None = None,
    endpoint: str = "general.index",
) -> Row:
    values: dict[str, Any] = {"municipality_id": municipality.id}
    if meeting is not None:
        values["general_id"] = meeting.id
        endpoint = "general.show"
    return Row(
        duty=verdict.duty,
        municipality=municipality.key,
        status=verdict.status,
        meeting=meeting.code if meeting is not None else None,
        subject=subject,
        due_on=verdict.due_on,
        met_at=verdict.met_on if verdict.status in DONE else None,
        reason=verdict.reason,
        counted=verdict.counted,
        reading=verdict.reading,
        meeting_id=meeting.id if meeting is not None else None,
        person_id=person_id,
        endpoint=endpoint,
        values=values,
    )


@builds_municipality("A8.2", "A9", "A10.1", "A18.2")
def general_meetings(session: Session, municipality: Municipality, now: datetime) -> Iterator[Row]:
    """Everything the rules say of the municipality's general meetings; the meetings are read once."""
    held = _held(session, municipality)
    yield from _in_time(session, municipality, now, held)
    yield from _attendance(session, municipality, now, held)
    yield from _minutes(session, municipality, now, held)
    yield from _declarations(session, municipality, now)


def _in_time(session: Session, municipality: Municipality, now: datetime, held: list[Any]) -> Iterator[Row]:
    """Each general meeting held, in time or late, and the one that is owed now (A8.2)."""
    found = schedule(session, municipality, now)
    if found is None:
        yield _row(municipality, waived("A8.2", Message("The municipality has not established its Table.")))
        return
    by_day = {one.meeting_on: one for one in held}
    for verdict in articles.a8_2_past_general_meetings(found.facts, civil_date(now)):
        yield _row(municipality, verdict, meeting=by_day.get(verdict.met_on))
    yield _row(municipality, _owed(found, civil_date(now)))


def _owed(found: Schedule, today: date) -> Verdict:
    return articles.a8_2_general_meeting_quarterly(found.facts, today)


def _held(session: Session, municipality: Municipality) -> list[Any]:
    """The meetings held, the earliest first."""
    return list(
        session.execute(
            select(GeneralMeeting.id, GeneralMeeting.code, GeneralMeeting.meeting_on)
            .where(GeneralMeeting.municipality_id == municipality.id, GeneralMeeting.status == "held")
            .order_by(GeneralMeeting.meeting_on)
        )
    )


def _attendance(
    session: Session, municipality: Municipality, now: datetime, held: list[Any]
) -> Iterator[Row]:
    """Who came to each general meeting held: one row a meeting."""
    came: dict[UUID, list[AttendeeFacts]] = defaultdict(list)
    rows = session.execute(
        select(GeneralInvitee.meeting_id, GeneralInvitee.seat_kind, GeneralInvitee.attendance).where(
            GeneralInvitee.municipality_id == municipality.id
        )
    )
    for meeting_id, kind, word in rows:
        came[meeting_id].append(AttendeeFacts(kind, word or ""))
    for meeting in held:
        facts = AttendanceFacts(meeting.meeting_on, held=True, invitees=tuple(came[meeting.id]))
        yield _row(municipality, articles.a9_members_take_part(facts, civil_date(now)), meeting=meeting)


def _minutes(session: Session, municipality: Municipality, now: datetime, held: list[Any]) -> Iterator[Row]:
    """The minutes of each general meeting: owed at the next general meeting."""
    latest = {
        row.meeting_id: row
        for row in session.execute(
            select(GeneralMinutes.meeting_id, GeneralMinutes.made_at, GeneralMinutes.approved_on)
            .where(GeneralMinutes.municipality_id == municipality.id)
            .order_by(GeneralMinutes.version)
        )
    }
    signed = _signed(session, municipality)
    for place, meeting in enumerate(held):
        made = latest.get(meeting.id)
        done, asked, last_at = signed.get(meeting.id, (0, 0, None))
        facts = MinutesFacts(
            meeting.meeting_on,
            drafted_on=civil_date(made.made_at) if made else None,
            approved_on=made.approved_on if made else None,
            next_meeting_on=held[place + 1].meeting_on if place + 1 < len(held) else None,
            signatures=done,
            signers=asked,
            last_signed_on=civil_date(last_at) if last_at else None,
        )
        yield _row(
            municipality, articles.a10_1_minutes_approved_and_signed(facts, civil_date(now)), meeting=meeting
        )


def _signed(session: Session, municipality: Municipality) -> dict[UUID, tuple[int, int, datetime | None]]:
    """By meeting: how many signed the minutes, how many are asked, when the last one did."""
    rows = session.execute(
        select(
            FrozenVersion.subject_id,
            func.count(Signature.id),
            func.count(SignatureSlot.id),
            func.max(Signature.signed_at),
        )
        .join(SignatureSlot, SignatureSlot.version_id == FrozenVersion.id)
        .outerjoin(Signature, and_(Signature.slot_id == SignatureSlot.id, Signature.deed.in_(UNDER_IT)))
        .where(
            FrozenVersion.kind == GENERAL_MINUTES,
            FrozenVersion.municipality_id == municipality.id,
            FrozenVersion.state != SUPERSEDED,
            SignatureSlot.released_at.is_(None),
        )
        .group_by(FrozenVersion.subject_id)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _declarations(session: Session, municipality: Municipality, now: datetime) -> Iterator[Row]:
    """The declaration for general meetings of each person invited to the meeting that is ahead or was held last."""
    meeting = session.execute(
        select(GeneralMeeting.id, GeneralMeeting.code, GeneralMeeting.convened_at)
        .where(
            GeneralMeeting.municipality_id == municipality.id,
            GeneralMeeting.status.in_(("convened", "running", "held")),
        )
        .order_by(GeneralMeeting.meeting_on.desc())
        .limit(1)
    ).first()
    text = newest(session, "general")
    if meeting is None or text is None:
        return
    signed = {
        row.person_id: row.signed_at
        for row in session.execute(
            select(GeneralDeclaration.person_id, GeneralDeclaration.signed_at).where(
                GeneralDeclaration.municipality_id == municipality.id, GeneralDeclaration.text_id == text.id
            )
        )
    }
    invited = session.execute(
        select(GeneralInvitee.person_id, GeneralInvitee.seat_kind)
        .where(GeneralInvitee.meeting_id == meeting.id)
        .order_by(GeneralInvitee.seat_kind)
    )
    for person_id, kind in invited:
        at = signed.get(person_id)
        facts = DeclarationFacts(
            signed_on=civil_date(at) if at else None,
            seated_on=civil_date(meeting.convened_at) if meeting.convened_at else None,
        )
        verdict = articles.a18_2_declaration_signed(facts, civil_date(now))
        yield _row(municipality, verdict, meeting=meeting, subject=kind, person_id=person_id)
