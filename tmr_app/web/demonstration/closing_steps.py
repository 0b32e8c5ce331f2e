"""Cases of the demonstration on their way to the end: recommended, heard, approved, decided, signed, closed, offered."""

from collections.abc import Generator, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from tmr_app.closures import approving, closing_form, deciding, ending, hearing, recommending, transferring
from tmr_app.closures.hearing import Opinion
from tmr_app.closures.recommending import Recommendation
from tmr_app.kernel import clock
from tmr_app.meetings import minutes_course
from tmr_app.meetings.minutes_models import AT_ITS_END
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.signing import acts, queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.models import FrozenVersion
from tmr_app.web.demonstration import meeting_steps as meetings
from tmr_app.web.demonstration import words
from tmr_app.web.demonstration.case_steps import Bench
from tmr_app.web.demonstration.present import Stage
from tmr_app.web.demonstration.timeline import Story, at

SAID = {
    "sq": {
        "assessment": "Masat e dakorduara u zbatuan; familja bashkëpunon dhe fëmija vijon shkollën rregullisht.",
        "best_interest": "Fëmija jeton i sigurt në familje; vazhdimi i ndërhyrjes nuk i sjell më dobi.",
        "services": "Këshillim familjar, mbështetje psikologjike, orë mësimi shtesë.",
        "undone": "Veprimet e mbetura i vazhdon shkolla në punën e saj të rregullt.",
        "move": "Familja është shpërngulur; fëmija ka nevojë për vazhdimin e shërbimeve në komunën e re.",
        "approval": "E lexova procesverbalin; u miratua pa vërejtje në fund të takimit.",
    },
    "sr": {
        "assessment": "Dogovorene mere su sprovedene; porodica sarađuje i dete redovno ide u školu.",
        "best_interest": "Dete bezbedno živi u porodici; nastavak rada mu više ne donosi korist.",
        "services": "Porodično savetovanje, psihološka podrška, dopunska nastava.",
        "undone": "Preostale radnje nastavlja škola u svom redovnom radu.",
        "move": "Porodica se preselila; detetu je potreban nastavak usluga u novoj opštini.",
        "approval": "Zapisnik je pročitan; usvojen je bez primedbi na kraju sastanka.",
    },
}


def said(bench: Bench, key: str) -> str:
    return SAID["sr" if bench.story.language.startswith("sr") else "sq"][key]


def recommend(bench: Bench, ground: str = "out_of_danger", **more: object) -> None:
    """The case manager's assessment and recommendation, then the opinions (A17.1, A17.2)."""
    session, now, say = bench.session, clock.now(), words.of(bench.story.language)
    session.flush()
    of_ground: dict[str, object] = {
        "out_of_danger": {"out_of_danger": True, "no_risk": True, "undone": said(bench, "undone")},
    }.get(ground, {})
    texts = {key: said(bench, key) for key in ("assessment", "best_interest", "services")}
    data = Recommendation(ground=ground, **texts, **of_ground, **more)  # type: ignore[arg-type]
    recommending.recommend(session, bench.manager, now, case=bench.case, data=data)
    session.flush()
    for relation_id, view in [(None, say.child_views), *((one.id, say.carer_views) for one in bench.carers)]:
        opinion = Opinion(clock.civil_date(now), "in_person", view)
        hearing.record_opinion(
            session, bench.manager, now, case=bench.case, relation_id=relation_id, data=opinion
        )
    if not bench.carers:
        hearing.give_no_parent_reason(session, bench.manager, now, case=bench.case, reason=say.no_carer)
    session.flush()


def approve(bench: Bench) -> None:
    """The head of services approves beforehand (A17.3)."""
    approving.decide(bench.session, bench.town.head, clock.now(), case=bench.case, accepted=True, version=1)
    bench.session.flush()


def decide(bench: Bench, meeting: Meeting) -> None:
    """The Table's decision, the minutes approved at the meeting's end, the form made (A5.2, A10.1, A17.5)."""
    session, now = bench.session, clock.now()
    deciding.decide(session, bench.manager, now, case=bench.case, closes=True)
    row = minutes_course.circulate(session, bench.manager, now, meeting=meeting, case=bench.case)
    minutes_course.approve(
        session,
        bench.manager,
        now,
        meeting=meeting,
        seen_version=row.version,
        how=AT_ITS_END,
        note=said(bench, "approval"),
    )
    session.flush()
    closing_form.make(session, bench.manager, now, case=bench.case)
    session.flush()


