"""The head's dashboard (A16): exceptions first, then the workload, then the cases of one case manager or of all."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from flask_babel import gettext as _
from wtforms import SelectField

from tmr_app.access.permissions import Permission
from tmr_app.cases import words
from tmr_app.kernel import clock, db
from tmr_app.kernel.forms import QueryForm
from tmr_app.kernel.web import Page, allows
from tmr_app.oversight import dashboard

blueprint = Blueprint("dashboard", __name__)


class ManagerForm(QueryForm):
    """Whose cases are listed."""

    manager = SelectField("", default="")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.manager.label.text = _("Case manager")


@blueprint.get("/head-office/supervision")
@allows(Permission.HEAD_OFFICE)
def show() -> Page:
    """All open cases of the head's Centre."""
    session, now = db.session(), clock.now()
    qps_ids = list(dict(g.standing.headed))
    found = dashboard.load(session, g.person.id, qps_ids, now)
    form = ManagerForm()
    people = [(str(one.person_id), one.name) for one in found.loads if one.person_id]
    form.manager.choices = [("", _("All")), *people]
    chosen = form.values()["manager"]
    return Page(
        "head_office/supervision.html",
        found=found,
        form=form,
        cases=dashboard.cases_of(session, g.person.id, qps_ids, now, UUID(chosen) if chosen else None),
        today=clock.civil_today(),
        silent_days=dashboard.SILENT_DAYS,
        phases={phase: str(word) for phase, word in words.PHASES.items()},
    )
