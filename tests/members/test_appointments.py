"""Appointments and their borders, registering, confirmations every 90 days: by operations, on both databases."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.fixtures import world
from tests.members.roster_kit import NOW, TODAY, Country, held
from tmr_app.kernel import clock, vault
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members import appointing, hooks, institutions, people, registering, roster
from tmr_app.members.models import Appointment, Institution, Municipality, Person
from tmr_app.regulation.verdicts import Status

pytestmark = pytest.mark.db
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    yield from held()


@pytest.fixture
def country(fresh_database_url: str, make_app: Callable[..., object]) -> Country:
    return Country(make_app(fresh_database_url, public_url="http://localhost"))  # type: ignore[arg-type]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Appointment]:
    """What the rooms above are told."""
    told: list[Appointment] = []
    monkeypatch.setattr(hooks, "_when_appointment_ends", [lambda _s, _a, _n, one: told.append(one)])
    return told


def of(session: Session, country: Country, who: str = "member") -> Appointment:
    return session.scalars(select(Appointment).where(Appointment.person_id == country.ids[who])).one()


@pytest.mark.parametrize(
    ("to_on", "runs", "signed_in"),
    [(YESTERDAY, False, False), (TODAY, True, True), (TOMORROW, True, True)],
)
def test_an_appointment_ended_yesterday_today_tomorrow(
    country: Country, heard: list[Appointment], to_on: date, runs: bool, signed_in: bool
) -> None:
    browser = country.browser("head")
    with country.unit() as session:
        one = of(session, country, "head")
        appointing.end_appointment(session, None, NOW, appointment=one, to_on=to_on)
        assert one.runs_on(TODAY) is runs
    assert len(heard) == 1
    assert browser.get("/account").status_code == (200 if signed_in else 302)
    if signed_in:
        own = f"/municipalities/{country.ids['prishtine']}/"
        assert browser.get(own).status_code == 200
    next_day = NOW + timedelta(days=1)
    with clock.fixed_at(next_day), country.unit() as session:
        ended = appointing.end_expired_sessions(session, next_day)
        assert ended == (1 if to_on == TODAY else 0)


def test_whoever_signs_in_again_after_an_ended_appointment_is_left_alone(country: Country) -> None:
    """The round runs all day: it ends what was begun before the day, not what was begun on it."""
    next_day = NOW + timedelta(days=1)
    with country.unit() as session:
        of(session, country, "head").to_on = TODAY
    with clock.fixed_at(next_day):
        country.browser("head")
        with country.unit() as session:
            assert appointing.end_expired_sessions(session, next_day) == 0


@pytest.mark.parametrize(("from_on", "runs"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False)])
def test_an_appointment_begins_on_its_first_day(country: Country, from_on: date, runs: bool) -> None:
    with country.unit() as session:
        person = world.person(session, "I Ri")
        session.flush()
        made = appointing.appoint(
            session, None, NOW, person=person, office="representative", from_on=from_on,
            institution_id=country.ids["police"],
        )  # fmt: skip
        session.flush()
        municipality = session.get(Municipality, country.ids["prishtine"])
        listed = [
            place.person.name for place in roster.roster_of(session, municipality, TODAY).seats["police"]
        ]
        assert ("I Ri" in listed) is runs
        assert made.runs_on(TODAY) is runs


@pytest.mark.parametrize("from_on", [YESTERDAY, TODAY, TOMORROW])
def test_ending_at_once_leaves_nothing_open(
    country: Country, heard: list[Appointment], from_on: date
) -> None:
    with country.unit() as session:
        one = of(session, country)
        one.from_on = from_on
        appointing.end_at_once(session, None, NOW, appointment=one)
        assert not any(
            one.runs_on(day) for day in (YESTERDAY - timedelta(days=1), TODAY, TOMORROW, date(2030, 1, 1))
        )
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"office": "acting_head"}, "office"),
        ({"office": "mayor"}, "office"),
        ({"institution_id": None}, "office"),
        ({"office": "head"}, "office"),
        ({"to_on": YESTERDAY, "from_on": TODAY}, "to_on"),
        ({"to_on": YESTERDAY, "from_on": date(2026, 1, 1)}, "to_on"),
    ],
)
def test_refused_appointments(country: Country, values: dict[str, object], field: str) -> None:
    with country.unit() as session:
        given: dict[str, object] = {
            "office": "representative",
            "from_on": TODAY,
            "institution_id": country.ids["school"],
        }
        with pytest.raises(FieldRefused) as refused:
            appointing.appoint(
                session, None, NOW, person=session.get(Person, country.ids["member"]), **{**given, **values}
            )
        assert refused.value.field == field


def test_nobody_appoints_themselves_and_administration_stays_apart(country: Country) -> None:
    with country.unit() as session:
        administrator = session.get(Person, country.ids["administrator"])
        head = session.get(Person, country.ids["head"])
        appoint = appointing.appoint
        with pytest.raises(FieldRefused, match="office"):
            appoint(session, administrator, NOW, person=administrator, office="head", from_on=TODAY,
                    qps_id=country.ids["qps"])  # fmt: skip
        with pytest.raises(FieldRefused, match="office"):
            appoint(
                session,
                None,
                NOW,
                person=administrator,
                office="head",
                from_on=TODAY,
                qps_id=country.ids["qps"],
            )
        with pytest.raises(FieldRefused, match="office"):
            appoint(session, administrator, NOW, person=head, office="administrator", from_on=TODAY)


def test_a_second_appointment_at_the_same_place_is_refused_and_elsewhere_not(country: Country) -> None:
    with country.unit() as session:
        member = session.get(Person, country.ids["member"])
        with pytest.raises(FieldRefused):
            appointing.appoint(session, None, NOW, person=member, office="representative", from_on=TOMORROW,
                               institution_id=country.ids["police"])  # fmt: skip
        appointing.appoint(session, None, NOW, person=member, office="representative", from_on=TODAY,
                           institution_id=country.ids["school"])  # fmt: skip


def test_replacing_leaves_no_day_empty_and_none_doubled(country: Country, heard: list[Appointment]) -> None:
    with country.unit() as session:
        one, other = of(session, country), session.get(Person, country.ids["officer"])
        made = appointing.replace(session, None, NOW, appointment=one, successor=other, from_on=TOMORROW)
        assert (one.to_on, made.from_on) == (TODAY, TOMORROW)
        with pytest.raises(FieldRefused):
            appointing.replace(session, None, NOW, appointment=one, successor=session.get(Person, one.person_id),
                               from_on=TOMORROW)  # fmt: skip
    assert len(heard) == 1


def test_an_end_cannot_be_put_off_or_before_the_beginning(country: Country) -> None:
    with country.unit() as session:
        one = of(session, country)
        appointing.end_appointment(session, None, NOW, appointment=one, to_on=TODAY)
        for day in (TOMORROW, date(2024, 12, 31)):
            with pytest.raises(FieldRefused):
                appointing.end_appointment(session, None, NOW, appointment=one, to_on=day)


# Registering


@pytest.mark.duty("A3")
def test_all_38_municipalities_are_registered_once_each_with_a_key(country: Country) -> None:
    with country.unit() as session:
        assert registering.register_municipalities(session, NOW) == 0
        ids = list(session.scalars(select(Municipality.id)))
        keys = set(session.scalars(select(vault.DataKey.subject_id)))
        assert len(ids) == 38
        assert set(ids) <= keys


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize("lead_days", [2, 0, -1])
def test_the_database_itself_refuses_a_looser_lead(country: Country, lead_days: int) -> None:
    with pytest.raises(IntegrityError), country.unit() as session:
        session.get(Municipality, country.ids["prishtine"]).lead_days = lead_days


@pytest.mark.duty("A3", "A4.1")
def test_the_roster_of_one_and_of_all_say_the_same(country: Country) -> None:
    with country.unit() as session:
        facts = roster.facts_by_municipality(session, TODAY)
        assert len(facts) == 38
        for municipality in session.scalars(select(Municipality)):
            assert roster.roster_of(session, municipality, TODAY).facts == facts[municipality.id]
        own = roster.roster_of(session, session.get(Municipality, country.ids["prishtine"]), TODAY)
        assert [verdict.status for verdict in own.verdicts(TODAY)] == [Status.MET, Status.NOT_MET]
        assert len(own.empty_kinds) == 5


@pytest.mark.duty("A4.1")
def test_a_national_institution_serves_every_municipality_and_a_substitute_fills_no_seat(
    country: Country,
) -> None:
    with country.unit() as session:
        made = institutions.register_institution(
            session, None, NOW, seat_kind="probation_officer", name="Shërbimi Sprovues", municipality_id=None
        )
        person = world.person(session, "Sara")
        session.flush()
        substitute = world.appoint(session, person, "substitute", institution_id=made.id)
        session.flush()
        assert not any(
            "probation_officer" in one.seat_kinds
            for one in roster.facts_by_municipality(session, TODAY).values()
        )
        substitute.office = "representative"
        session.flush()
        assert all(
            "probation_officer" in one.seat_kinds
            for one in roster.facts_by_municipality(session, TODAY).values()
        )


@pytest.mark.parametrize(("days", "is_due"), [(89, False), (90, True), (91, True)])
def test_a_list_is_to_be_confirmed_every_90_days(country: Country, days: int, is_due: bool) -> None:
    with country.unit() as session:
        one = session.get(Institution, country.ids["police"])
        assert institutions.is_confirmation_due(one, TODAY), "never confirmed: due"
        institutions.confirm_roster(session, None, NOW, institution=one)
        assert institutions.is_confirmation_due(one, TODAY + timedelta(days=days)) is is_due
        one.active = False
        assert not institutions.is_confirmation_due(one, TODAY + timedelta(days=days))


def test_closing_an_institution_ends_its_appointments(country: Country, heard: list[Appointment]) -> None:
    with country.unit() as session:
        one = session.get(Institution, country.ids["police"])
        assert institutions.close_institution(session, None, NOW, institution=one) == 3
    assert len(heard) == 3


def test_a_person_has_a_data_key_and_an_address_of_their_own(country: Country) -> None:
    with country.unit() as session:
        made = people.register_person(session, None, NOW, name="Arta", email="Arta@Policia.example")
        session.flush()
        assert session.get(vault.DataKey, made.id) is not None
        assert made.email == "arta@policia.example"
        with pytest.raises(FieldRefused):
            people.register_person(session, None, NOW, name="Beni", email="ARTA@policia.example")


def test_everything_is_in_the_audit_log(country: Country) -> None:
    with country.unit() as session:
        actor = session.get(Person, country.ids["administrator"])
        one = of(session, country)
        municipality = session.get(Municipality, country.ids["prishtine"])
        qps = registering.register_qps(session, actor, NOW, municipality=municipality, name="Q", case_prefix="QX",
                                       reply_address="q@q.example")  # fmt: skip
        registering.change_qps(
            session, actor, NOW, qps=qps, name="Q2", case_prefix="QX", reply_address="q@q.example"
        )
        room = registering.add_room(session, actor, NOW, municipality=municipality, name="S", address="A")
        registering.remove_room(session, actor, NOW, room=room)
        appointing.end_appointment(session, actor, NOW, appointment=one, to_on=TODAY)
    wanted = ["qps:registered", "qps:changed", "room:added", "room:removed", "appointment:ended"]
    assert country.tags("qps:", "room:", "appointment:") == wanted
