"""The last page of a sealed copy: who signed, when and how, in the document's language, for whoever prints it."""

from datetime import datetime
from typing import Any

from tmr_app.documents import output
from tmr_app.documents.content import Block, Document, Fields, Paragraph, Table
from tmr_app.documents.texts import Words
from tmr_app.kernel.clock import KOSOVO, civil_date
from tmr_app.regulation.catalogue import language
from tmr_app.signing import words
from tmr_app.signing.models import SIGNED_ABSENT, UNDER_IT


def render(evidence: dict[str, Any], *, now: datetime) -> bytes:
    """The sheet as a PDF. It repeats the attached evidence for the eye; what counts is the evidence."""
    _ = Words(language(evidence["language"]))  # type: ignore[arg-type]
    blocks: list[Block] = [
        Paragraph(
            _(
                "Document %(reference)s, version %(number)s, SHA-256 %(hash)s.",
                reference=evidence["reference"],
                number=evidence["number"],
                hash=evidence["frozen"]["pdf_sha256"],
            )
        ),
        Fields(((_("Verification code"), evidence["code"]),)),
        _table(_, evidence),
        Paragraph(_("The evidence of each signature is attached to this file."), quiet=True),
    ]
    approval = evidence["notes"].get("approval")
    if approval:
        blocks.insert(1, Fields(((_("Approval"), approval),)))
    document = Document(
        kind="signatures",
        title=_("Signatures"),
        language=_.language,
        created_on=civil_date(now),
        office="",
        reference=evidence["reference"],
        footer=f"{evidence['code']} / {evidence['number']}",
        page_label="{page} / {pages}",
        blocks=tuple(blocks),
    )
    return output.write(document, "pdf")


def _table(_: Words, evidence: dict[str, Any]) -> Table:
    given = {one["record"]["position"]: one["record"] for one in evidence["signatures"]}
    missing = {one["position"]: one for one in evidence["missing"]}
    rows = []
    for place, slot in enumerate(evidence["slots"], 1):
        record, lost = given.get(slot["position"]), missing.get(slot["position"])
        if record is not None and record["deed"] in UNDER_IT:
            at = datetime.fromisoformat(record["signed_at"]).astimezone(KOSOVO).strftime("%d.%m.%Y, %H:%M")
            absent = f"\n{_('Signed as absent')}" if record["deed"] == SIGNED_ABSENT else ""
            said = f"{at}\n{_.text(words.WAYS[record['way']])}{absent}"
        else:
            said = f"{_.text(words.MISSING[lost['kind']])}: {lost['reason']}" if lost else "–"
        office = "\n".join(part for part in (slot["institution"], slot["function"]) if part)
        rows.append((str(place), slot["name"], office, said))
    columns = (_("No."), _("Name"), _("Institution and function"), _("Signature and date"))
    return Table(columns, tuple(rows), (0.5, 2.2, 2.4, 3.4))
