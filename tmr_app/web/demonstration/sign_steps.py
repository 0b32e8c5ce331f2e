"""Minutes in the demonstration: circulated after each meeting, approved at the next one, signed, sealed."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tmr_app.kernel import clock
from tmr_app.meetings import minutes, minutes_course
from tmr_app.meetings.minutes_models import DRAFT, Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.signing import acts, queries, work
from tmr_app.signing.evidence import Trace
from tmr_app.signing.models import FrozenVersion
from tmr_app.web.demonstration.case_steps import Bench
from tmr_app.web.demonstration.timeline import Diary, Story, at

OBJECTION = {
    "sq": "Te masat shkruani: vizita bëhet çdo të enjte, jo çdo të martë.",
    "sr": "Kod mera navedite: poseta je svakog četvrtka, ne svakog utorka.",
    "en": "Under the measures write: the visit is every Thursday, not every Tuesday.",
}

REMINDED_DAYS = 35
"""A little more than the last reminder's 28 days: each document of this time gets all of its own."""


def after_meeting(bench: Bench, meeting: Meeting, before: Meeting | None, *, but_last: bool = False) -> None:
    """The minutes of the meeting before are approved and signed (`but_last`: one member has not yet); its own circulate."""
    if before is not None:
        approve_and_sign(bench, before, but_last=but_last)
    row = minutes.newest(bench.session, meeting.id)
    if row is not None and row.status == DRAFT:  # a closing meeting's were approved at its end
        circulate(bench, meeting)


def reminded(session: Session, diary: Diary) -> Story:
    """The worker's mornings of the last weeks: whoever has not signed was reminded long ago, not on the first day shown."""
    for on in sorted({diary.ago(number) for number in range(REMINDED_DAYS)}):
        yield at(on, 7)
        work.remind(session, clock.now())


def circulate(bench: Bench, meeting: Meeting) -> Minutes:
    bench.session.flush()
    return minutes_course.circulate(
        bench.session, bench.manager, clock.now(), meeting=meeting, case=bench.case
    )


def approve_and_sign(bench: Bench, meeting: Meeting, *, but_last: bool = False) -> None:
    """Approved by the decision of the meeting that has just ended; everybody with a place signs."""
    session, now = bench.session, clock.now()
    row = minutes.newest(session, meeting.id)
    if row is None or row.frozen_id is None:
        return
    minutes_course.approve(
        session, bench.manager, now, meeting=meeting, seen_version=row.version, how="meeting"
    )
    version = queries.find(session, row.frozen_id, case_id=bench.case.id)
    slots = queries.slots_of(session, version.id)
    for slot in slots[: len(slots) - but_last]:
        _sign(bench, version, session.get_one(Person, slot.person_id))


def _sign(bench: Bench, version: FrozenVersion, person: Person) -> None:
    acts.sign(
        bench.session,
        person,
        clock.now(),
        version_id=version.id,
        seen_sha256=version.pdf_sha256,
        seen_number=version.number,
        nonce=person.id.hex[:16],
        language=person.language.split("_")[0],
        trace=Trace(network="192.0.2.1", browser="demonstration"),
    )


def circulated_with_objection(bench: Bench) -> None:
    """The minutes of the last meeting held are circulated; one member asks for a correction."""
    bench.session.flush()
    meeting = bench.session.scalar(
        select(Meeting)
        .where(Meeting.case_id == bench.case.id, Meeting.status == "held")
        .order_by(Meeting.meeting_on.desc())
        .limit(1)
    )
    if meeting is not None:
        circulate(bench, meeting)
        object_to(bench, meeting, bench.person_of(next(iter(bench.seats))))


def object_to(bench: Bench, meeting: Meeting, person: Person) -> None:
    """A member asks for a correction; the chair has not answered yet."""
    row = minutes.newest(bench.session, meeting.id)
    if row is not None:
        minutes_course.object_to(
            bench.session,
            person,
            clock.now(),
            meeting=meeting,
            seen_version=row.version,
            text=OBJECTION.get(bench.story.language.split("_")[0], OBJECTION["sq"]),
        )


def seal(engine: Engine) -> int:
    """The sealed copies, under the demonstration's own key."""
    from tmr_app.signing import sealing

    return sealing.run(engine, worker="demonstration", demonstration=True)
