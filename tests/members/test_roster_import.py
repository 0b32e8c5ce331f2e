"""Importing rosters: every spelling, every bad row with its reason, files that are none, and twice the same."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.fixtures import world
from tests.fixtures.app import MakeApp
from tests.members.roster_kit import GOOD, NOW, TODAY, Country, held, make_csv
from tmr_app.members import roster_import
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.members.roster_files import read_table
from tmr_app.members.roster_import import Outcome
from tmr_app.members.roster_rows import judge
from tmr_app.regulation import catalogue
from tmr_app.web.commands.import_command import command

NBSP = "\u00a0"


def run(country: Country, *rows: dict[str, str], dry: bool = False, skip: bool = False) -> Outcome:
    with country.unit() as session:
        actor = session.get(Person, country.ids["administrator"])
        table = read_table(make_csv(*rows), "r.csv")
        return roster_import.run(session, actor, NOW, table=table, dry_run=dry, skip_bad=skip)


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    yield from held()


@pytest.fixture
def country(fresh_database_url: str, make_app: MakeApp) -> Country:
    return Country(make_app(fresh_database_url, public_url="http://localhost"))


# One row by itself

BAD = [
    ("municipality", ""),
    ("municipality", "Tirana"),
    ("municipality", "39"),
    ("municipality", "Mitrovicë"),
    ("seat_kind", ""),
    ("seat_kind", "fire brigade"),
    ("seat_kind", "4.1.15"),
    ("seat_kind", "child"),
    ("seat_kind", "4.5"),
    ("institution", ""),
    ("institution", " \u200b "),
    ("institution", "12345"),
    ("institution", "x" * 201),
    ("institution", "Stacioni\nPolicor"),
    ("institution", "Stacioni \u202epolicor"),
    ("name", ""),
    ("name", "\u200b\u200b"),
    ("name", "X"),
    ("name", "Arta 2"),
    ("name", "arta@policia.example"),
    ("name", "Аrta Gashi"),
    ("name", "Arta\x07 Gashi"),
    ("name", "A" * 201),
    ("function", "y" * 201),
    ("email", ""),
    ("email", "arta"),
    ("email", "a@b@c.example"),
    ("email", "arta@policia"),
    ("email", "arta@policia.example\nBcc: all@x.example"),
    ("email", "arta@policia.example, beni@policia.example"),
    ("email", "=HYPERLINK(1)"),
    ("phone", "12"),
    ("phone", "call me"),
    ("phone", "044 123 456; 049 1"),
    ("role", "boss"),
    ("language", "de"),
    ("from_on", "tomorrow"),
    ("from_on", "31.02.2026"),
    ("from_on", "17.11.26"),
    ("from_on", "17.11.1812"),
    ("from_on", "2026-13-01"),
    ("to_on", "45000"),
    ("to_on", "=TODAY()"),
]


@pytest.mark.parametrize(("column", "value"), BAD)
def test_a_bad_cell_is_named_by_its_column(column: str, value: str) -> None:
    entry, bad = judge(7, {**GOOD, column: value})
    assert entry is None
    assert {(one.row, one.column) for one in bad} == {(7, column)}
    if value and value != "Mitrovicë":
        assert value not in str(bad[0].reason), "the reason repeats nothing that was typed"


def test_there_are_enough_bad_kinds_and_all_faults_of_a_row_are_told() -> None:
    assert len(BAD) >= 25
    _, bad = judge(2, {"municipality": "X", "seat_kind": "Y", "email": "Z", "+": "+"})
    assert {one.column for one in bad} == {"", "municipality", "seat_kind", "institution", "name", "email"}


@pytest.mark.parametrize(
    "row",
    [
        {"from_on": "3.11.2026", "to_on": "2.11.2026"},
        {"seat_kind": "case_manager", "municipality": "Kosovë"},
        {"seat_kind": "case_manager", "role": "substitute"},
        {"+": "+"},
    ],
)
def test_what_is_wrong_between_columns(row: dict[str, str]) -> None:
    assert judge(2, {**GOOD, **row})[0] is None


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Prishtinë", "prishtine"), ("PRIŠTINA", "prishtine"), ("prishtine", "prishtine"), ("Gllogoc", "drenas"),
        ("Gllogovc", "drenas"), ("Dečani", "decan"), ("Ђаковица", "gjakove"), ("Djakovica", "gjakove"),
        ("Skënderaj", "skenderaj"), ("Mamuşa", "mamushe"), (" Kosovska  Kamenica ", "kamenice"),
        ("Komuna e Gjilan", "gjilan"), ("Opština Peć", "peje"), (f"Suva{NBSP}Reka", "suhareke"),
        ("Severna Mitrovica", "mitrovice_e_veriut"), ("Kosovë", None), ("Kosovo", None), ("*", None),
    ],
)  # fmt: skip
def test_any_spelling_of_a_municipality(typed: str, key: str | None) -> None:
    entry, bad = judge(2, {**GOOD, "municipality": typed})
    assert not bad
    assert entry is not None
    assert entry.municipality == key


def test_every_municipality_and_seat_in_each_language() -> None:
    for one in catalogue.MUNICIPALITIES:
        for name in (one.key, one.sq, one.sr):
            entry, _ = judge(2, {**GOOD, "municipality": name})
            assert entry is not None, name
            assert entry.municipality == one.key
    for seat in catalogue.SEATS:
        if seat.key in catalogue.PARTICIPANT_KINDS:
            continue
        for word in (seat.key, seat.article, seat.sq, seat.sr, seat.en):
            entry, _ = judge(2, {**GOOD, "seat_kind": word})
            assert entry is not None, word
            assert entry.seat_kind == seat.key


@pytest.mark.parametrize("typed", ["17.11.2026", "17/11/2026", "17-11-2026", "2026-11-17", "17. 11. 2026."])
def test_dates(typed: str) -> None:
    entry, _ = judge(2, {**GOOD, "from_on": typed})
    assert entry is not None
    assert entry.from_on == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("typed", "role"), [("", "representative"), ("Zëvendës", "substitute"), ("nadređeni", "superior")]
)
def test_roles_and_languages(typed: str, role: str) -> None:
    entry, _ = judge(2, {**GOOD, "role": typed, "language": "Srpski"})
    assert entry is not None
    assert (entry.role, entry.language) == (role, "sr_Latn")


# With the database


@pytest.mark.db
def test_nothing_is_stored_if_any_row_is_bad_unless_told(country: Country) -> None:
    before = country.stored()
    outcome = run(country, GOOD, {**GOOD, "email": "bad"})
    assert (outcome.imported, outcome.good, outcome.bad_rows) == (False, 1, 1)
    assert run(country, GOOD, dry=True).new_people == 1
    assert country.stored() == before
    assert run(country, GOOD, {**GOOD, "email": "bad"}, skip=True).imported
    assert country.stored() == (before[0] + 1, before[1] + 1, before[2] + 1, before[3], before[4])


@pytest.mark.db
def test_the_same_file_twice_changes_nothing_more(country: Country) -> None:
    rows = (
        GOOD,
        {**GOOD, "email": "zv@policia.example", "name": "Zana Zëvendës", "role": "substitute"},
        {
            **GOOD,
            "email": "epror@policia.example",
            "name": "Ekrem Epror",
            "role": "superior",
            "function": "Komandant",
        },
        {
            **GOOD,
            "municipality": "Prishtinë",
            "seat_kind": "case_manager",
            "institution": "",
            "email": "mr@qps.example",
        },
        {
            **GOOD,
            "municipality": "Kosovë",
            "seat_kind": "4.6.1",
            "institution": "DSHAM",
            "from_on": "1.1.2027",
        },
    )
    outcome = run(country, *rows)
    assert not outcome.bad
    after = country.stored()
    again = run(country, *rows)
    assert (again.unchanged, again.new_people, again.new_appointments, again.changed_appointments) == (
        5,
        0,
        0,
        0,
    )
    assert country.stored() == after
    with country.unit() as session:
        institution = session.scalar(select(Institution).where(Institution.name == GOOD["institution"]))
        assert (institution.superior_name, institution.superior_title) == ("Ekrem Epror", "Komandant")
        assert session.scalar(select(Institution.municipality_id).where(Institution.name == "DSHAM")) is None


@pytest.mark.db
def test_the_dry_run_foresees_what_is_done(country: Country) -> None:
    run(country, GOOD)
    rows = (
        {**GOOD, "name": "Besa Krasniqi-Gashi", "to_on": "31.12.2026"},
        {**GOOD, "email": "re@policia.example", "institution": "Stacioni  POLICOR"},
        {**GOOD, "email": "re@policia.example", "seat_kind": "school", "institution": "Shkolla"},
    )
    dry, done = run(country, *rows, dry=True), run(country, *rows)
    for name in ("rows", "good", "new_people", "changed_people", "new_institutions", "new_appointments",
                 "changed_appointments", "unchanged"):  # fmt: skip
        assert getattr(dry, name) == getattr(done, name), name
    assert (done.new_people, done.changed_people, done.new_institutions) == (1, 1, 1)


@pytest.mark.db
def test_what_only_the_database_knows(country: Country) -> None:
    with country.unit() as session:
        own = session.get(Person, country.ids["administrator"])
        mine = {"email": own.email, "name": own.name}
        other = world.person(session, "Tjetër Administrator")
        session.flush()
        world.appoint(session, other, "administrator")
        theirs = {"email": other.email, "name": other.name}
        session.get(Institution, country.ids["school"]).active = False
    bad = run(
        country,
        {**GOOD, **mine},
        {**GOOD, **theirs},
        {**GOOD, "municipality": "Prishtinë", "seat_kind": "school", "institution": "Institucioni school"},
        {**GOOD, "seat_kind": "case_manager", "institution": "QPS Gjakovë"},
        {**GOOD, "to_on": "1.11.2026"},
        GOOD,
        GOOD,
        {**GOOD, "institution": "Tjetër", "name": "Krejt Tjetër"},
    ).bad
    assert [(one.row, one.column) for one in bad] == [
        (2, "email"), (3, "email"), (4, "institution"), (5, "institution"), (6, "to_on"), (7, ""), (8, ""), (9, "email"),
    ]  # fmt: skip


@pytest.mark.db
def test_a_last_day_in_the_past_ends_the_appointment(country: Country) -> None:
    member = country.browser("member")
    with country.unit() as session:
        person = session.get(Person, country.ids["member"])
        row = {
            **GOOD, "municipality": "Prishtinë", "institution": "Institucioni police", "name": person.name,
            "email": person.email, "to_on": "1.11.2026",
        }  # fmt: skip
    assert member.get("/account").status_code == 200
    assert run(country, row).changed_appointments == 1
    assert member.get("/account").status_code == 302
    with country.unit() as session:
        one = session.scalar(select(Appointment).where(Appointment.person_id == country.ids["member"]))
        assert not one.runs_on(TODAY)


@pytest.mark.db
def test_a_thousand_rows_tell_their_progress(country: Country) -> None:
    rows = [
        {**GOOD, "email": f"p{n}@policia.example", "institution": f"Stacioni {n % 40}"} for n in range(300)
    ]
    told: list[tuple[int, int]] = []
    with country.unit() as session:
        table = read_table(make_csv(*rows), "r.csv")
        roster_import.run(
            session,
            None,
            NOW,
            table=table,
            dry_run=False,
            progress=lambda done, total: told.append((done, total)),
        )
    assert told[-1] == (300, 300)
    assert country.count(Institution) == 7 + 40


@pytest.mark.db
def test_the_command_prints_no_personal_data(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tmr_app.kernel import db
    from tmr_app.kernel.encryption import Keyring
    from tmr_app.members.registering import register_municipalities

    Keyring.generate().save(tmp_path / "keys")
    monkeypatch.setenv("TMR_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("TMR_KEY_FILE", str(tmp_path / "keys"))
    engine = db.make_engine(fresh_database_url)
    with world.work(engine) as session:
        register_municipalities(session, NOW)
    engine.dispose()
    file = tmp_path / "roster.csv"
    file.write_bytes(make_csv(GOOD, {**GOOD, "name": "Tjetër Emër"}))
    runner = CliRunner()
    dry = runner.invoke(command, ["roster", str(file), "--dry-run", "--language", "sq"])
    assert dry.exit_code == 1
    assert "3" in dry.output
    refused = runner.invoke(command, ["roster", str(file)])
    assert refused.exit_code == 1
    done = runner.invoke(command, ["roster", str(file), "--skip-bad", "--language", "en"])
    assert done.exit_code == 0, done.output
    again = runner.invoke(command, ["roster", str(file), "--skip-bad", "--language", "en"])
    assert "1 as before" in again.output
    for output in (dry.output, refused.output, done.output, again.output):
        assert "Besa" not in output
        assert "@" not in output
    (tmp_path / "none.csv").write_bytes(b"a;b\n1;2\n")
    assert runner.invoke(command, ["roster", str(tmp_path / "none.csv")]).exit_code == 1
