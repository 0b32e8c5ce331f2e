"""The rows of a plan's table, drawn in Python: whatever people wrote is escaped, dates are the page's own."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import Markup, escape

from tests.web.kit import create
from tmr_app.plans.plan_lines import Line
from tmr_app.web import presentation
from tmr_app.web.plan_rows import plan_rows
from tools.messages import compile_all

TODAY = date(2026, 11, 17)
TOLD_AT = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
FORGED = """<b>{}</b>&"'"""
WRITTEN = ("measure", "service", "responsible", "institutions", "told_by", "word")


@pytest.fixture(scope="module")
def app() -> Flask:
    compile_all()
    return create()


def line(**known: object) -> Line:
    texts = {name: FORGED.format(name) for name in WRITTEN}
    values: dict[str, object] = dict.fromkeys(Line._fields, False) | texts
    values |= {
        "key": "k",
        "number": "1.2",
        "planned_on": TODAY,
        "status": "done",
        "told_at": TOLD_AT,
        **known,
    }
    return Line._make(values[name] for name in Line._fields)


def rows(*lines: Line) -> Markup:
    tags = {"done": Markup("<i>done</i>")}
    return plan_rows(
        lines, TODAY, action_url="/a/", whose="Who's", until="Until", states=tags, overdue=Markup("<i>late</i>"),
        orphaned=Markup("<i>nobody</i>"),
    )  # fmt: skip


def test_what_people_wrote_is_escaped_piece_by_piece(app: Flask) -> None:
    with app.test_request_context():
        drawn = rows(line(is_near=True))
    for name in WRITTEN:
        assert escape(FORGED.format(name)) in drawn
    assert "<b>" not in drawn
    assert "Who&#39;s" in drawn
    assert '<a class="govuk-link" href="/a/k">' in drawn


@pytest.mark.parametrize("locale", ["sq_XK", "sr_Latn", "en_GB"])
def test_dates_are_written_as_everywhere_in_the_readers_language(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(locale):
        drawn = rows(line(is_near=True))
        assert presentation.day_short(TODAY) in drawn
        assert presentation.instant_short(TOLD_AT) in drawn
        assert f'<span class="tryeza-days">{presentation.days_left(TODAY, TODAY)}</span>' in drawn


def test_a_row_says_only_what_there_is(app: Flask) -> None:
    with app.test_request_context():
        bare = rows(line(service="", institutions="", planned_on=None, told_at=None))
        marked = rows(line(is_orphan=True, is_overdue=True, word=""))
    assert "govuk-hint" not in bare
    assert "tryeza-days" not in bare
    assert "<i>nobody</i> " in marked
    assert "<i>done</i> <i>late</i>" in marked
    assert ": " not in marked.split("govuk-hint")[-1]
