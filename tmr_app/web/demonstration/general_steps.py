"""General meetings of both municipalities since the Table was registered: in time, once late, the next one ahead (A8.2)."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.kernel import clock, vault
from tmr_app.meetings import (
    general_answering,
    general_calling,
    general_chairing,
    general_convening,
    general_holding,
    general_queries,
    general_tasks,
)
from tmr_app.meetings.general_calling import GeneralWhen
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.members import general_declaration
from tmr_app.members.models import Person
from tmr_app.regulation.days import add_months
from tmr_app.web.demonstration.timeline import Diary, Story, at
from tmr_app.web.demonstration.towns import Town, World

CALLED_BEFORE = 14
ANSWERS = 4
TEXTS = {
    "risk": (
        "Anëtarët e diskutuan gjendjen e përgjithshme: sinjalet e braktisjes së shkollës "
        "dhe të punës së fëmijëve gjatë sezonit.",
        "Shkollat dhe policia i raportojnë rastet menjëherë te Qendra.",
    ),
    "needs": (
        "Mungojnë shërbimet psikologjike në vendbanimet larg qendrës.",
        "Komunës i propozohet mbështetje për transportin e fëmijëve në shërbime.",
    ),
    "tasks": ("Detyrat e takimit të fundit u shqyrtuan një nga një.", ""),
}
TASKS = (
    ("school", "Të përgatitet lista e masave kundër braktisjes së shkollës."),
    ("police", "Të caktohet personi kontaktues për sinjalet e punës së fëmijëve."),
    ("welfare_directorate", "Të shqyrtohet mbështetja për transport në buxhetin e komunës."),
)


def stories(session: Session, world: World, diary: Diary) -> Iterator[Story]:
    """Prishtinë always in time, the next one convened; Novobërdë once six days late, the next one still to be called."""
    yield _year(session, world.towns["prishtine"], diary, world.since, late=0, ahead=True)
    yield _year(session, world.towns["novoberde"], diary, world.since, late=3, ahead=False)


def _year(session: Session, town: Town, diary: Diary, since: date, *, late: int, ahead: bool) -> Story:
    """One meeting a quarter from the registration on. `late`: which one comes late; `ahead`: whether the next is called."""
    yield at(diary.working(since + timedelta(days=3)), 9)
    vault.unlock(session, [town.municipality.id])
    general_chairing.name_chair(
        session,
        town.head,
        clock.now(),
        municipality_id=town.municipality.id,
        person_id=town.case_manager.id,
    )
    last_on, number = since, 0
    while True:
        number += 1
        due_on = add_months(last_on, 3)
        on = diary.working(due_on + timedelta(days=6)) if number == late else diary.before(due_on, 5)
        over = on < diary.today
        if not over and not ahead:
            return
        yield at(diary.before(on, CALLED_BEFORE), 10, 30)
        meeting = _convened(session, town, on)
        yield at(diary.before(on, CALLED_BEFORE - 3), 13, 30)
        _answers(session, town, meeting, declares=number == 1)
        if not over:
            return
        yield at(on, 10, 5)
        _held(session, town, meeting, on, number)
        yield at(on + timedelta(days=20), 11)
        _tasks_done(session, town, meeting)
        last_on = on


def _convened(session: Session, town: Town, on: date) -> GeneralMeeting:
    now, chair = clock.now(), town.case_manager
    if general_declaration.declared(session, town.municipality.id, chair.id) is None:
        _sign(session, town, chair)
    meeting = general_calling.call(session, chair, now, municipality=town.municipality)
    when = GeneralWhen(on, time(10, 0), time(12, 0), town.rooms[0].id)
    general_calling.set_date(session, chair, now, meeting=meeting, when=when)
    return general_convening.convene(
        session, chair, now, municipality=town.municipality, general_id=meeting.id
    )


def _sign(session: Session, town: Town, person: Person) -> None:
    general_declaration.sign(
        session,
        person,
        clock.now(),
        municipality_id=town.municipality.id,
        text_version=1,
        language=person.language.split("_")[0],
        session_ref=None,
    )


def _answers(session: Session, town: Town, meeting: GeneralMeeting, *, declares: bool) -> None:
    """Some say whether they come; before the first meeting all but two sign the declaration."""
    invited = general_queries.invitees_of(session, meeting.id)
    people = {one.person_id: one.person for one in invited}
    for place, person in enumerate(list(people.values())[: len(people) - 2]):
        if declares and person.id != town.case_manager.id:
            _sign(session, town, person)
        if place >= ANSWERS:
            continue
        general_answering.answer(
            session,
            person,
            clock.now(),
            municipality_id=town.municipality.id,
            general_id=meeting.id,
            answer="yes",
        )


def _held(session: Session, town: Town, meeting: GeneralMeeting, on: date, number: int) -> None:
    chair, now, place = town.case_manager, clock.now(), town.municipality.id
    ids = {"municipality_id": place, "general_id": meeting.id}
    general_holding.start(session, chair, now, **ids)
    invited = general_queries.invitees_of(session, meeting.id)
    presence: dict[UUID, tuple[str, str, UUID | None]] = {
        one.id: ("absent_with_reason", "Në trajnim.", None)
        if position == number % len(invited) and one.person_id != chair.id
        else ("present", "", None)
        for position, one in enumerate(invited)
    }
    general_holding.note_attendance(session, chair, now, meeting=meeting, presence=presence)
    for item in general_queries.items_of(session, meeting.id):
        discussion, decision = TEXTS.get(item.kind, ("", ""))
        if discussion:
            general_holding.save_item(
                session, chair, now, meeting=meeting, item_id=item.id, version=item.version,
                discussion=discussion, decision=decision,
            )  # fmt: skip
    kind, text = TASKS[number % len(TASKS)]
    owner = next((one.person for one in invited if one.seat_kind == kind), chair)
    general_tasks.set_task(
        session, chair, now, meeting=meeting, owner_id=owner.id, text=text, due_on=on + timedelta(days=30)
    )
    recent = on > clock.civil_date(clock.real_now()) - timedelta(days=100)
    general_holding.approve_last_minutes(session, chair, now, meeting=meeting, asks_signatures=recent)
    general_holding.end(session, chair, now + timedelta(minutes=95), **ids)


def _tasks_done(session: Session, town: Town, meeting: GeneralMeeting) -> None:
    """All tasks are done in time but those of the last meeting, which are still open."""
    place = town.municipality.id
    for task in general_queries.tasks_of(session, place, meeting_id=meeting.id, open_only=True):
        general_tasks.tell_done(
            session,
            task.owner,
            clock.now(),
            municipality_id=place,
            task_id=task.id,
            outcome="U krye dhe u raportua te kryesuesja.",
        )
