"""Draft minutes (A10.1): everything the document prints, as one value kept by version and rendered on demand."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.documents import attendance as attendance_paper
from tmr_app.documents.attendance import AttendanceValues
from tmr_app.documents.content import Document, Language
from tmr_app.documents.minutes import MinutesValues
from tmr_app.documents.texts import Text, translate
from tmr_app.documents.values import (
    AgendaItemValues,
    MeetingValues,
    ParticipantValues,
    PersonValues,
    ViewValues,
)
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import agenda, calling, discussing, frozen, pack_sources
from tmr_app.meetings.holding_queries import Attendee, Held
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import AgendaItem, FamilyNotice, Meeting
from tmr_app.meetings.notifications import clock_time
from tmr_app.meetings.pack_sources import Sources
from tmr_app.members.models import Person
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message

HOW_WORDS = {
    "in_person": Message("in person"),
    "telephone": Message("by telephone"),
    "letter": Message("by letter"),
    "online": Message("online"),
}
EMPTY_ROWS = 4
"""Lines on the attendance list for people who come without being on it."""


def write_draft(
    session: Session, actor: Person, now: datetime, *, held: Held, sources: Sources | None = None
) -> Minutes:
    """The next version of the draft, or the newest when nothing the document prints has changed.

    `sources`: of this meeting, when the caller has read them.

    Raises OutOfOrder before the end, and once the minutes are a draft no more.
    """
    if held.meeting.status != "held":
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    last = newest(session, held.meeting.id)
    if last is not None and last.status != "draft":
        raise OutOfOrder(Message("The minutes are a draft no more: object to them instead."), "A10.1")
    sources = sources or pack_sources.load(session, case=held.case, meeting=held.meeting)
    number = last.version + 1 if last is not None else 1
    before = calling.what_went_before(session, held.case.id)
    values = values_of(
        held,
        sources,
        version=number,
        made_on=civil_date(now),
        place=None if before.taken_over else _place(session, held.meeting),
    )
    if last is not None and _same(last.content, values):
        return last
    content = frozen.encode(values)
    row = Minutes(
        case_id=held.case.id,
        meeting_id=held.meeting.id,
        version=number,
        status="draft",
        sha256=frozen.fingerprint("minutes", content),
        made_by_id=actor.id,
        made_at=now,
        content=content,
        reason=last.reason
        if last is not None
        else "",  # why a circulated version was taken back, until the next is
    )
    session.add(row)
    audit.note(
        session,
        "minutes:drafted",
        object_type="minutes",
        object_id=row.id,
        case_id=held.case.id,
        rule="A10.1",
    )
    return row


def _same(stored: Any, values: MinutesValues) -> bool:
    """Equal but for the version's own number and day."""
    before: MinutesValues = frozen.decode(stored)
    again: MinutesValues = frozen.decode(frozen.encode(values))
    return bool(replace(before, version=values.version, made_on=values.made_on) == again)


def newest(session: Session, meeting_id: UUID) -> Minutes | None:
    """The newest version, held against a second writer."""
    return session.scalar(
        select(Minutes)
        .where(Minutes.meeting_id == meeting_id, Minutes.corrects_id.is_(None))
        .order_by(Minutes.version.desc())
        .limit(1)
        .with_for_update()
    )


def approval_of(
    session: Session, meeting: Meeting, after: date | None = None
) -> tuple[str, date, UUID] | None:
    """What the Table decided on these minutes at the next held meeting of the case: (text, date, that meeting).

    `after`: a corrigendum is approved at the next meeting after it was circulated. None while no later meeting was held
    or its item on the last minutes carries no decision.
    """
    row = session.execute(
        select(AgendaItem, Meeting.meeting_on)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            Meeting.case_id == meeting.case_id,
            Meeting.status == "held",
            Meeting.meeting_on > meeting.meeting_on,
            Meeting.meeting_on > (after or meeting.meeting_on),
            AgendaItem.kind == "minutes",
            AgendaItem.dropped_at.is_(None),
        )
        .order_by(Meeting.meeting_on)
        .limit(1)
    ).first()
    if row is None or row[1] is None or not row[0].decision:
        return None
    return row[0].decision, row[1], row[0].meeting_id


def _place(session: Session, meeting: Meeting) -> int:
    """Which meeting of the case this was, counting from 1."""
    earlier = select(func.count()).where(
        Meeting.case_id == meeting.case_id,
        Meeting.status == "held",
        Meeting.id != meeting.id,
        Meeting.meeting_on < meeting.meeting_on,
    )
    return 1 + int(session.scalar(earlier) or 0)


