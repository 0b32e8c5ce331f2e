"""Holding a meeting: it begins under its chair on its day (A6.1.4), runs, and ends as draft minutes (A10.1)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import opening
from tmr_app.cases.models import Case, RiskLevel
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.meetings import (
    annex_forms,
    calling,
    discussing,
    holding_queries,
    inviting,
    minutes,
    pack_sources,
    preparing,
    report_requests,
)
from tmr_app.meetings.convening import locked
from tmr_app.meetings.discussing import Stage
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.preparing import When
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ChairedFacts
from tmr_app.regulation.verdicts import Message

NEXT_PURPOSES = ("review", "reassessment", "closing")


def start(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case: Case,
    afterwards: bool = False,
) -> Meeting:
    """Begin a convened meeting on its civil date, chaired by the case manager (A6.1.4).

    `afterwards`: it was held on paper on its day and is written down later, with the times it was convened for.
    A second submission changes nothing. Raises OutOfOrder (not convened, another day), RuleRefused (A6.1.4).
    """
    meeting = locked(session, meeting_id, case.id)
    if meeting.status == "running":
        return meeting
    if meeting.status != "convened" or meeting.meeting_on is None:
        raise OutOfOrder(Message("Only a convened meeting can begin."), "A8.3")
    _check_day(meeting.meeting_on, civil_date(now), afterwards)
    _check_chair(meeting.meeting_on, case, actor, civil_date(now))
    meeting.status, meeting.chaired_by_id = "running", case.case_manager_id
    meeting.started_at = meeting.starts_at if afterwards else now
    meeting.version += 1
    tag = "meeting:recorded-afterwards" if afterwards else "meeting:started"
    audit.note(session, tag, object_type="meeting", object_id=meeting.id, case_id=case.id, rule="A6.1.4")
    return meeting


def _check_day(meeting_on: date, today: date, afterwards: bool) -> None:
    if today < meeting_on:
        raise OutOfOrder(Message("The meeting begins on its day: %(on)s.", on=meeting_on), "A8.3")
    if today > meeting_on and not afterwards:
        raise OutOfOrder(
            Message("The day of the meeting is over: it can be written down afterwards."), "A8.3"
        )


def _check_chair(meeting_on: date, case: Case, actor: Person, today: date) -> None:
    manager = str(case.case_manager_id) if case.case_manager_id else None
    verdict = articles.a6_1_4_chair_chairs(ChairedFacts(meeting_on, manager, str(actor.id)), today)
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)


def determine_risk(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case: Case,
    level: str,
    reason: str,
    stage: Stage = "running",
) -> RiskLevel:
    """The Table re-determines the level of risk in this meeting; history is kept. Raises FieldRefused, OutOfOrder.

    The same level and reason sent twice make one row.
    """
    meeting = locked(session, meeting_id, case.id)
    discussing.check_stage(session, meeting, stage)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write what the level of risk rests on."))
    last = session.scalar(
        select(RiskLevel)
        .where(RiskLevel.case_id == case.id)
        .order_by(RiskLevel.determined_at.desc(), RiskLevel.id)
        .limit(1)
    )
    if last is not None and (last.meeting_id, last.level, last.reason) == (meeting.id, level, reason.strip()):
        return last
    return opening.determine_level(session, actor, now, case, level, reason.strip(), meeting_id=meeting.id)


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next date proposed in the meeting: called when this meeting ends."""

    purpose: str
    when: When


def propose_next(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case: Case,
    proposal: NextMeeting | None,
) -> Meeting:
    """Keep the date the Table agreed for its next meeting, checked now; None takes it back. Raises FieldRefused."""
    meeting = locked(session, meeting_id, case.id)
    discussing.check_stage(session, meeting, "running")
    if proposal is None:
        meeting.next_plan = None
        return meeting
    if proposal.purpose not in NEXT_PURPOSES:
        raise FieldRefused("purpose", Message("Choose what the meeting is for."))
    if meeting.meeting_on is not None and proposal.when.on <= meeting.meeting_on:
        raise FieldRefused("meeting_on", Message("The next meeting is on a later day."))
    preparing.place_in_time(session, now, case=case, when=proposal.when)
    meeting.next_plan = _stored(proposal)
    audit.note(
        session,
        "meeting:next-proposed",
        object_type="meeting",
        object_id=meeting.id,
        case_id=case.id,
        rule="A8.9",
    )
    return meeting


