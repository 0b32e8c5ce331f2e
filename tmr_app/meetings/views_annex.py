"""Filling in the form of Annex 1 for a meeting from the case as it stands (A20)."""

from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases import panels
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Redirect, allows
from tmr_app.meetings import annex_forms, holding_queries
from tmr_app.meetings.doors import blueprint
from tmr_app.meetings.forms_holding import DeedForm
from tmr_app.regulation.verdicts import Message

panels.audit_words(
    {
        "annex:made": Message("The work form of Annex 1 was made"),
        "paper:taken": Message("A document was taken as a file"),
        "read:cases:made": Message("A document was taken as a file"),
    }
)


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/annex1")
@allows(Permission.MEETING_PREPARE)
def make_annex(case_id: UUID, meeting_id: UUID) -> Redirect:
    """The next version of the form; nothing happens when it would say the same."""
    DeedForm()
    session = db.session()
    meeting = holding_queries.find(session, meeting_id, case_id)
    annex_forms.make(session, g.person, clock.now(), case=g.case, meeting=meeting)
    return Redirect(
        url_for("cases.files", case_id=case_id) + f"#{meeting.code}",
        flash=_("The form of Annex 1 is filled in from the case as it stands now."),
    )
