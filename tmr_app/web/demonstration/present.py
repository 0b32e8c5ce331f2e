"""The cases of Prishtinë that run today, one in each stage of the main job; days are counted from today."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tmr_app.cases import break_glass, taking_over
from tmr_app.kernel import clock
from tmr_app.meetings import calling, guests, preparing
from tmr_app.meetings.models import Meeting
from tmr_app.web.demonstration import case_steps as cases
from tmr_app.web.demonstration import guest_steps, monitor_steps, people, review_steps, sign_steps
from tmr_app.web.demonstration import meeting_steps as meetings
from tmr_app.web.demonstration import plan_steps as plans
from tmr_app.web.demonstration.case_steps import Bench
from tmr_app.web.demonstration.children import PRESENT
from tmr_app.web.demonstration.timeline import Diary, Story, at
from tmr_app.web.demonstration.towns import Town, World


class Stage:
    """Where the stories of one town play, and how each begins. `kept`: cases that are taken up again just now."""

    def __init__(self, session: Session, world: World, diary: Diary, town: Town) -> None:
        self.session = session
        self.world = world
        self.diary = diary
        self.town = town
        self.kept: dict[str, tuple[Bench, Meeting]] = {}

    def open(self, key: str, *, office: str = "case_manager", **more: object) -> Bench:
        return cases.open_case(
            self.session,
            self.world,
            self.town,
            PRESENT[key],
            office=office,
            **more,  # type: ignore[arg-type]
        )

    def table(self, bench: Bench, ago: int, undeclared: Sequence[str] = ()) -> Story:
        """Assessment and Table on one day, declarations on the next."""
        yield at(self.diary.ago(ago), 10)
        cases.assess(bench)
        cases.compose(bench)
        yield at(self.diary.ago(ago), 15)
        cases.declare_all(bench, but=undeclared)

    def called(self, bench: Bench, ago: int, on: date, hour: int = 10, purpose: str = "first") -> Meeting:
        """Right now: a meeting called for a day, the head asked."""
        meeting = meetings.call(bench, purpose)
        meetings.put_date(bench, meeting, on, hour)
        return meeting

    def ready(self, bench: Bench, meeting: Meeting) -> None:
        """Right now: the head agrees, the family is told."""
        meetings.agree(bench, meeting)
        meetings.tell_family(bench, meeting)

    def held(self, bench: Bench, on: date, *, next_on: date | None, absent: Sequence[str] = ()) -> Story:
        """A first meeting on `on`, from the call eight days before to its end."""
        yield at(self.diary.before(on, 9), 13)
        meeting = self.called(bench, 0, on)
        yield at(self.diary.before(on, 8), 9)
        self.ready(bench, meeting)
        yield at(self.diary.before(on, 7), 11)
        meetings.convene(bench, meeting)
        yield from self.hold(bench, meeting, on, next_on=next_on, absent=absent)

    def hold(
        self, bench: Bench, meeting: Meeting, on: date, *, next_on: date | None, absent: Sequence[str] = ()
    ) -> Story:
        yield at(self.diary.before(on, 5), 14)
        people = bench.sitting_people
        meetings.read_pack(bench, meeting, people)
        for person in people[:-1]:
            meetings.answer(bench, meeting, person, "yes")
        yield at(on, 10, 4)
        meetings.start(bench, meeting)
        meetings.discuss(bench, meeting, absent=absent)
        if meeting.purpose == "first":
            plans.adopt(bench, meeting)
        if meeting.purpose == "review":
            review_steps.reviewed(bench, meeting, course="same")
        if next_on is not None:
            meetings.propose_next(bench, meeting, next_on)
        yield at(on, 11, 25)
        meetings.end(bench, meeting)
        if meeting.purpose == "first":
            monitor_steps.before_assessment(bench)
            cases.assess_together(bench)
            monitor_steps.supervised(bench)
        self.kept[bench.story.name] = (
            bench,
            meetings.next_of(bench, meeting) if next_on is not None else meeting,
        )


def stories(stage: Stage) -> Iterator[Story]:
    yield from (
        _referred(stage),
        _undeclared(stage),
        _preparing(stage),
        _waiting(stage),
        _convened(stage),
        _today(stage),
        _held(stage),
        _asylum(stage),
        _suspect(stage),
        _siblings(stage),
        _paper(stage),
        _recusal(stage),
        _extraordinary(stage),
    )


def _referred(stage: Stage) -> Story:
    """Just referred: assessment, Table and meeting are owed."""
    yield at(stage.diary.ago(1), 10, 40)
    stage.open("referred")


def _undeclared(stage: Stage) -> Story:
    """The Table is composed; one member has not signed the declaration."""
    yield at(stage.diary.ago(9), 9, 10)
    bench = stage.open("undeclared")
    yield from stage.table(bench, 5, undeclared=["mental_health"])


def _preparing(stage: Stage) -> Story:
    """A first meeting in preparation: the date is agreed, the family not told yet."""
    yield at(stage.diary.ago(14), 9, 20)
    bench = stage.open("preparing")
    yield from stage.table(bench, 8)
    yield at(stage.diary.ago(3), 11, 10)
    meeting = stage.called(bench, 0, stage.diary.ahead(9))
    yield at(stage.diary.ago(1), 9, 30)
    meetings.agree(bench, meeting)


def _waiting(stage: Stage) -> Story:
    """The date waits for the head's agreement; everything else is ready."""
    yield at(stage.diary.ago(13), 9, 30)
    bench = stage.open("waiting")
    yield from stage.table(bench, 9)
    yield at(stage.diary.ago(2), 12, 10)
    meeting = stage.called(bench, 0, stage.diary.ahead(8), 13)
    meetings.tell_family(bench, meeting)


