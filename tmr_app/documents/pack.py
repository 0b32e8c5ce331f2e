"""A member's pack: cover, list of its documents with their hashes, then the documents (A8.3, A8.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Attachment, Block, Document, Heading, Note, Table
from tmr_app.documents.texts import Text, Words, short_day
from tmr_app.documents.values import CaseValues, MeetingValues, SeatValues
from tmr_app.documents.wording import case_fields, meeting_fields, paper
from tmr_app.regulation.verdicts import Message

ARRIVALS = {
    "frozen": Message("in the pack as sent"),
    "addition": Message("added later, within the limit"),
    "late": Message("added later, past the limit"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEntry:
    """`sha256` in hexadecimal; `arrival` is a key of `ARRIVALS`."""

    title: Text
    dated_on: date
    sha256: str
    arrival: str = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackValues:
    case: CaseValues
    meeting: MeetingValues
    entries: tuple[PackEntry, ...]
    frozen_on: date
    reader: SeatValues | None = None


def build(values: PackValues, parts: tuple[Document, ...]) -> Document:
    """`parts` are the documents themselves, in the order of the entries; those kept as files have none."""
    _ = Words(values.case.language)
    blocks: list[Block] = [Heading(_("Meeting")), meeting_fields(_, values.meeting)]
    blocks += [Heading(_("Case")), case_fields(_, values.case, *_reader(_, values))]
    blocks.append(Heading(_("Documents in this pack")))
    blocks.append(
        Note(
            _(
                "The value beside each document is its SHA-256 fingerprint: it shows that the document "
                "is the one that was sent. Keep this pack closed and give it to nobody."
            )
        )
    )
    blocks.append(_list(_, values.entries))
    for part in parts:
        blocks.append(Attachment(part.title, landscape=part.landscape))
        blocks += part.blocks
    return paper(
        _,
        kind="pack",
        title=_("Papers for the meeting of the Multidisciplinary Table"),
        office=values.case.office,
        reference=values.meeting.code,
        created_on=values.frozen_on,
        blocks=blocks,
    )


def _reader(_: Words, values: PackValues) -> tuple[tuple[str, str], ...]:
    if values.reader is None:
        return ()
    return ((_("Copy for"), f"{values.reader.person.name}, {values.reader.person.institution}"),)


def _list(_: Words, entries: tuple[PackEntry, ...]) -> Table:
    rows = tuple(
        (
            str(number),
            _.text(entry.title),
            short_day(entry.dated_on),
            _.text(ARRIVALS[entry.arrival]),
            "\n".join(entry.sha256[at : at + 22] for at in (0, 22, 44)),
        )
        for number, entry in enumerate(entries, 1)
    )
    columns = (_("No."), _("Document"), _("Date"), _("How it came"), _("Fingerprint (SHA-256)"))
    return Table(columns, rows, (0.5, 3, 1.15, 1.9, 2.6))
