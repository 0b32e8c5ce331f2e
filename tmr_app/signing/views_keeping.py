"""What goes on around the signatures: paper and its attestation, own certificate, reasons of missing ones, closing without."""

import io
from uuid import UUID

from flask import current_app, g, request
from flask_babel import gettext as _
from markupsafe import Markup

from tmr_app.access.permissions import Permission
from tmr_app.cases import panels
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.media import ENDINGS
from tmr_app.kernel.web import Download, Page, Redirect
from tmr_app.members.signed_in import require_fresh
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import completing, queries, uploads
from tmr_app.signing.doors import address, page, reader_language, trace
from tmr_app.signing.forms import CertificateForm, DecideForm, DeedForm, MissingForm, PaperForm
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import CERTIFICATE, FrozenVersion, SigningUpload

P = Permission
FORM = ("GET", "POST")

panels.audit_words(
    {
        "document:uploaded": Message("Signed sheet or file uploaded"),
        "document:attested": Message("Signed sheet or file attested by a second person"),
        "document:attestation-declined": Message("Signed sheet or file not attested"),
        "read:signing:sheet": Message("Sheet for signing on paper opened"),
        "read:signing:paper": Message("Page for a scan of signatures opened"),
        "read:signing:certificate": Message("Page for signing by own certificate opened"),
        "read:signing:decide": Message("Signed sheet or file opened to attest it"),
        "read:signing:uploaded_file": Message("Signed sheet or file taken"),
        "read:signing:missing": Message("Page for the reason of a missing signature opened"),
    }
)


def _largest() -> int:
    return int(current_app.extensions["tmr_settings"].max_upload_bytes)


def _deed(version: FrozenVersion, form: object, outcome: Attempt, **more: object) -> Page:
    refused = bool(getattr(form, "errors", None)) or outcome.refused
    return Page(
        "signing/deed.html",
        status=422 if refused else 200,
        form=form,
        version=version,
        back=address(version),
        **more,
    )


@page("/sheet", P.DOCUMENT_READ)
def sheet(version: FrozenVersion) -> Page:
    """The sheet to print and sign by hand: the document's code and fingerprint, a line for each person still asked."""
    places = [one for one in queries.places_of(db.session(), version) if one.is_expected]
    verify_url = current_app.extensions["tmr_settings"].public_url + "/verify-document"
    return Page(
        "signing/sheet.html",
        version=version,
        kind=kind_of(version.kind),
        places=places,
        picture=_picture(f"{verify_url} {version.code}"),
        verify_url=verify_url,
        back=address(version),
    )


def _picture(text: str) -> Markup:
    """The code as an inline SVG (our CSP takes no data: pictures)."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    image = qrcode.make(text, image_factory=SvgPathImage, border=2)
    with io.BytesIO() as file:
        image.save(file)
        drawn = file.getvalue().decode()
    return Markup(drawn[drawn.index("<svg") :])  # noqa: S704  # drawn here, no user text in it


@page("/paper", P.DOCUMENT_KEEP, methods=FORM)
def paper(version: FrozenVersion) -> Page | Redirect:
    """Upload the scan of a sheet signed by hand; a second person attests it."""
    form, outcome = PaperForm(), Attempt()
    places = [one for one in queries.places_of(db.session(), version) if one.is_expected]
    form.people.choices = [(str(one.slot.id), f"{one.slot.name}, {one.slot.institution}") for one in places]
    if form.validate_on_submit():
        with attempt(form, case_id=version.case_id) as outcome:
            uploads.record_paper(
                db.session(),
                g.person,
                clock.now(),
                version_id=version.id,
                slot_ids=[UUID(one) for one in form.people.data or ()],
                upload=form.upload.data,
                largest=_largest(),
            )
        if not outcome.refused:
            return Redirect(
                address(version),
                flash=_("The scan is kept. A second person attests it now on the same page."),
            )
    return _deed(
        version,
        form,
        outcome,
        heading=_("Signatures on paper"),
        lead=_("Upload the scan of the signed sheet. It counts when a second person has compared it."),
        submit=_("Upload the scan"),
        upload=True,
    )


@page("/certificate", P.DOCUMENT_SIGN, methods=FORM)
def certificate(version: FrozenVersion) -> Page | Redirect:
    """The member's own certificate: download, sign, upload."""
    form, outcome = CertificateForm(), Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=version.case_id) as outcome:
            row = uploads.sign_by_certificate(
                db.session(),
                g.person,
                clock.now(),
                version_id=version.id,
                upload=form.upload.data,
                largest=_largest(),
                language=reader_language(),
                trace=trace(),
            )
        if not outcome.refused:
            return Redirect(address(version), flash=_told(row))
    return _deed(
        version,
        form,
        outcome,
        heading=_("Sign with your own certificate"),
        lead=_(
            "Download the document as a PDF, sign it with your program, and upload the signed file. "
            "Change nothing else in it."
        ),
        submit=_("Upload the signed file"),
        upload=True,
        file_url=address(version, "frozen_file"),
    )


