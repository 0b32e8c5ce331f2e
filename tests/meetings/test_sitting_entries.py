"""The joint calendar entry of a sitting follows its meetings: moved, called off one after the other, before and after it left."""

from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.member_kit import declare
from tmr_app.cases.models import Case
from tmr_app.kernel import clock, outbox
from tmr_app.kernel.errors import FieldRefused, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import convening, preparing, sittings
from tmr_app.meetings.models import Invitation, Meeting, Sitting
from tmr_app.meetings.preparing import When

pytestmark = pytest.mark.db


@dataclass
class Sat:
    """Two convened meetings of one sitting; the police sit at both Tables."""

    session: Session
    worlds: tuple[mw.CaseWorld, mw.CaseWorld]
    meetings: list[Meeting]

    def mails(self) -> list[OutboxMessage]:
        """What the police member was written about the sitting or a meeting, and was not taken back."""
        person = self.worlds[0].town.members["police"]
        rows = self.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.recipient_id == person.id, OutboxMessage.state != outbox.CANCELLED)
            .order_by(OutboxMessage.created_at, OutboxMessage.kind)
        )
        return [row for row in rows if row.kind.startswith(("invitation", "sitting"))]

    def sent(self) -> None:
        for row in self.mails():
            row.state, row.accepted_at = outbox.ACCEPTED, row.created_at
        self.session.flush()

    def cancel(self, place: int) -> None:
        here = self.worlds[place]
        convening.cancel(
            self.session, here.town.case_manager, mw.NOW + timedelta(hours=place + 1),
            meeting_id=self.meetings[place].id, case=here.case, reason="S'ka nevojë më.",
        )  # fmt: skip
        self.session.flush()


def _sat(session: Session) -> Sat:
    first = mw.case_world(session)
    second = mw.case_world(session, town=first.town)
    meetings = [mw.prepare(session, here, mw.call(session, here)) for here in (first, second)]
    slots = [
        sittings.Slot(meetings[0].id, time(9, 0), time(10, 0)),
        sittings.Slot(meetings[1].id, time(10, 0), time(11, 0)),
    ]
    manager = first.town.case_manager
    for here in (first, second):
        declare(session, here, manager, mw.NOW)
    sitting = sittings.group(session, manager, mw.NOW, meeting=meetings[0], slots=slots)
    session.flush()
    sittings.convene_sitting(session, manager, mw.NOW, sitting=sitting)
    return Sat(session, (first, second), meetings)


def _codes(mail: OutboxMessage) -> list[str]:
    return [slot["code"] for slot in mail.parameters["slots"]]


def test_called_off_one_after_the_other(engine: Engine) -> None:
    with work(engine) as session:
        here = _sat(session)
        here.sent()
        (joint,) = here.mails()
        here.cancel(0)
        _joint, changed = here.mails()
        assert (changed.kind, changed.parameters["gone"]) == ("sitting_changed", here.meetings[0].code)
        assert _codes(changed) == [here.meetings[1].code]
        entry = changed.parameters["calendar"]
        assert (entry["uid"], entry["sequence"], entry["method"]) == (
            joint.parameters["calendar"]["uid"], 1, "REQUEST",
        )  # fmt: skip
        assert entry["starts_at"] == changed.parameters["slots"][0]["starts_at"]
        still_told = session.scalars(
            select(Invitation.outbox_id).where(
                Invitation.meeting_id == here.meetings[1].id, Invitation.outbox_id == joint.id
            )
        ).all()
        assert still_told, "the other meeting's notice stays the one that left in time (A8.3)"
        here.sent()
        here.cancel(1)
        last = here.mails()[-1]
        entry = last.parameters["calendar"]
        assert (last.kind, entry["method"], entry["sequence"]) == ("sitting_cancelled", "CANCEL", 2)
        assert entry["uid"] == joint.parameters["calendar"]["uid"]


def test_called_off_before_the_mail_left(engine: Engine) -> None:
    """The taken-back joint mail is replaced: the other meeting loses nobody's invitation."""
    with work(engine) as session:
        here = _sat(session)
        here.cancel(0)
        (mail,) = here.mails()
        assert mail.kind == "sitting_invitation"
        assert _codes(mail) == [here.meetings[1].code]
        told = session.scalars(
            select(Invitation.meeting_id).where(Invitation.outbox_id == mail.id)
        ).all()  # fmt: skip
        assert told == [here.meetings[1].id]
        here.cancel(1)
        assert not here.mails(), "nothing had left: nothing is to be cancelled in a calendar"


def test_moved_within_the_day(engine: Engine) -> None:
    with work(engine) as session:
        here = _sat(session)
        here.sent()
        meeting, world = here.meetings[1], here.worlds[1]
        assert meeting.meeting_on
        when = When(meeting.meeting_on, time(13, 0), time(14, 0), room_id=meeting.room_id)
        convening.change(
            session, world.town.case_manager, mw.NOW + timedelta(hours=1),
            meeting_id=meeting.id, case=world.case, when=when,
        )  # fmt: skip
        session.flush()
        changed = here.mails()[-1]
        assert changed.kind == "sitting_changed"
        assert [slot["starts"] for slot in changed.parameters["slots"]] == ["09:00", "13:00"]
        assert changed.parameters["calendar"]["ends_at"] == changed.parameters["slots"][1]["ends_at"]
        assert len(here.mails()) == 2, "one mail, not one for the sitting and one for the meeting"


