"""The minutes of a municipality's general meeting (A8.2, A10.1): no case, no child; the quarter's figures with their charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import BarChart, Block, Document, Fields, Heading, Paragraph, Table
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import (
    AgendaItemValues,
    MeetingValues,
    OfficeValues,
    ParticipantValues,
    SignerValues,
)
from tmr_app.documents.wording import meeting_fields, paper, presence, signers_table


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureValues:
    """One table of figures as shown: a hidden one is a text and has no bar."""

    title: Text
    rows: tuple[tuple[Text, int | str], ...]
    note: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpValues:
    owner: str
    text: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralMinutesValues:
    """`made_on` dates this version; `approval` says where and when in words, empty while it is a draft."""

    language: str
    office: OfficeValues
    meeting: MeetingValues
    version: int
    made_on: date
    sha256: str
    attendance: tuple[ParticipantValues, ...]
    items: tuple[AgendaItemValues, ...]
    tasks: tuple[FollowUpValues, ...] = ()
    figures: tuple[FigureValues, ...] = ()
    quarter: Text = ""
    approval: Text = ""
    signers: tuple[SignerValues, ...] = ()


def build(values: GeneralMinutesValues) -> Document:
    _ = Words(values.language)  # type: ignore[arg-type]
    document = paper(
        _,
        kind="minutes",
        title=_("Minutes of the general meeting"),
        office=values.office,
        reference=values.meeting.code,
        created_on=values.made_on,
        subtitle=_("Version %(number)s, %(day)s", number=values.version, day=_.day(values.made_on)),
        blocks=(
            meeting_fields(_, values.meeting, (_("Municipality"), _.label(values.office.municipality))),
            *_attendance(_, values),
            *_course(_, values),
            *_tasks(_, values),
            *_figures(_, values),
            *_approval(_, values),
            Paragraph(_("Fingerprint of this text: SHA-256 %(hash)s", hash=values.sha256), quiet=True),
        ),
    )
    return document if values.approval else document.as_draft(_("DRAFT"))


def _attendance(_: Words, values: GeneralMinutesValues) -> tuple[Block, ...]:
    rows = tuple(
        (str(number), one.person.name, one.person.institution, presence(_, one))
        for number, one in enumerate(values.attendance, 1)
    )
    return (
        Heading(_("Attendance")),
        Table((_("No."), _("Name"), _("Institution"), _("Present")), rows, (0.5, 2.4, 3.2, 2.2)),
    )


def _course(_: Words, values: GeneralMinutesValues) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(_("Course of the meeting"))]
    for number, item in enumerate(values.items, 1):
        blocks.append(Heading(f"{number}. {_.text(item.title)}", 2))
        if item.discussion:
            blocks.append(Paragraph(item.discussion))
        if item.decision:
            blocks.append(Fields(((_("Decision"), item.decision),)))
    return tuple(blocks)


def _tasks(_: Words, values: GeneralMinutesValues) -> tuple[Block, ...]:
    if not values.tasks:
        return ()
    rows = tuple((one.text, one.owner, _.day(one.due_on)) for one in values.tasks)
    return (
        Heading(_("Follow-up tasks")),
        Table((_("What is to be done?"), _("Who does it?"), _("Until")), rows, (4.0, 2.2, 1.8)),
    )


def _figures(_: Words, values: GeneralMinutesValues) -> tuple[Block, ...]:
    if not values.figures:
        return ()
    blocks: list[Block] = [Heading(_("The quarter's figures")), Paragraph(_.text(values.quarter), quiet=True)]
    for table in values.figures:
        rows = tuple((_.text(label), figure) for label, figure in table.rows)
        blocks.append(
            BarChart(
                _.text(table.title),
                tuple(
                    (label, float(figure) if isinstance(figure, int) else 0.0, str(figure))
                    for label, figure in rows
                ),
                (_("Item"), _("How many")),
                "; ".join(f"{label}: {figure}" for label, figure in rows),
            )
        )
        if table.note:
            blocks.append(Paragraph(_.text(table.note), quiet=True))
    return tuple(blocks)


def _approval(_: Words, values: GeneralMinutesValues) -> tuple[Block, ...]:
    blocks: list[Block] = []
    approval = _.text(values.approval)
    if approval:
        blocks += [Heading(_("Approval")), Paragraph(approval)]
    if values.signers:
        blocks += [Heading(_("Signatures")), signers_table(_, values.signers)]
    return tuple(blocks)
