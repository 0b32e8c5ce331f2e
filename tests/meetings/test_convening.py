"""Convening: the borders of the notice, each refusal with its ways out, one transaction, few statements."""

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.models import Case
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused, Stale
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import agenda, convening, frozen, inviting, preparing, readiness
from tmr_app.meetings.models import Invitation, Meeting, PackDocument, ReportRequest
from tmr_app.regulation.verdicts import Status

ON = mw.MEETING_ON


def convene(session: Session, here: mw.CaseWorld, meeting: Meeting, now: datetime, **more: Any) -> Meeting:
    session.flush()
    return convening.convene(
        session,
        here.town.case_manager,
        now,
        meeting_id=meeting.id,
        case=here.case,
        **more,
    )


def ready(session: Session, on: date = ON, **more: Any) -> tuple[mw.CaseWorld, Meeting]:
    here = mw.case_world(session, **more)
    return here, mw.prepare(session, here, mw.call(session, here), on)


def duties(refused: pytest.ExceptionInfo[RuleRefused]) -> set[str]:
    return {verdict.duty for verdict in refused.value.verdicts}


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize(
    ("now", "convened"),
    [
        (mw.at(date(2026, 11, 13), time(12, 0)), True),
        (mw.at(date(2026, 11, 14), time(23, 59)), True),  # B05: the last minute of the last lawful day
        (mw.at(date(2026, 11, 15), time(0, 0)), False),
        (mw.at(date(2026, 11, 16), time(9, 0)), False),
    ],
)
def test_a8_3_notice_counts_dates(engine: Engine, now: datetime, convened: bool) -> None:
    """A meeting on Tuesday the 17th: Saturday the 14th until midnight is in time, Sunday the 15th is not."""
    with work(engine) as session:
        here, meeting = ready(session)
        if convened:
            assert convene(session, here, meeting, now).status == "convened"
            return
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, now)
        assert duties(refused) == {"A8.3", "A8.7"}
        notice = next(one for one in refused.value.verdicts if one.duty == "A8.3")
        assert [way.key for way in notice.ways_out] == ["earliest_date", "extraordinary"]
        assert notice.breach_offer.key == "send_late"
        assert meeting.status == "preparing"


@pytest.mark.duty("A8.3")
def test_a8_3_sent_late_with_a_reason_is_a_recorded_breach(engine: Engine) -> None:
    late = mw.at(date(2026, 11, 15), time(9, 0))
    with work(engine) as session:
        here, meeting = ready(session)
        answer = readiness.check(readiness.load(session, late, meeting=meeting, case=here.case), late)
        assert not answer.may_convene
        assert answer.offers_breach
        convene(session, here, meeting, late, late_reason="Rrezik i menjëhershëm")
        assert meeting.late_reason == "Rrezik i menjëhershëm"
    with work(engine) as session:
        here, meeting = ready(session, key="gjakove")
        convene(session, here, meeting, mw.NOW, late_reason="Pa nevojë")
        assert not meeting.late_reason  # in time: nothing is recorded as late


@pytest.mark.duty("A8.3")
def test_a8_3_municipality_with_longer_notice(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        here.town.municipality.lead_days = 7
        meeting = mw.prepare(session, here, mw.call(session, here))
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.at(date(2026, 11, 11), time(9, 0)))
        assert "A8.3" in duties(refused)
        convene(session, here, meeting, mw.at(date(2026, 11, 10), time(23, 0)))


@pytest.mark.duty("A6.1.3")
def test_a6_1_3_the_head_agrees_to_this_date(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here), agreed=False)
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.NOW)
        assert duties(refused) == {"A6.1.3", "A8.3"}
        preparing.agree(session, here.town.head, mw.NOW, meeting=meeting, case=here.case, seen_on=ON)
        other = mw.when(here, date(2026, 11, 18))
        preparing.set_date(
            session, here.town.case_manager, mw.NOW, meeting=meeting, case=here.case, when=other
        )
        assert meeting.agreed_on is None  # another date voids the agreement
        with pytest.raises(RuleRefused):
            convene(session, here, meeting, mw.NOW)
        with pytest.raises(OutOfOrder):  # the head looked at the old date
            preparing.agree(session, here.town.head, mw.NOW, meeting=meeting, case=here.case, seen_on=ON)


