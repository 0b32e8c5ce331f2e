"""A progress report through a personal link (A8.9): issued and confirmed by the case manager, filled in without an account."""

from uuid import UUID

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.cases.forms import DecisionForm, EmptyForm
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.forms import Form, long_text, text
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import holding_queries, report_links, reporting
from tmr_app.meetings.forms_member import REPORT_LIMIT
from tmr_app.meetings.report_links import Door
from tmr_app.meetings.reporting import LABELS, ReportTexts
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("report_links", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/reports"
panels.audit_words(
    {
        "report_link:issued": Message("A personal link for a report was issued"),
        "report_link:opened": Message("A personal link for a report was opened"),
        "report_link:shut": Message("A personal link was shut after five wrong codes"),
        "report_link:sent": Message("A report came in through a personal link"),
        "report_link:confirmed": Message("A report from a personal link was confirmed"),
        "report_link:rejected": Message("A report from a personal link was not confirmed"),
        "read:report_links:received": Message("Report from a personal link"),
    }
)


class CodeForm(Form):
    """The code that was told."""

    code = text(_l("Code"), limit=20)


class LinkReportForm(Form):
    """The report of somebody who sees nothing of the case; the code goes with it."""

    code = text(_l("Code"), limit=20)
    done = long_text(_l("What was done since the last meeting"), limit=REPORT_LIMIT)
    obstacles = long_text(_l("Obstacles met"), limit=REPORT_LIMIT, required=False)
    needed = long_text(_l("What is needed; proposals to the Table"), limit=REPORT_LIMIT, required=False)
    child_wellbeing = long_text(
        _l("The child's well-being, as you see it"), limit=REPORT_LIMIT, required=False
    )
    manager_part = long_text(_l("What only the case manager should know"), limit=REPORT_LIMIT, required=False)

    def texts(self) -> ReportTexts:
        return ReportTexts(**{name: self[name].data or "" for name in LABELS})


@blueprint.get("/report/<token>")
@allows(Permission.PUBLIC)
def enter(token: str) -> Page:
    """Asks for the code; an address that leads nowhere looks the same whatever the reason."""
    found = report_links.door(db.session(), token, clock.now())
    return _door_page(token, found, CodeForm(formdata=None))


def _door_page(token: str, found: Door | None, form: CodeForm, status: int = 200) -> Page:
    if found is None or found.is_shut:
        return Page("reports/link_over.html", status=404 if status == 200 else status)
    return Page("reports/link_code.html", status=status, form=form, token=token)


@blueprint.post("/report/<token>")
@allows(Permission.PUBLIC)
def open_form(token: str) -> Page:
    """The right code shows the empty form with the meeting's code and the day."""
    session, now, form = db.session(), clock.now(), CodeForm()
    found = report_links.door(session, token, now)
    if found is None or not form.validate():
        return _door_page(token, found, form, 422)
    if not report_links.knock(session, now, door=found, code=form.code.data):
        form.code.errors = [
            *form.code.errors,
            _("This code does not fit. After five wrong codes the link is shut."),
        ]
        return _door_page(token, found, form, 422)
    return _form_page(token, found, LinkReportForm(formdata=None, data={"code": form.code.data}))


def _form_page(token: str, found: Door, form: LinkReportForm, status: int = 200) -> Page:
    return Page(
        "reports/link_form.html",
        status=status,
        form=form,
        token=token,
        code=found.meeting.code,
        meeting_on=found.meeting.meeting_on,
        due_on=found.due_on,
    )


@blueprint.post("/report/<token>/send")
@allows(Permission.PUBLIC)
def send(token: str) -> Page:
    """Hand the report in; it waits for the case manager."""
    session, now, form = db.session(), clock.now(), LinkReportForm()
    found = report_links.door(session, token, now)
    if found is None or found.is_shut:
        return Page("reports/link_over.html", status=409, typed=_typed(form))
    if not report_links.knock(session, now, door=found, code=form.code.data or ""):
        # Answered by a page, not by an error: the counted try must stay counted.
        return Page("reports/link_over.html", status=422, typed=_typed(form))
    if not form.validate():
        return _form_page(token, found, form, 422)
    report_links.send(session, now, door=found, texts=form.texts())
    return Page("reports/link_sent.html", code=found.meeting.code)


def _typed(form: LinkReportForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in LABELS}


@blueprint.post(ADDRESS + "/links/<uuid:asked_id>")
@allows(Permission.MEETING_CONVENE)
def issue(case_id: UUID, meeting_id: UUID, asked_id: UUID) -> Page:
    """A new link and its code, shown this once."""
    EmptyForm()
    session = db.session()
    meeting = holding_queries.find(session, meeting_id, case_id)
    issued = report_links.issue(session, g.person, clock.now(), case=g.case, request_id=asked_id)
    public_url = current_app.extensions["tmr_settings"].public_url
    return Page(
        "reports/link_issued.html",
        meeting=meeting,
        address=public_url + url_for("report_links.enter", token=issued.token),
        code=f"{issued.code[:4]} {issued.code[4:]}",
        name=issued.person.name,
        tries=report_links.TRIES,
    )


@blueprint.get(ADDRESS + "/received/<uuid:link_id>")
@allows(Permission.REPORT_MANAGER_PART_READ)
def received(case_id: UUID, meeting_id: UUID, link_id: UUID) -> Page:
    """What came in, before it is a report."""
    row, person, meeting = report_links.received(db.session(), case_id, link_id)
    pairs = [(reporting.LABELS[name], getattr(row, name)) for name in reporting.LABELS]
    return Page(
        "reports/link_received.html",
        meeting=meeting,
        row=row,
        name=person.name,
        pairs=pairs,
        decides=row.decided_at is None and may(g.standing, Permission.MEETING_CONVENE),
    )


@blueprint.post(ADDRESS + "/received/<uuid:link_id>/decision")
@allows(Permission.MEETING_CONVENE)
def decide(case_id: UUID, meeting_id: UUID, link_id: UUID) -> Redirect:
    """Confirm that this member sent it, or not."""
    DecisionForm()
    decision = request.form.get("decision")
    if decision not in ("confirm", "reject"):
        raise BadInput("no decision")
    confirm = decision == "confirm"
    report_links.decide(db.session(), g.person, clock.now(), case=g.case, link_id=link_id, confirm=confirm)
    said = (
        _("The report is filed as this member's.")
        if confirm
        else _("The report is not confirmed. You may issue a new link.")
    )
    return Redirect(url_for("reports.of_meeting", case_id=case_id, meeting_id=meeting_id), flash=said)
