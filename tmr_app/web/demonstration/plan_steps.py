"""The unified plan of a demonstration case: drafted, put before the members, adopted in its meeting, carried out or not."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tmr_app.kernel import clock
from tmr_app.meetings.models import Meeting
from tmr_app.plans import adopting, commenting, drafting, editing, queries, requesting, superiors, updating
from tmr_app.plans.editing import ActionData
from tmr_app.plans.models import Action, Objective
from tmr_app.web.demonstration.case_steps import Bench

PLANNED_DAYS = (10, 17, 24, 31, 45)
"""How many days after the adoption each action is planned, in the order of the seats."""


@dataclass(frozen=True, slots=True)
class PlanWords:
    """Texts of one language. `actions`: (measure, service) by kind of seat."""

    goal: str
    aim: str
    objective: str
    later: str
    need: str
    actions: dict[str, tuple[str, str]]
    otherwise: tuple[str, str]
    done: str
    going_on: str
    comment: str
    reason: str


ALBANIAN = PlanWords(
    goal="Deri në fund të muajit fëmija jeton i sigurt në shtëpi dhe e vijon mësimin çdo ditë; Tryeza e sheh në raportet "
    "e shkollës dhe të policisë.",
    aim="Fëmija është i sigurt, faktorët e rrezikut janë zvogëluar, familja është përfshirë dhe përkrahur.",
    objective="Fëmija është i sigurt dhe nuk ka incidente të reja.",
    later="Fëmija e vijon mësimin dhe e ndien veten mirë mes moshatarëve.",
    need="Siguria dhe mbështetja e përditshme",
    actions={
        "police": ("Kontroll i banesës dy herë në javë dhe vlerësim i rrezikut", "Mbrojtje fizike"),
        "victim_advocate": ("Përfaqësim dhe informim për të drejtat", "Ndihmë juridike"),
        "school": ("Takim javor me pedagogen dhe përcjellje e vijimit", "Mbështetje në shkollë"),
        "education_directorate": ("Sigurimi i mësimit plotësues", "Mësim plotësues"),
        "family_medicine": ("Kontroll mjekësor i plotë dhe vaksinim", "Kujdes parësor shëndetësor"),
        "mental_health": ("Seanca psikologjike një herë në javë", "Mbështetje psikologjike"),
        "ngo": ("Pako ushqimore dhe orë mësimi shtesë", "Ndihmë materiale"),
    },
    otherwise=("Përcjellje e rastit brenda mandatit të institucionit", "Këshillim"),
    done="U krye sipas planit; familja bashkëpunoi.",
    going_on="Filloi; takimi i ardhshëm është caktuar për javën tjetër.",
    comment="Propozoj që takimi me shkollën të mbahet të hënën, kur vjen edhe nëna.",
    reason="Anëtari ishte në pushim mjekësor; e zëvendësoi kolegu.",
)
SERBIAN = PlanWords(
    goal="Do kraja meseca dete bezbedno živi kod kuće i svaki dan pohađa nastavu; Sto to vidi iz izveštaja škole i policije.",
    aim="Dete je bezbedno, faktori rizika su smanjeni, porodica je uključena i podržana.",
    objective="Dete je bezbedno i nema novih incidenata.",
    later="Dete pohađa nastavu i dobro se oseća među vršnjacima.",
    need="Bezbednost i svakodnevna podrška",
    actions={
        "police": ("Obilazak stana dvaput nedeljno i procena rizika", "Fizička zaštita"),
        "victim_advocate": ("Zastupanje i obaveštavanje o pravima", "Pravna pomoć"),
        "school": ("Nedeljni razgovor sa pedagogom i praćenje pohađanja", "Podrška u školi"),
        "education_directorate": ("Obezbeđivanje dopunske nastave", "Dopunska nastava"),
        "family_medicine": ("Potpun lekarski pregled i vakcinacija", "Primarna zdravstvena zaštita"),
        "mental_health": ("Psihološki razgovori jednom nedeljno", "Psihološka podrška"),
        "ngo": ("Paketi hrane i dodatni časovi", "Materijalna pomoć"),
    },
    otherwise=("Praćenje slučaja u okviru mandata institucije", "Savetovanje"),
    done="Izvršeno po planu; porodica je sarađivala.",
    going_on="Započeto; sledeći susret je zakazan za narednu nedelju.",
    comment="Predlažem da razgovor u školi bude ponedeljkom, kada dolazi i majka.",
    reason="Član je bio na bolovanju; zamenio ga je kolega.",
)


def words_of(bench: Bench) -> PlanWords:
    return SERBIAN if bench.story.language.startswith("sr") else ALBANIAN


def adopt(bench: Bench, meeting: Meeting) -> None:
    """In the running first meeting: the draft written, put before the members, adopted and sent."""
    session, now, manager, case = bench.session, clock.now(), bench.manager, bench.case
    say, today = words_of(bench), clock.civil_today()
    draft = drafting.begin(session, manager, now, case=case)
    texts = {"goal": say.goal, "aim": say.aim, "best_interest": draft.best_interest, "changes": ""}
    editing.save_texts(
        session, manager, now, case=case, revision=draft.revision, texts=texts, review_days=None
    )
    first = session.scalars(select(Objective).where(Objective.version_id == draft.id)).one()
    editing.save_objective(
        session, manager, now, case=case, objective_id=first.id, revision=1, text=say.objective, term="short"
    )
    for old in session.scalars(select(Action).where(Action.version_id == draft.id)):
        editing.remove_action(session, manager, now, case=case, action_id=old.id, revision=old.revision)
    later = editing.add_objective(session, manager, now, case=case, text=say.later, term="medium")
    kinds = [kind for kind, seat in bench.seats.items() if seat.is_live][: len(PLANNED_DAYS)]
    for place, kind in enumerate(kinds):
        objective = first if place < 2 else later
        editing.add_action(
            session, manager, now, case=case, objective_id=objective.id, data=_data(bench, kind, place, today)
        )
    drafting.ask_comments(session, manager, now, case=case)
    if kinds:
        seat = bench.seats[kinds[-1]]
        commenting.say(
            session, seat.person, now, case=case, seat_id=seat.id, kind="proposal", text=say.comment
        )
    session.flush()
    seen = adopting.count_revisions(session, draft)
    adopting.adopt(session, manager, now, case=case, meeting_id=meeting.id, revisions=seen)


def _data(bench: Bench, kind: str, place: int, today: date) -> ActionData:
    say, seat = words_of(bench), bench.seats[kind]
    measure, service = say.actions.get(kind, say.otherwise)
    on = today + timedelta(days=PLANNED_DAYS[place])
    return ActionData(
        measure=measure,
        service=service,
        serves=say.need,
        risk=bench.story.theme.risks[0] if bench.story.theme.risks else None,
        seat_id=seat.id,
        institution_ids=(seat.institution_id,) if seat.institution_id else (),
        planned_on=on,
        review_on=on,
        for_family=kind == "ngo",
    )


def ask(bench: Bench) -> None:
    """The worker's round of that day, over all cases."""
    bench.session.flush()
    requesting.ask(bench.session, clock.now())


def tell(bench: Bench, kinds: tuple[str, ...] | None = None, *, done: bool = True) -> None:
    """These members (or all of the plan) tell what became of their actions."""
    say = words_of(bench)
    for one in queries.actions_of(bench.session, bench.case.id):
        if one.seat is None or (kinds is not None and one.seat.kind not in kinds):
            continue
        updating.update(
            bench.session,
            one.seat.person,
            clock.now(),
            case=bench.case,
            action_key=one.key,
            status="done" if done else "in_process",
            note=say.done if done else say.going_on,
            seat_id=one.seat.id,
        )


def write_letter(bench: Bench, kind: str) -> None:
    """A letter on paper about a member who did not answer (A14.3.2); nothing when nothing is offered."""
    for offer in superiors.offers(bench.session, bench.case, clock.now()):
        if offer.seat.kind == kind:
            superiors.write_letter(
                bench.session,
                bench.manager,
                clock.now(),
                case=bench.case,
                seat_id=offer.seat.id,
                way="paper",
                language=bench.story.language[:2],
                answer_by_on=superiors.answer_until(clock.now()),
                once=f"demonstration-{offer.seat.id.hex}",
            )
