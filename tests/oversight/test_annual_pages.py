"""The annual report as people see it: draft, adoption, submission, receipt, a body's request, public copy; and who may not."""

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.annual_kit import IN_MARCH, YEAR, Kept
from tests.oversight.annual_stage import (
    Stage,
    adopted,
    begun,
    day,
    ledger_row,
    mails,
    report,
    set_up,
    store_more,
)
from tmr_app.cases.models import Case
from tmr_app.cases.searching import write_tokens
from tmr_app.kernel.audit import AuditEntry
from tmr_app.oversight import annual_reminding
from tmr_app.oversight.annual_models import AnnualRequest

if TYPE_CHECKING:
    from tmr_app.web.app import TmrFlask


@pytest.mark.duty("A5.1.6")
def test_from_the_draft_to_the_receipt_and_a_ministrys_request(stage: Stage) -> None:
    assert ledger_row(stage).status.value == "due"
    head = begun(stage)
    head.get(f"{stage.base}/{YEAR}/write")
    saved = head.post(
        f"{stage.base}/{YEAR}/write/needs", hidden=False, version="1", text="Two psychologists."
    )
    assert saved.status_code == 303
    head.get(f"{stage.base}/{YEAR}")
    assert "Two psychologists." in head.text
    ministry = stage.browser(stage.ministry)
    page = ministry.get("/annual-reports").text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert once
    asked = ministry.post(
        "/annual-reports", hidden=False, once=once[1], municipality="prishtine", year=str(YEAR)
    )
    assert asked.status_code == 303
    assert len(mails(stage, "annual_report_requested")) == 1
    officer = stage.browser(stage.officer)
    assert officer.get(f"{stage.base}/{YEAR}").status_code == 404  # a draft is not the officer's yet
    head.post(f"{stage.base}/{YEAR}/versions/1/adopt", hidden=False, **day("adopted_on", "20", "2", "2026"))
    head.post(f"{stage.base}/{YEAR}/versions/1/submit", hidden=False)
    assert ledger_row(stage).status.value == "met"
    (mail,) = mails(stage, "annual_report_submitted")
    assert mail.parameters == {"path": f"{stage.base}/{YEAR}", "year": YEAR}
    assert officer.get(f"/municipalities/{stage.town}/overview").status_code == 200
    assert officer.get(f"{stage.base}/{YEAR}").status_code == 200
    assert officer.post(f"{stage.base}/{YEAR}/versions/1/acknowledge", hidden=False).status_code == 303
    assert report(stage).status == "acknowledged"
    with work(stage.app.engine) as session:
        request_id = session.scalars(select(AnnualRequest.id)).one()
    assert head.post(f"{stage.base}/requests/{request_id}/answer", hidden=False).status_code == 303
    assert "Prishtinë" in ministry.get("/annual-reports").text
    made = ministry.get(f"/annual-reports/{report(stage).id}.json")
    assert json.loads(made.data)["parts"] == {"Needs": "Two psychologists."}
    with work(stage.app.engine) as session:
        tags = set(session.scalars(select(AuditEntry.tag)))
    deeds = {"compiled", "written", "adopted", "submitted", "acknowledged"}
    assert {f"annual_report:{deed}" for deed in deeds} <= tags


def test_two_writers_get_both_texts(light: Stage) -> None:
    head = begun(light)
    url = f"{light.base}/{YEAR}/write/work"
    head.post(url, hidden=False, version="1", text="Mine")
    clash = head.post(url, hidden=False, version="1", text="Yours")
    assert clash.status_code == 409
    assert "Mine" in clash.text
    assert "Yours" in clash.text
    assert head.post(url, hidden=False, version="9", text="x").status_code == 400
    answer = head.client.post(
        url,
        data={"csrf_token": _token(head, light), "version": "2", "text": "By itself"},
        headers={"X-Autosave": "1"},
    )
    assert 'data-version="3"' in answer.text


def _token(browser: SignedIn, stage: Stage) -> str:
    browser.get(f"{stage.base}/{YEAR}/write")
    found = browser.page.select_one("input[name=csrf_token]")
    assert found
    return str(found["value"])


def test_steps_out_of_order_are_409(light: Stage) -> None:
    head = begun(light)
    at = f"{light.base}/{YEAR}/versions/1"
    assert head.post(f"{at}/submit", hidden=False).status_code == 409
    assert head.post(f"{at}/publish", hidden=False).status_code == 409
    head.post(f"{at}/adopt", hidden=False, **day("adopted_on", "20", "2", "2026"))
    assert head.post(f"{at}/adopt", hidden=False, **day("adopted_on", "20", "2", "2026")).status_code == 409
    late = head.post(f"{light.base}/{YEAR}/write/work", hidden=False, version="1", text="after adoption")
    assert late.status_code == 409
    assert "new version" in late.text
    head.post(f"{at}/submit", hidden=False)
    assert head.post(f"{at}/submit", hidden=False).status_code == 409


