"""A17.3.3: offered with a reason, seen by number, municipality and reason only, accepted or refused, moved in one unit."""

from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import exclusion, standing_loader
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import BreakGlass, CaseManagerTerm, Seat
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import dossier, queries, recommending, transferring
from tmr_app.closures.models import Closing
from tmr_app.kernel import encryption, vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Appointment, Person, Qps


def standing(session: Any, person: Person, case: Case) -> CaseStanding:
    found, _case = standing_loader.in_case(session, person.id, case.id, cw.LATER)
    return found.case


@pytest.mark.duty("A17.3")
def test_a17_3_3_accepted_the_dossier_moves_by_reference(engine: Engine) -> None:
    with work(engine) as session:
        ended, to, transfer = cw.offered(session)
        case, town = ended.case, ended.here.town
        session.add(
            BreakGlass(
                case_id=case.id,
                person_id=town.other_case_manager.id,
                opened_at=cw.LATER,
                until_at=cw.LATER.replace(hour=23),
                reason="x",
            )
        )
        session.flush()
        assert standing(session, to.head, case) is CaseStanding.OFFERED
        transferring.accept(
            session, to.head, cw.LATER, transfer_id=transfer.id, case_manager_id=to.case_manager.id
        )
        session.flush()
        assert (case.qps_id, case.municipality_id) == (to.qps.id, to.municipality.id)
        assert (case.case_manager_id, case.status, case.closed_on) == (to.case_manager.id, "open", None)
        one = ended.closing
        assert (one.state, one.closed_on, one.municipality_id) == (
            "closed",
            cw.LATER.date(),
            town.municipality.id,
        )
        for person in (town.case_manager, *town.members.values()):
            assert standing(session, person, case) in (CaseStanding.FORMER, CaseStanding.NONE)
            assert exclusion.excluded(session, case_id=case.id, person_id=person.id, now=cw.LATER)
        assert standing(session, town.head, case) is CaseStanding.NONE
        assert standing(session, town.other_case_manager, case) is CaseStanding.NONE, "the glass is shut"
        assert standing(session, to.head, case) is CaseStanding.HEAD
        assert standing(session, to.case_manager, case) is CaseStanding.UNDECLARED
        live = session.scalars(select(Seat).where(Seat.case_id == case.id, Seat.ended_at.is_(None))).all()
        assert [(one.kind, one.person_id) for one in live] == [("case_manager", to.case_manager.id)]
        running = select(CaseManagerTerm).where(
            CaseManagerTerm.case_id == case.id, CaseManagerTerm.to_at.is_(None)
        )
        assert [one.person_id for one in session.scalars(running)] == [to.case_manager.id]
        unsent = session.scalars(
            select(OutboxMessage).where(OutboxMessage.case_id == case.id, OutboxMessage.state == "queued")
        ).all()
        assert {one.recipient_id for one in unsent} <= {to.case_manager.id, town.head.id, to.head.id}
        assert all(
            not exclusion.may_send(session, one, cw.LATER)
            for one in unsent
            if one.recipient_id == town.head.id
        )
    with work(engine) as session:
        tags = set(session.scalars(select(AuditEntry.tag)))
        assert {"transfer:offered", "transfer:accepted", "case:transferred"} <= tags
        told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind.startswith("transfer_"))).all()
        assert {one.kind for one in told} == {"transfer_offered", "transfer_accepted"}
        assert all(one.case_id is None for one in told)
        assert not [
            word for word in (*cw.CANARIES, *mw.CANARIES) if word in str([one.parameters for one in told])
        ]