@pytest.mark.duty("A14.5")
def test_a14_5_extraordinary_takes_shorter_notice_and_tells_the_head(engine: Engine) -> None:
    now = mw.at(date(2026, 11, 16), time(9, 0))
    with work(engine) as session:
        here = mw.case_world(session)
        with pytest.raises(FieldRefused) as refused:
            mw.call(session, here, "extraordinary", now)
        assert refused.value.field == "stated_risk"
        meeting = mw.call(session, here, "extraordinary", now, stated_risk="RreziqeKanarine")
        session.flush()
        kinds = session.scalars(
            select(OutboxMessage.kind).where(OutboxMessage.recipient_id == here.town.head.id)
        )
        assert "extraordinary_called" in set(kinds)
        mw.prepare(session, here, meeting, now=now, agreed=False)
        convene(session, here, meeting, now)
        assert meeting.status == "convened"


@pytest.mark.duty("A8.7")
@pytest.mark.duty("A8.8")
def test_a8_7_papers_or_the_waiver_of_a8_8(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = ready(session, assessed=False)
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.NOW)
        assert "A8.7" in duties(refused)
        preparing.waive_papers(
            session,
            here.town.case_manager,
            mw.NOW,
            meeting=meeting,
            case=here.case,
            reason="Rasti u gjet sot",
        )
        convene(session, here, meeting, mw.NOW)
        kinds = set(session.scalars(select(PackDocument.kind).where(PackDocument.meeting_id == meeting.id)))
        assert kinds == {"invitation"}


@pytest.mark.duty("A4.6")
def test_a4_6_without_representative_only_by_the_heads_written_reason(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = ready(session, flags=frozenset({"asylum_seeker"}))
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.NOW)
        assert duties(refused) == {"A4.6"}
        preparing.allow_without_representative(
            session, here.town.head, mw.NOW, meeting=meeting, reason="Zyra nuk përgjigjet"
        )
        answer = readiness.check(readiness.load(session, mw.NOW, meeting=meeting, case=here.case), mw.NOW)
        shown = next(one for one in answer.verdicts if one.duty == "A4.6")
        assert shown.status is Status.NOT_MET
        assert shown.breach_recorded
        convene(session, here, meeting, mw.NOW)


@pytest.mark.duty("A8.9")
def test_a8_9_first_meeting_owes_no_reports_the_next_one_does(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = ready(session)
        convene(session, here, meeting, mw.NOW)
        assert session.scalar(select(func.count()).select_from(ReportRequest)) == 0
        mw.hold(session, meeting, date(2026, 11, 3))
        following = mw.call(session, here, "review")
        assert session.scalar(select(func.count()).select_from(ReportRequest)) == 0
        mw.prepare(session, here, following)  # a date is proposed: the requests go out at once
        rows = session.scalars(select(ReportRequest).where(ReportRequest.meeting_id == following.id)).all()
        assert {row.seat_id for row in rows} == {seat.id for seat in here.seats.values()}
        assert {row.due_on for row in rows} == {date(2026, 11, 14)}
        asked = session.scalars(
            select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "report_requested")
        ).all()
        assert len(asked) == 3
        convene(session, here, following, mw.NOW)
        assert session.scalar(select(func.count()).select_from(ReportRequest)) == 3


