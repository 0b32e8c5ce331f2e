"""The many rows of the head's dashboard, drawn in Python as those of a plan: a form a row, filled by what differs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask, url_for
from markupsafe import Markup

from tmr_app.oversight.dashboard import Late, Listed, Load
from tmr_app.web.drawing import row_form, written
from tmr_app.web.presentation import ShortDates, duty_title

_CASE, _MEETING = UUID(int=0), UUID(int=1)


def workload_rows(loads: Iterable[Load], heads: Sequence[str], nobody: str) -> Markup:
    """The `tr` of each case manager. `heads`: the names of the figures' columns; `nobody`: who has the cases without one."""
    form = row_form(heads, numeric=True)
    return _joined(
        [
            form % (written(name or nobody), cases, high, overdue, reviews, silent)
            for _id, name, cases, high, overdue, reviews, silent in loads
        ]
    )


def manager_options(loads: Iterable[Load], chosen: str | None) -> Markup:
    """The `option` of each case manager."""
    return _joined(
        [
            f'<option value="{one.person_id}"{" selected" if one.person_id == chosen else ""}>{written(one.name)}</option>\n'
            for one in loads
            if one.person_id
        ]
    )


def late_lines(lines: Iterable[Late], endpoint: str, today: date) -> Markup:
    """The `li` of each exception: the case by its number, the duty or the meeting's code, since or until when."""
    dates, addresses = ShortDates(today), dict[bool, str]()
    drawn = []
    for case_id, number, on, about, meeting_id in lines:
        of_meeting = meeting_id is not None
        if of_meeting not in addresses:
            addresses[of_meeting] = _address(endpoint, of_meeting)
        address = addresses[of_meeting] % ((case_id, meeting_id) if of_meeting else case_id)
        word = written(about if of_meeting else duty_title(about)) if about else ""
        told = f" · {word}" if word else ""
        drawn.append(
            f'<li><a class="govuk-link" href="{address}">{written(number)}</a>{told} · {dates.due(on)}</li>\n'
        )
    return _joined(drawn)


def case_rows(
    cases: Iterable[Listed],
    today: date,
    heads: Sequence[str],
    *,
    phases: Mapping[str, str],
    nobody: str,
    risky: Markup,
) -> Markup:
    """The `tr` of each open case. `heads`: the columns' names, the link to the visits last; `risky`: the tag of a high risk."""
    dates, form = ShortDates(today), row_form([*heads[:-1], ""])
    case, visits, word = _address("cases.show"), _address("visits.index"), written(heads[-1])
    return _joined(
        [
            form
            % (
                f'<a class="govuk-link tryeza-whole" href="{case % case_id}">{written(number)}</a>'
                f"{f' {risky}' if level == 'high' else ''}",
                written(manager or nobody),
                written(phases[phase]),
                written(duty_title(duty)) if duty else "",
                dates.due(on) if on else "",
                f'<a class="govuk-link" href="{visits % case_id}">{word}'
                f'<span class="govuk-visually-hidden"> {written(number)}</span></a>',
            )
            for case_id, number, level, phase, duty, on, manager in cases
        ]
    )


def _address(endpoint: str, of_meeting: bool = False) -> str:
    """Where a page of any case stands: the case's id, and the meeting's, are filled in by `%`."""
    ids: dict[str, Any] = {"case_id": _CASE, "meeting_id": _MEETING} if of_meeting else {"case_id": _CASE}
    address = url_for(endpoint, **ids).replace("%", "%%")
    for one in ids.values():
        address = address.replace(str(one), "%s")
    return written(address)


def _joined(rows: Iterable[str]) -> Markup:
    return Markup("".join(rows))  # noqa: S704 -- what was written by people is escaped piece by piece


def register(app: Flask) -> None:
    """For `head_office/supervision.html`."""
    app.jinja_env.globals.update(
        workload_rows=workload_rows,
        manager_options=manager_options,
        late_lines=late_lines,
        case_rows=case_rows,
    )
