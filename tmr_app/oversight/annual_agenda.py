"""The annual report on the agenda of a general meeting: the Table discusses it there before it adopts it (A5.1.6, A8.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, vault
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import general_calling, general_queries
from tmr_app.meetings.general_calling import REPORT
from tmr_app.meetings.general_models import GeneralItem, GeneralMeeting
from tmr_app.members.models import Person
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.regulation.verdicts import Message

DUTY = "A5.1.6"


@dataclass(frozen=True, slots=True)
class Agenda:
    """Where the report of a year stands with the general meetings.

    `ahead`: the meeting being prepared, convened or held now, if there is one; `placed`: whether the report is on its
    agenda. `discussed`: the items of meetings held, the newest first.
    """

    ahead: GeneralMeeting | None
    placed: bool
    discussed: tuple[tuple[GeneralMeeting, GeneralItem], ...]

    @property
    def open(self) -> bool:
        """Whether the report can be put on the agenda of the meeting ahead now."""
        return self.ahead is not None and not self.placed and self.ahead.status in ("preparing", "running")


def agenda_of(session: Session, report: AnnualReport) -> Agenda:
    """The general meetings of the municipality that have, or could have, this year's report on their agenda."""
    vault.unlock(session, [report.municipality_id])
    ahead = session.scalars(
        select(GeneralMeeting).where(
            GeneralMeeting.municipality_id == report.municipality_id,
            GeneralMeeting.status.in_(general_queries.AHEAD),
        )
    ).first()
    found = _items(session, report)
    placed = any(meeting.id == ahead.id for meeting, _item in found) if ahead else False
    discussed = tuple(pair for pair in found if pair[0].status == "held")
    return Agenda(ahead, placed, discussed)


def _items(session: Session, report: AnnualReport) -> Sequence[tuple[GeneralMeeting, GeneralItem]]:
    """The year stands in the item's sealed title: it is compared here, not by the database."""
    rows = session.execute(
        select(GeneralMeeting, GeneralItem)
        .join(GeneralItem, GeneralItem.meeting_id == GeneralMeeting.id)
        .where(GeneralMeeting.municipality_id == report.municipality_id, GeneralItem.kind == REPORT)
        .order_by(GeneralMeeting.meeting_on.desc())
    )
    return [(meeting, item) for meeting, item in rows if item.title == str(report.year)]


def put_on_agenda(session: Session, actor: Person, now: datetime, *, report: AnnualReport) -> GeneralMeeting:
    """Put the draft on the agenda of the general meeting being prepared or held; there already, nothing changes.

    Raises OutOfOrder for a report that is no draft, without such a meeting, and for a meeting within the year itself.
    """
    if report.status != "draft":
        raise OutOfOrder(Message("The Table has adopted this version: a change needs a new version."), DUTY)
    found = agenda_of(session, report)
    if found.ahead is None:
        raise OutOfOrder(
            Message(
                "No general meeting is being prepared. Call the next one, then put the report on its agenda."
            ),
            DUTY,
        )
    if found.placed:
        return found.ahead
    meeting = general_queries.locked(session, report.municipality_id, found.ahead.id)
    if meeting.meeting_on is not None and meeting.meeting_on.year <= report.year:
        raise OutOfOrder(
            Message(
                "The general meeting of %(on)s lies within the year reported on: the report is adopted once the year is over.",
                on=meeting.meeting_on,
            ),
            DUTY,
        )
    general_calling.add_item(session, actor, now, meeting=meeting, title=str(report.year), kind=REPORT)
    audit.note(session, "annual_report:agenda", object_type="annual_report", object_id=report.id, rule=DUTY)
    return meeting
