"""The sign page: the whole text, the statement, the fingerprint, one button; refusing; the files."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Download, Page, Redirect
from tmr_app.members.signed_in import current_account, is_fresh, may_sign, require_fresh
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import acts, differences, doors, evidence, offers, passkeys, queries, shown, words, work
from tmr_app.signing import views_keeping as keeping
from tmr_app.signing.doors import address, blueprint, page, reader_language, trace
from tmr_app.signing.forms import RefuseForm, SignForm
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import SEALED, FrozenVersion
from tmr_app.signing.queries import Place

__all__ = ["blueprint", "keeping", "words", "work"]

panels.audit_words(
    {
        "document:frozen": Message("Document frozen as a version"),
        "document:opened": Message("Document opened for signatures"),
        "document:signed": Message("Document signed"),
        "document:refused": Message("Signature refused"),
        "document:superseded": Message("Version of a document replaced"),
        "document:missing": Message("Reason of a missing signature recorded"),
        "document:incomplete": Message("Document closed without some signatures"),
        "document:complete": Message("All signatures given"),
        "document:sealed": Message("Document sealed"),
        "document:slot-released": Message("Signature no longer expected (conflict of interest)"),
        "read:signing:show": Message("Document to sign opened"),
        "read:signing:refuse": Message("Page for refusing a signature opened"),
        "read:signing:frozen_file": Message("Document to sign taken as a file"),
        "read:signing:sealed_file": Message("Sealed document taken as a file"),
    }
)


@page("", Permission.DOCUMENT_READ, posting=Permission.DOCUMENT_SIGN, methods=("GET", "POST"))
def show(version: FrozenVersion) -> Page | Redirect:
    """Read the whole text and sign it. A POST carries the version and the hash that were seen."""
    if request.method == "GET":
        return _page(version, None)
    form = SignForm()
    seen = form.check_hash()
    nonce = offers.nonce_of(form.offer.data or "", version.id, g.person.id, clock.real_now())
    acts.check_seen(version, seen_sha256=seen, seen_number=form.seen_number.data)
    if not form.validate():
        return _page(version, form)
    require_fresh()
    with attempt(form, case_id=version.case_id) as outcome:
        acts.sign(
            db.session(),
            g.person,
            clock.now(),
            version_id=version.id,
            seen_sha256=seen,
            seen_number=form.seen_number.data,
            nonce=nonce,
            language=reader_language(),
            trace=trace(),
            passkey=_judged(version, nonce),
        )
    if outcome.refused:
        return _page(version, form, outcome)
    return Redirect(address(version), flash=_("You have signed. A receipt goes to your mail address."))


def _own_place(version: FrozenVersion) -> Place | None:
    places = queries.places_of(db.session(), version)
    return next((one for one in places if one.slot.person_id == g.person.id), None)


def _record(version: FrozenVersion, place: Place) -> dict[str, Any]:
    return evidence.base_record(
        version, place.slot, deed=evidence.deed_of(place.slot), way=None, language=reader_language()
    )


def _rp_id() -> str:
    return request.host.split(":")[0]


def _judged(version: FrozenVersion, nonce: str) -> dict[str, Any] | None:
    """The passkey's assertion, judged; None where the person signs with password and code."""
    answer, account, place = request.form.get("credential", ""), current_account(), _own_place(version)
    if not answer or account is None or place is None:
        return None
    return passkeys.judge(
        passkeys.keys_of(db.session(), account),
        answer,
        wanted=passkeys.challenge(_record(version, place), nonce),
        nonce=nonce,
        rp_id=_rp_id(),
        origin=request.host_url.rstrip("/"),
    )


def _page(version: FrozenVersion, form: SignForm | None, outcome: Attempt | None = None) -> Page:
    """Everything one needs to decide: text, what changed, who signs; the form only for whoever is asked now."""
    session = db.session()
    places = queries.places_of(session, version)
    own = next((one for one in places if one.slot.person_id == g.person.id), None)
    asked = own is not None and own.is_expected and version.is_open and may(g.standing, doors.signs(version))
    document = shown.document_of(version)
    context: dict[str, Any] = {}
    if asked and own is not None and is_fresh():
        context = _signing(version, own, form)
    refused = form is not None and (bool(form.errors) or bool(form.form_errors))
    return Page(
        "signing/show.html",
        status=422 if refused or (outcome is not None and outcome.refused) else 200,
        version=version,
        kind=kind_of(version.kind),
        document=document,
        places=places,
        own=own,
        asked=asked,
        fresh=is_fresh(),
        resting=not may_sign(),
        verify_url=url_for("security.verify", next=address(version)),
        differences=differences.since_last(session, version),
        newest=queries.newest(session, version.kind, version.subject_id),
        home=kind_of(version.kind).home(version),
        address=address,
        keeps=may(g.standing, doors.keeps(version)),
        may_go_home=not g.standing.holds_document or g.standing.seat_id is not None,
        words=words,
        uploads=[one for one in queries.uploads_of(session, version.id) if one.state == "waiting"],
        **context,
    )


def _signing(version: FrozenVersion, own: Place, form: SignForm | None) -> dict[str, Any]:
    """The form with a new offer, the statement, and for holders of a passkey the question to the browser."""
    offer = offers.make(version.id, g.person.id, clock.real_now())
    form = form or SignForm(formdata=None)
    form.offer.data, form.seen_number.data, form.seen_sha256.data = offer, version.number, version.pdf_sha256
    account = current_account()
    keys = passkeys.keys_of(db.session(), account) if account is not None else []
    wanted = passkeys.challenge(_record(version, own), offer.partition(".")[0])
    return {
        "form": form,
        "statement": evidence.statement(version, absent=own.slot.absent, language=reader_language()),
        "passkey_options": passkeys.options(keys, wanted=wanted, rp_id=_rp_id()) if keys else None,
    }


@page("/refuse", Permission.DOCUMENT_SIGN, methods=("GET", "POST"))
def refuse(version: FrozenVersion) -> Page | Redirect:
    """Say why one does not sign; the chair and those who signed are told."""
    form = RefuseForm()
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=version.case_id) as outcome:
            acts.refuse(
                db.session(),
                g.person,
                clock.now(),
                version_id=version.id,
                reason=form.reason.data or "",
                language=reader_language(),
                trace=trace(),
            )
        if not outcome.refused:
            return Redirect(address(version), flash=_("Your refusal is recorded, and the chair is told."))
    return Page(
        "signing/deed.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        version=version,
        heading=_("Refuse to sign"),
        lead=_(
            "If something in the text is wrong, say what: the chair corrects it, and everybody signs the new version."
        ),
        submit=_("Refuse to sign"),
        look="serious",
        back=address(version),
    )


@page("/document.pdf", Permission.DOCUMENT_READ)
def frozen_file(version: FrozenVersion) -> Download:
    """The frozen PDF, byte for byte: what the fingerprint is of."""
    data = queries.bytes_of(db.session(), version, "frozen")
    return Download(lambda: data, name=f"{version.reference}-{version.number}.pdf")


@page("/sealed.pdf", Permission.DOCUMENT_READ)
def sealed_file(version: FrozenVersion) -> Download:
    """The sealed copy."""
    data = queries.bytes_of(db.session(), version, SEALED)
    return Download(lambda: data, name=f"{version.reference}-{version.number}-sealed.pdf")
