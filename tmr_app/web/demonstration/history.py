"""Cases of last calendar year and this one: opened one after the other, met over months, most of them closed since."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tmr_app.meetings.models import Meeting
from tmr_app.web.demonstration import case_steps as cases
from tmr_app.web.demonstration import closing_steps, review_steps, sign_steps
from tmr_app.web.demonstration import meeting_steps as meetings
from tmr_app.web.demonstration import plan_steps as plans
from tmr_app.web.demonstration.case_steps import Bench
from tmr_app.web.demonstration.children import PAST, SHORT, ChildStory
from tmr_app.web.demonstration.timeline import Diary, Story, at
from tmr_app.web.demonstration.towns import Town, World

MEETINGS = 3
BETWEEN_DAYS = 32
SHORT_MEETINGS, SHORT_APART = 2, timedelta(days=31)
SIGNED_CASES, WAITING_CASE = (0, 1), 1
"""Past cases whose minutes were circulated, approved and signed; in the second the last member has not signed yet."""
LONGEST_OPEN = 125
"""Days after which a case of the past is closed; one with fewer meetings a month earlier each."""


def stories(session: Session, world: World, diary: Diary) -> Iterator[Story]:
    """Each town's past cases, spread evenly from January of last year to two months ago; the short ones of last year."""
    for key, children in PAST.items():
        town = world.towns[key]
        span = (diary.today - timedelta(days=60) - world.since) // len(children)
        for place, child in enumerate(children):
            opened_on = diary.working(world.since + timedelta(days=7) + place * span)
            yield past_case(session, world, town, child, diary, opened_on, place)
    for number, child in enumerate(SHORT):
        opened_on, place = diary.working(world.since + timedelta(days=12) + number * SHORT_APART), 20 + number
        yield past_case(
            session, world, world.towns["prishtine"], child, diary, opened_on, place, count=SHORT_MEETINGS
        )


def past_case(
    session: Session, world: World, town: Town, child: ChildStory, diary: Diary, opened_on: date, place: int,
    count: int = MEETINGS,
) -> Story:  # fmt: skip
    """Referral, assessment, Table, `count` meetings a month apart: the first, reviews, the closing one; the end."""
    yield at(opened_on, 9, place % 50)
    office = "second_case_manager" if place % 3 == 2 else "case_manager"
    bench = cases.open_case(session, world, town, child, office=office)
    yield at(diary.working(opened_on + timedelta(days=3)), 11, place % 50)
    cases.assess(bench)
    cases.compose(bench)
    yield at(diary.working(opened_on + timedelta(days=4)), 15, place % 50)
    cases.declare_all(bench)
    yield from _meetings(bench, diary, opened_on, place, count)
    open_days = LONGEST_OPEN - (MEETINGS - count) * BETWEEN_DAYS
    yield at(diary.working(opened_on + timedelta(days=open_days)), 12)
    closing_steps.close(bench)


def _meetings(bench: Bench, diary: Diary, opened_on: date, place: int, count: int) -> Story:
    on = diary.working(opened_on + timedelta(days=14))
    before: Meeting | None = None
    yield at(diary.working(opened_on + timedelta(days=5)), 9, place % 50)
    meeting = meetings.call(bench, "first")
    meetings.put_date(bench, meeting, on, 9 + place % 4)
    for number in range(count):
        late = place == 1 and number == 2
        call_on = diary.before(on, 8)
        yield at(call_on, 13, place % 50)
        if meeting.purpose == "closing":
            plans.tell(bench)
            closing_steps.recommend(bench)
            closing_steps.approve(bench)
        meetings.agree(bench, meeting)
        meetings.tell_family(bench, meeting)
        last = list(bench.seats)[-1] if (number + place) % 4 == 1 else ""
        missing = list(bench.seats)[-2] if (number + place) % 5 == 2 else ""
        yield at(call_on, 15, place % 50)
        if meeting.purpose == "review":
            review_steps.monitored(bench, meeting)
        if number:
            meetings.report(bench, meeting, [kind for kind in bench.seats if kind not in (last, missing)])
        if not late:
            yield at(diary.before(on, 7), 10, place % 50)
            meetings.convene(bench, meeting)
            yield from _answers(bench, meeting, diary, on, place)
        if number and last:
            yield at(on - timedelta(days=2), 17, place % 50)
            meetings.report(bench, meeting, [last])
        if late:
            yield at(diary.before(on, 1), 16, 5)
            meetings.convene(bench, meeting, late_reason="Menaxherja e rastit ishte në pushim mjekësor.")
        yield at(on, 9 + place % 4, 5)
        meetings.start(bench, meeting)
        absent = (list(bench.seats)[-1],) if (number * 4 + place) % 9 == 8 else ()
        meetings.discuss(bench, meeting, absent=absent, level="low" if number == 1 else "")
        if number == 0:
            plans.adopt(bench, meeting)
        if meeting.purpose == "review":
            review_steps.reviewed(bench, meeting)
            review_steps.changed(bench, meeting)
        following = diary.working(on + timedelta(days=BETWEEN_DAYS))
        if number + 1 < count:
            meetings.propose_next(bench, meeting, following, "closing" if number + 2 == count else "review")
        yield at(on, 10 + place % 4, 20)
        meetings.end(bench, meeting)
        if number == 0:
            cases.assess_together(bench)
        if meeting.purpose == "closing":
            closing_steps.decide(bench, meeting)
            closing_steps.sign(bench)
        if place in SIGNED_CASES:
            yield at(on, 13 + place % 4)
            sign_steps.after_meeting(bench, meeting, before, but_last=place == WAITING_CASE and number == 2)
            before = meeting
        if number + 1 < count:
            meeting, on = meetings.next_of(bench, meeting), following


def _answers(bench: Bench, meeting: Meeting, diary: Diary, on: date, place: int) -> Story:
    """Members open the pack and answer; the last one says nothing."""
    yield at(diary.before(on, 6), 14, place % 50)
    people = [bench.person_of(kind) for kind in bench.seats]
    meetings.read_pack(bench, meeting, people)
    for person in people[:-1]:
        meetings.answer(bench, meeting, person, "yes")
