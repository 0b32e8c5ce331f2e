"""The closing meeting (A8.11) and what the Table decided in it (A5.2, A17.3)."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import dossier
from tmr_app.closures.models import Closing
from tmr_app.closures.recommending import ground_verdicts, note
from tmr_app.kernel.errors import OutOfOrder, RuleRefused
from tmr_app.meetings import calling, gates
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.regulation.articles_closing import (
    MET_TOO_EARLY,
    a17_3_met_too_early,
    a17_3_missing_beforehand,
)
from tmr_app.regulation.facts import ClosingFacts
from tmr_app.regulation.judging import not_met
from tmr_app.regulation.verdicts import Message, Verdict, WayOut


def call_closing_meeting(
    session: Session, actor: Person, now: datetime, *, case: Case, once: str | None = None
) -> Meeting:
    """Call the closing meeting with everyone who took part; the one that is called already stays. Raises OutOfOrder."""
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    found.require("meeting")
    if found.meeting is not None and not a17_3_met_too_early(found.closing_facts()):
        return found.meeting
    return calling.call_meeting(session, actor, now, case=case, purpose="closing", once=once)


@gates.before_convening
def approved_beforehand(session: Session, meeting: Meeting, case: Case, today: date) -> list[Verdict]:
    """A17.3: no closing meeting goes out before the case manager recommended and the head approved."""
    if meeting.purpose != "closing":
        return []
    one = dossier.newest(session, case.id)
    facts = dossier.steps_facts(one) if one is not None and one.state == "open" else ClosingFacts()
    guide = WayOut("closing_guide", Message("Follow the closing guide."))
    return [not_met("A17.3", missing, guide) for missing in a17_3_missing_beforehand(facts, today)[:1]]


def decide(session: Session, actor: Person, now: datetime, *, case: Case, closes: bool) -> Closing:
    """Record what the Table decided in the closing meeting; its words stand in the minutes under the item on closing.

    `closes` False: the Table goes on with the case, this closing ends. Raises OutOfOrder before the meeting ended or
    without its words, RuleRefused when the ground does not hold any more or the Table met before the approval.
    """
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("decision")
    if one.decided_at is not None:
        raise OutOfOrder(Message("The Table has decided already."), "A17.3")
    meeting = found.meeting
    if meeting is None or meeting.status != "held":
        raise OutOfOrder(Message("The closing meeting has not ended."), "A17.3")
    if found.item is None or not found.item.decision:
        raise OutOfOrder(Message("The decision on closing is not written in the minutes."), "A5.2")
    one.meeting_id = meeting.id
    if not closes:
        one.state, one.decided_at, one.decided_on = "declined", now, meeting.meeting_on
        note(session, "closing:declined", one, "A5.2", actor)
        return one
    refused = [answer for answer in ground_verdicts(found) if answer.refuses]
    if a17_3_met_too_early(found.closing_facts()):
        refused.append(not_met("A17.3", MET_TOO_EARLY))
    if refused:
        raise RuleRefused(*refused, case_id=case.id)
    one.decided_at, one.decided_on = now, meeting.meeting_on
    one.services_given, one.risk_lowered = found.decision_facts().services_given, found.risk_lowered
    note(session, "closing:decided", one, "A5.2", actor)
    return one
