"""The tasks of preparing a meeting and the state of each, read off the gathered facts and the rules' answers."""

from dataclasses import dataclass

from tmr_app.meetings.readiness import Preparation, Readiness
from tmr_app.regulation.verdicts import Message

NOT_STARTED, IN_PROGRESS, DONE, BLOCKED, CANNOT_START = (
    "not_started",
    "in_progress",
    "done",
    "blocked",
    "cannot_start",
)


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list; `state` is a key of the kit's task list."""

    key: str
    title: Message
    state: str
    hint: Message | None = None


def tasks(prepared: Preparation, answer: Readiness) -> list[Task]:
    """In the order in which they are done."""
    return [
        _date(prepared),
        *_agreement(prepared),
        _invitees(prepared, answer),
        Task("agenda", Message("Agenda"), DONE, Message("Items: %(count)s", count=len(prepared.items))),
        _papers(prepared, answer),
        _family(prepared, answer),
        _convene(answer),
    ]


def _refused(answer: Readiness, *duties: str) -> bool:
    return any(one.duty in duties for one in answer.refused)


def _date(prepared: Preparation) -> Task:
    meeting = prepared.meeting
    title = Message("Date, time and place")
    if meeting.proposed_on is not None:
        return Task(
            "date", title, BLOCKED, Message("The head of services proposes %(on)s.", on=meeting.proposed_on)
        )
    if meeting.meeting_on is None:
        return Task("date", title, NOT_STARTED)
    return Task("date", title, DONE, Message("%(on)s", on=meeting.meeting_on))


def _agreement(prepared: Preparation) -> list[Task]:
    meeting = prepared.meeting
    if meeting.purpose == "extraordinary":
        return []
    title = Message("The head's agreement to the date")
    if meeting.meeting_on is None:
        return [Task("agreement", title, CANNOT_START, Message("Choose date and place first."))]
    if meeting.agreed_on == meeting.meeting_on:
        return [Task("agreement", title, DONE)]
    if meeting.agreement_asked_at is not None:
        return [Task("agreement", title, IN_PROGRESS, Message("Asked; not answered yet."))]
    return [Task("agreement", title, NOT_STARTED, Message("Use the button below to ask."))]


def _invitees(prepared: Preparation, answer: Readiness) -> Task:
    count = len(prepared.table.invited)
    hint = Message("Invited: %(count)s", count=count)
    problem = any(field == "invitees" for field, _ in answer.problems)
    blocked = problem or _refused(answer, "A4.5", "A4.6", "A8.6", "A8.11", "A10.2")
    return Task("invitees", Message("Who is invited"), BLOCKED if blocked else DONE, hint)


def _papers(prepared: Preparation, answer: Readiness) -> Task:
    sources, title = prepared.sources, Message("Papers")
    if prepared.meeting.no_assessment_reason:
        return Task("papers", title, DONE, Message("Without prior assessment (Article 8, paragraph 8)"))
    if sources.assessment is None or sources.plan is None:
        return Task("papers", title, BLOCKED, Message("The assessment or the plan is missing in the pack."))
    return Task("papers", title, DONE, Message("Files chosen: %(count)s", count=len(sources.files)))


def _family(prepared: Preparation, answer: Readiness) -> Task:
    expected = [None, *(one.id for one in prepared.family())]
    told = [one for one in expected if prepared.notice_of(one) is not None]
    title = Message("Child and family: told, and their views")
    hint = Message("Recorded: %(done)s of %(total)s", done=len(told), total=len(expected))
    if len(expected) == 1 and not prepared.meeting.no_parent_reason:
        return Task("family", title, IN_PROGRESS if told else NOT_STARTED, hint)
    if len(told) == len(expected):
        return Task("family", title, DONE, hint)
    return Task("family", title, IN_PROGRESS if told else NOT_STARTED, hint)


def _convene(answer: Readiness) -> Task:
    title = Message("Check and convene")
    if any(field == "meeting_on" for field, _ in answer.problems):
        return Task("convene", title, CANNOT_START, Message("Choose date and place first."))
    if answer.may_convene:
        return Task("convene", title, NOT_STARTED, Message("Everything the Regulation asks for is there."))
    count = len(answer.refused) + len(answer.problems)
    return Task("convene", title, BLOCKED, Message("Still missing: %(count)s", count=count))
