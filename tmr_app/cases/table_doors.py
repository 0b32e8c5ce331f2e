"""The blueprint of the Table's pages, and the one page shape most of its deeds share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, g, request, url_for
from wtforms import HiddenField, StringField

from tmr_app.cases import table_queries
from tmr_app.cases.attempts import Attempt
from tmr_app.cases.table_queries import SeatRow
from tmr_app.kernel import db, drafts
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.forms import Form
from tmr_app.kernel.web import Page

blueprint = Blueprint("table", __name__)


def deed_page(
    form: Form,
    heading: str,
    submit: str,
    *,
    lead: Sequence[Any] = (),
    rows: Sequence[tuple[str, Any]] = (),
    outcome: Attempt | None = None,
    look: str = "primary",
    cancel: str | None = None,
    **more: Any,
) -> Page:
    """A page with one question: what it is about (`rows`), the form, one button. 422 when something was refused."""
    if request.method == "GET":
        offer_draft(form)
    refused = bool(form.errors) or (outcome is not None and outcome.refused)
    return Page(
        "table/deed.html",
        status=422 if refused else 200,
        form=form,
        heading=heading,
        submit=submit,
        lead=lead,
        rows=[{"key": key, "value": value} for key, value in rows],
        verdicts=outcome.verdicts if outcome else (),
        look=look,
        cancel=cancel or to_table(),
        **more,
    )


def offer_draft(form: Form) -> None:
    """Give back what was typed before the person had to prove once more who they are."""
    kept = drafts.find(db.session(), person_id=g.person.id, place=request.path) or {}
    for field in form:
        if isinstance(field, StringField) and not isinstance(field, HiddenField):
            field.data = kept.get(field.name, field.data)


def seat_of(seat_id: UUID) -> SeatRow:
    """The seat of the address. Raises NotFound for one of another case's Table."""
    row = table_queries.seat_in_case(db.session(), g.case.id, seat_id)
    if row is None:
        raise NotFound("seat")
    return row


def to_table() -> str:
    return url_for("table.show", case_id=g.case.id)


def exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
