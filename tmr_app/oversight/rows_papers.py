"""Ledger rows of the forms: the Table's work form of Annex 1, made for each meeting held (A20)."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.annex_forms import labels_sha256
from tmr_app.meetings.annex_models import AnnexForm
from tmr_app.oversight.bundle import Bundle, ByCase, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.oversight.rows_meetings import dated
from tmr_app.regulation import articles
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.facts import AnnexFormFacts


@read_as("annex_forms")
def annex_forms(bundle: Bundle) -> ByCase:
    """Every version, the oldest first."""
    query = select(
        AnnexForm.case_id, AnnexForm.meeting_id, AnnexForm.version, AnnexForm.labels_sha256, AnnexForm.made_at
    ).order_by(AnnexForm.version)
    return bundle.by_case(query, AnnexForm.case_id)


@builds("A20")
def annex_form_made(view: CaseView) -> Iterator[Row]:
    """One row per meeting held: when its form was first made, and whether the newest follows the annex to the label."""
    present = labels_sha256()
    for meeting in dated(view):
        if meeting.state != "held":
            continue
        made = [one for one in view.annex_forms if one.meeting_id == meeting.id]
        first, last = (made[0], made[-1]) if made else (None, None)
        facts = AnnexFormFacts(
            view.case.opened_on,
            annex_labels("sq") if last is not None and last.labels_sha256 == present else (),
            civil_date(first.made_at) if first is not None else None,
            meeting.meeting_on,
        )
        verdict = articles.a20_annex_form(facts, view.today)
        row = view.row(verdict, meeting=meeting, met_at=first.made_at if first else None)
        yield replace(row, endpoint="cases.files", values={"case_id": view.case.id})
