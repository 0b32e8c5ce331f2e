"""The committed register says what the source shows; and the scan can say no."""

import ast
import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fixtures.duty_rows import row_changed, row_is
from tmr_app.oversight import ledger
from tmr_app.regulation.duties import DUTIES
from tmr_app.web.commands.duties_command import command
from tools import duties
from tools.call_graph import Graph


@cache
def found() -> dict[str, duties.Found]:
    return {one.duty.id: one for one in duties.find()}


def test_the_committed_register_is_not_stale() -> None:
    all_found = list(found().values())
    assert duties.REGISTER.read_text() == duties.register_text(all_found), "run make duties"
    assert duties.PAGE.read_text() == duties.page_text(all_found), "run make duties"


def test_tmr_duties_prints_the_register() -> None:
    rows = json.loads(CliRunner().invoke(command, ["--json"]).output)
    assert [list(row) for row in rows] == [["duty", "title", "state"]] * 70
    assert [row["duty"] for row in rows] == [duty.id for duty in DUTIES]
    assert {row["state"] for row in rows} <= {"kept", "planned"}


@pytest.mark.parametrize("duty", ["A8.3", "A4.5", "A18.2", "A10.2", "A8.9"])
def test_the_scan_leads_from_a_screen_to_the_rule(duty: str) -> None:
    one = found()[duty]
    assert one.rule
    assert one.table
    assert one.operation
    assert one.row
    assert one.screen


def test_duties_of_later_issues_are_planned() -> None:
    for duty in ("A13.2", "A14.2", "A15", "A17.3", "A19", "A20", "A5.1.6"):
        if duty not in ledger.builders():
            assert found()[duty].state == "planned"
            assert "row" in found()[duty].missing


def test_a_duty_without_a_journey_is_planned() -> None:
    one = duties.Found(DUTIES[0], [("r", "")], [("t", "")], [("o", "")], [("l", "")], [("s", "")])
    assert (one.state, one.missing) == ("planned", ["journey"])
    one.journey = [("j", "")]
    assert one.state == "kept"


def test_a_builder_that_is_a_look_alike_counts_for_nothing(tmp_path: Path) -> None:
    """A function that names no rule leads nowhere; one that does is found through its caller."""
    package = tmp_path / "small"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rules.py").write_text("def a1_rule(): ...\n")
    (package / "deeds.py").write_text("from small import rules\n\ndef deed():\n    rules.a1_rule()\n")
    (package / "views.py").write_text(
        "from small.deeds import deed\n\ndef page():\n    deed()\n\ndef other():\n    return 'a1_rule'\n"
    )
    graph = Graph(tmp_path, "small")
    assert graph.reached("small.views:page")["small.rules:a1_rule"] == 2
    assert "small.rules:a1_rule" not in graph.reached("small.views:other")


def test_journeys_are_read_from_literal_arguments() -> None:
    code = 'def test_x():\n    row_changed("A8.3", a, b)\n    row_changed(name, a, b)\n'
    (function,) = ast.parse(code).body
    assert duties._row_changes(function) == ["A8.3"]  # type: ignore[arg-type]


def test_row_changed_can_fail() -> None:
    row = {"duty": "A8.3", "case": "P-1", "meeting": None, "subject": None, "status": "due"}
    later = {**row, "status": "met"}
    row_changed("A8.3", [row], [later])
    with pytest.raises(AssertionError):
        row_changed("A8.3", [row], [row])
    with pytest.raises(AssertionError):
        row_changed("A8.7", [row], [later])
    assert row_is("A8.3", "met", [later], case="P-1") == later
    with pytest.raises(AssertionError):
        row_is("A8.3", "met", [row])
