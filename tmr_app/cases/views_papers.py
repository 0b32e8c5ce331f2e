"""Taking a document of the case as Word or PDF, in the language asked for."""

from uuid import UUID

from flask import g, request

from tmr_app.access.permissions import Permission
from tmr_app.cases import papers
from tmr_app.cases.doors import blueprint
from tmr_app.documents import output
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Download, allows


def reader() -> papers.Reader:
    """Whoever asks, now, in the language of the address."""
    language = papers.language_of(request.args.get("language"), g.case)
    return papers.Reader(g.person, g.standing, clock.now(), clock.real_now(), language)


@blueprint.get("/cases/<uuid:case_id>/documents/made/<kind>/<key>.<any(pdf,docx):file_format>")
@allows(Permission.FILE_READ)
def made(case_id: UUID, kind: str, key: str, file_format: str) -> Download:
    """One document; each kind asks for its own right on top of this page's. Drawn after the commit."""
    document = papers.take(db.session(), g.case, reader(), kind, key)
    return Download(
        lambda: output.write(document, "pdf" if file_format == "pdf" else "docx"),
        name=papers.file_name(kind, key, file_format),
    )