@pytest.mark.parametrize(
    ("year", "said"),
    [("2027", "2027 has not begun"), ("2023", "not older than 2024"), ("abc", "")],
)
def test_a_year_that_cannot_be_reported(light: Stage, year: str, said: str) -> None:
    head = light.browser(light.head)
    head.get(light.base)
    answer = head.post(light.base, hidden=False, year=year)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_year_without_data_is_refused(light_app: "TmrFlask") -> None:
    stage = set_up(light_app, 0)
    head = stage.browser(stage.head)
    answer = head.post(stage.base, hidden=False, year=str(YEAR))
    assert answer.status_code == 422
    assert "Nothing is on record for 2025" in answer.text


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("31", "12", "2025"), "once the year is over"),
        (("3", "3", "2026"), "still to come"),
        (("31", "2", "2026"), ""),
    ],
)
def test_adoption_on_a_day_that_cannot_be(light: Stage, parts: tuple[str, ...], said: str) -> None:
    head = begun(light)
    answer = head.post(f"{light.base}/{YEAR}/versions/1/adopt", hidden=False, **day("adopted_on", *parts))
    assert answer.status_code == 422
    assert said in answer.text
    assert report(light).status == "draft"


def test_a_running_year_is_drafted_and_not_adopted(light: Stage) -> None:
    head = light.browser(light.head)
    head.post(light.base, hidden=False, year="2026")
    page = head.get(f"{light.base}/2026").text
    assert "The year is not over" in page
    answer = head.post(
        f"{light.base}/2026/versions/1/adopt", hidden=False, **day("adopted_on", "1", "3", "2026")
    )
    assert answer.status_code == 422


def test_after_adoption_a_change_is_a_new_version_with_the_same_figures(light: Stage) -> None:
    """One case added afterwards: the new version prints what the first one printed."""
    head = adopted(light)
    first = head.get(f"{light.base}/{YEAR}/versions/1/municipality.csv").data
    with work(light.app.engine) as session:
        store_more(session, light, [Kept(risks=("trafficking",))])
    assert head.post(f"{light.base}/{YEAR}/compile", hidden=False).status_code == 303
    second = head.get(f"{light.base}/{YEAR}/versions/2/municipality.csv").data
    figures = [line.split(b",")[5:] for line in second.splitlines()[1:]]
    assert figures == [line.split(b",")[5:] for line in first.splitlines()[1:]]
    assert "too little to be printed" in head.get(f"{light.base}/{YEAR}").text
    assert head.get(f"{light.base}/{YEAR}/versions/1").status_code == 200


def test_people_of_another_municipality_find_nothing(light: Stage) -> None:
    head = adopted(light)
    head.post(f"{light.base}/{YEAR}/versions/1/submit", hidden=False)
    for person in (light.neighbour, light.ministry):
        browser = light.browser(person)
        for path in (
            "",
            f"/{YEAR}",
            f"/{YEAR}/versions/1/municipality.csv",
            f"/{YEAR}/versions/1/public.pdf",
        ):
            assert browser.get(light.base + path).status_code == 404
        assert browser.get(f"/municipalities/{light.town}/overview").status_code == 404
    ministry = light.browser(light.ministry)
    assert ministry.get(f"/annual-reports/{report(light).id}.csv").status_code == 404  # never asked for


def test_a_report_given_to_one_body_is_not_the_others(light: Stage) -> None:
    head = adopted(light)
    once = "A" * 24
    values = {"once": once, "body": "ministry", "year": str(YEAR), **day("asked_on", "1", "3", "2026")}
    assert head.post(f"{light.base}/requests", hidden=False, **values).status_code == 303
    assert (
        head.post(f"{light.base}/requests", hidden=False, **{**values, "once": "B" * 24}).status_code == 422
    )
    with work(light.app.engine) as session:
        asked = session.scalars(select(AnnualRequest.id)).one()
    head.post(f"{light.base}/requests/{asked}/answer", hidden=False)
    assert head.post(f"{light.base}/requests/{asked}/answer", hidden=False).status_code == 409
    url = f"/annual-reports/{report(light).id}.csv"
    assert light.browser(light.ministry).get(url).status_code == 200
    assert light.browser(light.council).get(url).status_code == 404


