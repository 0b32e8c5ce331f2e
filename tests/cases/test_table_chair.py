"""The chair's terms, delegation, offices named by the head, leave to see the address, the declaration on paper."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.cases.table_kit import LATER, NOW, Scene, build, inside, let_in, seat_of, standing
from tests.fixtures import world
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import chairing, conflicts, family, offices, participants, seat_ending
from tmr_app.cases.exclusion import Withdrawn, when_withdrawn
from tmr_app.cases.table_models import CaseManagerTerm, Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, Forbidden, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Appointment, Person

TODAY = civil_date(NOW)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return build(engine)


@pytest.mark.duty("A4.2")
def test_reassigning_moves_seat_and_duties_and_keeps_history(engine: Engine, scene: Scene) -> None:
    told: list[Withdrawn] = []
    when_withdrawn(lambda _session, _now, gone: told.append(gone))
    with inside(engine, scene) as (session, case, _manager):
        head = session.get_one(Person, scene.head)
        new = chairing.reassign(
            session, head, LATER, case=case, person_id=scene.other, note="Leje lindjeje", conflict=False
        )
        old = seat_of(session, scene, scene.manager)
        assert (old.end_reason, old.is_live) == ("handed_over", False)
        assert [gone.successor_seat_id for gone in told if gone.seat_id == old.id] == [new.id]
    with inside(engine, scene) as (session, case, _manager):
        terms = session.scalars(select(CaseManagerTerm).order_by(CaseManagerTerm.from_at)).all()
        assert [(term.person_id, term.to_at) for term in terms] == [
            (scene.manager, LATER),
            (scene.other, None),
        ]
        assert terms[1].note == "Leje lindjeje"
        assert case.case_manager_id == scene.other
    assert standing(engine, scene, scene.manager, LATER).case is CaseStanding.FORMER
    assert standing(engine, scene, scene.other, LATER).case is CaseStanding.UNDECLARED


@pytest.mark.duty("A4.2")
def test_only_a_case_manager_of_the_own_centre_is_assigned(engine: Engine, scene: Scene) -> None:
    foreign = build(engine, key="prizren")
    for person_id in (foreign.manager, scene.members["police"], scene.assistant):
        with inside(engine, scene) as (session, case, _manager), pytest.raises(FieldRefused):
            head = session.get_one(Person, scene.head)
            chairing.reassign(session, head, LATER, case=case, person_id=person_id, note="x")


@pytest.mark.duty("A10.2")
def test_a_conflicted_chair_is_excluded_at_once_and_never_comes_back(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, _manager):
        head = session.get_one(Person, scene.head)
        chairing.reassign(
            session, head, LATER, case=case, person_id=scene.other, note="vëllai", conflict=True
        )
    assert standing(engine, scene, scene.manager, LATER).case is CaseStanding.RECUSED
    with inside(engine, scene) as (session, case, _manager), pytest.raises(RuleRefused) as error:
        head = session.get_one(Person, scene.head)
        chairing.reassign(session, head, LATER, case=case, person_id=scene.manager, note="prapë")
    assert error.value.verdicts[0].duty == "A10.2"


@pytest.mark.duty("A10.2")
def test_a_chair_who_declares_a_conflict_leaves_the_case_without_one(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager):
        conflicts.answer_conflict(session, manager, LATER, case=case, has_conflict=True)
    with inside(engine, scene) as (session, case, _manager):
        assert case.case_manager_id is None
        kinds = session.scalars(
            select(OutboxMessage.kind).where(OutboxMessage.recipient_id == scene.head)
        ).all()
        assert "case_manager_needed" in kinds
        assert session.scalars(select(CaseManagerTerm)).one().to_at == LATER


@pytest.mark.duty("A4.2")
def test_the_chairs_ended_appointment_leaves_the_chair(engine: Engine, scene: Scene) -> None:
    with world.work(engine) as session:
        appointment = session.scalars(select(Appointment).where(Appointment.person_id == scene.manager)).one()
        appointment.to_on = TODAY - timedelta(days=1)
        seat_ending.end_seats_of_appointment(session, None, NOW, appointment)
    with inside(engine, scene) as (_session, case, _manager):
        assert case.case_manager_id is None


def test_delegation_is_for_assistants(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, _case, manager), pytest.raises(BadInput):
        seat = session.get_one(Seat, scene.seats["police"])
        chairing.delegate(session, manager, NOW, seat=seat, delegated=True)


@pytest.mark.parametrize(
    ("office", "who", "begins", "ends", "refused"),
    [
        ("acting_head", "other", 0, 3, None),
        ("duty_case_manager", "other", 0, 0, None),
        ("acting_head", "other", -1, 3, "from_on"),
        ("acting_head", "other", 3, 2, "to_on"),
        ("acting_head", "head", 0, 3, "person_id"),
        ("duty_case_manager", "assistant", 0, 3, "person_id"),
        ("duty_case_manager", "stranger", 0, 3, "person_id"),
    ],
)
def test_naming_to_office(
    engine: Engine, scene: Scene, office: str, who: str, begins: int, ends: int, refused: str | None
) -> None:
    people = {
        "other": scene.other,
        "head": scene.head,
        "assistant": scene.assistant,
        "stranger": scene.members["ngo"],
    }

    def name() -> None:
        with world.work(engine) as session:
            offices.name_to_office(
                session,
                session.get_one(Person, scene.head),
                NOW,
                qps_id=scene.town.qps.id,
                office=office,
                person_id=people[who],
                from_on=TODAY + timedelta(days=begins),
                to_on=TODAY + timedelta(days=ends),
            )

    if refused is None:
        name()
        refused = "from_on"  # a second time, for the same days
    with pytest.raises(FieldRefused) as error:
        name()
    assert error.value.field == refused


def test_an_acting_head_names_no_acting_head(engine: Engine, scene: Scene) -> None:
    with world.work(engine) as session:
        acting = session.get_one(Person, scene.other)
        world.appoint(session, acting, "acting_head", qps_id=scene.town.qps.id)
        session.flush()
        with pytest.raises(Forbidden):
            offices.name_to_office(
                session,
                acting,
                NOW,
                qps_id=scene.town.qps.id,
                office="acting_head",
                person_id=scene.manager,
                from_on=TODAY,
                to_on=TODAY,
            )


def test_the_address_is_granted_by_name_and_with_reason(engine: Engine, scene: Scene) -> None:
    police = scene.members["police"]
    let_in(engine, scene, police)
    assert not standing(engine, scene, police).sees_shelter_address
    with inside(engine, scene) as (session, case, manager):
        for person_id, reason in ((police, " "), (scene.members["ngo"], "arsye")):
            with pytest.raises(FieldRefused):
                participants.grant_address(
                    session, manager, NOW, case=case, person_id=person_id, reason=reason
                )
        participants.grant_address(session, manager, NOW, case=case, person_id=police, reason="përcjellje")
    assert standing(engine, scene, police).sees_shelter_address
    with inside(engine, scene) as (session, case, manager):
        participants.revoke_address(session, manager, LATER, case=case, person_id=police)
    assert not standing(engine, scene, police).sees_shelter_address


@pytest.mark.duty("A4.5")
def test_only_parents_and_guardians_take_part(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager):
        uncle = family.add_relative(
            session, manager, NOW, case=case, relative=family.RelativeData("Xhaxhai", "household")
        )
        with pytest.raises(FieldRefused):
            participants.add_participant(session, manager, NOW, case=case, relation_id=uncle.id)
