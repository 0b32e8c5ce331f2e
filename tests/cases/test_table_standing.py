"""Every standing the guard may load, by seat, appointment, declaration and office; and the exclusion beside it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from tests.cases.table_kit import NOW, Scene, build, inside, let_in, seat_of, standing
from tests.fixtures import world
from tmr_app.access.standing import CaseStanding as C
from tmr_app.cases import break_glass, chairing, conflicts, declaring, exclusion, seating
from tmr_app.cases.table_models import BreakGlass, Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import Forbidden
from tmr_app.members import declaration_texts
from tmr_app.members.models import Appointment, Person

DAY = timedelta(days=1)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return build(engine)


def test_the_standing_of_each_person(engine: Engine, scene: Scene) -> None:
    let_in(engine, scene, scene.members["police"])
    with inside(engine, scene) as (session, case, manager):
        seating.seat_member(
            session,
            manager,
            NOW,
            case=case,
            kind="assistant_case_manager",
            person_id=scene.assistant,
            reason="ndihmë",
        )
    expected = {
        scene.manager: C.CASE_MANAGER,
        scene.members["police"]: C.MEMBER,
        scene.members["school"]: C.UNDECLARED,
        scene.assistant: C.UNDECLARED,
        scene.head: C.HEAD,
        scene.other: C.NONE,
        scene.members["ngo"]: C.NONE,
    }
    assert {one: standing(engine, scene, one).case for one in expected} == expected
    let_in(engine, scene, scene.assistant)
    assert standing(engine, scene, scene.assistant).case is C.ASSISTANT_READER
    with inside(engine, scene) as (session, _case, manager):
        chairing.delegate(
            session, manager, NOW, seat=seat_of(session, scene, scene.assistant), delegated=True
        )
    assert standing(engine, scene, scene.assistant).case is C.ASSISTANT


def test_declared_but_not_answered(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, _manager):
        text = declaring.newest_text(session)
        assert text is not None
        declaring.sign_declaration(
            session,
            session.get_one(Person, scene.members["police"]),
            NOW,
            case=case,
            text_version=text.version,
            language="sr",
            session_ref=None,
        )
    assert standing(engine, scene, scene.members["police"]).case is C.UNANSWERED


@pytest.mark.parametrize(
    ("from_days", "to_days", "expected"),
    [
        (-9, -1, C.FORMER),
        (-9, 0, C.MEMBER),
        (-9, 1, C.MEMBER),
        (-9, None, C.MEMBER),
        (0, None, C.MEMBER),
        (1, None, C.FORMER),
    ],
)
def test_a_seat_lives_with_its_appointment(
    engine: Engine, scene: Scene, from_days: int, to_days: int | None, expected: C
) -> None:
    """T04: an appointment that ended yesterday, ends today, begins tomorrow."""
    let_in(engine, scene, scene.members["police"])
    today = civil_date(NOW)
    with world.work(engine) as session:
        appointment = session.scalar(
            select(Appointment).where(Appointment.person_id == scene.members["police"])
        )
        assert appointment is not None
        appointment.from_on = today + from_days * DAY
        appointment.to_on = None if to_days is None else today + to_days * DAY
    assert standing(engine, scene, scene.members["police"]).case is expected


@pytest.mark.parametrize(("off", "expected"), [(-1, C.MEMBER), (0, C.FORMER), (1, C.FORMER)])
def test_the_window_closes_at_its_instant(engine: Engine, scene: Scene, off: int, expected: C) -> None:
    let_in(engine, scene, scene.members["police"])
    ends_at = NOW + timedelta(hours=3)
    with inside(engine, scene) as (session, _case, _manager):
        session.get_one(Seat, scene.seats["police"]).ends_at = ends_at
    assert standing(engine, scene, scene.members["police"], ends_at + timedelta(seconds=off)).case is expected


def test_a_new_text_asks_again_and_the_head_is_not_asked(engine: Engine, scene: Scene) -> None:
    let_in(engine, scene, scene.members["police"])
    with world.work(engine) as session:
        declaration_texts.publish(session, None, NOW, kind="case", text_sq="a", text_sr="b", text_en="c")
    assert standing(engine, scene, scene.members["police"]).case is C.UNDECLARED
    assert standing(engine, scene, scene.manager).case is C.UNDECLARED
    assert standing(engine, scene, scene.head).case is C.HEAD


def test_recused_is_the_strongest(engine: Engine, scene: Scene) -> None:
    """Also for the head, and for a duty case manager who broke the glass before."""
    people = (scene.head, scene.other)
    with inside(engine, scene) as (session, case, _manager):
        for person_id in people:
            session.add(
                Seat(
                    case_id=case.id,
                    kind="ngo",
                    person_id=person_id,
                    seated_at=NOW,
                    recused_at=NOW,
                    ended_at=NOW,
                )
            )
            session.add(
                BreakGlass(
                    case_id=case.id, person_id=person_id, opened_at=NOW, until_at=NOW + timedelta(hours=4)
                )
            )
    for person_id in people:
        assert standing(engine, scene, person_id).case is C.RECUSED


@pytest.mark.parametrize(("hours", "expected"), [(0, C.BREAK_GLASS), (3.99, C.BREAK_GLASS), (4, C.NONE)])
def test_broken_glass_lasts_four_hours(engine: Engine, scene: Scene, hours: float, expected: C) -> None:
    with world.work(engine) as session:
        other = session.get_one(Person, scene.other)
        today = civil_date(NOW)
        world.appoint(
            session, other, "duty_case_manager", qps_id=scene.town.qps.id, from_on=today, to_on=today
        )
    with inside(engine, scene) as (session, case, _manager):
        break_glass.break_glass(
            session, session.get_one(Person, scene.other), NOW, case=case, reason="rrezik"
        )
    found = standing(engine, scene, scene.other, NOW + timedelta(hours=hours))
    assert found.case is expected


def test_the_glass_is_for_the_named_of_the_own_centre(engine: Engine, scene: Scene) -> None:
    foreign = build(engine, key="prizren")
    with world.work(engine) as session:
        duty = session.get_one(Person, foreign.other)
        world.appoint(session, duty, "duty_case_manager", qps_id=foreign.town.qps.id)
    for person_id in (foreign.other, scene.other, scene.manager):
        with inside(engine, scene) as (session, case, _manager), pytest.raises(Forbidden):
            break_glass.break_glass(session, session.get_one(Person, person_id), NOW, case=case, reason="x")
    assert not standing(engine, scene, foreign.other).duty_qps_case


def _message(scene: Scene, person_id, about_case: bool = True) -> outbox.OutboxMessage:
    return outbox.OutboxMessage(
        kind="invitation",
        recipient_id=person_id,
        case_id=scene.case if about_case else None,
        address="x@y.example",
    )


@pytest.mark.duty("A10.2")
def test_what_may_still_be_sent(engine: Engine, scene: Scene) -> None:
    """Asked again at the moment of sending: seated, head of the own QPS; never recused, never ended, never a stranger."""
    police, school = scene.members["police"], scene.members["school"]
    with inside(engine, scene) as (session, case, manager):
        people = {scene.manager: True, police: True, school: True, scene.head: True, scene.other: False}
        for person_id, expected in people.items():
            assert exclusion.may_send(session, _message(scene, person_id), NOW) is expected
        conflicts.recuse_member(
            session,
            manager,
            NOW,
            case=case,
            seat=session.get_one(Seat, scene.seats["police"]),
            reason="kushëri",
        )
        session.get_one(Seat, scene.seats["school"]).ends_at = NOW
        session.flush()
        for person_id in (police, school):
            assert not exclusion.may_send(session, _message(scene, person_id), NOW)
            assert exclusion.may_send(session, _message(scene, person_id, about_case=False), NOW)


def test_exclusion_and_standing_agree(engine: Engine, scene: Scene) -> None:
    """Content is open to exactly those whose standing opens it."""
    let_in(engine, scene, scene.members["police"])
    readers = {C.CASE_MANAGER, C.MEMBER, C.HEAD, C.ASSISTANT, C.GUEST, C.BREAK_GLASS}
    everybody = [scene.manager, scene.head, scene.other, scene.assistant, *scene.members.values()]
    with inside(engine, scene) as (session, _case, _manager):
        closed = exclusion.excluded_among(session, case_id=scene.case, person_ids=everybody, now=NOW)
    for person_id in everybody:
        assert (standing(engine, scene, person_id).case in readers) is (person_id not in closed)


def test_the_words_of_an_exclusion(engine: Engine, scene: Scene) -> None:
    def why(person_id, now: datetime = NOW) -> str:
        with inside(engine, scene) as (session, _case, _manager):
            return str(exclusion.excluded(session, case_id=scene.case, person_id=person_id, now=now))

    assert "declaration" in why(scene.members["police"])
    assert "No seat" in why(scene.other)
    assert why(scene.manager) == "None"
