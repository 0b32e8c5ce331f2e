"""The deeds of one case's people, each through the real operations, at the instant the clock is held at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from tmr_app.cases import assessing, conflicts, declaring, family, opening, seating
from tmr_app.cases.models import Assessment, Case, Finding, Relation
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock
from tmr_app.members.models import Person
from tmr_app.web.demonstration.children import ChildStory
from tmr_app.web.demonstration.towns import Town, World

SEAT_REASONS = {
    "police": "Dyshohet vepër penale; nevojitet koordinim me hetimet.",
    "victim_advocate": "Fëmija ka të drejtë në mbrojtje dhe ndihmë juridike.",
    "school": "Fëmija është në moshë shkollore; shkolla e ndjek përditë.",
    "education_directorate": "Nevojitet mbështetje në arsim.",
    "family_medicine": "Nevojitet kontroll mjekësor dhe përcjellje.",
    "mental_health": "Fëmija ka nevojë për mbështetje psikologjike.",
    "welfare_directorate": "Familja ka nevojë për ndihmë sociale.",
    "communities_office": "Familja i takon një komuniteti jo shumicë.",
    "shelter_or_foster": "Fëmija është vendosur jashtë familjes.",
    "ngo": "Organizata ofron ndihmë të drejtpërdrejtë familjes.",
    "probation_officer": "I mituri është në konflikt me ligjin.",
    "human_rights_office": "Dyshohet diskriminim.",
}
STATUS_REASON = "Fëmija ka status që e kërkon këtë përfaqësues (neni 4, paragrafi 6)."


@dataclass
class Bench:
    """One case with everybody at its Table; keys stay unlocked for the whole filling."""

    session: Session
    world: World
    town: Town
    story: ChildStory
    manager: Person
    case: Case
    relations: list[Relation] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)

    @property
    def carers(self) -> list[Relation]:
        """Who is told of meetings: child apart, those with parental care and without a mark (A4.5, A8.10)."""
        return [one for one in self.relations if one.has_parental_care and not one.is_suspected_perpetrator]

    def person_of(self, kind: str) -> Person:
        return self.world.country.get(kind) or self.town.members[kind]

    @property
    def sitting_people(self) -> list[Person]:
        return [seat.person for seat in self.seats.values() if seat.is_live]


def open_case(
    session: Session,
    world: World,
    town: Town,
    story: ChildStory,
    *,
    office: str = "case_manager",
    received_on: date | None = None,
    sibling: Bench | None = None,
) -> Bench:
    """The referral becomes a case; the people around the child are recorded."""
    now, manager = clock.now(), town.offices[office]
    today = clock.civil_date(now)
    case = opening.open_case(
        session,
        manager,
        now,
        qps_id=town.qps.id,
        referral=opening.ReferralData(
            received_on or today,
            story.theme.source,
            story.theme.facts,
            reporter=story.reporter,
            services_before=story.before,
        ),
        child=opening.ChildData(
            name=story.name,
            birth_on=date(today.year - story.age, *story.birthday),
            gender=story.gender,
            birth_place=story.birth_place,
            residence=story.residence,
            ethnicity=story.ethnicity,
            school=story.school,
            health=story.health,
        ),
        risks=dict.fromkeys(story.theme.risks, ""),
        flags=frozenset(story.flags),
        risk_level=story.level,
        language=story.language,
        sibling=sibling.case if sibling else None,
    )
    bench = Bench(session, world, town, story, manager, case)
    for relative in story.relatives:
        bench.relations.append(
            family.add_relative(
                session, manager, now, case=case, relative=family.RelativeData(**relative._asdict())
            )
        )
    return bench


def assess(bench: Bench) -> None:
    """The case manager's initial assessment and initial plan (A6.1.5, A8.7)."""
    session, now, story = bench.session, clock.now(), bench.story
    serbian = story.language.startswith("sr")
    source = "poseta porodici, razgovor sa detetom" if serbian else "vizitë në familje, bisedë me fëmijën"
    findings = [
        assessing.FindingData(key, text, story.level, source)
        for key, text in zip(assessing.FIVE, story.theme.findings, strict=True)
    ]
    data = assessing.AssessmentData(story.theme.summary, story.theme.best_interest, story.level, findings)
    assessing.save_assessment(
        session, bench.manager, now, case=bench.case, data=data, revision=0, complete=True
    )
    plan = assessing.PlanData(story.theme.goal, story.theme.services, story.theme.measures)
    assessing.save_initial_plan(session, bench.manager, now, case=bench.case, data=plan, version=0)


def assess_together(bench: Bench) -> None:
    """The Table's comprehensive assessment (A12.2), as its first meeting completed it."""
    session, now, story = bench.session, clock.now(), bench.story
    whole = Assessment(
        case_id=bench.case.id,
        kind="comprehensive",
        version=1,
        risk_level=bench.case.risk_level or story.level,
        made_on=clock.civil_date(now),
        made_by_id=bench.manager.id,
        completed_at=now,
        created_at=now,
        summary=story.theme.summary,
        best_interest=story.theme.best_interest,
    )
    session.add(whole)
    session.flush()
    for place, (key, text) in enumerate(zip(assessing.FIVE, story.theme.findings, strict=True), 1):
        session.add(
            Finding(
                case_id=bench.case.id,
                assessment_id=whole.id,
                position=place,
                indicator=key,
                level=story.level,
                findings=text,
                source="takimi i Tryezës"
                if not story.language.startswith("sr")
                else "sastanak okruglog stola",
            )
        )


def compose(bench: Bench, kinds: Sequence[str] | None = None) -> None:
    """Seat the members the story names, each with the reason it was chosen (A4.3)."""
    bench.session.flush()
    for kind in kinds or bench.story.members:
        bench.seats[kind] = seat = seating.seat_member(
            bench.session,
            bench.manager,
            clock.now(),
            case=bench.case,
            kind=kind,
            person_id=bench.person_of(kind).id,
            reason=SEAT_REASONS.get(kind, STATUS_REASON),
            same_name_checked=True,
        )
        seat.person = bench.person_of(kind)
    bench.session.flush()


def declare(bench: Bench, kinds: Sequence[str]) -> None:
    """These members sign the declaration and answer the conflict question with no (A18.2, A10.2)."""
    for kind in kinds:
        declare_person(bench, bench.person_of(kind))


def declare_all(bench: Bench, *, but: Sequence[str] = ()) -> None:
    """The chair and every member but these."""
    declare_person(bench, bench.manager)
    declare(bench, [kind for kind in bench.seats if kind not in but])


def declare_person(bench: Bench, person: Person, *, has_conflict: bool = False, reason: str = "") -> None:
    session, now = bench.session, clock.now()
    text = declaring.newest_text(session)
    if text is None:
        raise LookupError("no declaration text")
    declaring.sign_declaration(
        session,
        person,
        now,
        case=bench.case,
        text_version=text.version,
        language="sr" if person.language.startswith("sr") else person.language[:2],
        session_ref=None,
    )
    conflicts.answer_conflict(session, person, now, case=bench.case, has_conflict=has_conflict, reason=reason)
