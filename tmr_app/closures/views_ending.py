"""The closing meeting, the Table's decision, the form, the end; the offer to another Centre; reopening."""

from typing import Literal
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.closures import closing_form, deciding, ending, guide_lines, queries, transferring
from tmr_app.closures.doors import ADDRESS, blueprint, deed, loaded, to_guide
from tmr_app.closures.forms import CallForm, DecisionForm, DeedForm, OfferForm, ReasonForm
from tmr_app.documents import output
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members.signed_in import require_fresh


@blueprint.post(ADDRESS + "/meeting")
@allows(Permission.CLOSING_WRITE)
def meeting(case_id: UUID) -> Redirect:
    """Call the closing meeting with everyone who took part (A8.11)."""
    form = CallForm()
    called = deciding.call_closing_meeting(
        db.session(), g.person, clock.now(), case=g.case, once=form.once.data
    )
    return Redirect(
        url_for("meetings.prepare", case_id=case_id, meeting_id=called.id),
        flash=_("The closing meeting is called. Everyone who took part is on the list of invitees."),
    )


@blueprint.route(ADDRESS + "/decision", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def decision(case_id: UUID) -> Page | Redirect:
    """What the Table decided in the closing meeting."""
    form, outcome = DecisionForm(), Attempt()
    found = loaded()
    found.require("decision")
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            deciding.decide(
                db.session(), g.person, clock.now(), case=g.case, closes=form.answer.data == "closes"
            )
        if not outcome.refused:
            return Redirect(to_guide(), flash=_("The decision is recorded."))
    meeting_code = found.meeting.code if found.meeting else ""
    return deed(
        form,
        _("Decision of the Table"),
        _("Record the decision"),
        outcome,
        rows=[
            (_("Meeting"), meeting_code),
            (
                _("Decision in the minutes"),
                (found.item.decision if found.item else "") or _("not written yet"),
            ),
        ],
        lead=[_("The words of the decision stand in the minutes, under the proposal to close the case.")],
    )


@blueprint.route(ADDRESS + "/form", methods=["GET", "POST"])
@allows(Permission.CLOSING_READ, posting=Permission.CLOSING_WRITE)
def form(case_id: UUID) -> Page | Redirect:
    """Make the closing form; then sign it (A17.5)."""
    button, session = DeedForm(), db.session()
    found = loaded()
    one = found.require("form")
    if button.validate_on_submit():
        version = closing_form.make(session, g.person, clock.now(), case=g.case)
        return Redirect(
            url_for("signing.show", case_id=case_id, version_id=version.id),
            flash=_("The closing form is made. Everyone who signs has been told."),
        )
    return Page(
        "closing/form.html",
        form=button,
        found=found,
        version=found.form_version,
        centre=queries.centre_of(session, one),
    )


@blueprint.get(ADDRESS + "/letter/<any(child,parent):who>.<any(pdf,docx):file_format>")
@allows(Permission.CASE_RETENTION)
def family_letter(case_id: UUID, who: str, file_format: str) -> Download:
    """The notice in plain language that the work on the case ends, to print and hand over."""
    document = closing_form.letter_of(db.session(), loaded(), "child" if who == "child" else "parent")
    kind: Literal["pdf", "docx"] = "pdf" if file_format == "pdf" else "docx"
    return Download(
        lambda: output.write(document, kind),
        name=f"closing-notice.{file_format}",
    )


@blueprint.route(ADDRESS + "/end", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def end(case_id: UUID) -> Page | Redirect:
    """Everything once more, then the case is closed."""
    button, outcome = DeedForm(), Attempt()
    found = loaded()
    found.require("end")
    if button.validate_on_submit():
        require_fresh()
        with attempt(button, case_id=case_id) as outcome:
            ending.close(db.session(), g.person, clock.now(), case=g.case)
        if not outcome.refused:
            return Redirect(to_guide(), flash=_("The case is closed. From now on it can only be read."))
    return Page(
        "closing/end.html",
        status=422 if outcome.refused else 200,
        form=button,
        found=found,
        lines=guide_lines.lines(found),
        verdicts=outcome.verdicts,
    )


@blueprint.route(ADDRESS + "/transfer", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def transfer(case_id: UUID) -> Page | Redirect:
    """Offer the case to the Centre named in the assessment (A17.3.3)."""
    offer, outcome = OfferForm(), Attempt()
    found = loaded()
    one = found.require("transfer")
    if offer.validate_on_submit():
        require_fresh()
        with attempt(offer, case_id=case_id) as outcome:
            transferring.offer(
                db.session(),
                g.person,
                clock.now(),
                case=g.case,
                reason=offer.reason.data or "",
                once=offer.once.data,
            )
        if not outcome.refused:
            return Redirect(to_guide(), flash=_("The case is offered. The other Centre has been told."))
    return Page(
        "closing/transfer.html",
        status=422 if offer.errors or outcome.refused else 200,
        form=offer,
        found=found,
        offer=queries.answer_of(db.session(), found),
        centre=queries.centre_of(db.session(), one),
        verdicts=outcome.verdicts,
        back=DeedForm(formdata=None),
    )


@blueprint.post(ADDRESS + "/transfer/withdraw")
@allows(Permission.CLOSING_WRITE)
def withdraw_transfer(case_id: UUID) -> Redirect:
    """Take an unanswered offer back."""
    DeedForm()
    transferring.withdraw(db.session(), g.person, clock.now(), case=g.case)
    return Redirect(to_guide(), flash=_("The offer is taken back."))


@blueprint.route(ADDRESS + "/reopen", methods=["GET", "POST"])
@allows(Permission.CASE_REOPEN)
def reopen(case_id: UUID) -> Page | Redirect:
    """The head reopens a closed case with a reason."""
    reason, outcome = ReasonForm(), Attempt()
    if reason.validate_on_submit():
        require_fresh()
        with attempt(reason, case_id=case_id) as outcome:
            ending.reopen(db.session(), g.person, clock.now(), case=g.case, reason=reason.reason.data or "")
        if not outcome.refused:
            return Redirect(
                url_for("cases.show", case_id=case_id),
                flash=_("The case is open again. The case manager was told."),
            )
    return deed(
        reason,
        _("Reopen the case"),
        _("Reopen the case"),
        outcome,
        lead=[_("The Table, the plan and the duties go on. The closing and its documents stay on record.")],
        look="serious",
    )
