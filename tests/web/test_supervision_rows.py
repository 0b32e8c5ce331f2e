"""The rows of the head's dashboard, drawn in Python: what people wrote is escaped, each link leads to its own case."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup, escape

from tests.web.kit import create
from tmr_app.oversight.dashboard import Late, Listed, Load
from tmr_app.web import presentation
from tmr_app.web.drawing import row_form
from tmr_app.web.supervision_rows import case_rows, late_lines, manager_options, workload_rows
from tools.messages import compile_all

TODAY = date(2026, 11, 17)
FORGED = """<b>100%s</b>&"'"""
WRITTEN = escape(FORGED)
CASE, MEETING = str(uuid4()), str(uuid4())
HEADS = ("Who's", "100 %", "Duty", "Until", "Visits")


@pytest.fixture(scope="module")
def app() -> Flask:
    compile_all()
    made = create()
    for endpoint, rule in {
        "cases.show": "/cases/<uuid:case_id>/",
        "visits.index": "/cases/<uuid:case_id>/visits",
        "meetings.show": "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>",
    }.items():
        made.add_url_rule(rule, endpoint)
    return made


def listed(**known: object) -> Listed:
    plain = Listed(CASE, FORGED, "high", "plan", "A8.3", TODAY, FORGED)
    return plain._replace(**known)


def drawn(case: Listed) -> Markup:
    risky = Markup("<i>risky</i>")
    return case_rows([case], TODAY, HEADS, phases={"plan": FORGED}, nobody="Nobody", risky=risky)


def test_a_row_is_filled_cell_by_cell_and_names_its_columns() -> None:
    form = row_form((*HEADS[:2], ""), numeric=True)
    assert form % ("a", "%s", 2, 3) == (
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">a</th>'
        '<td class="govuk-table__cell govuk-table__cell--numeric" data-label="Who&#39;s">%s</td>'
        '<td class="govuk-table__cell govuk-table__cell--numeric" data-label="100 %">2</td>'
        '<td class="govuk-table__cell govuk-table__cell--numeric">3</td></tr>\n'
    )


def test_the_workload_names_who_has_nobody() -> None:
    rows = workload_rows([Load(None, "", 1, 2, 3, 4, 5), Load("p", FORGED, 6, 7, 8, 9, 10)], HEADS, "Nobody")
    assert rows.count("<tr") == 2
    assert "Nobody" in rows.splitlines()[0]
    assert WRITTEN in rows
    assert "<b>" not in rows
    assert [rows.index(f">{number}<") for number in range(1, 11)] == sorted(
        rows.index(f">{number}<") for number in range(1, 11)
    )


def test_only_people_are_offered_and_the_chosen_one_is_marked() -> None:
    loads = [Load(None, "", 1, 0, 0, 0, 0), Load("p", FORGED, 1, 0, 0, 0, 0), Load("q", "Q", 1, 0, 0, 0, 0)]
    assert manager_options(loads, "q") == (
        f'<option value="p">{WRITTEN}</option>\n<option value="q" selected>Q</option>\n'
    )


def test_a_case_links_to_itself_and_to_its_visits(app: Flask) -> None:
    with app.test_request_context():
        rows = drawn(listed())
    assert f'href="/cases/{CASE}/"' in rows
    assert f'href="/cases/{CASE}/visits"' in rows
    assert rows.count(str(WRITTEN)) == 4  # the number twice, phase, manager
    assert "<b>" not in rows
    assert "<i>risky</i>" in rows


def test_a_case_says_only_what_there_is(app: Flask) -> None:
    with app.test_request_context():
        rows = drawn(listed(risk_level="low", duty=None, on=None, manager=None))
    assert "risky" not in rows
    assert "<time" not in rows
    assert "Nobody" in rows
    assert 'data-label="Duty"></td>' in rows


@pytest.mark.parametrize("locale", ["sq_XK", "sr_Latn", "en_GB"])
def test_dates_and_duties_are_the_readers_own(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        due, title = presentation.due_date(TODAY, TODAY), escape(presentation.duty_title("A8.3"))
        for rows in (drawn(listed()), late_lines([Late(CASE, "1", TODAY, "A8.3")], "cases.show", TODAY)):
            assert due in rows
            assert title in rows


def test_an_exception_leads_to_its_case_or_meeting(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://x/"):
        lines = late_lines([Late(CASE, FORGED, TODAY, FORGED, MEETING)], "meetings.show", TODAY)
        bare = late_lines([Late(CASE, "1", TODAY)], "cases.show", TODAY)
    assert f'href="/cases/{CASE}/meetings/{MEETING}"' in lines
    assert lines.count(str(WRITTEN)) == 2
    assert "<b>" not in lines
    assert bare.count(" · ") == 1
