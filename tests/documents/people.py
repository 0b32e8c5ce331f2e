"""Invented people, a meeting and a plan that the samples share."""

from __future__ import annotations

from datetime import date

from tmr_app.documents.values import (
    ActionValues,
    ChildValues,
    MeetingValues,
    ObjectiveValues,
    OfficeValues,
    ParticipantValues,
    PersonValues,
    SignerValues,
    ViewValues,
)

OFFICE = OfficeValues(
    name="Qendra për Punë Sociale – Prishtinë",
    municipality="prishtine",
    address="Rr. e Paqes 12, 10000 Prishtinë",
    phone="+383 38 000 000",
    mail="qps@prishtina.example",
)
MANAGER = PersonValues(name="Arta Gashi", function="Menaxhere e rastit", institution=OFFICE.name)
HEAD = PersonValues(name="Bujar Krasniqi", function="Udhëheqës i shërbimeve sociale", institution=OFFICE.name)
POLICE = PersonValues(
    name="Driton Berisha", function="Hetues për të mitur", institution="Policia e Kosovës, Stacioni Qendër"
)
SCHOOL = PersonValues(
    name="Milica Đorđević", function="Psihološkinja", institution="SHFMU “Shembulli”, Prishtinë"
)
DOCTOR = PersonValues(name="Çlirim Hoxha", function="Mjek specialist", institution="QMF Prishtinë")
PEOPLE = (MANAGER, POLICE, SCHOOL, DOCTOR)
CHILD = ChildValues(
    full_name="Ëndrra Shembulli",
    born_on=date(2014, 5, 31),
    gender="vajzë",
    ethnicity="shqiptare",
    birthplace="Prishtinë",
    residence="Rr. e Trëndafilave 3, Prishtinë",
    health="Astmë e lehtë, nën kontroll",
    disability="nuk ka",
    other="Jeton me nënën dhe gjyshen",
)
MEETING = MeetingValues(
    code="TMR-7K4F-02",
    purpose="review",
    on=date(2026, 11, 17),
    starts="09:30",
    ends="11:00",
    place="Salla 2, Objekti i Komunës",
    chair=MANAGER,
    number=2,
)
ACTIONS = (
    ActionValues(
        measure="Këshillim psikologjik për fëmijën, një herë në javë",
        service="Këshillim individual",
        institutions="Qendra për Shëndet Mendor",
        member=DOCTOR.name,
        planned_on=date(2026, 12, 1),
        status="in_process",
        review_on=date(2026, 12, 15),
        notes="Seancat mbahen të martave",
        serves="Dhunë psikologjike",
        progress="Tri seanca të mbajtura; fëmija flet më lirshëm",
    ),
    ActionValues(
        measure="Mësim plotësues në matematikë",
        service="Mbështetje arsimore",
        institutions=SCHOOL.institution,
        member=SCHOOL.name,
        planned_on=date(2026, 11, 30),
        status="done",
        review_on=date(2026, 12, 15),
        serves="Përfshirja në edukim",
        progress="Notat janë përmirësuar",
    ),
    ActionValues(
        measure="Vizitë në familje dhe bisedë me nënën",
        service="Punë sociale me familjen",
        institutions=OFFICE.name,
        member=MANAGER.name,
        planned_on=date(2026, 11, 10),
        status="not_done",
        notes="E shtyrë për shkak të mungesës së nënës",
        serves="Kujdesi prindëror",
        progress="Nuk ka filluar",
    ),
)
SIGNERS = tuple(
    SignerValues(person=one, signed="Nënshkruar më 24.11.2026, 10:05" if one is MANAGER else "")
    for one in PEOPLE
)
VIEWS = (
    ViewValues(
        who="Ëndrra Shembulli (fëmija)",
        notified="me gojë, 12.11.2026",
        view="“Dua të rri me mamin dhe të shkoj në shkollë.”",
        considered="Plani ruan qëndrimin në familje; shkolla siguron mësim plotësues.",
    ),
    ViewValues(
        who="Nëna", notified="me letër, 12.11.2026", view="Pajtohet me planin.", considered="U mor parasysh."
    ),
)
PARTICIPANTS = (
    ParticipantValues(person=MANAGER, present=True),
    ParticipantValues(person=POLICE, present=True),
    ParticipantValues(person=SCHOOL, present=False, remark="me arsye: pushim mjekësor"),
    ParticipantValues(person=DOCTOR, present=None),
)
OBJECTIVES = (
    ObjectiveValues(goal="Fëmija ndjehet i sigurt në shtëpi brenda tre muajve.", actions=ACTIONS[:2]),
    ObjectiveValues(goal="Nëna merr mbështetje për kujdesin e përditshëm.", actions=ACTIONS[2:]),
)
LONGER = (
    "Fëmija ndjek rregullisht mësimin dhe ka marrëdhënie të mira me moshatarët. "
    "Sipas mësimdhënëses, përqendrimi është përmirësuar që nga shtatori. "
) * 4
