"""Declarations on paper, the list of who signed which text when, and one's own as a file (A18.2)."""

from uuid import UUID

from flask import current_app, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import (
    declaration_papers,
    declaring,
    panels,
    paper_declarations,
    papers,
    table_queries,
    views_papers,
)
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.table_doors import blueprint
from tmr_app.cases.table_forms import PaperDeclarationForm
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.documents import copies, output
from tmr_app.documents.texts import translate
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

panels.audit_words(
    {
        "read:table:declarations": Message("List of the declarations opened"),
        "read:table:declaration_file": Message("Confidentiality declaration"),
        "read:table:paper_declaration": Message("Declaration on paper"),
        "read:table:paper_declaration_of_seat": Message("Declaration on paper"),
    }
)


@blueprint.get("/cases/<uuid:case_id>/table/declarations")
@allows(Permission.TABLE_READ)
def declarations(case_id: UUID) -> Page:
    """Who signed which text when, and what each answered about a conflict of interest."""
    session = db.session()
    return Page(
        "table/declarations.html",
        lines=paper_declarations.lines(session, g.case),
        text=declaring.newest_text(session),
        scans=may(g.standing, Permission.REPORTER_READ),
    )


@blueprint.get("/cases/<uuid:case_id>/declaration.<any(pdf,docx):file_format>")
@allows(Permission.DECLARATION_SIGN)
def declaration_file(case_id: UUID, file_format: str) -> Download:
    """The reader's own declaration, as signed or to read on paper first."""
    reader = views_papers.reader()
    document = declaration_papers.own(db.session(), g.case, reader)
    audit.note(
        db.session(),
        "paper:taken",
        object_type="paper:declaration",
        case_id=case_id,
        rule="A18.2",
        outcome="read",
        changes={"copy": copies.fingerprint(document)},
    )
    return Download(
        lambda: output.write(document, "pdf" if file_format == "pdf" else "docx"),
        name=papers.file_name("declaration", case_id.hex, file_format),
    )


@blueprint.route(
    "/cases/<uuid:case_id>/table/participants/<uuid:participant_id>/declaration", methods=["GET", "POST"]
)
@allows(Permission.TABLE_WRITE)
def paper_declaration(case_id: UUID, participant_id: UUID) -> Page | Redirect:
    """The child, a parent or the guardian signed by hand."""
    found = db.session().get(Participant, participant_id)
    if found is None or found.case_id != case_id:
        raise NotFound("participant")
    return _record(found)


@blueprint.route("/cases/<uuid:case_id>/table/seats/<uuid:seat_id>/declaration", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def paper_declaration_of_seat(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """A guest without account signed by hand."""
    row = table_queries.seat_in_case(db.session(), case_id, seat_id)
    if row is None:
        raise NotFound("seat")
    return _record(row.seat)


def _record(signer: Participant | Seat) -> Page | Redirect:
    session, now, outcome = db.session(), clock.now(), Attempt()
    text = declaring.newest_text(session)
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    form = PaperDeclarationForm()
    of_child = isinstance(signer, Participant) and signer.relation_id is None
    _offer_signers(form, of_child=of_child)
    if form.is_submitted():
        if form.validate():
            with attempt(form, case_id=g.case.id) as outcome:
                paper_declarations.record(
                    session, g.person, now, case=g.case, signer=signer, sheet=_sheet(form), scan=_scan(form)
                )
            if not outcome.refused:
                return Redirect(
                    url_for("table.declarations", case_id=g.case.id),
                    flash=_("The declaration signed on paper is recorded."),
                )
    else:
        form.text_version.data = text.version
    return Page(
        "table/paper_declaration.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        name=_name(signer),
        key=papers.key_of(signer.id),
        version=text.version,
        of_child=of_child,
        languages=papers.LANGUAGES,
        verdicts=outcome.verdicts,
    )


def _offer_signers(form: PaperDeclarationForm, *, of_child: bool) -> None:
    if not of_child:
        del form.guardian
        return
    found = paper_declarations.guardians(db.session(), g.case, clock.civil_today())
    form.guardian.choices = [
        ("", _("The child")),
        *[(str(one.id), _("%(name)s, for the small child", name=one.family_member.name)) for one in found],
    ]


def _sheet(form: PaperDeclarationForm) -> paper_declarations.Sheet:
    return paper_declarations.Sheet(
        signed_on=form.signed_on.data,
        language=form.language.data,
        text_version=form.text_version.data or 0,
        guardian_id=form.guardian_id if "guardian" in form else None,
    )


def _scan(form: PaperDeclarationForm) -> paper_declarations.Scan:
    return paper_declarations.Scan(
        store=current_app.extensions["tmr_files"],
        upload=form.upload.data,
        largest=current_app.extensions["tmr_settings"].max_upload_bytes,
        title=translate(paper_declarations.TITLE, papers.language_of(None, g.case)),
        once=form.once.data,
    )


def _name(signer: Participant | Seat) -> str:
    """As the sheet names the person; the child's name comes from the record."""
    session = db.session()
    if isinstance(signer, Seat):
        return session.get_one(Person, signer.person_id).name
    if signer.relation_id is None:
        return declaration_papers.child_name(session, g.case)
    return declaration_papers.name_of(session, signer.relation_id)
