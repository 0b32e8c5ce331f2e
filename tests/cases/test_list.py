"""The list: own cases only, by next duty, keyset pages, search with accents folded; flat cost; nothing before declaring."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.cases.conftest import Scene
from tests.cases.desk import declare, opened, statements
from tests.fixtures import world
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import standing_loader
from tmr_app.cases.case_queries import CasePage, Filter, list_cases
from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import headed_qps, standings_of
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db

NAMES = ("Çlirim Krasniqi", "Đorđe Nikolić", "Ђорђе Петровић", "Blerta Çelaj", "Arta Hoti")


@contextmanager
def many(scene: Scene) -> Iterator[tuple[Session, world.Town]]:
    """A unit in which the first town has further cases; undone at the end."""
    with world.work(scene.app.engine) as session:
        town = scene.here.town
        for place, name in enumerate(NAMES[1:]):
            case = opened(session, town, name)
            declare(session, case, town.case_manager)
            case.next_duty_on = world.NOW.date() + timedelta(days=place) if place else None
        session.flush()
        yield session, town
        session.rollback()


def numbers(page: CasePage) -> list[str]:
    return [row.case.number for row in page.rows]


def look(session: Session, person: Any, **wanted: Any) -> CasePage:
    headed = headed_qps(session, person.id, world.NOW)
    return list_cases(session, person.id, world.NOW, Filter(**wanted), headed=headed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clirim", {"Çlirim Krasniqi"}),
        ("ÇLIRIM", {"Çlirim Krasniqi"}),
        ("c\u0327lirim", {"Çlirim Krasniqi"}),
        ("krasniqi clirim", {"Çlirim Krasniqi"}),
        ("djordje", {"Đorđe Nikolić", "Ђорђе Петровић"}),
        ("Ђорђе", {"Đorđe Nikolić", "Ђорђе Петровић"}),
        ("petrovic", {"Ђорђе Петровић"}),
        ("elaj", {"Blerta Çelaj"}),
        ("2014", set(NAMES)),
        ("hoti 2014", {"Arta Hoti"}),
        ("hoti 2013", set()),
        ("' OR 1=1 --", set()),
        ("%", set()),
        ("_", set()),
        ("%2014%", set()),
    ],
)
@pytest.mark.parametrize("few", [True, False], ids=["decrypted", "blind-index"])
def test_search(
    scene: Scene, text: str, expected: set[str], few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not few:
        monkeypatch.setattr("tmr_app.cases.case_queries.DECRYPTED_UNDER", 0)
        expected = expected if text != "elaj" else set()
    with many(scene) as (session, town):
        found = look(session, town.case_manager, text=text)
        assert {row.name for row in found.rows} == expected
        assert found.count == len(expected)


def test_number_by_its_beginning(scene: Scene) -> None:
    with many(scene) as (session, town):
        everything = look(session, town.case_manager)
        prefix = scene.here.number[:-1]
        assert set(numbers(look(session, town.case_manager, text=prefix.lower()))) == {
            number for number in numbers(everything) if number.startswith(prefix)
        }
        assert numbers(look(session, town.case_manager, text=scene.there.number)) == []


def test_nobody_finds_another_centres_case(scene: Scene) -> None:
    with many(scene) as (session, town):
        for person in (
            scene.there.town.head,
            scene.there.town.case_manager,
            town.members["police"],
            town.assistant,
        ):
            assert {row.case.qps_id for row in look(session, person).rows} <= {scene.there.town.qps.id}
            assert not look(session, person, text="blerta").rows
            assert look(session, person, text="blerta").count == 0


def test_the_head_sees_the_centres_cases(scene: Scene) -> None:
    with many(scene) as (session, town):
        assert {row.name for row in look(session, town.head).rows} == set(NAMES)
        assert look(session, town.head).rows[0].standing is CaseStanding.HEAD


def test_a_head_recused_from_a_case_does_not_see_it_and_one_with_a_seat_is_no_head_there(
    scene: Scene,
) -> None:
    """A10.2 outranks the office, and so does the own seat: nothing of it before the declaration (A18.2), and it stands once."""
    with many(scene) as (session, town):
        before = numbers(look(session, town.head))
        recused, seated = (opened(session, town, name) for name in ("Recusa Gashi", "Sedia Gashi"))
        assert sorted(numbers(look(session, town.head))) == sorted([*before, recused.number, seated.number])
        for case, at in ((recused, world.NOW), (seated, None)):
            session.add(
                Seat(
                    case_id=case.id, person_id=town.head.id, kind="police", seated_at=world.NOW,
                    recused_at=at, ended_at=at,
                )
            )  # fmt: skip
        session.flush()
        found = look(session, town.head)
        assert sorted(numbers(found)) == sorted([*before, seated.number])
        assert found.count == len(before) + 1
        (own,) = (row for row in found.rows if row.case.id == seated.id)
        assert (own.standing, own.name) == (CaseStanding.UNDECLARED, "")
        assert [look(session, town.head, text=text).count for text in ("recusa", "sedia")] == [0, 0]


def test_before_declaring_a_row_says_only_that(scene: Scene) -> None:
    """A seated member sees neither name nor number, and a search for the name finds nothing."""
    with many(scene) as (session, town):
        case = opened(session, town, "Fshehur Emri")
        member = town.members["school"]
        session.add(Seat(case_id=case.id, kind="school", person_id=member.id, seated_at=world.NOW))
        session.flush()
        (row,) = look(session, member).rows
        assert (row.standing, row.name, row.is_readable) == (CaseStanding.UNDECLARED, "", False)
        for few in (500, 0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("tmr_app.cases.case_queries.DECRYPTED_UNDER", few)
                assert look(session, member, text="fshehur").count == 0
        declare(session, case, member)
        session.flush()
        assert look(session, member, text="fshehur").rows[0].name == "Fshehur Emri"
    desk = scene.sit(scene.here.town.case_manager)
    with world.work(scene.app.engine) as session:
        hidden = opened(session, scene.here.town, "Pa Deklarate")
        number = hidden.number
    page = desk.get("/cases").text
    assert "Pa Deklarate" not in page
    assert number not in page
    assert f"/cases/{hidden.id}/" in page


def test_pages_go_forth_and_back(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case once, dated ones by date, undated ones last, both ways."""
    monkeypatch.setattr("tmr_app.cases.case_queries.PAGE_ROWS", 4)
    with many(scene) as (session, town):
        for place in range(9):
            case = opened(session, town, f"Fëmija {place}")
            case.next_duty_on = world.NOW.date() + timedelta(days=place // 3) if place % 4 else None
        session.flush()
        seen, page, pages = [], look(session, town.head), 1
        seen += numbers(page)
        while page.next:
            page = look(session, town.head, after=page.next)
            seen += numbers(page)
            pages += 1
        assert len(seen) == len(set(seen)) == page.count
        assert pages == -(-page.count // 4)
        dates = [row.case.next_duty_on for row in page.rows]
        assert dates[-1] is None
        back = numbers(page)
        while page.previous:
            page = look(session, town.head, before=page.previous)
            back = numbers(page) + back
        assert back == seen


@pytest.mark.parametrize(
    "address",
    [
        "/cases?after=x",
        "/cases?after=2026-13-45." + "0" * 32,
        "/cases?before=none." + "f" * 32,
        "/cases?status=drop&level=huge&mine=perhaps",
        "/cases?page=-1&per_page=1000000000&sort=drop",
    ],
)
def test_wrong_addresses_give_defaults(scene: Scene, address: str) -> None:
    """B35."""
    desk = scene.sit(scene.here.town.head)
    assert desk.get(address).status_code == 200


def test_the_search_page(scene: Scene) -> None:
    desk = scene.sit(scene.here.town.case_manager)
    desk.get("/cases")
    answer = desk.post("/cases", {"q": "clirim", "status": "open"})
    assert answer.status_code == 200
    assert scene.here.number in answer.text
    assert desk.post("/cases", {"q": "a\x00b", "status": "open"}).status_code == 422
    assert desk.post("/cases", {"q": "x", "sort": "drop"}).status_code == 400


def test_standings_are_those_of_the_guard(scene: Scene) -> None:
    """In bulk and one by one: the same answer for everybody, recused, ended and undeclared ones too."""
    with many(scene) as (session, town):
        case = session.get_one(Case, scene.here.case_id)
        for kind, change in (
            ("police", {}),
            ("school", {"recused_at": world.NOW}),
            ("ngo", {"ended_at": world.NOW}),
        ):
            seat = {
                "case_id": case.id,
                "kind": kind,
                "person_id": town.members[kind].id,
                "seated_at": world.NOW,
            }
            session.add(Seat(**seat | change))
        declare(session, case, town.members["victim_advocate"])
        session.add(
            Seat(
                case_id=case.id,
                kind="victim_advocate",
                person_id=town.members["victim_advocate"].id,
                seated_at=world.NOW,
            )
        )
        session.flush()
        everybody = [
            town.head,
            town.case_manager,
            town.other_case_manager,
            town.assistant,
            *town.members.values(),
        ]
        found = set()
        for person in everybody:
            one, _case = standing_loader.in_case(session, person.id, case.id, world.NOW)
            headed = headed_qps(session, person.id, world.NOW)
            many_of_them = standings_of(session, person.id, [case], world.NOW, headed)
            assert many_of_them[case.id] == one.case, person.name
            found.add(one.case)
        assert len(found) >= 6


def _fill(session: Session, town: world.Town, count: int) -> None:
    """Bare cases of a centre, without keys: they stand for a large database."""
    family = session.get_one(Case, _any_case(session, town)).family_id
    rows = [
        {
            "id": uuid4(),
            "number": f"X{uuid4().hex[:20]}",
            "qps_id": town.qps.id,
            "municipality_id": town.municipality.id,
            "family_id": family,
            "referred_on": world.NOW.date(),
            "opened_on": world.NOW.date(),
            "next_duty_on": world.NOW.date() + timedelta(days=place % 300),
            "created_at": world.NOW,
        }
        for place in range(count)
    ]
    session.execute(insert(Case), rows)


def _any_case(session: Session, town: world.Town) -> UUID:
    found = session.scalar(select(Case.id).where(Case.qps_id == town.qps.id).limit(1))
    assert found is not None
    return found


def test_statements_do_not_grow(fresh_scene: Scene) -> None:
    """The page of a case manager costs the same, and unlocks no more keys, with 3,000 further cases in the database."""
    scene = fresh_scene

    def cost(person: Any) -> tuple[int, int]:
        with world.work(scene.app.engine) as session, statements(scene.app.engine) as seen:
            found = look(session, person)
        return len(seen), len(found.rows)

    manager, head = scene.here.town.case_manager, scene.here.town.head
    before = cost(manager), cost(head)
    with world.work(scene.app.engine) as session:
        _fill(session, scene.there.town, 3000)
    assert (cost(manager), cost(head)) == before
    assert before[0][0] <= 10
    assert before[1][0] <= 10
    desk = scene.sit(manager)
    with statements(scene.app.engine) as seen:
        desk.get("/cases")
    assert len(seen) <= 20


def test_the_count_stops_at_a_thousand(fresh_scene: Scene) -> None:
    scene = fresh_scene
    with world.work(scene.app.engine) as session:
        _fill(session, scene.here.town, 1200)
        found = look(session, scene.here.town.head, mine=False)
        assert (found.count, found.count_is_more) == (1000, True)


def test_no_session_is_left_open(scene: Scene) -> None:
    with pytest.raises(RuntimeError):
        db.session()
