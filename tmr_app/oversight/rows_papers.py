"""Ledger rows of the forms: the Table's work form of Annex 1, made for each meeting held (A20)."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from tmr_app.meetings import facts
from tmr_app.meetings.annex_forms import labels_sha256
from tmr_app.meetings.annex_models import AnnexForm
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.oversight.rows_meetings import dated
from tmr_app.regulation import articles


@read_as("annex_forms")
def annex_forms(tables: Tables) -> Table:
    """Every version, the oldest first."""
    query = select(
        AnnexForm.case_id, AnnexForm.meeting_id, AnnexForm.version, AnnexForm.labels_sha256, AnnexForm.made_at
    ).order_by(AnnexForm.version)
    return tables.by_case(query, AnnexForm.case_id)


@builds("A20")
def annex_form_made(view: CaseView) -> Iterator[Row]:
    """One row per meeting held: when its form was first made, and whether the newest follows the annex to the label."""
    present = labels_sha256()
    for meeting in dated(view):
        if meeting.state != "held":
            continue
        made = [one for one in view.annex_forms if one.meeting_id == meeting.id]
        found = facts.annex_form_of(view.case.opened_on, meeting.meeting_on, made, present)
        verdict = articles.a20_annex_form(found, view.today)
        row = view.row(verdict, meeting=meeting, met_at=made[0].made_at if made else None)
        yield replace(row, endpoint="cases.files", values={"case_id": view.case.id})
