"""`tmr limits` at its borders: one sentence and a non-zero status, never a trace."""

import json

import pytest
from click.testing import CliRunner

from tmr_app.web.cli import tmr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["2026-12-10", "--lead-days", "2"], "A8.3"),
        (["2026-12-10", "--lead-days", "-3"], "A8.3"),
        (["2026-12-10", "--lead-days", "99999999999"], "does not go back"),
        (["0001-01-03"], "does not go back"),
        (["2026-02-30"], "YYYY-MM-DD"),
        (["10.12.2026"], "YYYY-MM-DD"),
        ([""], "YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(given: list[str], said: str) -> None:
    shown = CliRunner().invoke(tmr, ["limits", *given])
    assert shown.exit_code != 0
    assert said in shown.stderr
    assert isinstance(shown.exception, SystemExit)
    assert shown.stdout == ""


def test_the_last_day_of_the_calendar_is_counted() -> None:
    shown = CliRunner().invoke(tmr, ["limits", "9999-12-31", "--json"])
    assert json.loads(shown.stdout)["notice_limit_on"] == "9999-12-28"
