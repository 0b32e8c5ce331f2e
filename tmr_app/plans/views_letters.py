"""An institution's superior: letters about own staff (A14.3.2), with what was owed and when; nothing of a case."""

from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.documents import output
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members import staff_proposals
from tmr_app.members.models import Institution
from tmr_app.plans import plan_papers, superiors
from tmr_app.plans.forms import SuperiorAnswerForm
from tmr_app.plans.models import SuperiorNotice

blueprint = Blueprint("letters", __name__)
ADDRESS = "/own-staff/<uuid:institution_id>/letters"


def _own(institution_id: UUID) -> Institution:
    """Somebody else's institution is none."""
    led = staff_proposals.led_by(db.session(), g.person.id, clock.civil_today())
    for institution in led:
        if institution.id == institution_id:
            return institution
    raise NotFound("institution")


def _letter(institution_id: UUID, notice_id: UUID) -> SuperiorNotice:
    return superiors.letter_to(db.session(), _own(institution_id).id, notice_id)


@blueprint.get(ADDRESS)
@allows(Permission.OWN_STAFF)
def index(institution_id: UUID) -> Page:
    """Every letter to this institution's superior."""
    institution = _own(institution_id)
    return Page(
        "plans/letters.html",
        institution=institution,
        letters=superiors.letters_to(db.session(), [institution.id]),
        today=clock.civil_today(),
    )


@blueprint.get(ADDRESS + "/<uuid:notice_id>")
@allows(Permission.OWN_STAFF)
def show(institution_id: UUID, notice_id: UUID) -> Page:
    """One letter, and the place for the answer."""
    letter = _letter(institution_id, notice_id)
    return _page(institution_id, letter, SuperiorAnswerForm(formdata=None))


def _page(institution_id: UUID, letter: SuperiorNotice, form: SuperiorAnswerForm, status: int = 200) -> Page:
    return Page(
        "plans/letter.html",
        status=status,
        institution=_own(institution_id),
        letter=letter,
        office=plan_papers.office_of(db.session(), letter),
        form=form,
    )


@blueprint.post(ADDRESS + "/<uuid:notice_id>/answer")
@allows(Permission.OWN_STAFF)
def answer(institution_id: UUID, notice_id: UUID) -> Page | Redirect:
    """The superior answers; the case manager reads it with the letter."""
    letter, form = _letter(institution_id, notice_id), SuperiorAnswerForm()
    if not form.validate():
        return _page(institution_id, letter, form, 422)
    superiors.record_answer(
        db.session(),
        g.person,
        clock.now(),
        case_id=letter.case_id,
        notice_id=notice_id,
        answer=form.answer.data or "",
    )
    back = url_for("letters.show", institution_id=institution_id, notice_id=notice_id)
    return Redirect(back, flash=_("Thank you. Your answer is with the case manager."))


@blueprint.get(ADDRESS + "/<uuid:notice_id>.<any(pdf,docx):file_format>")
@allows(Permission.OWN_STAFF)
def file(institution_id: UUID, notice_id: UUID, file_format: str) -> Download:
    """The letter as a file."""
    letter = _letter(institution_id, notice_id)
    document = plan_papers.letter(db.session(), letter)
    return Download(
        lambda: output.write(document, "pdf" if file_format == "pdf" else "docx"),
        name=f"letter-{letter.reference}.{file_format}",
    )
