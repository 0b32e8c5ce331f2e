"""The ledger on screen: of a case, of a municipality (nothing of a case), and of the head's own Centres."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases.case_queries import cursor, read_cursor
from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import headed_qps
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, allows
from tmr_app.members.models import Municipality
from tmr_app.oversight import ledger
from tmr_app.oversight.forms import LedgerFilter
from tmr_app.oversight.ledger_lines import counts_of, lines_of

blueprint = Blueprint("ledger", __name__)

CASES_ON_A_PAGE = 20


@blueprint.get("/cases/<uuid:case_id>/ledger")
@allows(Permission.CASE_LEDGER_READ)
def case(case_id: UUID) -> Page:
    """Every duty of the case, with the written reasons."""
    form = LedgerFilter()
    rows = list(ledger.rows_of_cases(db.session(), [case_id], clock.now(), narratives=True))
    return Page(
        "ledger/case.html", lines=lines_of(rows, form), counts=counts_of(rows), filter_form=form, here=_here()
    )


@blueprint.get("/municipalities/<uuid:municipality_id>/ledger")
@allows(Permission.MUNICIPALITY_LEDGER)
def municipality(municipality_id: UUID) -> Page:
    """What the municipality itself owes: its Table, the seats, the general meeting. Nothing of a case."""
    session, form = db.session(), LedgerFilter()
    found = session.get(Municipality, municipality_id)
    if found is None:
        raise NotFound("municipality")
    rows = ledger.rows_of_municipality(session, found, clock.now())
    return Page(
        "ledger/municipality.html",
        key=found.key,
        municipality_id=municipality_id,
        lines=lines_of(rows, form),
        counts=counts_of(rows),
        filter_form=form,
        here=_here(),
    )


@blueprint.get("/ledger")
@allows(Permission.HEAD_OFFICE)
def office() -> Page:
    """The head's view over the open cases of the own Centres: exceptions first, a page of cases at a time (A16)."""
    session, now, form = db.session(), clock.now(), LedgerFilter()
    ids, following = _own_cases(session, form.values()["after"] or "")
    rows = list(ledger.rows_of_cases(session, ids, now))
    if not form.status.data and not form.duty.data:
        form.status.data = "exceptions"
    return Page(
        "ledger/office.html",
        lines=lines_of(rows, form),
        counts=counts_of(rows),
        case_count=len(ids),
        following=following,
        filter_form=form,
        here=_here(),
    )


def _own_cases(session: Session, after: str) -> tuple[list[UUID], str]:
    """A page of the open cases this head may read, the earliest next duty first; and the cursor of the next page."""
    person_id, now = g.person.id, clock.now()
    recused = exists().where(
        Seat.case_id == Case.id, Seat.person_id == person_id, Seat.recused_at.is_not(None)
    )
    query = select(Case.next_duty_on, Case.id).where(
        Case.qps_id.in_(headed_qps(session, person_id, now)), Case.status == "open", ~recused
    )
    start = read_cursor(after)
    if start is not None and start[0] is None:
        query = query.where(Case.next_duty_on.is_(None), Case.id > start[1])
    elif start is not None:
        later = and_(Case.next_duty_on == start[0], Case.id > start[1])
        query = query.where(or_(Case.next_duty_on > start[0], later, Case.next_duty_on.is_(None)))
    query = query.order_by(Case.next_duty_on.is_(None), Case.next_duty_on, Case.id)
    keys = [(row[0], row[1]) for row in session.execute(query.limit(CASES_ON_A_PAGE + 1))]
    more = len(keys) > CASES_ON_A_PAGE
    keys = keys[:CASES_ON_A_PAGE]
    return [key[1] for key in keys], cursor(keys[-1]) if more else ""


def _here() -> Any:
    return clock.civil_today()
