"""What monitoring gathers in the cases that run today: visits, members' information, a change, the head's look (A12, A16)."""

from datetime import timedelta

from tmr_app.cases import information, visiting
from tmr_app.cases.visiting import VisitData
from tmr_app.kernel import clock
from tmr_app.web.demonstration.case_steps import Bench

VISIT = {
    "sq": {
        "place": "Në banesën e familjes",
        "present": "Fëmija, nëna, menaxherja e rastit",
        "purpose": "Njohja me kushtet e jetesës dhe biseda me fëmijën",
        "summary": "Familja na priti mirë. Banesa është e ngrohtë, por fëmija nuk ka vend të qetë për mësim.",
        "child_words": "Dua të shkoj në shkollë me shoqet e mia.",
        "observations": "Fëmija bisedoi lirshëm kur mbeti vetëm me menaxheren e rastit.",
        "agreed": "Nëna e sjell fëmijën në shkollë çdo ditë.",
        "next_step": "Telefonatë me shkollën pas një jave.",
    },
    "sr": {
        "place": "U porodičnom stanu",
        "present": "Dete, majka, voditeljka slučaja",
        "purpose": "Upoznavanje sa uslovima života i razgovor sa detetom",
        "summary": "Porodica nas je lepo primila. Stan je topao, ali dete nema mirno mesto za učenje.",
        "child_words": "Hoću u školu sa svojim drugaricama.",
        "observations": "Dete je slobodno govorilo kada je ostalo nasamo sa voditeljkom slučaja.",
        "agreed": "Majka svakog dana dovodi dete u školu.",
        "next_step": "Telefonski razgovor sa školom za nedelju dana.",
    },
}
BROUGHT = {
    "sq": (
        ("Fëmija ka munguar nëntë ditë në muajin e fundit.", "Ditari i klasës"),
        ("Fqinjët kanë dëgjuar zënka natën.", "Bisedë me një fqinj"),
    ),
    "sr": (
        ("Dete je izostalo devet dana u poslednjem mesecu.", "Dnevnik razreda"),
        ("Komšije su noću čule svađe.", "Razgovor sa komšijom"),
    ),
}
VERIFIED = {"sq": "U krahasua me ditarin e klasës.", "sr": "Upoređeno sa dnevnikom razreda."}
LOOKED = {
    "sq": ("Puna në rast ecën mirë; duhet të shkurtohen pritjet për shërbime.", "Familja u vizitua.", "Kontaktoni shkollën."),
    "sr": ("Rad na slučaju teče uredno; treba skratiti čekanje na usluge.", "Porodica je posećena.", "Javite se školi."),
}  # fmt: skip


def before_assessment(bench: Bench) -> None:
    """A home visit, and what two members know: one piece verified, the other still to verify."""
    spoken, now, today = _language(bench), clock.now(), clock.civil_today()
    data = VisitData(
        "home_visit", today - timedelta(days=2), VISIT[spoken], with_child=True, with_family=True, minutes=40
    )
    visiting.record_visit(bench.session, bench.manager, now, case=bench.case, data=data)
    seats = [seat for kind, seat in bench.seats.items() if kind not in information.CHAIRS and seat.is_live]
    for place, seat in enumerate(seats[:2]):
        text, source = BROUGHT[spoken][place]
        row = information.add_information(
            bench.session, seat.person, now, case=bench.case, text=text, source=source, seat_id=seat.id
        )
        if place == 0:
            information.decide_information(
                bench.session, bench.manager, now, information=row, state=information.VERIFIED,
                note=VERIFIED[spoken], version=row.version,
            )  # fmt: skip


def supervised(bench: Bench) -> None:
    """The head looks at the work and visits the family; what is asked waits for the case manager."""
    spoken, now, today = _language(bench), clock.now(), clock.civil_today()
    head, (note, findings, asked) = bench.town.head, LOOKED[spoken]
    visiting.note_supervision(bench.session, head, now, case=bench.case, kind=visiting.LOOKED, note=note)
    data = VisitData(
        "home_visit",
        today,
        {"findings": findings, "follow_up": asked},
        with_family=True,
        follow_up_on=today + timedelta(days=7),
    )
    visiting.record_visit(bench.session, head, now, case=bench.case, data=data, monitoring=True)


def _language(bench: Bench) -> str:
    return "sr" if bench.story.language.startswith("sr") else "sq"
