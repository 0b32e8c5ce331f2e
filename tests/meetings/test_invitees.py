"""Who must, may and may not be invited or told: A4.5, A8.6, A8.10, A8.11, A10.2."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import family, seating
from tmr_app.cases.table_models import Participant
from tmr_app.kernel.errors import RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import convening, family_notices, gates, inviting, readiness
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.verdicts import Status


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


def duties(refused: pytest.ExceptionInfo[RuleRefused]) -> set[str]:
    return {verdict.duty for verdict in refused.value.verdicts}


@pytest.mark.duty("A4.5")
def test_a4_5_perpetrator_gets_no_notice_and_no_invitation(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        manager = here.town.case_manager
        father = family.add_relative(
            session,
            manager,
            mw.NOW,
            case=here.case,
            relative=family.RelativeData(
                name="Babai",
                kind="father",
                has_parental_care=True,
                is_perpetrator=True,
                perpetrator_reason="Policia",
            ),
        )
        participant = Participant(
            case_id=here.case.id,
            kind="parent_guardian",
            relation_id=father.id,
            added_at=mw.NOW,
            added_by_id=manager.id,
        )
        session.add(participant)
        meeting = mw.prepare(session, here, mw.call(session, here))
        with pytest.raises(RuleRefused) as refused:
            family_notices.record_family_notice(
                session,
                manager,
                mw.NOW,
                meeting=meeting,
                relation_id=father.id,
                notice=family_notices.Notice(notified_on=date(2026, 11, 2), how="letter"),
            )
        assert duties(refused) == {"A4.5"}
        with pytest.raises(RuleRefused) as refused:  # B13
            inviting.set_invitees(
                session, manager, mw.NOW, meeting=meeting, seat_ids=[], participant_ids=[participant.id]
            )
        assert duties(refused) == {"A4.5"}
        convene(session, here, meeting, mw.NOW)  # the mother was told: A8.10 is not held up by him


@pytest.mark.duty("A8.10")
def test_a8_10_no_reason_why_not_told_is_shown_not_refused_as_met(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        silent = family_notices.Notice(not_notified_reason="E pamundur të gjendet")
        family_notices.record_family_notice(
            session,
            here.town.case_manager,
            mw.NOW,
            meeting=meeting,
            relation_id=here.mother.id,
            notice=silent,
        )
        answer = readiness.check(readiness.load(session, mw.NOW, meeting=meeting, case=here.case), mw.NOW)
        shown = next(one for one in answer.verdicts if one.duty == "A8.10")
        assert shown.status is Status.NOT_MET
        assert answer.may_convene


@pytest.mark.duty("A10.2")
def test_a10_2_recused_person_is_not_invited_again(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.call(session, here)
        here.seats["police"].recused_at = mw.NOW
        session.flush()
        with pytest.raises(RuleRefused) as refused:  # B12
            inviting.set_invitees(
                session, here.town.case_manager, mw.NOW, meeting=meeting, seat_ids=[here.seats["police"].id]
            )
        assert duties(refused) == {"A10.2"}


@pytest.mark.duty("A8.6")
def test_a8_6_leaving_an_actor_out_needs_a_reason_and_shows_not_met(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        mw.hold(session, mw.prepare(session, here, mw.call(session, here)), date(2026, 11, 3))
        meeting = mw.prepare(session, here, mw.call(session, here, "review"))
        table = inviting.load(session, mw.NOW, meeting=meeting)
        assert {seat.kind for seat in table.invited_seats} == {
            "case_manager",
            "police",
            "school",
            "family_medicine",
        }
        rest = [seat.id for kind, seat in here.seats.items() if kind != "police"]
        inviting.set_invitees(session, here.town.case_manager, mw.NOW, meeting=meeting, seat_ids=rest)
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.NOW)
        assert duties(refused) == {"A8.6"}
        police = here.seats["police"].id
        inviting.set_invitees(
            session,
            here.town.case_manager,
            mw.NOW,
            meeting=meeting,
            seat_ids=rest,
            reasons={police: "Hetim i ndarë"},
        )
        answer = readiness.check(readiness.load(session, mw.NOW, meeting=meeting, case=here.case), mw.NOW)
        assert next(one for one in answer.verdicts if one.duty == "A8.6").status is Status.NOT_MET
        convene(session, here, meeting, mw.NOW)
        told = set(
            session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "invitation"))
        )
        assert here.seats["police"].person_id not in told


@pytest.mark.duty("A8.11")
def test_a8_11_closing_invites_everyone_or_the_successor(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the invitees alone: the head's approval (A17.3), which `closures` asks here too, has its own tests."""
    monkeypatch.setattr(gates, "_gates", [])
    with work(engine) as session:
        here = mw.case_world(session)
        here.seats["school"].ended_at = mw.NOW
        session.flush()
        meeting = mw.prepare(session, here, mw.call(session, here, "closing"))
        with pytest.raises(RuleRefused) as refused:
            convene(session, here, meeting, mw.NOW)
        assert duties(refused) == {"A8.11"}
        successor = seating.seat_member(
            session,
            here.town.case_manager,
            mw.NOW,
            case=here.case,
            kind="school",
            person_id=here.town.substitutes["school"].id,
            reason="Pasardhës",
        )
        invited = [*(seat.id for kind, seat in here.seats.items() if kind != "school"), successor.id]
        inviting.set_invitees(session, here.town.case_manager, mw.NOW, meeting=meeting, seat_ids=invited)
        convene(session, here, meeting, mw.NOW)
