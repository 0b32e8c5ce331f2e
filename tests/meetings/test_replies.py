"""Incoming mail: calendar replies, bounces, garbage, and the command that reads standard input."""

from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import general_world as gw
from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tests.fixtures.world import use_test_keys, work
from tmr_app.kernel import outbox
from tmr_app.kernel.errors import FieldRefused
from tmr_app.meetings import delivery, general_answering, general_convening, replies
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.models import Invitation
from tmr_app.members.models import Person
from tmr_app.web.commands import mail_command


def as_mail(calendar: bytes) -> bytes:
    head = b'From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="x"\r\n\r\n--x\r\n'
    part = b"Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n" + calendar
    return head + b"Content-Type: text/plain\r\n\r\nPo\r\n--x\r\n" + part + b"\r\n--x--\r\n"


def bounced(message_id: str, action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
        'report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@y.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_a_calendar_reply_sets_the_answer_of_its_addressee_only(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        row = mw.invitation_of(session, here, meeting)
        address = here.town.members["police"].email
        with pytest.raises(replies.UnusableMail):
            replies.receive(session, mw.NOW, mw.reply(row.uid, here.town.members["school"].email))
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, "TENTATIVE")).kind == "ignored"
        assert row.answer is None
        assert replies.receive(session, mw.NOW, as_mail(mw.reply(row.uid, address.upper()))).kind == "answer"
        assert (row.answer, row.answered_by) == ("yes", "calendar")
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, "DECLINED")).kind == "answer"
        assert row.answer == "no"
        meeting.sequence = 2
        session.flush()
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, sequence=1)).kind == "ignored"
        assert row.answer == "no"


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"  \n",
        b"hello",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"\xff\xfe\x00" * 50,
        b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR",
        mw.reply("unknown@tryeza", "nobody@x.example"),
        bounced("<nobody@nowhere.example>"),
        bounced("<no\x00body@nowhere.example>"),
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\x00',
    ],
)
def test_garbage_is_one_sentence_and_changes_nothing(engine: Engine, garbage: bytes) -> None:
    with work(engine) as session:
        with pytest.raises(replies.UnusableMail) as refused:
            replies.receive(session, mw.NOW, garbage)
        assert "\n" not in str(refused.value)
        assert str(refused.value).endswith(".")


