"""After convening: changes and cancellation, delivery, sittings, faults at each flush."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import seating
from tmr_app.cases.exclusion import withdraw_person
from tmr_app.kernel import audit, outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import calling, convening, delivery, preparing, replies, sittings
from tmr_app.meetings.models import Invitation, Meeting, MeetingRequest, PackDocument, ReportRequest
from tmr_app.members.models import Person

NEXT = date(2026, 11, 20)


def accept_all(session: Session) -> None:
    for row in session.scalars(select(OutboxMessage)):
        row.state, row.accepted_at = outbox.ACCEPTED, mw.NOW
    session.flush()


@pytest.mark.duty("A8.3")
def test_another_hour_keeps_the_uid_and_raises_the_sequence(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        accept_all(session)
        before = mw.invitation_of(session, here, meeting)
        uid = before.uid
        before.answer = "yes"
        later = mw.when(here, starts=time(12, 0), ends=time(13, 0))
        convening.change(
            session, here.town.case_manager, mw.NOW, meeting_id=meeting.id, case=here.case, when=later
        )
        session.flush()
        (mail,) = mw.mail_of(session, "invitation_changed", here.town.members["police"])
        assert mail.parameters["calendar"]["uid"] == uid
        assert mail.parameters["calendar"]["sequence"] == meeting.sequence == 1
        assert meeting.status == "convened"
        assert mw.invitation_of(session, here, meeting).answer is None  # asked again
        assert mw.invitation_of(session, here, meeting).outbox_id == mail.id


@pytest.mark.duty("A8.3")
def test_another_date_is_agreed_again_before_it_goes_out(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        accept_all(session)
        manager = here.town.case_manager
        uid, packs = mw.invitation_of(session, here, meeting).uid, meeting.pack_sha256
        convening.change(
            session, manager, mw.NOW, meeting_id=meeting.id, case=here.case, when=mw.when(here, NEXT)
        )
        session.flush()
        assert (meeting.status, meeting.agreed_on, meeting.sequence) == ("preparing", None, 0)
        assert not mw.mail_of(session, "invitation_changed", here.town.members["police"])
        preparing.agree(session, here.town.head, mw.NOW, meeting=meeting, case=here.case, seen_on=NEXT)
        session.flush()
        convening.convene(session, manager, mw.NOW, meeting_id=meeting.id, case=here.case)
        (mail,) = mw.mail_of(session, "invitation_changed", here.town.members["police"])
        assert (mail.parameters["calendar"]["uid"], mail.parameters["calendar"]["sequence"]) == (uid, 1)
        assert meeting.pack_sha256 == packs  # what was sent stays what was sent
        added = session.scalars(select(PackDocument).where(PackDocument.addition.is_(True))).all()
        assert [row.kind for row in added] == ["invitation"]


def test_cancelling_takes_back_what_left_and_what_did_not(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        gone, waiting = here.town.members["police"], here.town.members["school"]
        (sent,) = mw.mail_of(session, "invitation", gone)
        sent.state, sent.accepted_at = outbox.ACCEPTED, mw.NOW
        session.flush()
        convening.cancel(
            session,
            here.town.case_manager,
            mw.NOW,
            meeting_id=meeting.id,
            case=here.case,
            reason="Fëmija në spital",
        )
        session.flush()
        (cancellation,) = mw.mail_of(session, "invitation_cancelled", gone)
        entry = cancellation.parameters["calendar"]
        assert (entry["method"], entry["sequence"]) == ("CANCEL", 1)
        assert entry["uid"] == sent.parameters["calendar"]["uid"]
        assert not mw.mail_of(session, "invitation_cancelled", waiting)
        (unsent,) = mw.mail_of(session, "invitation", waiting)
        session.refresh(unsent)
        assert unsent.state == outbox.CANCELLED
        assert "spital" not in str(cancellation.parameters)


def test_many_submissions_at_once_convene_once(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        session.flush()
        ids = (meeting.id, here.case.id, here.case.family_id, here.town.case_manager.id)
    barrier = threading.Barrier(5)

    def submit(_number: int) -> bool:
        barrier.wait()
        return convene_with_fault(engine, ids, point=0)

    with ThreadPoolExecutor(5) as pool:
        assert all(pool.map(submit, range(5)))
    with work(engine) as session:
        assert session.scalar(select(func.count()).where(OutboxMessage.kind == "invitation")) == 4
        assert session.scalar(select(func.count()).select_from(PackDocument)) == 3


@pytest.mark.duty("A8.3")
def test_delivery_turns_red_a_day_before_the_limit_until_handed_over(engine: Engine) -> None:
    early, late = mw.at(date(2026, 11, 13), time(23, 59)), mw.at(date(2026, 11, 14), time(0, 0))
    with work(engine) as session:
        here, meeting = mw.convened(session)
        assert not delivery.is_red(delivery.of_meeting(session, early, meeting=meeting))
        assert delivery.is_red(delivery.of_meeting(session, late, meeting=meeting))
        for row in session.scalars(select(Invitation)):
            if row.seat_id != here.seats["police"].id:
                continue
            convening.hand_over(session, here.town.case_manager, late, invitation=row, note="Në dorë")
        for kind in ("school", "family_medicine"):
            (mail,) = mw.mail_of(session, "invitation", here.town.members[kind])
            mail.state, mail.accepted_at = outbox.ACCEPTED, mw.NOW
        session.flush()
        audit.note(
            session, "read:pack:show", object_type="case", object_id=meeting.id, case_id=here.case.id,
            outcome="read", actor_id=here.town.members["school"].id,
        )  # fmt: skip
        audit.write_queued(session)
        rows = {row.seat.kind: row for row in delivery.of_meeting(session, late, meeting=meeting)}
        assert not delivery.is_red(list(rows.values()))
        assert rows["police"].state == "paper"
        assert rows["school"].opened_at is not None
        assert rows["family_medicine"].opened_at is None


@pytest.mark.duty("A10.2")
def test_a10_2_recusal_withdraws_invitation_mail_and_request(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        mw.hold(session, mw.prepare(session, here, mw.call(session, here)), date(2026, 11, 3))
        meeting = mw.prepare(session, here, mw.call(session, here, "review"))
        convening.convene(session, here.town.case_manager, mw.NOW, meeting_id=meeting.id, case=here.case)
        session.flush()
        seat = here.seats["police"]
        seat.recused_at = mw.NOW
        withdraw_person(session, mw.NOW, seat=seat, rule="A10.2")
        session.expire_all()
        assert mw.invitation_of(session, here, meeting).withdrawn_at is not None
        states = {
            row.state
            for row in session.scalars(
                select(OutboxMessage).where(OutboxMessage.recipient_id == seat.person_id)
            )
        }
        assert states == {outbox.CANCELLED}
        asked = session.scalars(select(ReportRequest).where(ReportRequest.seat_id == seat.id)).one()
        assert asked.withdrawn_at is not None


@pytest.mark.duty("A8.4")
def test_a8_4_open_request_goes_to_the_head_once(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        police = here.town.members["police"]
        for _ in range(2):  # a browser's second try
            calling.request_meeting(
                session,
                police,
                mw.NOW,
                case=here.case,
                seat_id=here.seats["police"].id,
                reason="Rrezik",
                once="k" * 20,
            )
        assert session.scalar(select(func.count()).select_from(MeetingRequest)) == 1
        assert calling.escalate_open_requests(session, mw.at(date(2026, 11, 9), time(12, 0))) == 0
        late = mw.at(date(2026, 11, 10), time(12, 0))
        assert calling.escalate_open_requests(session, late) == 1
        assert calling.escalate_open_requests(session, late) == 0
        assert len(mw.mail_of(session, "meeting_request_escalated", here.town.head)) == 1


def test_a_sitting_sends_one_mail_with_times_and_codes(engine: Engine) -> None:
    with work(engine) as session:
        first = mw.case_world(session)
        second = mw.case_world(session, town=first.town)
        manager = first.town.case_manager
        meetings = [mw.prepare(session, here, mw.call(session, here)) for here in (first, second)]
        slots = [
            sittings.Slot(meetings[0].id, time(9, 0), time(10, 0)),
            sittings.Slot(meetings[1].id, time(10, 0), time(11, 0)),
        ]
        sitting = sittings.group(session, manager, mw.NOW, meeting=meetings[0], slots=slots)
        session.flush()
        sittings.convene_sitting(session, manager, mw.NOW, sitting=sitting)
        police = first.town.members["police"]
        live = [
            row
            for row in session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == police.id))
            if row.state == outbox.QUEUED and "invitation" in row.kind
        ]
        (mail,) = live
        assert mail.kind == "sitting_invitation"
        assert [slot["code"] for slot in mail.parameters["slots"]] == [meeting.code for meeting in meetings]
        assert [slot["starts"] for slot in mail.parameters["slots"]] == ["09:00", "10:00"]
        assert first.case.number not in str(mail.parameters)
        assert (
            replies.receive(session, mw.NOW, mw.reply(mail.parameters["calendar"]["uid"], police.email)).kind
            == "answer"
        )
        session.flush()
        answers = session.scalars(select(Invitation.answer).where(Invitation.outbox_id == mail.id)).all()
        assert answers == ["yes", "yes"]
        seat = second.seats["police"]
        seat.recused_at = mw.NOW
        withdraw_person(session, mw.NOW, seat=seat, rule="A10.2")
        session.flush()
        assert [slot["code"] for slot in mail.parameters["slots"]] == [meetings[0].code]


def test_a_late_substitute_gets_the_invitation_at_once(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        stand_in = here.town.substitutes["school"]
        seat = seating.seat_substitute(
            session, here.town.case_manager, mw.NOW, seat=here.seats["school"], person=stand_in,
            meeting_id=meeting.id, ends_at=datetime(2026, 11, 24, tzinfo=mw.NOW.tzinfo),
        )  # fmt: skip
        seat.person = stand_in
        convening.invite_late(
            session, here.town.case_manager, mw.NOW, meeting=meeting, case=here.case, seats=[seat]
        )
        assert len(mw.mail_of(session, "invitation", stand_in)) == 1
        assert (
            len(mw.mail_of(session, "invitation", here.town.members["school"])) == 1
        )  # the others get no second one


class Fault(Exception):
    """What a test throws in the middle of a unit."""


def test_a_fault_at_any_statement_leaves_neither_mail_nor_convened_meeting(engine: Engine) -> None:
    """No meeting convened without outbox rows and none the other way (ASVS 2.3.3, F12)."""
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        session.flush()
        ids = (meeting.id, here.case.id, here.case.family_id, here.town.case_manager.id)
    survived = False
    for point in range(1, 60):
        survived = convene_with_fault(engine, ids, point)
        with work(engine) as session:
            status = session.scalar(select(Meeting.status).where(Meeting.id == ids[0]))
            mails = session.scalar(select(func.count()).where(OutboxMessage.kind == "invitation"))
            packs = session.scalar(select(func.count()).select_from(PackDocument))
            assert (status, mails, packs) == (("convened", 4, 3) if survived else ("preparing", 0, 0)), point
        if survived:
            break
    assert survived


def convene_with_fault(engine: Engine, ids: tuple[UUID, UUID, UUID, UUID], point: int) -> bool:
    """Convene; the writing statement number `point` fails. True when it went through."""
    seen = 0

    def break_off(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal seen
        if statement.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            seen += 1
            if seen == point:
                raise Fault

    event.listen(engine, "before_cursor_execute", break_off)
    try:
        with work(engine) as session:
            mw.vault.unlock(session, ids[1:3])
            case, actor = session.get_one(mw.Case, ids[1]), session.get_one(Person, ids[3])
            convening.convene(session, actor, mw.NOW, meeting_id=ids[0], case=case)
        return True
    except Fault:
        return False
    finally:
        event.remove(engine, "before_cursor_execute", break_off)
