"""The order of disclosure (A18.2, A10.2): declaration, the parties' names and the question, only then content."""

from uuid import UUID

from flask import g, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import conflicts, declaring, table_queries
from tmr_app.cases.attempts import attempt
from tmr_app.cases.table_doors import blueprint, exists
from tmr_app.cases.table_forms import ConflictForm, DeclarationForm
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, Forbidden, OutOfOrder
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.signed_in import current_session_ref, may_sign, require_fresh
from tmr_app.regulation.verdicts import Message


def _language() -> str:
    return str(get_locale()).split("_")[0]


@blueprint.get("/cases/<uuid:case_id>/declaration")
@allows(Permission.DECLARATION_SIGN)
def declaration(case_id: UUID) -> Page:
    """The newest text in the reader's language, to sign or as signed."""
    return _declaration_page(DeclarationForm())


def _declaration_page(form: DeclarationForm, *, refused: bool = False) -> Page:
    session = db.session()
    text = declaring.newest_text(session)
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    form.text_version.data = text.version
    return Page(
        "table/declaration.html",
        status=422 if refused else 200,
        form=form,
        text=declaring.text_in(text, _language()),
        version=text.version,
        sha256=text.sha256,
        signed=declaring.declaration_of(session, g.case.id, g.person.id),
        at_the_door=g.standing.case in (CaseStanding.UNDECLARED, CaseStanding.UNANSWERED),
        earlier=declaring.signed_before(session, g.case.id, g.person.id),
    )


@blueprint.post("/cases/<uuid:case_id>/declaration")
@allows(Permission.DECLARATION_SIGN)
def sign_declaration(case_id: UUID) -> Page | Redirect:
    """Sign, with a sign-in not older than five minutes; the text's version, hash and the session are kept."""
    if g.standing.case is CaseStanding.RECUSED:
        raise Forbidden(Message("You take no part in this case because of a conflict of interest (A10.2)."))
    form = DeclarationForm()
    if not form.validate_on_submit():
        return _declaration_page(form, refused=True)
    require_fresh()
    with attempt(form, case_id=case_id) as outcome:
        if not may_sign():
            raise FieldRefused(
                "agreed", Message("After a new password or second factor you can sign again after 24 hours.")
            )
        declaring.sign_declaration(
            db.session(),
            g.person,
            clock.now(),
            case=g.case,
            text_version=form.text_version.data or 0,
            language=_language(),
            session_ref=current_session_ref(),
        )
    if outcome.refused:
        return _declaration_page(form, refused=True)
    return Redirect(url_for("table.conflict", case_id=case_id), flash=_("You have signed the declaration."))


@blueprint.get("/cases/<uuid:case_id>/conflict")
@allows(Permission.CONFLICT_ANSWER)
def conflict(case_id: UUID) -> Page:
    """The parties' names only, and the question."""
    return _conflict_page(ConflictForm())


def _conflict_page(form: ConflictForm, *, refused: bool = False) -> Page:
    names = [party.name for party in table_queries.parties(db.session(), g.case)]
    answered = g.standing.case is not CaseStanding.UNANSWERED
    return Page(
        "table/conflict.html", status=422 if refused else 200, form=form, names=names, answered=answered
    )


@blueprint.post("/cases/<uuid:case_id>/conflict")
@allows(Permission.CONFLICT_ANSWER)
def answer_conflict(case_id: UUID) -> Page | Redirect:
    """No opens the case; yes excludes at once, with or without a reason."""
    form = ConflictForm()
    if not form.validate_on_submit():
        return _conflict_page(form, refused=True)
    yes = form.answer.data == "yes"
    conflicts.answer_conflict(
        db.session(), g.person, clock.now(), case=g.case, has_conflict=yes, reason=form.reason.data or ""
    )
    if yes:
        told = _("You are excluded from this case as of now. Your institution is asked for another person.")
        return Redirect(url_for("my_work.show") if exists("my_work.show") else "/", flash=told)
    return Redirect(_content(), flash=_("Thank you. You can now read the case."))


def _content() -> str:
    """Where the content begins: the case, or for a guest the meeting of the seat."""
    lasting = g.standing.meeting_ids == frozenset()
    if lasting and exists("cases.show"):
        return url_for("cases.show", case_id=g.case.id)
    if not lasting and exists("meetings.show"):
        return url_for("meetings.show", case_id=g.case.id, meeting_id=next(iter(g.standing.meeting_ids)))
    return url_for("my_work.show") if exists("my_work.show") else "/"
