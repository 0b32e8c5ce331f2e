"""Annual reports of both municipalities: last year's sent and received, this year's begun, the Ministry's request (A5.1.6)."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tmr_app.kernel import clock
from tmr_app.oversight import annual_release, annual_reports, annual_requests
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.oversight.annual_reports import Adoption
from tmr_app.web.demonstration.timeline import Diary, Story, at
from tmr_app.web.demonstration.towns import Town, World

TEXTS = {
    "situation": (
        "Gjatë vitit Tryeza vërejti më shumë sinjale për braktisje të shkollës në vendbanimet larg qendrës dhe për punë të "
        "fëmijëve gjatë sezonit. Bashkëpunimi me shkollat dhe policinë u forcua."
    ),
    "work": (
        "Tryeza u mblodh për secilin rast brenda afateve të Rregullores, i miratoi planet e unifikuara dhe i rishikoi çdo muaj. "
        "Takimet e përgjithshme u mbajtën çdo tre muaj."
    ),
    "obstacles": (
        "Mungojnë shërbimet psikologjike për fëmijë. Përfaqësuesit e disa institucioneve ndërrohen shpesh dhe raportet me "
        "shkrim vonohen."
    ),
    "needs": "Një psikolog i përhershëm pranë Qendrës, transport për familjet dhe trajnim i përbashkët për anëtarët.",
    "proposals": (
        "Komunës i propozohet ta financojë qendrën ditore dhe transportin e fëmijëve në shërbime nga buxheti i vitit të "
        "ardhshëm."
    ),
}
TEXTS_SR = {
    "situation": "Sto je pratio stanje dece u opštini; slučajeva je bilo malo, pa se prikazuju samo zbirovi.",
    "work": "Sto se sastajao u rokovima Uredbe; opšti sastanci su držani svaka tri meseca.",
    "needs": "Psiholog jednom nedeljno i prevoz za porodice iz udaljenih sela.",
}


def stories(session: Session, world: World, diary: Diary) -> Iterator[Story]:
    """Prishtinë goes the whole way; Novobërdë, with few cases, waits for its officer's receipt."""
    yield _year(session, world, world.towns["prishtine"], diary, TEXTS, received=True)
    yield _year(session, world, world.towns["novoberde"], diary, TEXTS_SR, received=False)
    yield _draft(session, world.towns["prishtine"], diary)


def _year(
    session: Session, world: World, town: Town, diary: Diary, texts: dict[str, str], *, received: bool
) -> Story:
    """Last year's report in February and March of this year."""
    year, this = world.since.year, world.since.year + 1
    yield at(diary.working(date(this, 2, 9)), 9, 30)
    if not annual_release.has_data(session, town.municipality.id, year, clock.now()):
        return
    report = _begun(session, town, year, texts)
    yield at(diary.working(date(this, 2, 24)), 14)
    annual_reports.adopt(
        session,
        town.case_manager,
        clock.now(),
        report=report,
        adoption=Adoption(clock.civil_today(), names_checked=True),
    )
    yield at(diary.working(date(this, 2, 25)), 10)
    annual_reports.submit(session, town.case_manager, clock.now(), report=report)
    if not received:
        return
    officer = town.offices["municipality_officer"]
    yield at(diary.working(date(this, 3, 3)), 11)
    annual_reports.acknowledge(session, officer, clock.now(), report=report)
    yield at(diary.working(date(this, 3, 10)), 9)
    annual_reports.publish(session, town.case_manager, clock.now(), report=report)
    yield at(diary.working(date(this, 4, 14)), 9, 40)
    asked = annual_requests.ask(
        session,
        world.installation["ministry_reader"],
        clock.now(),
        municipality=town.municipality,
        body="ministry",
        year=year,
    )
    yield at(diary.working(date(this, 4, 20)), 15)
    annual_requests.answer(session, town.case_manager, clock.now(), request=asked)


def _begun(session: Session, town: Town, year: int, texts: dict[str, str]) -> AnnualReport:
    report = annual_reports.compile_draft(
        session, town.case_manager, clock.now(), municipality=town.municipality, year=year
    )
    for key, text in texts.items():
        annual_reports.write_section(
            session, town.case_manager, clock.now(), report=report, key=key, version=1, text=text
        )
    return report


def _draft(session: Session, town: Town, diary: Diary) -> Story:
    """This year's report, begun last week."""
    yield at(diary.working(diary.today - timedelta(days=6)), 10, 20)
    year = clock.civil_today().year
    if annual_release.has_data(session, town.municipality.id, year, clock.now()):
        _begun(session, town, year, {"obstacles": TEXTS["obstacles"]})
