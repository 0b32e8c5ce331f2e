"""Each guard of the layout finds the fault it is there for."""

import ast
import os
from pathlib import Path

import pytest

from tests.architecture import test_clocks, test_sizes_and_names, test_templates, test_workplace
from tests.fixtures.unavailable import cannot_run
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
