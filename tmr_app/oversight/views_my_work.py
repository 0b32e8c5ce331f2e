"""My work: the first page after signing in."""

from typing import Any

from flask import Blueprint, current_app, g, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.work_panels import Task
from tmr_app.kernel import clock, db
from tmr_app.kernel.paging import page_number, paged, turn
from tmr_app.kernel.web import Page, allows
from tmr_app.oversight import my_work
from tmr_app.oversight.forms import LedgerFilter
from tmr_app.oversight.ledger_lines import counts_of, lines_of
from tmr_app.regulation.duties import DUTIES

blueprint = Blueprint("my_work", __name__)

RECORD_ROWS = 25
"""A row fills a phone's screen: so many can still be read through."""

TITLES: dict[str, Any] = {duty.id: duty.title for duty in DUTIES}


@blueprint.get("/my-work")
@allows(Permission.MY_WORK)
def show() -> Page:
    """What waits for the reader, exceptions first, each with its article, date and page."""
    session, now = db.session(), clock.now()
    headed = tuple(dict(g.standing.headed))
    return Page(
        "my_work/show.html",
        work=my_work.of(
            session, g.person.id, now, headed, frozenset(one.value for one in g.standing.offices)
        ),
        titles=TITLES,
        address=_address,
        any_late=_any_late,
        today=clock.civil_today(),
        may_open=may(g.standing, Permission.CASE_OPEN),
        heads=bool(headed),
    )


@blueprint.get("/my-work/record")
@allows(Permission.MY_WORK)
def record() -> Page:
    """The reader's own rows of the ledger, the newest first: declarations, reports, recusals; nothing of anybody else."""
    form = LedgerFilter()
    rows = my_work.own_rows(db.session(), g.person.id, clock.now())
    return Page(
        "my_work/record.html",
        shown=paged(lines_of(rows, form), page_number(), RECORD_ROWS),
        turn=turn("my_work.record"),
        counts=counts_of(rows),
        filter_form=form,
        here=clock.civil_today(),
    )


def _any_late(tasks: list[Task]) -> bool:
    today = clock.civil_today()
    return any(task.due_on is not None and task.due_on < today for task in tasks)


def _address(task: Task) -> str | None:
    return url_for(task.endpoint, **task.values) if task.endpoint in current_app.view_functions else None