def _convened(stage: Stage) -> Story:
    """Convened, with mixed answers, a guest, a substitute proposed, and one address the mail server refused."""
    yield at(stage.diary.ago(24), 9, 40)
    bench = stage.open("convened")
    yield from stage.table(bench, 18)
    yield at(stage.diary.ago(10), 10, 10)
    meeting = stage.called(bench, 0, stage.diary.ahead(5))
    yield at(stage.diary.ago(7), 9, 15)
    stage.ready(bench, meeting)
    guest, institution = stage.world.guest, stage.world.guest_institution
    if guest is not None and institution is not None:
        guests.invite_guest(
            stage.session,
            bench.manager,
            clock.now(),
            meeting=meeting,
            case=bench.case,
            person_id=guest.id,
            institution_id=institution.id,
            reason="Logopedja e ndjek fëmijën prej një viti.",
        )
    yield at(stage.diary.ago(6), 10, 20)
    moved = bench.person_of("education_directorate")
    moved.email = people.address(moved.name, people.UNREACHABLE)  # an address that was noted down wrongly
    meetings.convene(bench, meeting)
    yield at(stage.diary.ago(2), 15, 30)
    _mixed_answers(stage, bench, meeting)


def _mixed_answers(stage: Stage, bench: Bench, meeting: Meeting) -> None:
    meetings.read_pack(bench, meeting, [bench.person_of("police"), bench.person_of("school")])
    meetings.answer(bench, meeting, bench.person_of("police"), "yes")
    meetings.answer(bench, meeting, bench.person_of("family_medicine"), "no", "Jam në trajnim atë ditë.")
    meetings.answer(
        bench,
        meeting,
        bench.person_of("school"),
        "substitute",
        substitute_id=stage.town.substitutes["school"].id,
    )


def _today(stage: Stage) -> Story:
    """A meeting on this very day (the next working day at a weekend): to be held by whoever tries."""
    yield at(stage.diary.ago(22), 9, 50)
    bench = stage.open("today")
    yield from stage.table(bench, 17)
    yield at(stage.diary.ago(10), 10, 30)
    meeting = stage.called(bench, 0, stage.diary.ahead(0), 10)
    yield at(stage.diary.ago(8), 9, 25)
    stage.ready(bench, meeting)
    yield at(stage.diary.ago(7), 10, 40)
    meetings.convene(bench, meeting)
    yield at(stage.diary.ago(4), 14, 10)
    for person in bench.sitting_people:
        meetings.answer(bench, meeting, person, "yes")
    meetings.read_pack(bench, meeting, bench.sitting_people)


