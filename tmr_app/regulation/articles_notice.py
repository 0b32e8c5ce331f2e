"""Article 8: calling a meeting: when it is owed, its notice, papers and reports. `(facts, today) -> Verdict`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tmr_app.regulation.days import NOTICE_DAYS, add_months, notice_limit, report_limit
from tmr_app.regulation.duties import keeps
from tmr_app.regulation.facts import (
    GeneralMeetingFacts,
    InitiationFacts,
    NoticeFacts,
    OccasionFacts,
    PackFacts,
    ReportFacts,
    WaiverFacts,
)
from tmr_app.regulation.judging import (
    at_meeting,
    dated,
    met,
    not_met,
    open_duty,
    three_days_before,
    verdict,
    waived,
)
from tmr_app.regulation.verdicts import Message, Status, Verdict, WayOut


@keeps("A8.1")
def a8_1_meeting_for_case(facts: OccasionFacts, today: date) -> Verdict:
    """A referral or a new assessment owes a meeting; one held before it does not count."""
    if facts.met_on and facts.occurred_on <= facts.met_on <= today:
        return met("A8.1", on=facts.met_on)
    call = WayOut("call_meeting", Message("Call a meeting."))
    if facts.planned_on is None:
        return open_duty(
            "A8.1", Message("Owed since %(on)s: no meeting is called.", on=facts.occurred_on), call
        )
    if facts.planned_on < today:
        reason = Message("The meeting of %(on)s was not held.", on=facts.planned_on)
        return verdict("A8.1", Status.OVERDUE, reason, call, due_on=facts.planned_on)
    return open_duty(
        "A8.1", Message("A meeting is called for %(on)s.", on=facts.planned_on), due_on=facts.planned_on
    )


def next_general_meeting_on(facts: GeneralMeetingFacts, today: date) -> date:
    """The last day for the next general meeting; never later than three months after the last one."""
    last_on = max([facts.registered_on, *(on for on in facts.held_on if on <= today)])
    return add_months(last_on, min(facts.interval_months, 3))


@keeps("A8.2")
def a8_2_general_meeting_quarterly(facts: GeneralMeetingFacts, today: date) -> Verdict:
    """The general meeting that is owed now; earlier ones: `a8_2_past_general_meetings`."""
    limit_on = next_general_meeting_on(facts, today)
    counted = Message(
        "The last general meeting or the registration, and three months or the stricter interval set."
    )
    call = WayOut("call_general", Message("Call the next general meeting"), limit_on)
    answer = dated("A8.2", limit_on, None, today, counted, call)
    if facts.planned_on and facts.planned_on >= today:
        return answer.because(Message("A meeting is called for %(on)s.", on=facts.planned_on))
    return answer


def a8_2_past_general_meetings(facts: GeneralMeetingFacts, today: date) -> tuple[Verdict, ...]:
    """One verdict per general meeting held, in order: met or met late."""
    verdicts, last_on = [], facts.registered_on
    for on in sorted(on for on in facts.held_on if facts.registered_on <= on <= today):
        verdicts.append(dated("A8.2", add_months(last_on, min(facts.interval_months, 3)), on, today))
        last_on = on
    return tuple(verdicts)


@keeps("A8.3")
def a8_3_notice_in_time(facts: NoticeFacts, today: date) -> Verdict:
    """The head agreed to THIS date, and invitation, agenda and information went out in time."""
    if facts.cancelled:
        return waived("A8.3", Message("The meeting was cancelled."))
    incomplete = _notice_incomplete(facts, today)
    if incomplete:
        return incomplete
    if facts.sent_on is None or facts.sent_on > today:
        return _notice_before(facts, today)
    return _notice_after(facts, facts.sent_on)


def _notice_incomplete(facts: NoticeFacts, today: date) -> Verdict | None:
    if facts.sent_on is None and facts.meeting_on < today:
        return not_met(
            "A8.3", Message("The date %(on)s is past and no notice was sent.", on=facts.meeting_on)
        )
    if facts.extraordinary and not facts.risk_stated.strip():
        return not_met("A8.3", Message("An extraordinary meeting needs its risk in writing (A14.5)."))
    if not (facts.general or facts.extraordinary):
        ask = WayOut("ask_head", Message("Ask the head of services to agree to the date."), facts.meeting_on)
        if facts.agreed_for_on != facts.meeting_on:
            reason = Message("The head of services has not agreed to %(on)s.", on=facts.meeting_on)
            return not_met("A8.3", reason, ask)
        if facts.sent_on and facts.agreed_on and facts.agreed_on > facts.sent_on:
            return not_met("A8.3", Message("The head of services agreed only after the notice was sent."))
    if not (facts.has_agenda and facts.has_information):
        return not_met("A8.3", Message("The agenda or the relevant information is missing."))
    return None


def _notice_before(facts: NoticeFacts, today: date) -> Verdict:
    limit_on = notice_limit(facts.meeting_on, facts.lead_days)
    answer = dated("A8.3", limit_on, None, today, three_days_before(facts.meeting_on, limit_on))
    if answer.status is Status.DUE:
        return answer
    if facts.extraordinary:
        return replace(answer, status=Status.DUE, due_on=facts.meeting_on, reason=_SHORTER)
    if facts.late_reason.strip():
        return replace(answer, status=Status.MET_LATE, reason=_late(limit_on, facts.late_reason))
    return replace(
        answer,
        reason=_past_limit(facts, limit_on, today),
        ways_out=(*_lawful_ways(facts.lead_days, today),),
        breach_offer=_SEND_LATE,
    )


def _notice_after(facts: NoticeFacts, sent_on: date) -> Verdict:
    # Afterwards the law's own three days decide; a municipality's longer notice is a safeguard before the deed.
    limit_on = notice_limit(facts.meeting_on)
    counted = three_days_before(facts.meeting_on, limit_on)
    answer = dated("A8.3", limit_on, sent_on, sent_on, counted)
    if answer.status is Status.MET:
        own_limit_on = notice_limit(facts.meeting_on, facts.lead_days)
        if sent_on > own_limit_on:
            reason = Message(
                "In time by law; after the municipality's own limit %(limit)s.", limit=own_limit_on
            )
            return answer.because(reason)
        return answer
    if facts.extraordinary and sent_on <= facts.meeting_on:
        return replace(answer, status=Status.WAIVED, reason=_SHORTER)
    if sent_on > facts.meeting_on:
        return replace(
            answer, status=Status.NOT_MET, reason=Message("The notice was sent after the meeting.")
        )
    return answer.because(_late(limit_on, facts.late_reason))


_SHORTER = Message("Extraordinary meeting (A14.5): shorter notice.")
_SEND_LATE = WayOut("send_late", Message("Send late, with a written reason: shown as late."))


def _late(limit_on: date, written: str) -> Message:
    if not written.strip():
        return Message("After the last day %(limit)s, without a written reason.", limit=limit_on)
    return Message(
        "After the last day %(limit)s. Written reason: %(reason)s", limit=limit_on, reason=written.strip()
    )


def _past_limit(facts: NoticeFacts, limit_on: date, today: date) -> Message:
    if facts.lead_days > NOTICE_DAYS and today <= notice_limit(facts.meeting_on):
        return Message(
            "The municipality's own limit %(limit)s has passed; the law's has not.", limit=limit_on
        )
    return Message("The last day to send was %(limit)s.", limit=limit_on)


def _lawful_ways(lead_days: int, today: date) -> tuple[WayOut, WayOut]:
    earliest_on = earliest_lawful_meeting(today, lead_days)
    return (
        WayOut("earliest_date", Message("Hold it on %(on)s or later.", on=earliest_on), earliest_on),
        WayOut("extraordinary", Message("Call an extraordinary meeting and state the risk (A14.5).")),
    )


def earliest_lawful_meeting(today: date, lead_days: int = NOTICE_DAYS) -> date:
    """The first date for which a notice sent today is in time; LeadTooShort below 3 days."""
    notice_limit(today, lead_days)
    return today + timedelta(days=lead_days)


@keeps("A8.4")
def a8_4_requested_meeting_called(facts: InitiationFacts, today: date) -> Verdict:
    """A member's request is called; there is no refusal, and no time limit in the text."""
    if not facts.reason.strip():
        return not_met("A8.4", Message("The request needs its reason."))
    if facts.called_on:
        return met("A8.4", on=facts.called_on)
    if facts.withdrawn_on:
        return waived("A8.4", Message("The member withdrew the request."))
    call = WayOut("call_meeting", Message("Call a meeting."))
    if today > facts.requested_on + timedelta(days=facts.escalate_days):
        reason = Message("Open since %(on)s: the head of services is told.", on=facts.requested_on)
        return open_duty("A8.4", reason, call)
    return open_duty("A8.4", Message("Open since %(on)s.", on=facts.requested_on), call)


