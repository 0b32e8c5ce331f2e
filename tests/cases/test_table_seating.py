"""Who may be given a seat, and what ends with it: A4.1 to A4.6, A8.5, B10 to B12, T04."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from tests.cases.table_kit import LATER, NOW, Scene, build, inside, let_in, seat_of, standing
from tests.fixtures import world
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import conflicts, family, seat_ending, seating, table_queries
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import drafts, links
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members import hooks
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.regulation.verdicts import Status


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return build(engine)


def _seat(session, case, manager, kind, person_id, **more):
    reason = more.pop("reason", "sipas nevojave")
    return seating.seat_member(
        session, manager, LATER, case=case, kind=kind, person_id=person_id, reason=reason, **more
    )


@pytest.mark.duty("A4.3")
def test_a_seated_person_is_informed_by_neutral_mail(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, _case, _manager):
        seat = session.get_one(Seat, scene.seats["police"])
        mail = session.scalar(select(OutboxMessage).where(OutboxMessage.about_id == seat.id))
        assert mail is not None
        assert mail.kind == "seat_given"
        assert mail.parameters == {"path": f"/cases/{scene.case}/declaration"}
        assert seat.informed_at == NOW
        assert seat.reason


@pytest.mark.duty("A4.3")
def test_a_seat_without_a_reason_is_refused(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager), pytest.raises(FieldRefused) as error:
        _seat(session, case, manager, "ngo", scene.members["ngo"], reason="  ")
    assert error.value.field == "reason"


def test_b10_the_same_person_twice(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager), pytest.raises(FieldRefused) as error:
        _seat(session, case, manager, "police", scene.members["police"])
    assert "already seated" in str(error.value.message)


def test_a_double_submission_gives_one_seat(engine: Engine, scene: Scene) -> None:
    key = "k" * 24
    for _ in range(2):
        with inside(engine, scene) as (session, case, manager):
            _seat(session, case, manager, "ngo", scene.members["ngo"], once=key)
    with inside(engine, scene) as (session, _case, _manager):
        rows = session.scalars(select(Seat).where(Seat.person_id == scene.members["ngo"])).all()
        assert len(rows) == 1


@pytest.mark.duty("A4.1")
def test_a_single_kind_is_taken_once_a_plural_kind_is_not(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager), pytest.raises(RuleRefused) as error:
        _seat(session, case, manager, "police", scene.substitutes["police"])
    assert error.value.verdicts[0].duty == "A4.1"
    with inside(engine, scene) as (session, case, manager):
        _seat(session, case, manager, "ngo", scene.members["ngo"])
        _seat(session, case, manager, "ngo", scene.substitutes["ngo"])


def test_b11_somebody_of_another_municipality_comes_by_a4_4_only(engine: Engine, scene: Scene) -> None:
    with world.work(engine) as session:
        foreign = world.town(session, "prizren", kinds=("ngo",)).members["ngo"].id
    with inside(engine, scene) as (session, case, manager), pytest.raises(FieldRefused) as error:
        _seat(session, case, manager, "ngo", foreign)
    assert "A4.4" in str(error.value.message)
    with inside(engine, scene) as (session, case, manager):
        seat = seating.seat_outside_professional(
            session,
            manager,
            LATER,
            case=case,
            name="",
            email=session.get_one(Person, foreign).email,
            institution_name="OJQ nga Prizreni",
            reason="e njeh familjen",
            works_for_child_protection=True,
        )
        assert (seat.kind, seat.person_id) == ("other_professional", foreign)


def test_an_institution_of_the_whole_country_may_be_seated(engine: Engine, scene: Scene) -> None:
    with world.work(engine) as session:
        office = Institution(municipality_id=None, seat_kind="dcam", name="DShAM")
        session.add(office)
        officer = world.person(session, "Zyrtar DSHAM")
        session.flush()
        world.appoint(session, officer, "representative", institution_id=office.id)
        officer_id = officer.id
    with inside(engine, scene) as (session, case, manager):
        seat = _seat(session, case, manager, "dcam", officer_id)
        assert seat.institution_id is not None
        rostered = table_queries.roster(session, case, "dcam", civil_date(NOW))
        assert [one.person.id for one in rostered] == [officer_id]


@pytest.mark.parametrize("kind", ["case_manager", "child", "guest", "parent_guardian", "judge"])
def test_kinds_that_are_no_choice_are_forged_input(engine: Engine, scene: Scene, kind: str) -> None:
    with inside(engine, scene) as (session, case, manager), pytest.raises(BadInput):
        _seat(session, case, manager, kind, scene.members["ngo"])


def test_whoever_represents_nothing_today_is_refused(engine: Engine, scene: Scene) -> None:
    yesterday = civil_date(NOW) - timedelta(days=1)
    with world.work(engine) as session:
        appointment = session.scalar(select(Appointment).where(Appointment.person_id == scene.members["ngo"]))
        assert appointment is not None
        appointment.to_on = yesterday
    with inside(engine, scene) as (session, case, manager), pytest.raises(FieldRefused):
        _seat(session, case, manager, "ngo", scene.members["ngo"])


@pytest.mark.duty("A4.4")
@pytest.mark.parametrize(
    "wrong", [{"works_for_child_protection": False}, {"institution_name": " "}, {"reason": " "}]
)
def test_a4_4_asks_for_institution_reason_and_child_protection(
    engine: Engine, scene: Scene, wrong: dict[str, object]
) -> None:
    values: dict[str, object] = {
        "name": "Inspektor Pune",
        "email": "inspektor@tryeza-test.example",
        "institution_name": "Inspektorati i Punës",
        "reason": "punë e rrezikshme",
        "works_for_child_protection": True,
    }
    with inside(engine, scene) as (session, case, manager), pytest.raises(RuleRefused) as error:
        seating.seat_outside_professional(session, manager, LATER, case=case, **{**values, **wrong})  # type: ignore[arg-type]
    assert error.value.verdicts[0].duty == "A4.4"
    with inside(engine, scene) as (session, case, manager):
        seat = seating.seat_outside_professional(session, manager, LATER, case=case, **values)  # type: ignore[arg-type]
        assert seat.appointment_id is None
        assert session.get_one(Institution, seat.institution_id).seat_kind == "other_professional"


@pytest.mark.duty("A10.2")
@pytest.mark.parametrize("as_what", ["member", "guest", "substitute"])
def test_b12_a_recused_person_is_never_seated_again(engine: Engine, scene: Scene, as_what: str) -> None:
    police = scene.members["police"]
    with inside(engine, scene) as (session, case, manager):
        seat = seat_of(session, scene, police)
        conflicts.recuse_member(session, manager, NOW, case=case, seat=seat, reason="kushëri")
        successor = _seat(session, case, manager, "police", scene.substitutes["police"]).id
    with inside(engine, scene) as (session, case, manager), pytest.raises(RuleRefused) as error:
        meeting = {
            "person": session.get_one(Person, police),
            "meeting_id": uuid4(),
            "ends_at": LATER + timedelta(days=7),
        }
        if as_what == "member":
            _seat(session, case, manager, "police", police)
        elif as_what == "guest":
            office = scene.town.institutions["police"].id
            seating.seat_guest(
                session, manager, LATER, case=case, institution_id=office, reason="e njeh rastin", **meeting
            )
        else:
            stands_for = session.get_one(Seat, successor)
            seating.seat_substitute(session, manager, LATER, seat=stands_for, **meeting)
    assert error.value.verdicts[0].duty == "A10.2"


@pytest.mark.duty("A4.5")
def test_a_name_marked_as_perpetrator_needs_a_second_look(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, manager):
        relative = family.RelativeData(
            name="NGO Anëtar", kind="father", is_perpetrator=True, perpetrator_reason="dyshim"
        )
        family.add_relative(session, manager, NOW, case=case, relative=relative)
    with inside(engine, scene) as (session, case, manager), pytest.raises(RuleRefused) as error:
        _seat(session, case, manager, "ngo", scene.members["ngo"])
    assert error.value.verdicts[0].duty == "A4.5"
    with inside(engine, scene) as (session, case, manager):
        assert _seat(session, case, manager, "ngo", scene.members["ngo"], same_name_checked=True)


@pytest.mark.duty("A4.6")
def test_a4_6_missing_representatives_are_shown_with_the_article(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, case, _manager):
        assert table_queries.table_view(session, case, NOW, decides=True).asylum.status is Status.WAIVED
        case.is_asylum_seeker = True
        session.flush()
        view = table_queries.table_view(session, case, NOW, decides=True)
        assert view.asylum.refuses
        assert {way.key for way in view.asylum.ways_out} == {"add_dcam", "add_asylum_centre"}
        assert "dcam" in {one.kind for one in view.proposals}


@pytest.mark.duty("A8.5")
def test_guest_and_substitute_seats_are_for_one_meeting(engine: Engine, scene: Scene) -> None:
    ends_at, meeting_id = LATER + timedelta(days=7), uuid4()
    let_in(engine, scene, scene.members["police"])
    with inside(engine, scene) as (session, case, manager):
        guest = session.get_one(Person, scene.members["ngo"])
        seating.seat_guest(
            session,
            manager,
            LATER,
            case=case,
            person=guest,
            institution_id=scene.town.institutions["ngo"].id,
            meeting_id=meeting_id,
            ends_at=ends_at,
            reason="ka ndihmuar familjen",
        )
        seat = session.get_one(Seat, scene.seats["police"])
        substitute = session.get_one(Person, scene.substitutes["police"])
        stands_in = seating.seat_substitute(
            session, manager, LATER, seat=seat, person=substitute, meeting_id=meeting_id, ends_at=ends_at
        )
        assert stands_in.substitute_for_id == seat.id
        assert seat.is_live, "the member's own seat and duty stay"
    let_in(engine, scene, scene.members["ngo"], scene.substitutes["police"])
    for person_id in (scene.members["ngo"], scene.substitutes["police"]):
        assert standing(engine, scene, person_id, LATER).case is CaseStanding.GUEST
        assert standing(engine, scene, person_id, LATER).meeting_ids == {meeting_id}
        assert standing(engine, scene, person_id, ends_at - timedelta(seconds=1)).case is CaseStanding.GUEST
        assert standing(engine, scene, person_id, ends_at).case is CaseStanding.FORMER


def test_a_substitute_is_another_person_of_the_same_institution(engine: Engine, scene: Scene) -> None:
    for wrong in (scene.members["ngo"], scene.members["police"]):
        with inside(engine, scene) as (session, _case, manager), pytest.raises(FieldRefused):
            seating.seat_substitute(
                session,
                manager,
                LATER,
                seat=session.get_one(Seat, scene.seats["police"]),
                person=session.get_one(Person, wrong),
                meeting_id=uuid4(),
                ends_at=LATER,
            )


def test_ending_a_seat_takes_everything_it_opened(engine: Engine, scene: Scene) -> None:
    police = scene.members["police"]
    let_in(engine, scene, police)
    with inside(engine, scene) as (session, case, manager):
        drafts.keep(session, person_id=police, case_id=case.id, place="/x", values={"a": "b"}, now=NOW)
        token = links.issue(
            session,
            purpose="report",
            subject_id=uuid4(),
            now=NOW,
            expires_at=None,
            person_id=police,
            case_id=case.id,
        )
        seat_ending.end_seat(
            session, manager, LATER, seat=session.get_one(Seat, scene.seats["police"]), reason="left_post"
        )
    with inside(engine, scene) as (session, _case, _manager):
        mails = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient_id == police)).all()
        assert {mail.state for mail in mails} == {"cancelled"}
        assert drafts.find(session, person_id=police, place="/x") is None
        assert links.find(session, purpose="report", token=token, now=LATER) is None
    assert standing(engine, scene, police, LATER).case is CaseStanding.FORMER


def test_the_chairs_seat_ends_only_by_hand_over(engine: Engine, scene: Scene) -> None:
    with inside(engine, scene) as (session, _case, manager), pytest.raises(RuleRefused) as error:
        seat_ending.end_seat(
            session, manager, LATER, seat=seat_of(session, scene, scene.manager), reason="other"
        )
    assert error.value.verdicts[0].duty == "A4.2"


@pytest.mark.parametrize(("days", "before", "after"), [(-1, "former", "former"), (0, "member", "former")])
def test_an_ended_appointment_ends_its_seats(
    engine: Engine, scene: Scene, days: int, before: str, after: str
) -> None:
    """T04: with a last day still to come the seat lives to that day's midnight in Kosovo."""
    police = scene.members["police"]
    let_in(engine, scene, police)
    with world.work(engine) as session:
        appointment = session.scalar(select(Appointment).where(Appointment.person_id == police))
        assert appointment is not None
        appointment.to_on = civil_date(NOW) + timedelta(days=days)
        hooks.appointment_ended(session, None, NOW, appointment)
    assert standing(engine, scene, police, NOW).case.value == before
    assert standing(engine, scene, police, NOW + timedelta(days=1)).case.value == after
    with world.work(engine) as session:
        seating_count = seat_ending.close_expired_seats(session, NOW + timedelta(days=1))
        assert seating_count == (1 if days == 0 else 0)