def test_steps_out_of_order_and_impossible_input(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.call(session, here)
        with pytest.raises(OutOfOrder):
            convene(session, here, meeting, mw.NOW)
        mw.prepare(session, here, meeting)
        with pytest.raises(Stale):
            convene(session, here, meeting, mw.NOW, version=1)
        with pytest.raises(FieldRefused) as refused:  # B06
            convene(session, here, meeting, mw.at(ON, time(12, 0)))
        assert refused.value.field == "meeting_on"
        inviting.set_invitees(session, here.town.case_manager, mw.NOW, meeting=meeting, seat_ids=[])
        with pytest.raises(FieldRefused) as refused:  # B09
            convene(session, here, meeting, mw.NOW)
        assert refused.value.field == "invitees"


def test_convening_freezes_the_pack_and_writes_one_mail_each(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = ready(session)
        convene(session, here, meeting, mw.NOW)
        case_id, family_id, meeting_id = here.case.id, here.case.family_id, meeting.id
        again = convene(session, here, meeting, mw.NOW)  # a double submission
        assert again.sequence == 0
    with work(engine) as session:
        mw.vault.unlock(session, [case_id, family_id])
        meeting = session.get_one(Meeting, meeting_id)
        rows = session.scalars(
            select(PackDocument).where(PackDocument.meeting_id == meeting_id).order_by(PackDocument.position)
        ).all()
        assert [row.kind for row in rows] == ["invitation", "assessment", "initial-plan"]
        assert [row.sha256 for row in rows] == [frozen.fingerprint(row.kind, row.values) for row in rows]
        assert meeting.pack_sha256 == frozen.pack_fingerprint([row.sha256 for row in rows])
        mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "invitation")).all()
        invited = session.scalars(select(Invitation).where(Invitation.meeting_id == meeting_id)).all()
        assert {mail.id for mail in mails} == {one.outbox_id for one in invited}
        assert len(mails) == 4
        assert {mail.parameters["calendar"]["uid"] for mail in mails} == {one.uid for one in invited}
        everything = json.dumps(
            [[mail.kind, mail.parameters] for mail in session.scalars(select(OutboxMessage))]
        )
        case = session.get_one(Case, case_id)
        assert not [word for word in (*mw.CANARIES, case.number) if word.casefold() in everything.casefold()]
        assert meeting.room_id is not None
        assert "Salla 2" in everything


def test_agenda_has_the_standing_items_and_moves_without_dragging(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = ready(session)
        kinds = [item.kind for item in agenda.items_of(session, meeting)]
        assert kinds[0] == "agenda"
        assert {
            "information",
            "needs_assessment",
            "services_given",
            "proposed_plan",
            "initial_plan",
            "family",
        } <= set(kinds)
        assert "minutes" not in kinds
        added = agenda.add_item(session, here.town.case_manager, mw.NOW, meeting=meeting, title="Transporti")
        session.flush()
        assert agenda.items_of(session, meeting)[-3].id == added.id
        agenda.move_item(session, here.town.case_manager, mw.NOW, meeting=meeting, item_id=added.id, up=True)
        session.flush()
        assert agenda.items_of(session, meeting)[-4].id == added.id
        for kind in agenda.ARTICLES.keys() & set(kinds):
            standing = next(item for item in agenda.items_of(session, meeting) if item.kind == kind)
            with pytest.raises(FieldRefused):
                agenda.remove_item(
                    session, here.town.case_manager, mw.NOW, meeting=meeting, item_id=standing.id
                )
        agenda.remove_item(session, here.town.case_manager, mw.NOW, meeting=meeting, item_id=added.id)


@pytest.mark.parametrize("members", [15, 60])
def test_convening_takes_few_statements(engine: Engine, members: int) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        mw.hold(session, mw.prepare(session, here, mw.call(session, here)), date(2026, 11, 3))
        mw.crowd(session, here, members - 3)
        meeting = mw.call(session, here, "review")
        mw.prepare(session, here, meeting)
        meeting_id, case_id, family_id, manager = (
            meeting.id,
            here.case.id,
            here.case.family_id,
            here.town.case_manager.id,
        )
    with mw.counted(engine) as statements:
        with work(engine) as session:
            mw.vault.unlock(session, [case_id, family_id])
            case = session.get_one(Case, case_id)
            actor = session.get_one(mw.world.Person, manager)
            convening.convene(session, actor, mw.NOW, meeting_id=meeting_id, case=case)
        sent = statements()
    assert len(sent) <= 40, "\n".join(sent)
    with work(engine) as session:
        invitations = select(func.count()).where(OutboxMessage.kind == "invitation")
        assert session.scalar(invitations) == members + 1