@keeps("A8.7")
def a8_7_papers_in_time(facts: PackFacts, today: date) -> Verdict:
    """Assessment and plan are in the pack, sent in time; waived by A8.8 only."""
    if facts.risk_case and facts.waiver_reason.strip():
        reason = Message("Waived under A8.8: %(reason)s", reason=facts.waiver_reason.strip())
        return waived("A8.7", reason, facts.meeting_on)
    if not (facts.has_assessment and facts.has_plan):
        add = WayOut("add_papers", Message("Add the assessment and the plan to the pack."))
        ways = (
            (add, WayOut("a8_8", Message("Risk case: waive it under A8.8, with the reason.")))
            if facts.risk_case
            else (add,)
        )
        return not_met("A8.7", Message("The assessment or the plan is missing in the pack."), *ways)
    notice = NoticeFacts(
        facts.meeting_on,
        sent_on=facts.sent_on,
        lead_days=facts.lead_days,
        extraordinary=facts.extraordinary,
        risk_stated=facts.risk_stated,
        late_reason=facts.late_reason,
        general=True,  # the head's agreement is asked once, by A8.3
    )
    answer = a8_3_notice_in_time(notice, today)
    return replace(answer, duty="A8.7", reading=verdict("A8.7", answer.status).reading)


@keeps("A8.8")
def a8_8_information_in_meeting(facts: WaiverFacts, today: date) -> Verdict:
    """The waiver of A8.7: a risk case, a reason, the information given in the meeting."""
    if not facts.used:
        return waived("A8.8", Message("The exception is not used."))
    if not facts.risk_case:
        return not_met("A8.8", Message("The exception is for a case with risk only."))
    if not facts.reason.strip():
        return not_met("A8.8", Message("Write why a prior assessment was not possible."))
    if facts.meeting_on is None:
        return open_duty("A8.8", Message("The first meeting has not been called yet."))
    missing = Message("The minutes do not show the information given.")
    return at_meeting("A8.8", facts.given_in_meeting, facts.held, facts.meeting_on, missing)