def test_moved_to_another_day_it_leaves_the_sitting(engine: Engine) -> None:
    with work(engine) as session:
        here = _sat(session)
        here.sent()
        meeting, world = here.meetings[0], here.worlds[0]
        assert meeting.meeting_on
        when = When(meeting.meeting_on + timedelta(days=7), time(9, 0), time(10, 0), room_id=meeting.room_id)
        convening.change(
            session, world.town.case_manager, mw.NOW + timedelta(hours=1),
            meeting_id=meeting.id, case=world.case, when=when,
        )  # fmt: skip
        session.flush()
        changed = here.mails()[-1]
        assert (changed.kind, _codes(changed)) == ("sitting_changed", [here.meetings[1].code])
        assert meeting.sitting_id is None
        assert not session.scalars(
            select(Invitation.id).where(
                Invitation.meeting_id == meeting.id, Invitation.sitting_uid.is_not(None)
            )
        ).all()


def _grouped(session: Session) -> tuple[mw.CaseWorld, list[Meeting], Sitting]:
    """Two meetings of one day in a sitting; the second is not ready: its head has not agreed."""
    first = mw.case_world(session)
    second = mw.case_world(session, town=first.town)
    meetings = [mw.prepare(session, here, mw.call(session, here)) for here in (first, second)]
    meetings[1].agreed_on = meetings[1].agreed_at = None
    slots = [
        sittings.Slot(one.id, time(hour, 0), time(hour + 1, 0))
        for hour, one in zip((9, 10), meetings, strict=True)
    ]
    manager = first.town.case_manager
    for here in (first, second):
        declare(session, here, manager, mw.NOW)
    sitting = sittings.group(session, manager, mw.NOW, meeting=meetings[0], slots=slots)
    session.flush()
    return first, meetings, sitting


def test_the_meeting_that_holds_a_sitting_back_is_named(engine: Engine) -> None:
    """Asked from a meeting that is ready, the refusal of another one would show nothing that is missing."""
    with work(engine) as session:
        here, meetings, sitting = _grouped(session)
        manager = here.town.case_manager
        with pytest.raises(FieldRefused) as refused:
            sittings.convene_sitting(session, manager, mw.NOW, sitting=sitting, asked_from=meetings[0].id)
        assert refused.value.message.params["code"] == meetings[1].code
        session.rollback()


def test_the_rules_of_the_meeting_asked_from_are_said_themselves(engine: Engine) -> None:
    with work(engine) as session:
        here, meetings, sitting = _grouped(session)
        with pytest.raises(RuleRefused) as refused:
            sittings.convene_sitting(
                session, here.town.case_manager, mw.NOW, sitting=sitting, asked_from=meetings[1].id
            )
        assert {one.duty for one in refused.value.verdicts} == {"A6.1.3", "A8.3"}
        session.rollback()


def test_another_day_leaves_the_sitting_before_anything_is_sent(engine: Engine) -> None:
    """The joint mail names one day: a meeting that was moved to another one must not stand in it."""
    with work(engine) as session:
        here, meetings, _sitting = _grouped(session)
        moved = meetings[0]
        assert moved.meeting_on is not None
        when = When(moved.meeting_on + timedelta(days=1), time(9), time(10), room_id=moved.room_id)
        assert [one.id for one in sittings.mates(session, moved)] == [meetings[1].id]
        preparing.set_date(session, here.town.case_manager, mw.NOW, meeting=moved, case=here.case, when=when)
        session.flush()
        assert moved.sitting_id is None
        assert sittings.mates(session, meetings[1]) == []


def test_a_sitting_is_taken_apart(engine: Engine) -> None:
    with work(engine) as session:
        _here, meetings, _sitting = _grouped(session)
        sittings.take_apart(session, mw.NOW, meeting=meetings[0])
        session.flush()
        assert [one.sitting_id for one in meetings] == [None, None]


def test_the_pages_of_a_sitting_lead_to_its_other_meeting(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    """Its code and hours; no word of the case it is about."""
    with work(engine) as session:
        here, meetings, _sitting = _grouped(session)
        first, other = [(one.id, one.case_id, one.code) for one in meetings]
        chair, number = here.town.case_manager.id, session.get_one(Case, other[1]).number
    with clock.fixed_at(mw.NOW):
        browser = SignedIn(make_app(fresh_database_url), chair)
        for page in ("prepare", "convene"):
            answer = browser.get(f"/cases/{first[1]}/meetings/{first[0]}/{page}")
            assert answer.status_code == 200
            (leads,) = browser.page.select(f'main a[href="/cases/{other[1]}/meetings/{other[0]}/{page}"]')
            assert leads.text == other[2]
            assert number not in answer.text
            assert browser.get(str(leads["href"])).status_code == 200
