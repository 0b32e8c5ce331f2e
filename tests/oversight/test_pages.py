"""The ledger, my work and the calendar as people see them: who may, what stands there, at how many statements."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.pages_kit import Scene, scene
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.cases.work_panels import Section, Task
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.meetings.models import Invitation
from tmr_app.members.models import Person
from tmr_app.oversight import my_work, next_duties
from tmr_app.oversight.ledger import Row
from tmr_app.regulation.verdicts import Message, Status

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp
    from tmr_app.web.app import TmrFlask

LANGUAGES = ("sq", "sr_Latn", "en")


@pytest.fixture
def app(fresh_database_url: str, make_app: "MakeApp") -> Iterator["TmrFlask"]:
    with clock.fixed_at(mw.NOW):
        yield make_app(fresh_database_url)


def speak(app: "TmrFlask", person_id: UUID, language: str) -> None:
    with work(app.engine) as session:
        session.get_one(Person, person_id).language = language


def test_case_ledger_is_for_case_manager_and_head(app: "TmrFlask") -> None:
    here = scene(app.engine)
    url = f"/cases/{here.case_id}/ledger"
    for person_id, status in (
        (here.case_manager, 200),
        (here.head, 200),
        (here.police, 403),
        (here.officer, 404),
    ):
        assert SignedIn(app, person_id).get(url).status_code == status
    manager = SignedIn(app, here.case_manager)
    assert here.code in manager.get(url).text
    only = manager.get(f"{url}?duty=A8.3&status=open").text
    assert "Neni 8, paragrafi 3" in only
    assert "Neni 12" not in only.split("</form>")[-1]
    assert manager.get(f"{url}?duty=nonsense&status=x").status_code == 200  # B35: unknown values mean all


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_in_three_languages_without_canaries(app: "TmrFlask", language: str) -> None:
    here = scene(app.engine)
    speak(app, here.case_manager, language)
    speak(app, here.head, language)
    for person_id, urls in (
        (here.case_manager, [f"/cases/{here.case_id}/ledger", "/my-work", "/calendar?year=2026&month=11"]),
        (here.head, ["/ledger", f"/municipalities/{here.municipality_id}/ledger", "/my-work"]),
    ):
        browser = SignedIn(app, person_id)
        for url in urls:
            answer = browser.get(url)
            assert answer.status_code == 200, url
            assert [canary for canary in mw.CANARIES if canary in answer.text] == [], url


def test_municipality_ledger_tells_nothing_of_a_case(app: "TmrFlask") -> None:
    here = scene(app.engine)
    url = f"/municipalities/{here.municipality_id}/ledger"
    text = SignedIn(app, here.officer).get(url).text
    assert "Neni 8, paragrafi 2" in text
    assert here.number not in text
    assert here.code not in text
    assert SignedIn(app, here.police).get(url).status_code == 404


def test_head_sees_own_centres_exceptions_first(app: "TmrFlask") -> None:
    here = scene(app.engine)
    with work(app.engine) as session:
        other = mw.case_world(session, key="gjakove")
        foreign = other.case.number
    text = SignedIn(app, here.head).get("/ledger?status=open").text
    assert here.number in text
    assert foreign not in text
    own = SignedIn(app, here.case_manager).get("/ledger?status=open").text  # the own cases, no others
    assert here.number in own
    assert foreign not in own
    assert SignedIn(app, here.police).get("/ledger").status_code == 404


def test_a_case_managers_ledger_opens_behind_the_declaration_and_each_read_is_logged(app: "TmrFlask") -> None:
    """A18.2: the sums over cases tell nothing that the case itself does not tell yet."""
    here = scene(app.engine)
    pages = (
        "/ledger?status=open",
        "/ledger?duty=A8.3&status=open",
        "/ledger/course",
        "/ledger.csv?status=open",
    )

    def told() -> list[bool]:
        return [here.number in SignedIn(app, here.case_manager).get(url).text for url in pages]

    assert told() == [True, True, False, True]
    with work(app.engine) as session:
        logged = session.scalars(
            select(AuditEntry.tag).where(
                AuditEntry.actor_id == here.case_manager, AuditEntry.tag.startswith("read:ledger")
            )
        ).all()
        assert [logged.count(f"read:ledger:{page}") for page in ("office", "course")] == [2, 1]
        session.execute(update(Seat).where(Seat.person_id == here.case_manager).values(conflict=None))
    assert told() == [False] * 4, "the question about a conflict is open"
    with work(app.engine) as session:
        session.execute(update(Seat).where(Seat.person_id == here.case_manager).values(conflict=False))
        session.execute(delete(Declaration).where(Declaration.person_id == here.case_manager))
    assert told() == [False] * 4


def test_my_work_before_and_after_the_declaration(app: "TmrFlask") -> None:
    here = scene(app.engine)
    school = SignedIn(app, here.school)
    school.get("/my-work")
    assert here.code in school.text
    assert here.number not in school.text
    assert f"/cases/{here.case_id}/declaration" in str(school.page)
    assert school.page.select("#to-sign")
    assert not school.page.select("#to-answer, #to-read, #my-cases")
    police = SignedIn(app, here.police)
    police.get("/my-work")
    assert police.page.select("#to-answer")
    assert police.page.select("#to-read")
    assert not police.page.select("#to-sign")
    with work(app.engine) as session:
        seat = session.get_one(Seat, here.police_seat)
        seat.recused_at = mw.NOW
    police.get("/my-work")
    assert here.code not in police.text  # a recused member is told of nothing


def test_my_work_of_head_and_case_manager(app: "TmrFlask") -> None:
    here = scene(app.engine, convened=False)
    head = SignedIn(app, here.head)
    head.get("/my-work")
    assert f"/cases/{here.case_id}/meetings/{here.meeting_id}/agreement" in str(head.page.select_one("main"))
    manager = SignedIn(app, here.case_manager)
    with work(app.engine) as session:
        next_duties.refresh(session, [here.case_id], mw.NOW)
    manager.get("/my-work")
    assert f"/cases/{here.case_id}/assessment" in str(manager.page.select_one("#my-cases ~ div"))


def test_what_a_list_of_its_own_names_is_not_said_twice(
    app: "TmrFlask", monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scene(app.engine, convened=False)
    with work(app.engine) as session:
        next_duties.refresh(session, [here.case_id], mw.NOW)
        case = session.get_one(Case, here.case_id)
        same = Task(case.next_duty or "", case.number, None, "meetings.call", {"case_id": case.id})
    own = Section(
        "own", Message("Reviews of plans to call"), Message("Call a meeting"), Message("Case"), [same]
    )
    manager = SignedIn(app, here.case_manager)
    manager.get("/my-work")
    assert manager.page.select("#my-cases")
    monkeypatch.setattr(my_work, "sections", lambda *_asked: [own])
    manager.get("/my-work")
    assert not manager.page.select("#my-cases")
    assert len(manager.page.select(f"main a[href='/cases/{here.case_id}/meetings/new']")) == 1


def test_a_members_record_has_own_rows_only(app: "TmrFlask") -> None:
    here = scene(app.engine, signed=("police", "school"))
    police = SignedIn(app, here.police)
    assert police.get("/my-work/record").status_code == 200
    text = police.page.select_one("main .tryeza-tablebox").get_text()
    assert "Neni 18, paragrafi 2" in text
    assert "School" not in text
    rows = police.page.select("main tbody tr")
    assert len(rows) == 2  # the own declaration and the own notice; the colleague's stand elsewhere


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("", 0, 24),
        ("1", 0, 24),
        ("2", 25, 49),
        ("3", 50, 50),
        ("4", 50, 50),
        ("0", 0, 24),
        ("-1", 0, 24),
        ("x", 0, 24),
    ],
)
def test_a_long_record_is_shown_newest_first_in_pages_of_25(
    app: "TmrFlask", monkeypatch: pytest.MonkeyPatch, asked: str, first: int, last: int
) -> None:
    here = scene(app.engine, signed=("police",))
    with work(app.engine) as session:
        own = my_work.own_rows(session, here.police, mw.NOW)[0]
    rows = [replace(own, meeting=None, subject=str(place)) for place in range(51)]
    monkeypatch.setattr(my_work, "own_rows", lambda *_asked: rows)
    police = SignedIn(app, here.police)
    police.get(f"/my-work/record?status={own.status.value}&page={asked}")
    shown = [row.select("td")[0].get_text(strip=True) for row in police.page.select("main tbody tr")]
    assert shown == [str(place) for place in range(first, last + 1)]
    turns = {link["rel"][0]: str(link["href"]) for link in police.page.select("main .govuk-pagination a")}
    assert all(f"status={own.status.value}" in url for url in turns.values())
    assert set(turns) == {name for name, there in (("prev", first > 0), ("next", last < 50)) if there}


def test_a_members_record_has_own_notices_sent_in_time_or_late(app: "TmrFlask") -> None:
    here = scene(app.engine, signed=("police", "school"))
    with work(app.engine) as session:
        seat = Invitation.seat_id == here.police_seat
        for row in session.scalars(select(Invitation).where(Invitation.meeting_id == here.meeting_id, seat)):
            row.handed_over_at = mw.NOW
        school = session.scalars(select(Seat.id).where(Seat.person_id == here.school)).one()
        for row in session.scalars(select(Invitation).where(Invitation.seat_id == school)):
            row.handed_over_at = mw.NOW + timedelta(days=60)

    def notices(person: UUID) -> list[Row]:
        with work(app.engine) as session:
            rows = my_work.own_rows(session, person, mw.NOW + timedelta(days=61))
            return [row for row in rows if row.duty == "A8.3"]

    (police,), (school_row,) = notices(here.police), notices(here.school)
    assert (police.status, police.met_on) == (Status.MET, mw.NOW.date())
    assert school_row.status is not Status.MET
    assert (police.person_id, school_row.person_id) == (here.police, here.school)


def test_a_new_person_is_told_what_to_do_first(app: "TmrFlask") -> None:
    here = scene(app.engine)
    officer = SignedIn(app, here.officer)
    officer.get("/my-work")
    assert officer.page.select(".tryeza-panel--empty")


@pytest.mark.parametrize("who", ["case_manager", "head", "police"])
def test_pages_cost_at_most_twenty_statements(app: "TmrFlask", who: str) -> None:
    here: Scene = scene(app.engine)
    with work(app.engine) as session:
        for key in ("gjakove", "peje"):
            more = mw.case_world(session, key=key)
            mw.prepare(session, more, mw.call(session, more))
    browser = SignedIn(app, getattr(here, who))
    urls = ["/my-work", "/my-work/record", "/calendar"]
    if who == "head":
        urls += ["/ledger", f"/municipalities/{here.municipality_id}/ledger"]
    if who != "police":
        urls.append(f"/cases/{here.case_id}/ledger")
    for url in urls:
        with mw.counted(app.engine) as seen:
            assert browser.get(url).status_code == 200
        statements = [one for one in seen() if not one.startswith(("BEGIN", "SAVEPOINT", "PRAGMA"))]
        assert len(statements) <= 20, f"{url}: {len(statements)}\n" + "\n".join(
            one[:90] for one in statements
        )


def test_each_deed_keeps_the_next_duty(app: "TmrFlask") -> None:
    """In the same transaction; a refused form changes nothing."""
    here = scene(app.engine)
    with work(app.engine) as session:
        session.get_one(Case, here.case_id).next_duty = None
    manager = SignedIn(app, here.case_manager)
    url = f"/cases/{here.case_id}/meetings/new"
    manager.get(url)
    assert manager.post(url, purpose="nonsense").status_code == 422
    assert kept(app, here) is None
    manager.get(url)
    answer = manager.post(url, purpose="first")
    assert answer.status_code == 303, answer.text
    assert kept(app, here) == "A12.5"  # the comprehensive assessment, seven days from the opening


def test_summary_and_heads_office_lead_to_what_is_owed(app: "TmrFlask") -> None:
    here = scene(app.engine)
    manager, head = SignedIn(app, here.case_manager), SignedIn(app, here.head)
    for duty, on in (("A12.5", mw.NOW.date() - timedelta(days=3)), ("A8.1", None)):
        with work(app.engine) as session:
            case = session.get_one(Case, here.case_id)
            case.next_duty, case.next_duty_on = duty, on
        assert f"/cases/{here.case_id}/ledger?status=open" in manager.get(f"/cases/{here.case_id}/").text
        listed = f"/cases/{here.case_id}/ledger" in head.get("/head-office").text
        assert listed is (on is not None)  # only what is past its date


def kept(app: "TmrFlask", here: Scene) -> str | None:
    with work(app.engine) as session:
        return session.get_one(Case, here.case_id).next_duty