@keeps("A8.9")
def a8_9_report_in_time(facts: ReportFacts, today: date) -> Verdict:
    """One member's written report: filed, an addition to a frozen pack, late, or missing."""
    limit_on = report_limit(facts.meeting_on)
    if not facts.involved:
        return waived("A8.9", Message("The member is not involved in the case."))
    if facts.first_meeting:
        return waived("A8.9", Message("No report is owed before the first meeting of the case."))
    if facts.extraordinary:
        return waived("A8.9", Message("Not enforced for an extraordinary meeting."))
    file = WayOut("file_report", Message("File the report now."))
    answer = dated(
        "A8.9", limit_on, facts.filed_on, today, three_days_before(facts.meeting_on, limit_on), file
    )
    if (
        answer.status is Status.MET
        and facts.filed_on
        and facts.frozen_on
        and facts.filed_on > facts.frozen_on
    ):
        return answer.because(Message("Filed on %(on)s: an addition to the pack.", on=facts.filed_on))
    if answer.status is Status.MET_LATE and facts.filed_on and facts.filed_on >= facts.meeting_on:
        # On the day of the meeting or after it the report reaches nobody "before the meeting".
        reason = Message("Filed on %(on)s, not before the meeting.", on=facts.filed_on)
        return replace(answer, reason=reason)
    return answer
