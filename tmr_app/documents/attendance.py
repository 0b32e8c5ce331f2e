"""The attendance list of a meeting, to be signed there (A9, Annex 1)."""

from __future__ import annotations

from dataclasses import dataclass

from tmr_app.documents.content import Document, Heading, Paragraph
from tmr_app.documents.texts import Words
from tmr_app.documents.values import CaseValues, MeetingValues, ParticipantValues, PersonValues
from tmr_app.documents.wording import meeting_fields, paper, participants_table


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceValues:
    """`empty_rows` are left for people who come without being on the list."""

    case: CaseValues
    meeting: MeetingValues
    participants: tuple[ParticipantValues, ...]
    empty_rows: int = 0


def build(values: AttendanceValues) -> Document:
    _ = Words(values.case.language)
    blank = ParticipantValues(person=PersonValues(name=""))
    return paper(
        _,
        kind="attendance",
        title=_("Attendance list"),
        office=values.case.office,
        reference=values.meeting.code,
        created_on=values.meeting.on,
        blocks=(
            meeting_fields(_, values.meeting, (_("Case number"), values.case.number)),
            Heading(_("Invited participants")),
            participants_table(_, (*values.participants, *(blank,) * values.empty_rows)),
            Paragraph(
                _(
                    "With the signature each participant confirms being present and keeping the information secret."
                ),
                quiet=True,
            ),
        ),
    )
