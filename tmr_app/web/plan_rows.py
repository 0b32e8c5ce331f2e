"""The rows of a plan's table, drawn in Python: sixty lines of mostly the same words take half the time a template takes.

What stands once in every row is joined once; the page's language is asked once; only what somebody wrote is escaped.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from flask import Flask
from markupsafe import Markup

from tmr_app.plans.plan_lines import Line
from tmr_app.web.drawing import written
from tmr_app.web.presentation import ShortDates


def plan_rows(
    lines: Iterable[Line],
    today: date,
    *,
    action_url: str,
    whose: str,
    until: str,
    states: Mapping[str, Markup],
    overdue: Markup,
    orphaned: Markup,
) -> Markup:
    """The `tr` of each action. `action_url`: what stands before an action's key; `whose` and `until`: the names of these columns
    on a phone; `states`, `overdue`, `orphaned`: tags drawn already.
    """
    dates, address = ShortDates(today), written(action_url)
    head = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
    in_whose = f'</th>\n<td class="govuk-table__cell" data-label="{written(whose)}">'
    in_until = f'</td>\n<td class="govuk-table__cell" data-label="{written(until)}">'
    in_status = '</td>\n<td class="govuk-table__cell">'
    rows = [
        f'{head}{one.number}. <a class="govuk-link" href="{address}{one.key}">{written(one.measure)}</a>{_below(one.service)}'
        f"{in_whose}{f'{orphaned} ' if one.is_orphan else ''}{written(one.responsible)}{_below(one.institutions)}"
        f"{in_until}{_until(one, dates)}"
        f"{in_status}{states[one.status]}{f' {overdue}' if one.is_overdue else ''}{_told(one, dates)}</td></tr>\n"
        for one in lines
    ]
    return Markup("".join(rows))  # noqa: S704 -- what was written by people is escaped piece by piece


def _below(text: str) -> str:
    return f'<br><span class="govuk-hint">{written(text)}</span>' if text else ""


def _until(one: Line, dates: ShortDates) -> str:
    if one.planned_on is None:
        return ""
    day = written(dates.day(one.planned_on))
    return (
        f'{day} <span class="tryeza-days">{written(dates.left(one.planned_on))}</span>'
        if one.is_near
        else day
    )


def _told(one: Line, dates: ShortDates) -> str:
    if one.told_at is None:
        return ""
    word = f": {written(one.word)}" if one.word else ""
    when = written(dates.instant(one.told_at))
    return f'<br><span class="govuk-hint">{written(one.told_by)}, {when}{word}</span>'


def register(app: Flask) -> None:
    """For `plans/show.html`."""
    app.jinja_env.globals["plan_rows"] = plan_rows