def test_a_request_before_adoption_cannot_be_answered(light: Stage) -> None:
    head = begun(light)
    head.post(
        f"{light.base}/requests",
        hidden=False,
        once="A" * 24,
        body="council",
        year=str(YEAR),
        **day("asked_on", "1", "3", "2026"),
    )
    with work(light.app.engine) as session:
        asked = session.scalars(select(AnnualRequest.id)).one()
    assert head.post(f"{light.base}/requests/{asked}/answer", hidden=False).status_code == 409


def test_members_read_and_write_nothing(light: Stage) -> None:
    begun(light)
    member = light.browser(light.member)
    assert member.get(f"{light.base}/{YEAR}").status_code == 200
    assert member.get(f"{light.base}/{YEAR}/write").status_code == 404
    assert member.post(f"{light.base}/{YEAR}/compile", hidden=False).status_code == 404
    assert member.post(f"{light.base}/{YEAR}/versions/1/acknowledge", hidden=False).status_code == 404


def test_the_public_copy_is_open_once_published(light: Stage) -> None:
    head = adopted(light)
    visitor = light.app.test_client()
    url = f"/published-reports/{report(light).id}.json"
    assert visitor.get(url).status_code == 404
    head.post(f"{light.base}/{YEAR}/versions/1/submit", hidden=False)
    head.post(f"{light.base}/{YEAR}/versions/1/publish", hidden=False)
    assert "Prishtin" in visitor.get("/published-reports").text
    figures = json.loads(visitor.get(url).data)["figures"]
    of_children = [line for line in figures if line["table"] != "general_meetings"]
    shown = [line["figure"] for line in of_children if not line["hidden"]]
    assert shown
    assert all(value >= 10 and value % 5 == 0 for value in shown)


def test_a_case_number_in_the_text_is_refused_and_a_childs_name_asks(light: Stage) -> None:
    head = begun(light)
    url = f"{light.base}/{YEAR}/write/work"
    refused = head.post(url, hidden=False, version="1", text="Rasti PR-2025-0007 ishte i rëndë.")
    assert refused.status_code == 422
    assert "PR-2025-0007" in refused.text  # the text is kept on the page
    with work(light.app.engine) as session:
        write_tokens(session, session.scalars(select(Case)).first(), "Arta Kelmendi", 2013, "")
    head.post(url, hidden=False, version="1", text="Vajza ARTA KELMENDI u kthye në shkollë.")
    at, on = f"{light.base}/{YEAR}/versions/1/adopt", day("adopted_on", "20", "2", "2026")
    asked = head.post(at, hidden=False, **on)
    assert asked.status_code == 422
    assert "could be identified" in asked.text
    assert head.post(at, hidden=False, names_checked="y", **on).status_code == 303


def test_national_figures_are_compiled_by_a_body_and_stay(light: Stage) -> None:
    ministry = light.browser(light.ministry)
    ministry.get("/annual-reports")
    assert ministry.post("/annual-reports/national", hidden=False, year="2026").status_code == 422
    assert ministry.post("/annual-reports/national", hidden=False, year=str(YEAR)).status_code == 303
    lines = json.loads(ministry.get(f"/annual-reports/national/{YEAR}.json").data)["figures"]
    of_children = [line for line in lines if line["table"] != "general_meetings"]
    assert all(line["hidden"] or line["figure"] >= 10 for line in of_children)
    assert ministry.get(f"/annual-reports/national/{YEAR}").status_code == 200
    assert light.browser(light.head).get("/annual-reports").status_code == 404


def test_reminders_go_out_once(light: Stage) -> None:
    """Sixty days before the last of March; then the head the day after it."""
    for days, kind, many in (
        (0, "annual_report_due", 1),
        (0, "annual_report_due", 1),
        (30, "annual_report_overdue", 2),
    ):
        with work(light.app.engine) as session:
            annual_reminding.remind(session, IN_MARCH + timedelta(days=days))
        assert len(mails(light, kind)) >= many
    assert len({mail.once_key for mail in mails(light, "annual_report_due")}) == len(
        mails(light, "annual_report_due")
    )


def test_my_work_names_the_report_that_is_owed(light: Stage) -> None:
    assert "Prishtinë 2025" in light.browser(light.head).get("/my-work").text
    head = adopted(light)
    head.post(f"{light.base}/{YEAR}/versions/1/submit", hidden=False)
    assert "Prishtinë 2025" not in light.browser(light.head).get("/my-work").text
    assert "Prishtinë 2025" in light.browser(light.officer).get("/my-work").text
