"""The invitation with the agenda (A8.3), for one member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import (
    Block,
    Bullets,
    Document,
    Fields,
    Heading,
    Note,
    Paragraph,
    SignatureLine,
)
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import AgendaItemValues, CaseValues, MeetingValues, SeatValues
from tmr_app.documents.wording import meeting_fields, paper


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationValues:
    """`case` names no child. `report_due_on` is empty before a first meeting (A8.9); `date_agreed` is
    false for an extraordinary meeting that the head was only told of (A14.5).
    """

    case: CaseValues
    meeting: MeetingValues
    recipient: SeatValues
    agenda: tuple[AgendaItemValues, ...]
    papers: tuple[Text, ...]
    issued_on: date
    report_due_on: date | None = None
    date_agreed: bool = True


def build(values: InvitationValues) -> Document:
    _ = Words(values.case.language)
    case, meeting = values.case, values.meeting
    return paper(
        _,
        kind="invitation",
        title=_("Invitation to a meeting of the Multidisciplinary Table"),
        office=case.office,
        reference=meeting.code,
        created_on=values.issued_on,
        blocks=(*_opening(_, values), *_agenda(_, values), *_duties(_, values)),
    )


def _opening(_: Words, values: InvitationValues) -> tuple[Block, ...]:
    recipient = values.recipient
    called = _(
        "Under Article 8, paragraph 3, of Regulation (QRK) No. 23/2023 you are invited to the meeting below."
    )
    if values.date_agreed:
        called += " " + _("The date was agreed with the head of social services.")
    return (
        Fields(
            (
                (_("Addressed to"), recipient.person.name),
                (_("Institution"), recipient.person.institution),
                (_("Seat at the Table"), _.label(recipient.kind)),
            )
        ),
        Paragraph(called),
        Heading(_("Meeting")),
        meeting_fields(_, values.meeting, (_("Case number"), values.case.number)),
    )


def _agenda(_: Words, values: InvitationValues) -> tuple[Block, ...]:
    items = tuple(
        _.text(item.title) + (f" ({item.presenter})" if item.presenter else "") for item in values.agenda
    )
    return (
        Heading(_("Agenda")),
        Bullets(items, numbered=True),
        Heading(_("Papers for the meeting")),
        Bullets(tuple(_.text(paper) for paper in values.papers)),
    )


def _duties(_: Words, values: InvitationValues) -> tuple[Block, ...]:
    asked = [_("Please answer whether you will come; if not, give the reason and name a substitute.")]
    if values.report_due_on:
        due = _.day(values.report_due_on)
        asked.append(_("Your written progress report is due by %(day)s (Article 8, paragraph 9).", day=due))
    asked.append(
        _(
            "Anyone with a conflict of interest declares it before reading the papers (Article 10, paragraph 2)."
        )
    )
    asked.append(_("The meeting is closed; what you read and hear stays secret (Articles 10.6 and 18)."))
    case = values.case
    return (
        Note("\n".join(asked), _("What is asked of you")),
        SignatureLine(
            case.case_manager.name,
            _("Case manager, chair of the Table"),
            _("Place and date"),
            _("Signature"),
        ),
    )
