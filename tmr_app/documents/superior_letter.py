"""The letter to a member's superior (A14.3.2): what was owed and when; never the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Bullets, Document, Fields, Language, Paragraph, SignatureLine
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import OfficeValues, PersonValues
from tmr_app.documents.wording import paper


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedValues:
    """One thing that was due, in neutral words ("written progress report"), and the reminders sent."""

    what: Text
    due_on: date
    reminded_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperiorLetterValues:
    """`reference` is a neutral code that leads nobody outside to the case."""

    language: Language
    office: OfficeValues
    sender: PersonValues
    superior: PersonValues
    member: PersonValues
    reference: str
    owed: tuple[OwedValues, ...]
    issued_on: date
    answer_by_on: date | None = None


def build(values: SuperiorLetterValues) -> Document:
    _ = Words(values.language)
    to = "\n".join(
        part for part in (values.superior.name, values.superior.function, values.superior.institution) if part
    )
    return paper(
        _,
        kind="superior-letter",
        title=_("Notice to the institution's superior"),
        office=values.office,
        reference=values.reference,
        created_on=values.issued_on,
        closed=False,
        blocks=(
            Fields(
                (
                    (_("Addressed to"), to),
                    (_("Date"), _.day(values.issued_on)),
                    (_("Reference"), values.reference),
                )
            ),
            *_body(_, values),
            SignatureLine(values.sender.name, values.sender.function, _("Place and date"), _("Signature")),
        ),
    )


def _body(_: Words, values: SuperiorLetterValues) -> tuple[Paragraph | Bullets, ...]:
    member = values.member
    ask = _("Please see to it that the duty is kept, or name another representative of your institution.")
    if values.answer_by_on:
        ask += " " + _("We ask for your answer by %(day)s.", day=_.day(values.answer_by_on))
    return (
        Paragraph(_("Dear Sir or Madam,")),
        Paragraph(
            _(
                "Under Article 14, paragraph 3.2, of Regulation (QRK) No. 23/2023 the case manager notifies the superior "
                "of an institution when its member assigned in a plan of the Multidisciplinary Table does not cooperate."
            )
        ),
        Paragraph(
            _(
                "%(name)s (%(function)s) represents your institution at the Table. The following was not received:",
                name=member.name,
                function=member.function or member.institution,
            )
        ),
        Bullets(tuple(_owed(_, one) for one in values.owed)),
        Paragraph(ask),
        Paragraph(
            _(
                "The case itself is secret (Article 18). This letter says nothing about it; please keep your answer "
                "as neutral."
            )
        ),
    )


def _owed(_: Words, one: OwedValues) -> str:
    text = _("%(what)s, due by %(day)s", what=_.text(one.what), day=_.day(one.due_on))
    if one.reminded_on:
        days = "; ".join(_.day(on) for on in one.reminded_on)
        text += " – " + _("reminders sent: %(days)s", days=days)
    return text
