"""The notice to the child or the family, in plain language, that the Table has closed the case (A17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tmr_app.documents.content import (
    Block,
    Bullets,
    Document,
    Heading,
    Language,
    Note,
    Paragraph,
    SignatureLine,
)
from tmr_app.documents.texts import Words
from tmr_app.documents.values import OfficeValues, PersonValues
from tmr_app.documents.wording import office_line, paper


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedNoticeValues:
    """`moves_to`: the Centre that goes on with the case; empty where nobody does. `services`: recommended after eighteen."""

    language: Language
    office: OfficeValues
    sender: PersonValues
    recipient: str
    reader: Literal["child", "parent"]
    reference: str
    decided_on: date
    issued_on: date
    moves_to: str = ""
    services: str = ""
    phone: str = ""


def build(values: ClosedNoticeValues) -> Document:
    _ = Words(values.language)
    child = values.reader == "child"
    return paper(
        _,
        kind="family-notice",
        title=_("Our work with you comes to an end") if child else _("Our work on the case comes to an end"),
        office=values.office,
        reference=values.reference,
        created_on=values.issued_on,
        closed=False,
        large=True,
        blocks=(
            Paragraph(
                _("Hello %(name)s,", name=values.recipient)
                if child
                else _("Dear %(name)s,", name=values.recipient)
            ),
            *_what(_, values),
            *_next(_, values),
            Note(_contact(_, values), _("Questions?")),
            SignatureLine(values.sender.name, values.sender.function, _("Date"), _("Signature")),
        ),
    )


def _what(_: Words, values: ClosedNoticeValues) -> tuple[Block, ...]:
    day = _.day(values.decided_on)
    if values.reader == "child":
        return (
            Paragraph(_("The people who met to help you have met for the last time on %(day)s.", day=day)),
            Paragraph(
                _(
                    "They listened to what you think. They have promised to keep what they heard to themselves, also from now on."
                )
            ),
        )
    return (
        Paragraph(
            _(
                "On %(day)s the people who worked together on the case decided to end their common work.",
                day=day,
            )
        ),
        Paragraph(
            _(
                "Your opinion was asked and stands in the record (Article 17, paragraph 2). "
                "Everybody must keep secret what they heard, also from now on."
            )
        ),
    )


def _next(_: Words, values: ClosedNoticeValues) -> tuple[Block, ...]:
    ways = []
    if values.moves_to:
        ways.append(
            _(
                "From now on the Centre for Social Work where you live now is there for you: %(centre)s.",
                centre=values.moves_to,
            )
        )
    else:
        ways.append(
            _("If you are not safe, or things get worse, call us at once. The case can be opened again.")
        )
    if values.services:
        ways.append(_("These services are recommended: %(services)s", services=values.services))
    ways.append(_("You may ask to have everything explained, also in another language."))
    return (Heading(_("What happens next")), Bullets(tuple(ways)))


def _contact(_: Words, values: ClosedNoticeValues) -> str:
    phone = values.phone or values.office.phone or values.office.mail
    if values.reader == "child":
        return _("You can always ask %(name)s: %(phone)s.", name=values.sender.name, phone=phone)
    return (
        _("Call or visit %(name)s: %(phone)s.", name=values.sender.name, phone=phone)
        + "\n"
        + office_line(values.office)
    )