def _held(stage: Stage) -> Story:
    """Held on the last working day, one member absent, no next date yet: draft minutes are there."""
    yield at(stage.diary.ago(26), 10, 5)
    bench = stage.open("held")
    yield from stage.table(bench, 20)
    yield from stage.held(bench, stage.diary.ago(1), next_on=None, absent=["education_directorate"])


def _asylum(stage: Stage) -> Story:
    """A child seeking asylum: representatives of A4.6, a teacher without account; the review is convened just now. One
    member was asked twice in vain: the letter to the superior is offered (A14.3.2).
    """
    yield at(stage.diary.ago(45), 9, 5)
    bench = stage.open("asylum")
    yield from stage.table(bench, 40)
    yield at(stage.diary.ago(39), 10, 15)
    guest_steps.seat_without_account(bench)
    guest_steps.family_signs(bench)
    yield from stage.held(bench, stage.diary.ago(27), next_on=stage.diary.ahead(6))
    yield at(stage.diary.ago(24), 9, 30)
    sign_steps.circulated_with_objection(bench)
    yield at(stage.diary.ago(12), 10, 5)
    plans.tell(bench, tuple(bench.seats)[:1])
    for days in (11, 9):
        yield at(stage.diary.ago(days), 8, 5)
        plans.ask(bench)
    yield at(stage.diary.ago(1), 13, 15)
    review = stage.kept[bench.story.name][1]
    meetings.report(bench, review, ["police", "asylum_centre", "mental_health"])
    guest_steps.report_by_link(bench, review)
    stage.ready(bench, review)


def _suspect(stage: Stage) -> Story:
    """A parent is the suspected perpetrator; the child is placed; two meetings held, the second with reports late."""
    diary = stage.diary
    yield at(diary.ago(62), 9, 15)
    bench = stage.open("suspect")
    yield from stage.table(bench, 57)
    second = diary.ago(9)
    yield from stage.held(bench, diary.ago(42), next_on=second)
    yield from _carried_out(stage, bench, diary.ago(42))
    review = stage.kept[bench.story.name][1]
    yield at(diary.before(second, 8), 10, 50)
    meetings.report(bench, review, ["police", "school", "mental_health"])
    stage.ready(bench, review)
    review_steps.monitored(bench, review)
    yield at(diary.before(second, 7), 10, 55)
    meetings.convene(bench, review)
    yield at(second - timedelta(days=2), 18, 5)
    meetings.report(bench, review, ["family_medicine"])
    yield from stage.hold(bench, review, second, next_on=diary.ahead(22))


def _carried_out(stage: Stage, bench: Bench, adopted_on: date) -> Story:
    """The first member is silent until the superior is written to; the second tells in time; the others are at it."""
    kinds, planned_on = tuple(bench.seats), adopted_on + timedelta(days=10)
    for days in (-1, 1):
        yield at(planned_on + timedelta(days=days), 8, 5)
        plans.ask(bench)
    yield at(planned_on + timedelta(days=5), 12, 5)
    plans.tell(bench, kinds[1:2])
    yield at(planned_on + timedelta(days=8), 9, 35)
    plans.write_letter(bench, kinds[0])
    plans.tell(bench, kinds[2:3], done=False)


def _siblings(stage: Stage) -> Story:
    """Brother and sister from one referral: linked cases, one family record, a Table each."""
    yield at(stage.diary.ago(33), 11, 5)
    elder = stage.open("elder", office="second_case_manager")
    younger = stage.open("younger", office="second_case_manager", sibling=elder)
    yield from stage.table(elder, 29)
    cases.assess(younger)
    cases.compose(younger)
    cases.declare_all(younger)
    yield from stage.held(elder, stage.diary.ago(15), next_on=stage.diary.ahead(17))
    yield at(stage.diary.ago(4), 12, 35)
    stage.called(younger, 0, stage.diary.ahead(17), 12)