def _told(row: SigningUpload) -> str:
    if row.state == "accepted":
        return str(_("You have signed. A receipt goes to your mail address."))
    return str(
        _(
            "The file is kept. The name in the certificate is not yours as it stands here: a second person "
            "confirms it."
        )
    )


def _upload(version: FrozenVersion, upload_id: UUID) -> SigningUpload:
    found = next((one for one in queries.uploads_of(db.session(), version.id) if one.id == upload_id), None)
    if found is None:
        raise NotFound("upload")
    return found


@page("/uploads/<uuid:upload_id>", P.DOCUMENT_READ, methods=FORM)
def decide(version: FrozenVersion, upload_id: UUID) -> Page | Redirect:
    """A second person attests a scan, or confirms a certificate of another name."""
    row, form, outcome = _upload(version, upload_id), DecideForm(), Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=version.case_id) as outcome:
            uploads.decide(
                db.session(),
                g.person,
                clock.now(),
                version_id=version.id,
                upload_id=row.id,
                accept=form.decision.data == "accept",
                language=reader_language(),
                trace=trace(),
            )
        if not outcome.refused:
            return Redirect(address(version, _anchor="people"), flash=_("Your attestation is recorded."))
    shown = [
        one.slot.name for one in queries.places_of(db.session(), version) if str(one.slot.id) in row.slot_ids
    ]
    subject = (row.about or {}).get("subject", "")
    return _deed(
        version,
        form,
        outcome,
        heading=_("Attest signatures on paper") if row.way != CERTIFICATE else _("Confirm a certificate"),
        about=", ".join(shown),
        lead=_("Name in the certificate: %(name)s", name=subject) if subject else "",
        submit=_("Record"),
        file_url=address(version, "uploaded_file", upload_id=row.id),
    )


@page("/uploads/<uuid:upload_id>/file", P.DOCUMENT_READ)
def uploaded_file(version: FrozenVersion, upload_id: UUID) -> Download:
    """The scan, or the member's own signed file."""
    row = _upload(version, upload_id)
    file = queries.file_of(db.session(), version, row.file_id)
    data, ending = file.data, ENDINGS[file.media_type]
    return Download(lambda: data, name=f"{version.reference}-{row.id.hex[:8]}.{ending}")


@page("/missing/<uuid:slot_id>", P.DOCUMENT_KEEP, methods=FORM)
def missing(version: FrozenVersion, slot_id: UUID) -> Page | Redirect:
    """Why one person's signature will not come."""
    form, outcome = MissingForm(), Attempt()
    slot = next((one for one in queries.slots_of(db.session(), version.id) if one.id == slot_id), None)
    if slot is None:
        raise NotFound("slot")
    if form.validate_on_submit():
        with attempt(form, case_id=version.case_id) as outcome:
            completing.record_missing(
                db.session(),
                g.person,
                clock.now(),
                version_id=version.id,
                slot_id=slot_id,
                kind=form.kind.data,
                reason=form.reason.data or "",
            )
        if not outcome.refused:
            return Redirect(address(version, _anchor="people"), flash=_("The reason is recorded."))
    return _deed(
        version,
        form,
        outcome,
        heading=_("A signature that is missing"),
        about=slot.name,
        lead=_("The person may still sign until you close the document without the signature."),
        submit=_("Save the reason"),
    )


@page("/close", P.DOCUMENT_KEEP, methods=FORM)
def close(version: FrozenVersion) -> Page | Redirect:
    """Close the document without some signatures, each with its reason; it is sealed as incomplete."""
    form, outcome = DeedForm(), Attempt()
    if request.method == "POST" and form.validate():
        require_fresh()
        with attempt(form, case_id=version.case_id) as outcome:
            completing.close_incomplete(db.session(), g.person, clock.now(), version_id=version.id)
        if not outcome.refused:
            return Redirect(
                address(version), flash=_("The document is closed and will be sealed as incomplete.")
            )
    return _deed(
        version,
        form,
        outcome,
        heading=_("Close without some signatures"),
        lead=_(
            "Article 10, paragraph 1 asks for the signatures of all. What is missing stays in "
            "the ledger and in the sealed file, with its reason."
        ),
        submit=_("Close without them"),
        look="serious",
    )