def values_of(
    held: Held, sources: Sources, *, version: int, made_on: date, place: int | None = None
) -> MinutesValues:
    """Everything the minutes print, from what was written in the meeting. `place`: the case's how many-th meeting."""
    meeting, risk = held.meeting, held.risk_of_meeting()
    following = meeting.next_plan
    return MinutesValues(
        case=pack_sources.case_values(sources),
        meeting=replace(_meeting(held, sources), number=place),
        version=version,
        made_on=made_on,
        attendance=tuple(participant_of(one, sources) for one in held.attendees()),
        items=tuple(
            AgendaItemValues(title=agenda.title_of(item), discussion=item.discussion, decision=item.decision)
            for item in held.items
        ),
        draft=True,
        agenda_note=_agenda_note(meeting, sources.language),
        information=meeting.information_given,
        views=_views(held),
        risk_level=risk.level if risk else "",
        risk_reason=risk.reason if risk else "",
        dissent=meeting.dissent,
        next_meeting_on=date.fromisoformat(following["on"]) if following else None,
    )


def _meeting(held: Held, sources: Sources) -> MeetingValues:
    """With the chair of that day and the times it really had."""
    meeting = held.meeting
    values = pack_sources.meeting_values(sources, meeting)
    return replace(
        values,
        chair=pack_sources.person_values(held.chair, sources.qps.name),
        starts=clock_time(meeting.started_at) or values.starts,
        ends=clock_time(meeting.ended_at) or values.ends,
    )


def participant_of(one: Attendee, sources: Sources) -> ParticipantValues:
    row = one.invitation
    person = PersonValues(name=one.name, function=one.function, institution=one.institution)
    if one.is_family:
        person = replace(person, function=label(one.kind, sources.language))
    elif not one.institution:
        person = replace(person, institution=sources.qps.name)
    if not row.attendance:
        return ParticipantValues(person=person, remark=Message("not recorded"))
    remark: Text = ""
    if row.attendance == "absent_with_reason":
        remark = Message("absent, with reason: %(reason)s", reason=row.attendance_reason)
    elif row.attendance == "absent":
        remark = Message("absent, without reason")
    elif row.attendance == "substitute":
        remark = Message("represented by %(name)s", name=one.substitute)
    elif one.gone_at is not None:
        remark = Message("until %(clock)s", clock=clock_time(one.gone_at))
    return ParticipantValues(person=person, present=row.attendance == "present", remark=remark)


def _agenda_note(meeting: Meeting, language: Language) -> str:
    """One text in the case's language: approved or not, what was changed, what was said."""
    changes = discussing.changes_of(meeting)
    parts: list[str] = []
    if meeting.agenda_approved_at is not None:
        text = (
            Message("The Table approved the agenda with changes.")
            if changes
            else Message("The Table approved the agenda.")
        )
        parts.append(translate(text, language))
    else:
        parts.append(translate(Message("The approval of the agenda is not recorded."), language))
    parts += [translate(one.words(), language) for one in changes]
    if meeting.agenda_note:
        parts.append(meeting.agenda_note)
    return "\n".join(parts)


def _views(held: Held) -> tuple[ViewValues, ...]:
    people: list[tuple[str, FamilyNotice | None]] = [(held.child_name, held.notice_of(None))]
    people += [(one.family_member.name, held.notice_of(one.id)) for one in held.family()]
    return tuple(
        ViewValues(
            who=name,
            notified=_notified(notice),
            view=_view(notice),
            considered=notice.considered if notice else "",
        )
        for name, notice in people
    )


def _notified(notice: FamilyNotice | None) -> Text:
    if notice is None or (notice.notified_on is None and not notice.not_notified_reason):
        return Message("not recorded")
    if notice.notified_on is None:
        return Message("not notified: %(reason)s", reason=notice.not_notified_reason)
    how = HOW_WORDS.get(notice.how or "")
    if how is None:
        return Message("%(on)s", on=notice.notified_on)
    return Message("%(on)s, %(how)s", on=notice.notified_on, how=how)


def _view(notice: FamilyNotice | None) -> str:
    if notice is None:
        return ""
    return notice.views or notice.no_views_reason


def attendance_list(held: Held, sources: Sources) -> Document:
    """The list to print and sign at the meeting (A9, Annex 1): names, empty boxes, lines for whoever else comes."""
    rows = tuple(
        replace(participant_of(one, sources), present=None, remark="")
        if not one.invitation.attendance
        else participant_of(one, sources)
        for one in held.attendees()
    )
    values = AttendanceValues(
        case=pack_sources.case_values(sources),
        meeting=_meeting(held, sources)
        if held.chair is not None
        else pack_sources.meeting_values(sources, held.meeting),
        participants=rows,
        empty_rows=EMPTY_ROWS,
    )
    return attendance_paper.build(values)