@pytest.mark.duty("A17.3")
def test_a17_3_3_the_offer_shows_number_municipality_and_reason_only(engine: Engine) -> None:
    with work(engine) as session:
        ended, to, _transfer = cw.offered(session)
        case_id, number = ended.case.id, ended.case.number
        to_id, head_id = to.qps.id, to.head.id
    with work(engine) as session:
        found, _case = standing_loader.in_case(session, head_id, case_id, cw.LATER)
        assert found.case is CaseStanding.OFFERED
        assert not found.knows_case
        offer = queries.waiting_offer(session, case_id, [to_id])
        assert offer is not None
        assert (offer.number, offer.municipality, offer.reason) == (
            number,
            "prishtine",
            "ArsyeBartjeKanarine",
        )
        assert not encryption.is_unlocked(case_id), "the case's own key stays shut"
        assert not encryption.is_unlocked(session.get_one(Case, case_id).family_id)


@pytest.mark.duty("A17.3")
def test_a17_3_3_refused_the_case_stays_and_may_be_offered_again(engine: Engine) -> None:
    with work(engine) as session:
        ended, to, transfer = cw.offered(session)
        case, manager = ended.case, ended.here.town.case_manager
        with pytest.raises(FieldRefused):
            transferring.refuse(session, to.head, cw.LATER, transfer_id=transfer.id, answer=" ")
        transferring.refuse(session, to.head, cw.LATER, transfer_id=transfer.id, answer="PergjigjeKanarine")
        session.flush()
        assert standing(session, to.head, case) is CaseStanding.NONE
        assert standing(session, ended.here.town.head, case) is CaseStanding.HEAD
        assert (case.qps_id, case.status, ended.closing.state) == (ended.here.town.qps.id, "open", "open")
        for answer in (transferring.accept, transferring.refuse):
            more = (
                {"case_manager_id": to.case_manager.id} if answer is transferring.accept else {"answer": "x"}
            )
            with pytest.raises(OutOfOrder):
                answer(session, to.head, cw.LATER, transfer_id=transfer.id, **more)
        again = transferring.offer(session, manager, cw.LATER, case=case, reason="Përsëri")
        transferring.withdraw(session, manager, cw.LATER, case=case)
        with pytest.raises(OutOfOrder):
            transferring.accept(
                session, to.head, cw.LATER, transfer_id=again.id, case_manager_id=to.case_manager.id
            )
        with pytest.raises(OutOfOrder):
            transferring.withdraw(session, manager, cw.LATER, case=case)


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize("which", ["same", "inactive", "same_town", "headless", "unknown"])
def test_a17_3_3_destinations_that_are_refused(engine: Engine, which: str) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        to = cw.other_town(session)
        named = to.qps.id
        if which == "same":
            named = here.town.qps.id
        elif which == "inactive":
            to.qps.active = False
        elif which == "same_town":
            to.qps.municipality_id = here.town.municipality.id
        elif which == "headless":
            office = session.scalars(select(Appointment).where(Appointment.person_id == to.head.id)).one()
            office.to_on = date(2026, 11, 1)
        else:
            named = to.case_manager.id
        session.flush()
        data = cw.recommendation("moved_within", to_qps_id=named)
        with pytest.raises(FieldRefused) as refused:
            recommending.recommend(session, here.town.case_manager, mw.NOW, case=here.case, data=data)
        assert refused.value.field == "to_qps_id"


@pytest.mark.duty("A17.3")
def test_a17_3_3_a_centre_that_became_inactive_is_refused_when_offered_and_when_accepting(
    engine: Engine,
) -> None:
    with work(engine) as session:
        ended, to, transfer = cw.offered(session)
        to.qps.active = False
        session.flush()
        with pytest.raises(OutOfOrder):
            transferring.accept(
                session, to.head, cw.LATER, transfer_id=transfer.id, case_manager_id=to.case_manager.id
            )
        manager = ended.here.town.case_manager
        transferring.withdraw(session, manager, cw.LATER, case=ended.case)
        with pytest.raises(FieldRefused):
            transferring.offer(session, manager, cw.LATER, case=ended.case, reason="x")
        assert session.get_one(Qps, to.qps.id).active is False


