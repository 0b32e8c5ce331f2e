"""The minutes of a meeting (A10.1): draft, circulated, approved or to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Block, Document, Fields, Heading, Narrative, Paragraph, Table
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import (
    AgendaItemValues,
    CaseValues,
    MeetingValues,
    ParticipantValues,
    SignerValues,
    ViewValues,
)
from tmr_app.documents.wording import (
    case_fields,
    meeting_fields,
    paper,
    presence,
    signers_table,
    views_blocks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionValues:
    """An objection to the circulated minutes and the chair's answer."""

    who: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesValues:
    """`made_on` dates this version. `approval` says where and when in words; a draft has the mark."""

    case: CaseValues
    meeting: MeetingValues
    version: int
    made_on: date
    attendance: tuple[ParticipantValues, ...]
    items: tuple[AgendaItemValues, ...]
    draft: bool = False
    agenda_note: str = ""
    information: str = ""  # A8.8: information given in the meeting
    views: tuple[ViewValues, ...] = ()
    risk_level: str = ""
    risk_reason: str = ""
    plan_note: str = ""
    dissent: str = ""
    next_meeting_on: date | None = None
    objections: tuple[ObjectionValues, ...] = ()
    approval: Text = ""
    signers: tuple[SignerValues, ...] = ()
    corrects: str = ""  # SHA-256 of the sealed minutes a corrigendum cites


def build(values: MinutesValues) -> Document:
    _ = Words(values.case.language)
    document = paper(
        _,
        kind="minutes",
        title=_("Corrigendum to the minutes") if values.corrects else _("Minutes of the meeting"),
        office=values.case.office,
        reference=values.meeting.code,
        created_on=values.made_on,
        subtitle=_("Version %(number)s, %(day)s", number=values.version, day=_.day(values.made_on)),
        blocks=(
            meeting_fields(_, values.meeting),
            Heading(_("Case")),
            case_fields(_, values.case),
            *_corrected(_, values),
            *_attendance(_, values),
            *_course(_, values),
            *views_blocks(_, values.views),
            *_outcome(_, values),
            *_approval(_, values),
        ),
    )
    return document.as_draft(_("DRAFT")) if values.draft else document


def _corrected(_: Words, values: MinutesValues) -> tuple[Block, ...]:
    if not values.corrects:
        return ()
    return (Paragraph(_("Corrects the sealed minutes with the fingerprint %(hash)s.", hash=values.corrects)),)


def _attendance(_: Words, values: MinutesValues) -> tuple[Block, ...]:
    rows = tuple(
        (str(number), one.person.name, one.person.institution, one.person.function, presence(_, one))
        for number, one in enumerate(values.attendance, 1)
    )
    columns = (_("No."), _("Name"), _("Institution"), _("Function"), _("Present"))
    return (Heading(_("Attendance")), Table(columns, rows, (0.5, 2.2, 2.6, 1.8, 1.8)))


def _course(_: Words, values: MinutesValues) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(_("Course of the meeting"))]
    if values.agenda_note:
        blocks.append(Narrative(_("Approval of the agenda"), values.agenda_note))
    for number, item in enumerate(values.items, 1):
        blocks.append(Heading(f"{number}. {_.text(item.title)}", 2))
        if item.presenter:
            blocks.append(Paragraph(_("Presented by: %(name)s", name=item.presenter), quiet=True))
        if item.discussion:
            blocks.append(Paragraph(item.discussion))
        if item.decision:
            blocks.append(Fields(((_("Decision"), item.decision),)))
    if values.information:
        blocks.append(
            Narrative(_("Information given in the meeting (Article 8, paragraph 8)"), values.information)
        )
    return tuple(blocks)


def _outcome(_: Words, values: MinutesValues) -> tuple[Block, ...]:
    level = _.label(values.risk_level)
    if level and values.risk_reason:
        level = f"{level} – {values.risk_reason}"
    rows = (
        (_("Risk level, re-determined"), level),
        (_("Unified individual plan"), values.plan_note),
        (_("Differing opinions"), values.dissent),
        (_("Next meeting"), _.day(values.next_meeting_on)),
    )
    kept = tuple(row for row in rows if row[1])
    return (Heading(_("Outcome")), Fields(kept)) if kept else ()


def _approval(_: Words, values: MinutesValues) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if values.objections:
        rows = tuple((one.who, one.text, one.answer) for one in values.objections)
        blocks += [
            Heading(_("Objections and corrections")),
            Table((_("Who"), _("Objection"), _("Answer")), rows, (1.6, 3.4, 3.4)),
        ]
    approval = _.text(values.approval)
    if approval:
        blocks += [Heading(_("Approval")), Paragraph(approval)]
    if values.signers:
        blocks += [Heading(_("Signatures")), signers_table(_, values.signers)]
    return tuple(blocks)
