"""The municipality officer's page: general meetings, annual reports, figures, the municipality's ledger; nothing of a case."""

from uuid import UUID

from flask import Blueprint, g

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Page, allows
from tmr_app.members.administration_frame import found
from tmr_app.members.models import Municipality
from tmr_app.oversight import annual_papers, annual_reports, annual_words, ledger
from tmr_app.oversight.disclosure_control import MUNICIPALITY
from tmr_app.oversight.ledger_lines import counts_of
from tmr_app.oversight.views_annual import language_of_reader

blueprint = Blueprint("officer", __name__)


@blueprint.get("/municipalities/<uuid:municipality_id>/overview")
@allows(Permission.MUNICIPALITY_OVERVIEW)
def show(municipality_id: UUID) -> Page:
    """What is owed and kept, which report waits for the receipt, and the last report's figures."""
    session, now = db.session(), clock.now()
    municipality = found(Municipality, municipality_id)
    rows = ledger.rows_of_municipality(session, municipality, now)
    reports = [one for one in annual_reports.versions_of(session, municipality_id) if one.submitted_at]
    newest = reports[0] if reports else None
    values = (
        annual_papers.prepare(
            session,
            municipality=municipality,
            report=newest,
            copy=MUNICIPALITY,
            language=language_of_reader(),
            now=now,
        ).values
        if newest is not None
        else None
    )
    return Page(
        "annual/officer.html",
        municipality=municipality,
        meetings=[row for row in rows if row.duty == "A8.2"],
        counts=counts_of(rows),
        waiting=[one for one in reports if one.status == "submitted"],
        reports=reports,
        values=values,
        states=annual_words.STATUS_WORDS,
        reader=g.person,
    )