def test_the_command_reads_standard_input(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        uid, address = mw.invitation_of(session, here, meeting).uid, here.town.members["police"].email
    use_test_keys().save(tmp_path / "keys.json")
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TMR_DATABASE_URL", url)
    monkeypatch.setenv("TMR_KEY_FILE", str(tmp_path / "keys.json"))
    taken = CliRunner().invoke(mail_command.command, ["receive"], input=mw.reply(uid, address, "DECLINED"))
    assert (taken.exit_code, taken.output) == (0, "Answer recorded: no.\n")
    garbage = CliRunner().invoke(mail_command.command, ["receive"], input=b"hello")
    assert isinstance(garbage.exception, replies.UnusableMail)  # `tmr` prints it in one line and exits with 1
    with work(engine) as session:
        assert set(session.scalars(select(Invitation.answer).where(Invitation.uid == uid))) == {"no"}


def test_a_bounce_marks_the_row_and_suspends_the_address(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        person = here.town.members["police"]
        (mail,) = mw.mail_of(session, "invitation", person)
        assert replies.receive(session, mw.NOW, bounced(mail.message_id, "delayed")).kind == "ignored"
        assert replies.receive(session, mw.NOW, bounced(mail.message_id)).kind == "bounce"
        assert (mail.state, mail.last_reply) == (outbox.BOUNCED, "bounced 5.1.1")
        assert person.address_suspended_at is not None
        session.flush()
        rows = {row.seat.kind: row for row in delivery.of_meeting(session, mw.NOW, meeting=meeting)}
        assert (rows["police"].state, rows["police"].why) == ("refused", "bounced 5.1.1")


def _general(session: Session) -> tuple[gw.GeneralWorld, GeneralMeeting, GeneralInvitee, Person]:
    """A convened general meeting, the police's invitation, and a rostered substitute of the police."""
    here = gw.general_world(session)
    deputy = world.person(session, "Zëvendës Policie")
    session.flush()
    police = here.town.institutions["police"].id
    world.appoint(session, deputy, "substitute", institution_id=police)
    meeting = gw.convene(session, here, gw.call(session, here))
    row = session.scalars(
        select(GeneralInvitee).where(GeneralInvitee.person_id == here.town.members["police"].id)
    ).one()
    return here, meeting, row, deputy


@pytest.mark.duty("A8.2")
def test_a8_2_a_calendar_reply_answers_a_general_meeting_too(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting, row, _deputy = _general(session)
        address = here.town.members["police"].email
        with pytest.raises(replies.UnusableMail):
            replies.receive(session, mw.NOW, mw.reply(row.uid, here.town.members["school"].email))
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, "TENTATIVE")).kind == "ignored"
        assert row.answer is None
        done = replies.receive(session, mw.NOW, as_mail(mw.reply(row.uid, address)))
        assert (done.kind, done.meeting_ids, row.answer) == ("answer", (meeting.id,), "yes")
        replies.receive(session, mw.NOW, mw.reply(row.uid, address, "DECLINED"))
        assert row.answer == "no"
        meeting.sequence = 2
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, sequence=1)).kind == "ignored"
        meeting.status = "cancelled"
        assert replies.receive(session, mw.NOW, mw.reply(row.uid, address, sequence=2)).kind == "ignored"
        assert row.answer == "no"


@pytest.mark.duty("A9")
def test_a9_a_substitute_for_a_general_meeting_is_named_invited_and_let_go(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting, row, deputy = _general(session)
        member, ids = here.town.members["police"], {"municipality_id": here.id, "general_id": meeting.id}

        def say(answer: str, substitute_id: UUID | None = None) -> None:
            general_answering.answer(
                session, member, mw.NOW, answer=answer, substitute_id=substitute_id, **ids
            )
            session.flush()

        for stranger in (None, here.town.members["school"].id, member.id):
            with pytest.raises(FieldRefused) as refused:
                say("substitute", stranger)
            assert refused.value.field == "substitute"
        say("substitute", deputy.id)
        say("substitute", deputy.id)  # the same answer again tells nobody twice
        (mail,) = gw.mails(session, "general_stand_in")
        entry = mail.parameters["calendar"]
        assert (mail.recipient_id, entry["uid"], entry["method"]) == (
            deputy.id,
            row.substitute_uid,
            "REQUEST",
        )
        assert (row.answer, row.substitute_id) == ("substitute", deputy.id)

        assert replies.receive(session, mw.NOW, mw.reply(entry["uid"], deputy.email)).kind == "answer"
        assert row.answer == "substitute"
        with pytest.raises(replies.UnusableMail):  # the member's address, the substitute's entry
            replies.receive(session, mw.NOW, mw.reply(entry["uid"], member.email))
        assert (
            replies.receive(session, mw.NOW, mw.reply(entry["uid"], deputy.email, "DECLINED")).kind
            == "answer"
        )
        assert (row.answer, row.substitute_id) == (None, None)  # the member's own answer is open again

        say("substitute", deputy.id)
        say("yes")
        assert (row.answer, row.substitute_id) == ("yes", None)
        assert len(gw.mails(session, "general_not_needed")) == 2
        say("substitute", deputy.id)
        general_convening.cancel(session, here.chair, mw.NOW, reason="Salla u mbyll", **ids)
        taken = [one for one in gw.mails(session, "general_cancelled") if one.recipient_id == deputy.id]
        assert [one.parameters["calendar"]["method"] for one in taken] == ["CANCEL"]
