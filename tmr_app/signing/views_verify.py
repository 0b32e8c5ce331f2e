"""The public page on which anybody checks a sealed document: by the file, or by the code printed on it."""

from flask import Blueprint, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.forms import Form, text
from tmr_app.kernel.web import Page, allows
from tmr_app.kernel.web_session import network_of
from tmr_app.members.accounts import current_person
from tmr_app.signing import verifying, words

blueprint = Blueprint("verification", __name__)


class VerifyForm(Form):
    """One of the two is enough."""

    upload = FileField(_l("The sealed PDF"))
    code = text(_l("Or the code printed at the foot of each page"), limit=40, required=False)


@blueprint.route("/verify-document", methods=["GET", "POST"])
@allows(Permission.PUBLIC)
def check() -> Page:
    """Genuine, superseded or unknown, and the number of signatures. Nothing of the file is kept."""
    form, found, names = VerifyForm(), None, []
    status = 200
    if form.is_submitted() and form.validate():
        session, now = db.session(), clock.real_now()
        if not verifying.within_limits(session, network_of(request.remote_addr), now):
            form.form_errors.append(_("Too many attempts. Wait five minutes, then try again."))
            status = 429
        elif not form.upload.data and not form.code.data:
            form.code.errors = [*form.code.errors, _("Choose the file, or type its code.")]
            status = 422
        else:
            data = form.upload.data.read() if form.upload.data else None
            found = verifying.answer(session, code=form.code.data or "", data=data)
            person = current_person()
            names = verifying.names_for(session, person.id if person else None, found, clock.now())
    elif form.is_submitted():
        status = 422
    return Page(
        "signing/verify.html",
        status=status,
        form=form,
        found=found,
        names=[(one.slot.name, one.is_signed) for one in names],
        words=words,
    )
