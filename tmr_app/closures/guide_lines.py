"""What the closing guide shows: each step with its article, who must act, its state, and what to do now."""

from dataclasses import dataclass

from flask import g, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.closures.dossier import Dossier
from tmr_app.kernel.clock import civil_date
from tmr_app.regulation import closing_steps, guidance
from tmr_app.regulation.closing_steps import Step
from tmr_app.regulation.guidance import Advice
from tmr_app.regulation.verdicts import Message

WHO = {
    "case_manager": Message("Case manager"),
    "head": Message("Head of services"),
    "table": Message("The Table"),
    "other_head": Message("Head of services of the other Centre"),
}
DO = {
    "assessment": Message("Write the assessment, choose one ground, and recommend closing to the Table."),
    "opinions": Message("Ask the child, where possible, and the parent or guardian; or write why not."),
    "approval": Message("The head of services reads the assessment and approves it, or returns it."),
    "meeting": Message("Call the closing meeting. Everyone who took part in the case is invited."),
    "decision": Message("Hold the meeting, write the decision in the minutes, then record it here."),
    "minutes": Message("The Table approves the minutes at the end of the meeting or by circulation."),
    "form": Message("Make the closing form. The case manager and the members sign it."),
    "transfer": Message("Offer the case to the other Centre. When it accepts, the case moves there."),
    "end": Message("Close the case. From then on it can only be read."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the page. `state`: done, in_progress, blocked or cannot_start. `url` only for whoever must act."""

    step: Step
    state: str
    who: Message
    hint: Message
    url: str | None = None
    posts: bool = False


def lines(found: Dossier) -> list[Line]:
    done, current = found.done(), found.current()
    return [
        _line(found, step, step.key in done, current is not None and step.key == current.key)
        for step in closing_steps.steps(found.ground)
    ]


def _line(found: Dossier, step: Step, is_done: bool, is_current: bool) -> Line:
    state = "done" if is_done else "in_progress" if is_current else "cannot_start"
    if is_current and step.key == "assessment" and found.returned is not None:
        state = "blocked"
    hint = said(found, step) if is_done or is_current else DO[step.key]
    url, posts = address(found, step, is_done) if is_done or is_current else (None, False)
    return Line(step, state, WHO[step.who], hint, url, posts)


def said(found: Dossier, step: Step) -> Message:
    """What stands about this step, else what to do."""
    one = found.closing
    if one is None:
        return DO[step.key]
    known = {
        "assessment": _assessed(found),
        "opinions": _opinions(found),
        "approval": Message("Approved on %(on)s.", on=civil_date(one.approved_at))
        if one.approved_at
        else None,
        "meeting": _meeting(found),
        "decision": Message("Decided on %(on)s.", on=one.decided_on) if one.decided_on else None,
        "minutes": Message("Approved on %(on)s.", on=found.minutes_on) if found.minutes_on else None,
        "form": _form(found),
        "transfer": _transfer(found),
        "end": Message("Closed on %(on)s.", on=one.closed_on) if one.closed_on else None,
    }[step.key]
    return known or DO[step.key]


def _assessed(found: Dossier) -> Message | None:
    if found.returned is not None:
        return Message("The head of services returned the assessment: read the note and write it anew.")
    answer = found.assessed_verdict()
    return answer.reason or Message("Recommended on %(on)s.", on=answer.met_on)


def _opinions(found: Dossier) -> Message | None:
    verdict = found.opinions_verdict()
    return verdict.reason if not verdict.allows or verdict.breach_recorded else Message("Recorded.")


def _meeting(found: Dossier) -> Message | None:
    meeting = found.meeting
    if meeting is None:
        return None
    if meeting.meeting_on is None:
        return Message("Meeting %(code)s is called: prepare and convene it.", code=meeting.code)
    return Message("Meeting %(code)s, %(on)s.", code=meeting.code, on=meeting.meeting_on)


def _form(found: Dossier) -> Message | None:
    """The rule's own words while something is owed; then how many signed."""
    if found.form_version is None:
        return None
    signed = Message(
        "Signatures: %(done)s of %(total)s.", done=found.form.signatures, total=found.form.signers
    )
    return found.form_verdict().reason or signed


def _transfer(found: Dossier) -> Message | None:
    offer = found.transfer
    if offer is None:
        return None
    on = civil_date(offer.decided_at or offer.offered_at)
    return {
        "offered": Message("Offered on %(on)s: the other Centre has not answered yet.", on=on),
        "refused": Message("Refused on %(on)s. You may offer it again, or choose another Centre.", on=on),
        "withdrawn": Message("Taken back on %(on)s.", on=on),
        "accepted": Message("Accepted on %(on)s.", on=on),
    }[offer.state]


def address(found: Dossier, step: Step, is_done: bool) -> tuple[str | None, bool]:
    """Where this step is taken, for whoever may; whether it is a button that sends."""
    case_id = found.case.id
    if step.key == "meeting":
        return _meeting_address(found)
    if step.key in ("assessment", "opinions"):
        if found.closing is None and not may(g.standing, Permission.CLOSING_WRITE):
            return None, False  # nothing is written that could be read
        page = "closing.assessment" if step.key == "assessment" else "closing.opinions"
        return url_for(page, case_id=case_id), False
    if step.key == "minutes" and found.meeting is not None and may(g.standing, Permission.MINUTES_DRAFT_READ):
        return url_for("minutes.index", case_id=case_id, meeting_id=found.meeting.id), False
    if step.key == "form" and found.form_version is not None:
        return url_for("closing.form", case_id=case_id), False
    holds = Permission.CLOSING_APPROVE if step.who == "head" else Permission.CLOSING_WRITE
    if step.key == "minutes" or not may(g.standing, holds) or (is_done and step.key != "form"):
        return None, False
    return url_for(f"closing.{step.key}", case_id=case_id), False


def _meeting_address(found: Dossier) -> tuple[str | None, bool]:
    case_id, meeting = found.case.id, found.meeting
    if meeting is None:
        writes = may(g.standing, Permission.CLOSING_WRITE)
        return (url_for("closing.meeting", case_id=case_id), True) if writes else (None, False)
    prepares = meeting.status == "preparing" and may(g.standing, Permission.MEETING_PREPARE)
    return url_for(
        "meetings.prepare" if prepares else "meetings.show", case_id=case_id, meeting_id=meeting.id
    ), False


def advice(found: Dossier) -> list[Advice]:
    """The guide for child labour (G8): a warning, never a refusal."""
    one = found.closing
    if one is None or not found.case.guide_applies or one.state != "open":
        return []
    said_it = guidance.g8_after_monitoring(
        one.monitored_since_on, one.family_told, signed=found.form_version is not None and found.form_complete
    )
    return [said_it] if said_it.warns else []
