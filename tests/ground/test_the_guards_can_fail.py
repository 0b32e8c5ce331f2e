"""Each guard of the layout finds the fault it is there for."""

import ast
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import exists, select, union_all
from sqlalchemy.orm import aliased

from tests.architecture import test_clocks, test_sizes_and_names, test_templates, test_workplace
from tests.fixtures.correlating import LostCorrelation
from tests.fixtures.unavailable import cannot_run
from tmr_app.cases.table_models import Seat
from tmr_app.plans.models import Action, ActionInstitution
from tools.run_tests import GROUPS, main


def test_what_cannot_run_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        cannot_run("no browser")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        cannot_run("no browser")


def test_settings_of_a_real_installation_are_gone() -> None:
    assert not [name for name in os.environ if name.startswith("TMR_")]


@pytest.mark.parametrize(
    "line",
    [
        "/wo" + "rk/main/x.py",
        "/ro" + "ot/.bashrc",
        "/ho" + "me/arta",
        "https://py" + "pi.org/simple",
        ".py" + "env",
    ],
)
def test_the_workplace_is_recognised(line: str) -> None:
    assert test_workplace.WORKPLACE.search(line)


@pytest.mark.parametrize("line", ["/work", "/work/due", "url_for('my.work')", "homework/main"])
def test_our_own_addresses_are_not_the_workplace(line: str) -> None:
    assert not test_workplace.WORKPLACE.search(line)


@pytest.mark.parametrize(
    "call",
    [
        "datetime.now",
        "datetime.datetime.now",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "dt.datetime.today",
    ],
)
def test_reading_the_clock_is_recognised(call: str) -> None:
    assert test_clocks.REAL_CLOCK.search(call)
    assert not test_clocks.REAL_CLOCK.search("clock.now")
    assert not test_clocks.REAL_CLOCK.search("time.monotonic")


def test_sleeping_is_recognised() -> None:
    assert test_clocks.SLEEPS.search("time.sleep")
    assert test_clocks.SLEEPS.search("page.wait_for_timeout")
    assert not test_clocks.SLEEPS.search("page.wait_for_url")


@pytest.mark.parametrize("name", ["OutboxManager", "FormHelper", "TextUtils", "Util"])
def test_names_that_say_nothing_are_recognised(name: str) -> None:
    assert test_sizes_and_names.BANNED_CLASS.search(name)
    assert isinstance(ast.parse(f"class {name}: pass").body[0], ast.ClassDef)


@pytest.mark.parametrize(
    "line",
    ["<script>alert(1)</script>", '<p style="color:red">', '<a onclick="x()">', '<img src="//cdn.example/x.png">',
     "{{ text|safe }}", "<style>p{}</style>", '<script src="https://cdn.example/x.js"></script>'],
)  # fmt: skip
def test_what_the_policy_forbids_is_recognised(line: str) -> None:
    assert any(rule.search(line) for rule in test_templates.FORBIDDEN.values())


def test_an_honest_line_passes() -> None:
    line = '<script src="{{ asset(\'start.js\') }}" type="module"></script> <a href="/my-work">{{ _("My work") }}</a>'
    assert not any(rule.search(line) for rule in test_templates.FORBIDDEN.values())


def test_a_page_without_the_layout_is_recognised(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<h1>x</h1>", encoding="utf-8")
    assert not test_templates._reaches_the_layout(page)


def test_the_groups_share_every_test_once() -> None:
    """Whatever markers a test carries, exactly one group's expression takes it."""
    for carried in (
        {*()},
        {"db"},
        {"matrix"},
        {"journey"},
        {"db", "matrix"},
        {"db", "journey"},
        {"db", "matrix", "journey"},
    ):
        values = {name: name in carried for name in ("db", "matrix", "journey")}
        assert sum(bool(eval(group.markers, {}, dict(values))) for group in GROUPS) == 1  # noqa: S307


def test_an_unknown_group_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["everything"])
    assert "no such group: everything" in capsys.readouterr().err


def _seated(*also: type[Any]) -> Any:
    """An institution of the action that sits at the action's Table: two levels below the action."""
    seat = exists().where(
        Seat.case_id == Action.case_id, Seat.institution_id == ActionInstitution.institution_id
    )
    seat = seat.correlate(*also) if also else seat
    return select(Action.id).where(exists().where(ActionInstitution.action_id == Action.id, seat))


def test_a_question_that_lost_its_row_two_levels_out_is_recognised() -> None:
    with pytest.raises(LostCorrelation, match="plan_action of 2 levels out"):
        str(_seated())
    with pytest.raises(LostCorrelation):
        str(union_all(_seated(), _seated()))
    assert "FROM seat \n" in str(_seated(Action, ActionInstitution))


def test_a_table_made_in_from_and_an_alias_are_no_lost_rows() -> None:
    other = aliased(Action)
    made = select(Action.case_id).where(Action.id.in_(select(other.id))).subquery()
    str(
        select(Action.id).where(Action.case_id.in_(select(made.c.case_id).where(made.c.case_id.is_not(None))))
    )
