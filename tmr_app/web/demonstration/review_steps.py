"""Reviews of the plan in the demonstration: what monitoring found, put before the Table; the review it made (A14.3.4, A15)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tmr_app.kernel import clock
from tmr_app.meetings.models import Meeting
from tmr_app.plans import adopting, drafting, editing, queries, reviewing
from tmr_app.plans.reviewing import ItemData, ReviewData
from tmr_app.web.demonstration.case_steps import Bench

MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ReviewWords:
    """One language of a review."""

    monitoring: str
    done: str
    going_on: str
    notes: str
    well_being: str
    changes: str
    less_often: str


ALBANIAN = ReviewWords(
    monitoring=(
        "U bënë dy vizita në familje dhe një bisedë me shkollën. Dy masa janë kryer me kohë; këshillimi psikologjik filloi "
        "me vonesë, sepse mungonte psikologia."
    ),
    done="Masa u krye sipas planit; familja bashkëpunoi.",
    going_on="Masa vazhdon; deri tani u mbajtën tri takime.",
    notes="Të vazhdojë edhe një muaj.",
    well_being="Fëmija vijon shkollën çdo ditë, ka fituar në peshë dhe thotë se në shtëpi ndihet i qetë.",
    changes="Masat që vazhdojnë zbatohen një herë në dy javë; afatet e tyre zgjaten për një muaj.",
    less_often="Një herë në dy javë.",
)
SERBIAN = ReviewWords(
    monitoring=(
        "Obavljene su dve posete porodici i jedan razgovor sa školom. Dve mere su izvršene na vreme; psihološki razgovori "
        "počeli su kasnije jer nije bilo psihologa."
    ),
    done="Mera je izvršena po planu; porodica je sarađivala.",
    going_on="Mera se nastavlja; do sada su održana tri susreta.",
    notes="Nastaviti još mesec dana.",
    well_being="Dete svakog dana ide u školu, napreduje i kaže da se kod kuće oseća mirno.",
    changes="Mere koje se nastavljaju sprovode se jednom u dve nedelje; njihovi rokovi se produžavaju za mesec dana.",
    less_often="Jednom u dve nedelje.",
)


def words_of(bench: Bench) -> ReviewWords:
    return SERBIAN if bench.story.language.startswith("sr") else ALBANIAN


def monitored(bench: Bench, meeting: Meeting) -> None:
    """The case manager's findings go with the pack of the meeting that reviews."""
    bench.session.flush()
    reviewing.write_monitoring(
        bench.session,
        bench.manager,
        clock.now(),
        case=bench.case,
        meeting_id=meeting.id,
        text=words_of(bench).monitoring,
        revision=0,
    )


def reviewed(bench: Bench, meeting: Meeting, *, course: str = "better") -> None:
    """In the running meeting: progress of each action, the finding on the child; the next version stands open (A15.3)."""
    session, say = bench.session, words_of(bench)
    session.flush()
    before = reviewing.find(session, bench.case.id, meeting.id)
    items = {
        one.key: ItemData(one.status, say.done if one.status == "done" else say.going_on, say.notes)
        for one in queries.actions_of(session, bench.case.id)
    }
    reviewing.save(
        session,
        bench.manager,
        clock.now(),
        case=bench.case,
        meeting_id=meeting.id,
        data=ReviewData(items, say.well_being, course),
        revision=before.revision if before else 0,
        held_on=clock.civil_today(),
    )


def changed(bench: Bench, meeting: Meeting) -> None:
    """The next version, adopted in the same meeting: two versions to compare."""
    session, now, manager, case = bench.session, clock.now(), bench.manager, bench.case
    draft = queries.draft_of(session, case.id)
    if draft is None:
        return
    texts = {"goal": draft.goal, "aim": draft.aim, "best_interest": draft.best_interest}
    editing.save_texts(
        session, manager, now, case=case, revision=draft.revision,
        texts=texts | {"changes": words_of(bench).changes}, review_days=draft.review_days,
    )  # fmt: skip
    for one in queries.actions_of(session, case.id, draft):
        if one.status != "done" and one.row.planned_on is not None:
            later = one.row.planned_on + MONTH
            data = replace(
                editing.stored(session, one.row),
                planned_on=later, review_on=later, notes=words_of(bench).less_often,
            )  # fmt: skip
            editing.save_action(
                session, manager, now, case=case, action_id=one.row.id, revision=one.row.revision, data=data
            )
    drafting.ask_comments(session, manager, now, case=case)
    session.flush()
    seen = adopting.count_revisions(session, draft)
    adopting.adopt(session, manager, now, case=case, meeting_id=meeting.id, revisions=seen)
