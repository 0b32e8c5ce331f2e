"""A meeting of the demonstration's past: called, prepared, convened, answered, reported to, held."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock
from tmr_app.meetings import (
    agenda,
    answering,
    attendance,
    calling,
    convening,
    discussing,
    family_notices,
    holding,
    preparing,
    reporting,
)
from tmr_app.meetings.attendance import Mark
from tmr_app.meetings.family_notices import Notice
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.meetings.preparing import When
from tmr_app.members.models import Person
from tmr_app.web.demonstration import words
from tmr_app.web.demonstration.case_steps import Bench


def call(bench: Bench, purpose: str, stated_risk: str = "") -> Meeting:
    bench.session.flush()
    return calling.call_meeting(
        bench.session, bench.manager, clock.now(), case=bench.case, purpose=purpose, stated_risk=stated_risk
    )


def when(bench: Bench, on: date, hour: int = 10, room: int = 0) -> When:
    rooms = bench.town.rooms
    return When(on=on, starts=time(hour, 0), ends=time(hour + 1, 30), room_id=rooms[room % len(rooms)].id)


def put_date(bench: Bench, meeting: Meeting, on: date, hour: int = 10) -> None:
    preparing.set_date(
        bench.session,
        bench.manager,
        clock.now(),
        meeting=meeting,
        case=bench.case,
        when=when(bench, on, hour),
    )
    preparing.ask_agreement(bench.session, bench.manager, clock.now(), meeting=meeting, case=bench.case)


def agree(bench: Bench, meeting: Meeting) -> None:
    """The head of services agrees to the date (A8.3)."""
    assert meeting.meeting_on is not None  # noqa: S101  # a date stands before it is agreed to
    preparing.agree(
        bench.session,
        bench.town.head,
        clock.now(),
        meeting=meeting,
        case=bench.case,
        seen_on=meeting.meeting_on,
    )


def tell_family(bench: Bench, meeting: Meeting) -> None:
    """Child and carers are told; their views are written down (A8.10)."""
    now = clock.now()
    say = words.of(bench.story.language)
    for relation_id, views in [(None, say.child_views), *((one.id, say.carer_views) for one in bench.carers)]:
        family_notices.record_family_notice(
            bench.session,
            bench.manager,
            now,
            meeting=meeting,
            relation_id=relation_id,
            notice=Notice(notified_on=clock.civil_date(now), how="in_person", views=views),
        )
    if not bench.carers:
        family_notices.give_no_parent_reason(
            bench.session, bench.manager, now, meeting=meeting, reason=say.no_carer
        )


def convene(bench: Bench, meeting: Meeting, late_reason: str = "") -> None:
    bench.session.flush()
    convening.convene(
        bench.session,
        bench.manager,
        clock.now(),
        meeting_id=meeting.id,
        case=bench.case,
        late_reason=late_reason,
    )


def answer(
    bench: Bench, meeting: Meeting, person: Person, given: str, reason: str = "", **more: object
) -> None:
    answering.answer_invitation(
        bench.session,
        person,
        clock.now(),
        case=bench.case,
        meeting_id=meeting.id,
        answer=given,
        reason=reason,
        **more,  # type: ignore[arg-type]
    )


def read_pack(bench: Bench, meeting: Meeting, people: Sequence[Person]) -> None:
    """These people open the pack: "opened" is derived from the audit log."""
    for person in people:
        audit.note(
            bench.session,
            "read:pack:document",
            object_type="case",
            object_id=meeting.id,
            case_id=bench.case.id,
            rule="pack_read",
            outcome="read",
            actor_id=person.id,
        )


def report(bench: Bench, meeting: Meeting, kinds: Sequence[str]) -> None:
    """These members file their written progress report (A8.9)."""
    say = words.of(bench.story.language)
    for kind in kinds:
        reporting.file_report(
            bench.session,
            bench.person_of(kind),
            clock.now(),
            case=bench.case,
            meeting_id=meeting.id,
            texts=reporting.ReportTexts(
                done=say.done.get(kind, say.done_otherwise),
                obstacles=say.obstacles,
                needed=say.needed,
                child_wellbeing=say.wellbeing,
            ),
        )


def start(bench: Bench, meeting: Meeting) -> None:
    bench.session.flush()
    holding.start(bench.session, bench.manager, clock.now(), meeting_id=meeting.id, case=bench.case)


def discuss(bench: Bench, meeting: Meeting, *, absent: Sequence[str] = (), level: str = "") -> None:
    """Agenda approved, attendance, a text per item, views considered; the level of risk when it changes."""
    session, now, say = bench.session, clock.now(), words.of(bench.story.language)
    discussing.approve_agenda(session, bench.manager, now, meeting_id=meeting.id, case_id=bench.case.id)
    _mark_attendance(bench, meeting, absent)
    for item in agenda.items_of(session, meeting):
        discussion, decision = say.items.get(item.kind, say.item_otherwise)
        discussing.save_item(
            session,
            bench.manager,
            now,
            meeting=meeting,
            item_id=item.id,
            version=item.version,
            texts={"discussion": discussion, "decision": decision},
        )
    _consider_views(bench, meeting, now)
    if level:
        holding.determine_risk(
            session,
            bench.manager,
            now,
            meeting_id=meeting.id,
            case=bench.case,
            level=level,
            reason=say.level_reason,
        )
    session.flush()


def _mark_attendance(bench: Bench, meeting: Meeting, absent: Sequence[str]) -> None:
    away = {bench.seats[kind].id for kind in absent if kind in bench.seats}
    reason = words.of(bench.story.language).absent
    marks = {
        row.id: Mark("absent_with_reason", reason) if row.seat_id in away else Mark("present")
        for row in invited(bench.session, meeting)
    }
    attendance.record(bench.session, bench.manager, clock.now(), meeting=meeting, marks=marks)


def _consider_views(bench: Bench, meeting: Meeting, now: datetime) -> None:
    from tmr_app.meetings.models import FamilyNotice

    say = words.of(bench.story.language)
    for row in bench.session.scalars(select(FamilyNotice).where(FamilyNotice.meeting_id == meeting.id)):
        discussing.save_views(
            bench.session,
            bench.manager,
            now,
            meeting=meeting,
            relation_id=row.relation_id,
            version=row.version,
            texts={"views": row.views, "considered": say.considered, "no_views_reason": ""},
        )


def give_information(bench: Bench, meeting: Meeting, text: str) -> None:
    """What was told in the meeting in place of papers (A8.8)."""
    discussing.save_notes(
        bench.session,
        bench.manager,
        clock.now(),
        meeting_id=meeting.id,
        case_id=bench.case.id,
        stage="running",
        version=meeting.notes_version,
        texts={"information_given": text},
    )


def propose_next(bench: Bench, meeting: Meeting, on: date, purpose: str = "review") -> None:
    holding.propose_next(
        bench.session,
        bench.manager,
        clock.now(),
        meeting_id=meeting.id,
        case=bench.case,
        proposal=holding.NextMeeting(purpose, when(bench, on)),
    )


def end(bench: Bench, meeting: Meeting) -> None:
    bench.session.flush()
    holding.end(bench.session, bench.manager, clock.now(), meeting_id=meeting.id, case=bench.case)


def next_of(bench: Bench, meeting: Meeting) -> Meeting:
    """The meeting called when this one ended."""
    return bench.session.get_one(Meeting, meeting.next_meeting_id)


def invited(session: Session, meeting: Meeting) -> list[Invitation]:
    return list(
        session.scalars(
            select(Invitation).where(
                Invitation.meeting_id == meeting.id,
                Invitation.left_out.is_(False),
                Invitation.withdrawn_at.is_(None),
            )
        )
    )