@pytest.mark.duty("A17.3")
def test_a17_3_3_the_offer_waits_for_all_steps_and_only_one_is_open(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "form", "moved_within")
        manager = ended.here.town.case_manager
        with pytest.raises(OutOfOrder) as refused:
            transferring.offer(session, manager, cw.LATER, case=ended.case, reason="x")
        assert refused.value.duty == "A17.5"
        cw.sign(session, ended)
        with pytest.raises(FieldRefused):
            transferring.offer(session, manager, cw.LATER, case=ended.case, reason="")
        transferring.offer(session, manager, cw.LATER, case=ended.case, reason="x")
        with pytest.raises(OutOfOrder):
            transferring.offer(session, manager, cw.LATER, case=ended.case, reason="y")
        with pytest.raises(OutOfOrder):
            cw.close(session, ended)  # moved within the state: the acceptance closes, nothing else


@pytest.mark.duty("A17.3", "A10.2")
def test_a17_3_3_who_may_become_the_new_case_manager(engine: Engine) -> None:
    with work(engine) as session:
        ended, to, transfer = cw.offered(session)
        session.add(
            Seat(
                case_id=ended.case.id,
                kind="ngo",
                person_id=to.case_manager.id,
                seated_at=mw.NOW,
                recused_at=mw.NOW,
                conflict=True,
            )
        )
        session.flush()
    for person, error in ((to.assistant, FieldRefused), (to.case_manager, RuleRefused)):
        with pytest.raises(error), work(engine) as session:
            transferring.accept(
                session,
                session.get_one(Person, to.head.id),
                cw.LATER,
                transfer_id=transfer.id,
                case_manager_id=person.id,
            )
    with work(engine) as session:
        case = session.get_one(Case, ended.case.id)
        assert case.qps_id == ended.here.town.qps.id
        assert case.case_manager_id == ended.here.town.case_manager.id
        assert session.get_one(CaseTransfer, transfer.id).state == "offered"


def test_two_offers_and_two_answers_race(engine: Engine) -> None:
    """Whatever the order: one open offer, one answer."""
    with work(engine) as session:
        to = cw.other_town(session)
        ended = cw.at_step(session, "signed", "moved_within", to_qps_id=to.qps.id)
        ids = (
            ended.case.id,
            ended.case.family_id,
            ended.here.town.case_manager.id,
            to.head.id,
            to.case_manager.id,
        )
    case_id, family_id, manager_id, head_id, new_id = ids
    outcomes = _race(engine, lambda session: _offer(session, case_id, family_id, manager_id))
    assert sorted(outcomes) == ["done", "refused"]
    with work(engine) as session:
        transfer = transferring.open_offer(session, case_id)
        assert transfer is not None
        transfer_id = transfer.id
    outcomes = _race(engine, lambda session: _accept(session, head_id, transfer_id, new_id))
    assert sorted(outcomes) == ["done", "refused"]
    with work(engine) as session:
        assert session.get_one(Case, case_id).case_manager_id == new_id
        live = select(Seat).where(Seat.case_id == case_id, Seat.ended_at.is_(None))
        assert len(session.scalars(live).all()) == 1
        vault.unlock(session, [case_id, family_id])
        closing = dossier.newest(session, case_id)
        assert closing is not None
        assert closing.state == "closed"
        assert session.scalar(select(Closing.id).where(Closing.state == "open")) is None


def _offer(session: Any, case_id: Any, family_id: Any, manager_id: Any) -> None:
    vault.unlock(session, [case_id, family_id])
    case, manager = session.get_one(Case, case_id), session.get_one(Person, manager_id)
    transferring.offer(session, manager, cw.LATER, case=case, reason="x")


def _accept(session: Any, head_id: Any, transfer_id: Any, new_id: Any) -> None:
    head = session.get_one(Person, head_id)
    transferring.accept(session, head, cw.LATER, transfer_id=transfer_id, case_manager_id=new_id)


def _race(engine: Engine, deed: Any) -> list[str]:
    barrier, outcomes = Barrier(2), []

    def run() -> None:
        barrier.wait()
        try:
            with work(engine) as session:
                deed(session)
            outcomes.append("done")
        except (OutOfOrder, IntegrityError):
            outcomes.append("refused")

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