def _paper(stage: Stage) -> Story:
    """Taken over from paper; a member has asked for a meeting (A8.4) that is not called yet."""
    diary = stage.diary
    yield at(diary.ago(50), 13, 5)
    taken_over_on = diary.ago(50)
    bench = stage.open("paper", office="second_case_manager", received_on=taken_over_on - timedelta(days=240))
    taking_over.take_over(
        stage.session,
        bench.manager,
        clock.now(),
        case=bench.case,
        data=taking_over.TakeOverData(
            taken_over_on=taken_over_on,
            last_meeting_on=taken_over_on - timedelta(days=30),
            last_review_on=taken_over_on - timedelta(days=30),
            plan_adopted_on=taken_over_on - timedelta(days=200),
            plan="Plani në letër: këshillim, përcjellje shkollore, vizita mujore.",
            minutes="Procesverbali i fundit gjendet në dosjen fizike nr. 3.",
        ),
    )
    yield from stage.table(bench, 46)
    yield at(diary.ago(2), 16, 10)
    calling.request_meeting(
        stage.session,
        bench.person_of("school"),
        clock.now(),
        case=bench.case,
        seat_id=bench.seats["school"].id,
        reason="Nxënësi mungon prej një jave dhe nuk përgjigjet.",
    )


def _recusal(stage: Stage) -> Story:
    """A member declared a conflict of interest: from that moment nothing of the case is open to them (A10.2)."""
    yield at(stage.diary.ago(19), 9, 35)
    bench = stage.open("recusal")
    yield from stage.table(bench, 13, undeclared=["ngo"])
    yield at(stage.diary.ago(9), 11, 45)
    cases.declare_person(bench, bench.person_of("ngo"), has_conflict=True, reason="Familja është e afërm.")
    yield at(stage.diary.ago(4), 13, 25)
    stage.called(bench, 0, stage.diary.ahead(11), 9)


def _extraordinary(stage: Stage) -> Story:
    """An extraordinary meeting (A14.5) held at short notice, without prior assessment (A8.8); opened by break-glass before."""
    diary = stage.diary
    yield at(diary.ago(8), 8, 30)
    bench = stage.open("extraordinary")
    cases.compose(bench, ("police", "victim_advocate", "school"))
    yield at(diary.ago(8), 9, 45)
    cases.declare_all(bench)
    yield at(diary.ago(7), 9, 50)
    stated = "Personi i dyshuar është kthyer në banesë; fëmija nuk ka ku të qëndrojë sonte."
    meeting = meetings.call(bench, "extraordinary", stated_risk=stated)
    on = diary.ago(6) if diary.ago(6) > diary.ago(7) else diary.working(diary.ago(7) + timedelta(days=1))
    meetings.put_date(bench, meeting, on, 12)
    stage.ready(bench, meeting)
    preparing.waive_papers(
        stage.session,
        bench.manager,
        clock.now(),
        meeting=meeting,
        case=bench.case,
        reason="Nuk pati kohë për vlerësim; informatat jepen në takim.",
    )
    yield at(diary.ago(7), 11, 5)
    meetings.convene(bench, meeting)
    yield at(on, 12, 3)
    meetings.start(bench, meeting)
    meetings.discuss(bench, meeting)
    meetings.give_information(bench, meeting, "Policia dhe shkolla i treguan Tryezës çfarë dihet deri tani.")
    yield at(on, 13, 20)
    meetings.end(bench, meeting)
    yield at(diary.ago(1), 20, 15)
    duty = stage.town.offices["second_case_manager"]
    reason = "Thirrje nga policia jashtë orarit; menaxherja e rastit nuk përgjigjej."
    break_glass.break_glass(stage.session, duty, clock.now(), case=bench.case, reason=reason)


def just_now(stage: Stage) -> None:
    """The review of the asylum seeker's case goes out at this instant: its mail is really sent."""
    bench, review = stage.kept[PRESENT["asylum"].name]
    meetings.convene(bench, review)
