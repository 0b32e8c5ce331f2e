"""The confidentiality declaration (A18.2) of one person, for a case or a general meeting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import (
    Block,
    Document,
    Fields,
    Heading,
    Language,
    Note,
    Paragraph,
    SignatureLine,
)
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import OfficeValues, SeatValues
from tmr_app.documents.wording import paper


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationValues:
    """`body` is the administrators' text of this version in the document's language; `reference` a case
    number or the code of a general meeting; `signed` says how and when in words, empty on a blank sheet.
    """

    language: Language
    office: OfficeValues
    reference: str
    person: SeatValues
    text_version: int
    body: str
    issued_on: date
    signed: Text = ""
    text_sha256: str = ""
    guardian: str = ""  # who signs for a small child


def build(values: DeclarationValues) -> Document:
    _ = Words(values.language)
    person = values.person.person
    about = (
        (_("Name"), person.name),
        (_("Institution"), person.institution),
        (_("Function"), person.function),
        (_("Seat at the Table"), _.label(values.person.kind)),
        (_("For the case or meeting"), values.reference),
        (_("Signs for the child"), values.guardian),
    )
    return paper(
        _,
        kind="declaration",
        title=_("Declaration on keeping information secret"),
        office=values.office,
        reference=values.reference,
        created_on=values.issued_on,
        subtitle=_("Article 18, paragraph 2, of Regulation (QRK) No. 23/2023"),
        blocks=(
            Fields(tuple(row for row in about if row[1])),
            Heading(_("Declaration")),
            Paragraph(values.body),
            *_signature(_, values),
            Paragraph(_version(_, values), quiet=True),
        ),
    )


def _signature(_: Words, values: DeclarationValues) -> tuple[Block, ...]:
    if values.signed:
        return (Note(_.text(values.signed), _("Signed")),)
    person = values.person.person
    return (
        SignatureLine(
            values.guardian or person.name, person.institution, _("Place and date"), _("Signature")
        ),
    )


def _version(_: Words, values: DeclarationValues) -> str:
    text = _("Text of the declaration: version %(number)s", number=values.text_version)
    return f"{text}, SHA-256 {values.text_sha256}" if values.text_sha256 else text