def _stored(proposal: NextMeeting) -> dict[str, Any]:
    when = proposal.when
    return {
        "purpose": proposal.purpose,
        "on": when.on.isoformat(),
        "starts": when.starts.isoformat(),
        "ends": when.ends.isoformat(),
        "room_id": str(when.room_id) if when.room_id else None,
        "video_link": when.video_link,
        "fold": when.fold,
    }


def proposal_of(meeting: Meeting) -> NextMeeting | None:
    """The next date as it was proposed."""
    kept = meeting.next_plan
    if not kept:
        return None
    return NextMeeting(
        kept["purpose"],
        When(
            on=date.fromisoformat(kept["on"]),
            starts=time.fromisoformat(kept["starts"]),
            ends=time.fromisoformat(kept["ends"]),
            room_id=UUID(kept["room_id"]) if kept["room_id"] else None,
            video_link=kept["video_link"],
            fold=kept["fold"],
        ),
    )


def end(session: Session, actor: Person, now: datetime, *, meeting_id: UUID, case: Case) -> Meeting:
    """End the meeting: the draft of its minutes is made, the next meeting called, reports asked for (A8.9).

    What is missing is shown beforehand (`holding_queries.verdicts`) and stays not met; nothing of it blocks: the text
    knows no quorum. A second submission changes nothing. Raises OutOfOrder before the start, RuleRefused (A6.1.4),
    FieldRefused when the proposed next date cannot stand any more.
    """
    meeting = locked(session, meeting_id, case.id)
    if meeting.status == "held":
        return meeting
    discussing.check_stage(session, meeting, "running")
    today = civil_date(now)
    _check_chair(meeting.meeting_on or today, case, actor, today)
    meeting.status, meeting.ended_at = "held", _end_instant(meeting, now)
    meeting.version += 1
    session.flush()
    _follow_up(session, actor, now, meeting, case)
    held = holding_queries.load(session, now, meeting=meeting, case=case)
    sources = pack_sources.load(session, case=case, meeting=meeting)
    minutes.write_draft(session, actor, now, held=held, sources=sources)
    annex_forms.make(session, actor, now, case=case, meeting=meeting, read=(held, sources))
    for verdict in holding_queries.missing(holding_queries.verdicts(session, held, today)):
        audit.note(
            session,
            "meeting:ended-without",
            object_type="meeting",
            object_id=meeting.id,
            case_id=case.id,
            rule=verdict.duty,
            outcome="not_met",
        )
    audit.note(
        session, "meeting:ended", object_type="meeting", object_id=meeting.id, case_id=case.id, rule="A10.1"
    )
    return meeting


def _end_instant(meeting: Meeting, now: datetime) -> datetime:
    """Now; when the day is over (written afterwards, or left running) the time it was convened for."""
    if meeting.meeting_on is not None and civil_date(now) > meeting.meeting_on:
        return max(one for one in (meeting.started_at, meeting.ends_at) if one is not None)
    return now


def _follow_up(session: Session, actor: Person, now: datetime, meeting: Meeting, case: Case) -> None:
    proposal = proposal_of(meeting)
    if proposal is not None:
        following = calling.call_meeting(session, actor, now, case=case, purpose=proposal.purpose)
        preparing.set_date(session, actor, now, meeting=following, case=case, when=proposal.when)
        meeting.next_meeting_id = following.id
    elif meeting.purpose != "closing":
        table = inviting.load(session, now, meeting=meeting)
        report_requests.write_undated(session, now, meeting=meeting, seats=table.invited_seats)
