"""Drafts of the progress report: kept every few seconds by a script, or by a button, until the report is filed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db, drafts
from tmr_app.kernel.web import Redirect, allows
from tmr_app.meetings import reading_room, report_actions, report_queries, reporting
from tmr_app.meetings.forms_member import DecisionForm, ReportForm

blueprint = Blueprint("report_drafts", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/report/draft"
SCRIPT_HEADER = "X-Autosave"


def report_place(case_id: UUID, meeting_id: UUID) -> str:
    """Where the draft belongs: the address of the form's page, under which a session's end keeps it too."""
    return url_for("reports.write", case_id=case_id, meeting_id=meeting_id)


def keep_typed(session: Session, case_id: UUID, meeting_id: UUID, typed: dict[str, Any]) -> None:
    """Keep what the signed-in person typed as the draft of the report's page."""
    drafts.keep(
        session,
        person_id=g.person.id,
        case_id=case_id,
        place=report_place(case_id, meeting_id),
        values=typed,
        now=clock.real_now(),
    )


def _is_filed(session: Session, case_id: UUID, meeting_id: UUID, form: ReportForm) -> bool:
    """The script's last word may come after the filing itself: what is filed is no draft."""
    own = report_queries.own(session, case_id=case_id, meeting_id=meeting_id, person_id=g.person.id)
    if own.report is None or reporting.texts_of(own.report) != form.texts():
        return False
    told = report_actions.as_typed(report_actions.of_report(session, own.report))
    return told == form.reported()


@blueprint.post(ADDRESS)
@allows(Permission.REPORT_FILE)
def save(case_id: UUID, meeting_id: UUID) -> Response | Redirect:
    """Keep the text as it is, unchecked. The script gets 204, the button comes back to the form."""
    session = db.session()
    reading_room.meeting_of(session, case_id=case_id, meeting_id=meeting_id, standing=g.standing)
    form = ReportForm()
    if _is_filed(session, case_id, meeting_id, form):
        drafts.drop(session, person_id=g.person.id, place=report_place(case_id, meeting_id))
    else:
        keep_typed(session, case_id, meeting_id, form.typed())
    if request.headers.get(SCRIPT_HEADER):
        return Response(status=204)
    return Redirect(report_place(case_id, meeting_id), flash=_("Your draft is kept. It is not filed yet."))


@blueprint.post(ADDRESS + "/discard")
@allows(Permission.REPORT_FILE)
def discard(case_id: UUID, meeting_id: UUID) -> Redirect:
    """Forget the draft: the page shows what was filed, or an empty form."""
    DecisionForm()
    place = report_place(case_id, meeting_id)
    drafts.drop(db.session(), person_id=g.person.id, place=place)
    return Redirect(place, flash=_("The draft is gone."))