def sign(bench: Bench, *, but: int = 0) -> None:
    """Minutes and form of the closing meeting, signed by everyone, or by all but the last so many."""
    session = bench.session
    versions = [
        one
        for one in session.query(FrozenVersion).filter_by(case_id=bench.case.id)
        if one.is_open and one.kind in ("minutes", "closing_form")
    ]
    for version in versions:
        slots = queries.slots_of(session, version.id)
        for slot in slots[: len(slots) - but]:
            acts.sign(
                session,
                session.get_one(Person, slot.person_id),
                clock.now(),
                version_id=version.id,
                seen_sha256=version.pdf_sha256,
                seen_number=version.number,
                nonce=uuid4().hex[:16],
                language=bench.story.language,
                trace=Trace(session_ref="demo", request_id="demo", network="127.0.0.0/24", browser="demo"),
            )
    session.flush()


def close(bench: Bench) -> None:
    """Everybody has signed: the case is closed."""
    ending.close(bench.session, bench.manager, clock.now(), case=bench.case)
    bench.session.flush()


def stories(stage: Stage) -> Iterator[Story]:
    """Prishtinë: one waits for the head, one for a signature, one is offered to Novobërdë."""
    yield from (_waiting(stage), _signing(stage), _moving(stage))


def _waiting(stage: Stage) -> Story:
    """Recommended and heard: the head's approval is owed."""
    bench = yield from _held_once(stage, "closing_waiting", 70)
    yield at(stage.diary.ago(2), 9, 35)
    recommend(bench)


def _signing(stage: Stage) -> Story:
    """The Table has decided; one member has not signed."""
    bench = yield from _held_once(stage, "closing_signing", 80)
    yield from _closing_meeting(stage, bench, stage.diary.ago(4))
    yield at(stage.diary.ago(3), 14, 5)
    sign(bench, but=1)


def _moving(stage: Stage) -> Story:
    """Moved within the state: offered to the Centre of Novobërdë, which has not answered."""
    bench = yield from _held_once(stage, "closing_moving", 90)
    to = stage.world.towns["novoberde"]
    yield from _closing_meeting(stage, bench, stage.diary.ago(6), "moved_within", to_qps_id=to.qps.id)
    yield at(stage.diary.ago(2), 11, 45)
    sign(bench)
    transferring.offer(bench.session, bench.manager, clock.now(), case=bench.case, reason=said(bench, "move"))
    bench.session.flush()


def _held_once(stage: Stage, key: str, ago: int) -> Generator[Any, None, Bench]:
    """Opened, assessed, seated, its first meeting held. Returns its bench."""
    yield at(stage.diary.ago(ago), 9, 15)
    bench = stage.open(key)
    yield from stage.table(bench, ago - 4)
    yield from stage.held(bench, stage.diary.ago(ago - 20), next_on=None)
    return bench


def _closing_meeting(
    stage: Stage, bench: Bench, on: date, ground: str = "out_of_danger", **more: object
) -> Story:
    """Recommended, approved, and the closing meeting held on its day."""
    yield at(stage.diary.before(on, 12), 9, 40)
    recommend(bench, ground, **more)
    yield at(stage.diary.before(on, 11), 10, 10)
    approve(bench)
    yield at(stage.diary.before(on, 10), 9, 5)
    meeting = meetings.call(bench, "closing")
    meetings.put_date(bench, meeting, on)
    yield at(stage.diary.before(on, 9), 9, 25)
    stage.ready(bench, meeting)
    yield at(stage.diary.before(on, 8), 10, 55)
    meetings.convene(bench, meeting)
    yield at(on, 10, 4)
    meetings.start(bench, meeting)
    meetings.discuss(bench, meeting, level="low")
    yield at(on, 11, 30)
    meetings.end(bench, meeting)
    decide(bench, meeting)
