"""Pieces of content that several builders share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from tmr_app.documents.content import Block, Document, Fields, Heading, SignatureTable, Table
from tmr_app.documents.texts import Words, short_day
from tmr_app.documents.values import (
    ActionValues,
    CaseValues,
    ChildValues,
    MeetingValues,
    OfficeValues,
    ParticipantValues,
    SignerValues,
    ViewValues,
)
from tmr_app.regulation.verdicts import Message

PURPOSES = {
    "first": Message("First meeting on the case"),
    "review": Message("Review of the plan and evaluation of progress"),
    "reassessment": Message("Re-assessment of the risk level and the needs"),
    "extraordinary": Message("Extraordinary meeting"),
    "closing": Message("Closing of the case"),
    "general": Message("General meeting on the situation of children in the municipality"),
}


def paper(
    _: Words,
    *,
    kind: str,
    title: str,
    office: OfficeValues,
    reference: str,
    created_on: date,
    blocks: Iterable[Block | None],
    closed: bool = True,
    **more: Any,
) -> Document:
    """A document with the office's head and foot; `closed` adds the words of confidentiality (Article 18)."""
    footer = (
        _("Confidential – Regulation (QRK) No. 23/2023, Articles 10.6 and 18")
        if closed
        else office_line(office)
    )
    return Document(
        kind=kind,
        title=title,
        language=_.language,
        created_on=created_on,
        office=office.name,
        reference=reference,
        footer=footer,
        page_label=_("Page {page} of {pages}"),
        blocks=tuple(block for block in blocks if block is not None),
        **more,
    )


def office_line(office: OfficeValues) -> str:
    return "  ·  ".join(part for part in (office.address, office.phone, office.mail) if part) or office.name


def when(_: Words, meeting: MeetingValues) -> str:
    """The day in words and the clock time; never the zone's name."""
    clock = f"{meeting.starts}–{meeting.ends}" if meeting.ends else meeting.starts
    return _("%(day)s, at %(clock)s (local time)", day=_.day(meeting.on), clock=clock)


def case_fields(_: Words, case: CaseValues, *more: tuple[str, str]) -> Fields:
    rows = [
        (_("Case number"), case.number),
        (_("Centre for Social Work"), case.office.name),
        (_("Municipality"), _.label(case.office.municipality)),
        (_("Case manager"), case.case_manager.name),
    ]
    if case.risk_level:
        rows.append((_("Risk level"), _.label(case.risk_level)))
    return Fields((*rows, *more))


def child_fields(_: Words, child: ChildValues) -> Fields:
    """The child's data the document needs; empty ones are left out."""
    rows = (
        (_("Child's first and last name"), child.full_name),
        (_("Date of birth"), short_day(child.born_on)),
        (_("Gender"), _.text(child.gender)),
        (_("Residence"), child.residence),
        (_("State of health"), child.health),
        (_("Disability"), child.disability),
    )
    return Fields(tuple(row for row in rows if row[1]))


def meeting_fields(_: Words, meeting: MeetingValues, *more: tuple[str, str]) -> Fields:
    rows = [
        (_("Meeting code"), meeting.code),
        (_("Purpose"), _.text(PURPOSES[meeting.purpose])),
        (_("Date and time"), when(_, meeting)),
        (_("Place"), meeting.place),
        (_("Chair"), meeting.chair.name),
    ]
    if meeting.number is not None:
        rows.insert(1, (_("Meeting number"), str(meeting.number)))
    return Fields((*rows, *more))


Column = tuple[str, float, Callable[[ActionValues], str]]
"""A table's column: its heading, its share of the width, what stands in it."""


def action_columns(
    _: Words, actions: Iterable[ActionValues], widths: Sequence[float], *more: Column, caption: str = ""
) -> Table:
    """Actions with what every table of them says, in six columns of these widths, and what this one adds."""
    said: tuple[tuple[str, Callable[[ActionValues], str]], ...] = (
        (_("Action or measure"), lambda one: one.measure),
        (_("Service"), lambda one: one.service),
        (_("Responsible institutions"), lambda one: one.institutions),
        (_("Responsible member"), lambda one: one.member),
        (_("Planned date"), lambda one: short_day(one.planned_on)),
        (_("Status"), lambda one: _.label(one.status)),
    )
    columns = [
        *((heading, width, value) for (heading, value), width in zip(said, widths, strict=True)),
        *more,
    ]
    rows = tuple(tuple(value(one) for _heading, _width, value in columns) for one in actions)
    return Table(tuple(one[0] for one in columns), rows, tuple(one[1] for one in columns), caption)


def action_table(_: Words, actions: Iterable[ActionValues], caption: str = "") -> Table:
    """The plan's actions with everything Article 13.2 asks for."""
    return action_columns(
        _,
        actions,
        (2.4, 1.7, 1.7, 1.4, 1.15, 1.05),
        (_("To be reviewed by"), 1.15, lambda one: short_day(one.review_on)),
        (_("Serves the risk or need"), 1.6, lambda one: one.serves),
        (_("Notes"), 1.7, lambda one: one.notes),
        caption=caption,
    )


def participants_table(_: Words, participants: Iterable[ParticipantValues]) -> SignatureTable:
    rows = tuple(
        (
            str(number),
            one.person.name,
            "\n".join(part for part in (one.person.institution, one.person.function) if part),
            presence(_, one),
            _.text(one.signature),
        )
        for number, one in enumerate(participants, 1)
    )
    columns = (_("No."), _("Name"), _("Institution and function"), _("Present"), _("Signature"))
    return SignatureTable(columns, rows, (0.5, 2.4, 2.8, 1.8, 2.2))


def presence(_: Words, one: ParticipantValues) -> str:
    remark = _.text(one.remark)
    if one.present is None:
        return remark
    word = _("yes") if one.present else _("no")
    return f"{word} – {remark}" if remark else word


def signers_table(_: Words, signers: Iterable[SignerValues]) -> SignatureTable:
    rows = tuple(
        (
            str(number),
            one.person.name,
            "\n".join(part for part in (one.person.institution, one.person.function) if part),
            _.text(one.signed),
        )
        for number, one in enumerate(signers, 1)
    )
    columns = (_("No."), _("Name"), _("Institution and function"), _("Signature and date"))
    return SignatureTable(columns, rows, (0.5, 2.6, 3, 3))


def views_blocks(_: Words, views: Iterable[ViewValues]) -> tuple[Block, ...]:
    rows = tuple((one.who, _.text(one.notified), one.view, one.considered) for one in views)
    if not rows:
        return ()
    columns = (_("Who"), _("Notified"), _("View, in their own words"), _("How it was taken into account"))
    return (
        Heading(_("Views of the child and the family")),
        Table(columns, rows, (1.4, 1.6, 3, 2.6)),
    )
