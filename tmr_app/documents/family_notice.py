"""The notice to the child or the family in plain language (A8.10, A10.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tmr_app.documents.content import (
    Block,
    Bullets,
    Document,
    Fields,
    Heading,
    Language,
    Note,
    Paragraph,
    SignatureLine,
)
from tmr_app.documents.texts import Words
from tmr_app.documents.values import MeetingValues, OfficeValues, PersonValues
from tmr_app.documents.wording import office_line, paper, when


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNoticeValues:
    """`reader`: to whom the words speak. `invited`: may come in person (A10.5), else only tells a view."""

    language: Language
    office: OfficeValues
    sender: PersonValues
    recipient: str
    reader: Literal["child", "parent", "guardian"]
    meeting: MeetingValues
    issued_on: date
    invited: bool = True
    phone: str = ""


def build(values: FamilyNoticeValues) -> Document:
    _ = Words(values.language)
    return paper(
        _,
        kind="family-notice",
        title=_("A meeting about you") if values.reader == "child" else _("A meeting about your child"),
        office=values.office,
        reference=values.meeting.code,
        created_on=values.issued_on,
        closed=False,
        large=True,
        blocks=(
            Paragraph(_greeting(_, values)),
            *(_to_child(_, values) if values.reader == "child" else _to_parent(_, values)),
            Heading(_("When and where")),
            Fields(((_("When"), when(_, values.meeting)), (_("Where"), values.meeting.place))),
            *_your_say(_, values),
            Note(_contact(_, values), _("Questions?")),
            SignatureLine(values.sender.name, values.sender.function, _("Date"), _("Signature")),
        ),
    )


def _greeting(_: Words, values: FamilyNoticeValues) -> str:
    if values.reader == "child":
        return _("Hello %(name)s,", name=values.recipient)
    return _("Dear %(name)s,", name=values.recipient)


def _to_child(_: Words, values: FamilyNoticeValues) -> tuple[Block, ...]:
    return (
        Paragraph(
            _(
                "Some people whose work is to help children are going to meet. They want to find out together "
                "how you can be safe and well. You have done nothing wrong."
            )
        ),
        Paragraph(_("Everybody at the meeting has promised to keep what they hear to themselves.")),
    )


def _to_parent(_: Words, values: FamilyNoticeValues) -> tuple[Block, ...]:
    return (
        Paragraph(
            _(
                "The Centre for Social Work is holding a meeting with people who can help your child and your family: "
                "for example from the school, the health service and the municipality. Together they look at what "
                "your child needs and make a plan, or see how the plan is going."
            )
        ),
        Paragraph(
            _("The meeting is closed. Everybody there must keep what they hear secret. That is the law.")
        ),
    )


def _your_say(_: Words, values: FamilyNoticeValues) -> tuple[Block, ...]:
    if values.reader == "child":
        return _child_say(_, values.invited)
    if values.invited:
        ways = [
            _("You may come to the meeting and say what you think."),
            _("If you do not want to come, tell us or write to us what you think; we will read it out."),
        ]
    else:
        ways = [_("Tell us or write to us what you think before the meeting; we will read it out.")]
    ways.append(_("You may ask to have everything explained, also in another language."))
    return (
        Heading(_("Your opinion counts")),
        Paragraph(_("The meeting must take what you think into account (Article 8, paragraph 10).")),
        Bullets(tuple(ways)),
        Paragraph(_("After the meeting we will tell you what was decided.")),
    )


def _child_say(_: Words, invited: bool) -> tuple[Block, ...]:
    ask = _("If you do not understand something, ask. You may ask in your own language.")
    if invited:
        come = _("You may come to the meeting and say what you think. Somebody you trust may come with you.")
        tell = _(
            "If you do not want to come, tell us or write or draw what you think; we will show it at the meeting."
        )
        ways: tuple[str, ...] = (come, tell, ask)
    else:
        ways = (_("Tell us or write or draw what you think; we will show it at the meeting."), ask)
    return (
        Heading(_("What you think matters")),
        Paragraph(
            _("The adults must take what you think seriously. That is the rule (Article 8, paragraph 10).")
        ),
        Bullets(ways),
        Paragraph(_("After the meeting somebody will tell you what was decided.")),
    )


def _contact(_: Words, values: FamilyNoticeValues) -> str:
    name = values.sender.name
    phone = values.phone or values.office.phone or values.office.mail
    if values.reader == "child":
        return _("You can always ask %(name)s: %(phone)s.", name=name, phone=phone)
    return _("Call or visit %(name)s: %(phone)s.", name=name, phone=phone) + "\n" + office_line(values.office)
