"""Annex 1, the Table's work form: every heading, label, box and column, in the order of the text.

Albanian is transcribed from the Regulation with its own spellings (marked *sic*); only broken lines and doubled or
missing spaces are mended. Serbian and English are working translations.
"""

from __future__ import annotations

from dataclasses import dataclass

from tmr_app.regulation.catalogue import GROUNDS, RISK_GROUPS, RISKS_OF_GROUP, entry, language


@dataclass(frozen=True, slots=True)
class AnnexLabel:
    """One printed label. `part`: number of the part 1 to 12; `kind`: title, note, field, heading, group, box, column."""

    part: int
    kind: str
    key: str
    sq: str
    sr: str
    en: str

    def text(self, locale: str = "sq") -> str:
        return str(getattr(self, language(locale)))


_Row = tuple[str, str, str, str, str]  # kind, key, sq, sr, en

_HEADER: tuple[_Row, ...] = (
    ("field", "case_number", "Numri i lëndës:", "Broj predmeta:", "Case number:"),
    (
        "field",
        "meeting_date",
        "Data takimit të mbajtur të TNMR-së",  # sic
        "Datum održanog sastanka MSPUS",
        "Date of the meeting of the Table held",
    ),
    ("field", "centre", "Qendra për Punë Sociale", "Centar za socijalni rad", "Centre for Social Work"),
    (
        "field",
        "chair",
        "Udhëheqësi i TNMR / menaxheri i rastit",
        "Rukovodilac MSPUS / menadžer slučaja",
        "Chair of the Table / case manager",
    ),
    ("field", "referrer", "Referuesi", "Podnosilac prijave", "Referred by"),
)

_PERSONAL: tuple[_Row, ...] = (
    ("field", "name", "Emri dhe Mbiemri:", "Ime i prezime:", "Name and surname:"),
    ("field", "birth_date", "Data lindjes:", "Datum rođenja:", "Date of birth:"),  # sic
    ("field", "gender", "Gjinia:", "Pol:", "Gender:"),
    (
        "field",
        "ethnicity",
        "Nacionaliteti/etnia:",
        "Nacionalnost/etnička pripadnost:",
        "Nationality/ethnicity:",
    ),
    ("field", "birth_place", "Vendlindja:", "Mesto rođenja:", "Place of birth:"),
    ("field", "residence", "Vendbanimi/vendqendrimi:", "Prebivalište/boravište:", "Residence/stay:"),  # sic
    ("field", "health", "Gjendja shëndetësore:", "Zdravstveno stanje:", "State of health:"),
    ("field", "disability", "Aftësi e kufizuar:", "Invaliditet:", "Disability:"),
    ("field", "other", "Të tjera", "Ostalo", "Other"),
)

_SITUATION: tuple[_Row, ...] = (
    (
        "heading",
        "assessment",
        "Prezantimi në TNMR i vlerësimit të rastit nga ana e menaxherit të rastit i fokusuar në nevojat e "
        "fëmijës/familjes dhe në sigurinë e tyre. (Të përshkruhen nevojat e plota të fëmijës në harmoni me moshën, "
        "shëndetin, zhvillimin, edukimin, përfshirjen, rrezikun, sigurinë dhe përfshirjen e fëmijës/familjes)",
        "Predstavljanje procene slučaja na MSPUS od strane menadžera slučaja, usmereno na potrebe deteta/porodice i na "
        "njihovu bezbednost. (Opisati sve potrebe deteta u skladu sa uzrastom, zdravljem, razvojem, obrazovanjem, "
        "uključenošću, rizikom, bezbednošću i uključenošću deteta/porodice)",
        "Presentation to the Table of the case assessment by the case manager, focused on the needs of the child/family "
        "and on their safety. (Describe the full needs of the child in line with age, health, development, education, "
        "inclusion, risk, safety and the involvement of the child/family)",
    ),
    (
        "heading",
        "services_before",
        "Prezantim nga Menaxheri i Rastit për shërbimet e ofruara dhe koordinuara nga Qendra për Punë Sociale para se "
        "rasti të referohet në TNMR (listo shërbimet dhe datat).",
        "Predstavljanje od strane menadžera slučaja usluga koje je Centar za socijalni rad pružio i koordinisao pre nego "
        "što je slučaj upućen MSPUS (navesti usluge i datume).",
        "Presentation by the case manager of the services given and coordinated by the Centre for Social Work before the "
        "case was referred to the Table (list services and dates).",
    ),
    (
        "heading",
        "information_shared",
        "Ndarja e informacioneve për rastin gjatë diskutimit në TNMR (Gjatë takimit në TNMR, anëtarë /pjesëmarrësit "
        "ofrojnë informacione me qëllim të rivlerësimit të nevojave të fëmijës).",
        "Razmena informacija o slučaju tokom rasprave na MSPUS (Tokom sastanka MSPUS, članovi/učesnici pružaju informacije "
        "radi ponovne procene potreba deteta).",
        "Sharing of information on the case during the discussion at the Table (during the meeting, members/participants "
        "give information for the re-assessment of the child's needs).",
    ),
)

_STATUS: _Row = (
    "column",
    "status",
    "Statusi i realizmit të veprimit (në proces, i kryer, i pakryer)",  # sic
    "Status realizacije radnje (u toku, izvršeno, neizvršeno)",
    "Status of the action (in process, done, not done)",
)
_SERVICES: _Row = ("column", "services", "Shërbimet", "Usluge", "Services")
_INSTITUTIONS: _Row = (
    "column",
    "institutions",
    "Institucionet përgjegjëse",
    "Odgovorne institucije",
    "Responsible institutions",
)
_PLANNED: _Row = (
    "column",
    "planned_on",
    "Data e planifikuar e realizimit",
    "Planirani datum realizacije",
    "Planned date",
)
_NOTES: _Row = ("column", "notes", "Shënime", "Napomene", "Notes")

_COORDINATION: tuple[_Row, ...] = (
    ("column", "actions", "Veprimet dhe Masat", "Radnje i mere", "Actions and measures"),
    _SERVICES,
    _INSTITUTIONS,
    _PLANNED,
    _STATUS,
    (
        "column",
        "review_on",
        "Afati i rishikimit të veprimit",
        "Rok za preispitivanje radnje",
        "Review deadline",
    ),
    _NOTES,
)

_GOAL: tuple[_Row, ...] = (
    (
        "note",
        "goal",
        "Përcaktimi i qëllimit: specifik, i matshëm, i arritshëm, i dakorduar, relevant, ndarja e përgjegjësive dhe i "
        "afatizuar në kohë.",
        "Određivanje cilja: specifičan, merljiv, dostižan, dogovoren, relevantan, sa podelom odgovornosti i vremenski "
        "određen.",
        "Setting the goal: specific, measurable, achievable, agreed, relevant, with responsibilities divided and "
        "time-bound.",
    ),
    (
        "note",
        "aim",
        "Synimi: fëmija është i sigurt, faktorët e rrezikut janë zvogëluar, promovimi i interesit më të mirë dhe "
        "plotësimi i nevojave të përgjithshme dhe specifike të fëmijës, përfshirja dhe përkrahja për familjen.",
        "Svrha: dete je bezbedno, faktori rizika su smanjeni, unapređenje najboljeg interesa i zadovoljavanje opštih i "
        "posebnih potreba deteta, uključivanje i podrška porodici.",
        "Aim: the child is safe, the risk factors are reduced, the best interest is promoted and the general and specific "
        "needs of the child are met, the family is included and supported.",
    ),
)

_PARTICIPANTS: tuple[_Row, ...] = (
    (
        "column",
        "participants",
        "Pjesëmarrësit e ftuar/emrat dhe mbiemrat",
        "Pozvani učesnici/imena i prezimena",
        "Invited participants/names and surnames",
    ),
    ("column", "organisations", "Institucionet/OJQ", "Institucije/NVO", "Institutions/NGOs"),
    ("column", "present", "Prezent", "Prisutan", "Present"),
    ("column", "signature", "Nënshkrimi", "Potpis", "Signature"),
)

_REVIEW: tuple[_Row, ...] = (
    ("field", "review_date", "Data:", "Datum:", "Date:"),
    ("column", "actions", "Veprimet", "Radnje", "Actions"),
    _SERVICES,
    _INSTITUTIONS,
    _PLANNED,
    _STATUS,
    ("column", "progress", "Vlerësimi i progresit", "Ocena napretka", "Evaluation of progress"),
    _NOTES,
)

_HEADINGS: dict[int, _Row] = {
    1: (
        "title",
        "title",
        "Formë pune e Tryezës për Ndihmë në Menaxhimin e Rastit",
        "Radni obrazac Stola za pomoć u upravljanju slučajem",
        "Work form of the Table for helping in case management",
    ),
    2: (
        "note",
        "internal_use",
        "Dokument për përdorim të brendshëm me qëllim të përgatitjes së kompletuar të një rasti për diskutim me anëtarët "
        "e TNMR-së",
        "Dokument za internu upotrebu radi potpune pripreme slučaja za raspravu sa članovima MSPUS",
        "Document for internal use, for the complete preparation of a case for discussion with the members of the Table",
    ),
    4: (
        "heading",
        "risks",
        "Rastet specifike të fëmijëve me rrezikshmëri që trajtohen nga TNMR",
        "Specifični slučajevi dece u riziku kojima se bavi MSPUS",
        "Specific cases of children at risk treated by the Table",
    ),
    5: (
        "heading",
        "personal_data",
        "Të dhënat personale të rastit",
        "Lični podaci slučaja",
        "Personal data of the case",
    ),
    6: (
        "heading",
        "situation",
        "Situata aktuale e rastit",
        "Trenutna situacija slučaja",
        "Present situation of the case",
    ),
    7: (
        "heading",
        "coordination",
        "Bashkrendimi dhe koordinimi i veprimeve në ofrimin e shërbimeve për mbrojtje, rehabilitim, integrim dhe "
        "riintegrim të fëmijës",  # sic
        "Usklađivanje i koordinacija radnji u pružanju usluga zaštite, rehabilitacije, integracije i reintegracije deteta",
        "Coordination of the actions in giving services for protection, rehabilitation, integration and reintegration of "
        "the child",
    ),
    8: (
        "heading",
        "unified_plan",
        "PLANI INDIVIDUAL I UNIFIKUAR PËR MBROJTJEN E FËMIJËS",
        "OBJEDINJENI INDIVIDUALNI PLAN ZA ZAŠTITU DETETA",
        "UNIFIED INDIVIDUAL PLAN FOR THE CHILD'S PROTECTION",
    ),
    10: (
        "heading",
        "review",
        "Rishikimi i planit dhe vlerësimi i progresit",
        "Preispitivanje plana i ocena napretka",
        "Plan review and progress evaluation",
    ),
    11: (
        "heading",
        "closing",
        "Mbyllja e rastit për TNMR: sheno në njërën nga rubrikat, në raste të veqanta sheno me fjalë tek rrethanat "
        "tjera",  # sic
        "Zatvaranje slučaja za MSPUS: obeležiti jednu od rubrika, u posebnim slučajevima navesti rečima kod ostalih "
        "okolnosti",
        "Closing of the case for the Table: mark one of the boxes; in special cases write it in words under other "
        "circumstances",
    ),
}

_OTHER_CIRCUMSTANCES: _Row = (
    "field",
    "other_circumstances",
    "Rrethana tjera:",
    "Ostale okolnosti:",
    "Other circumstances:",
)


def _risks() -> tuple[_Row, ...]:
    rows: list[_Row] = []
    for group in RISK_GROUPS:
        rows.append(("group", group.key, group.sq, group.sr.upper(), group.en.upper()))
        for key in RISKS_OF_GROUP[group.key]:
            kind = entry(key)
            colon = ":" if key.endswith("_other") else ""
            rows.append(("box", key, kind.sq + colon, kind.sr + colon, kind.en + colon))
    return tuple(rows)


def _grounds() -> tuple[_Row, ...]:
    return (*(("box", one.key, one.sq, one.sr, one.en) for one in GROUNDS), _OTHER_CIRCUMSTANCES)


_BODIES: dict[int, tuple[_Row, ...]] = {
    3: _HEADER,
    4: _risks(),
    5: _PERSONAL,
    6: _SITUATION,
    7: _COORDINATION,
    8: _GOAL,
    9: _PARTICIPANTS,
    10: _REVIEW,
    11: _grounds(),
    12: _PARTICIPANTS,
}

ANNEX_1: tuple[AnnexLabel, ...] = tuple(
    AnnexLabel(part, *row)
    for part in range(1, 13)
    for row in (*((_HEADINGS[part],) if part in _HEADINGS else ()), *_BODIES.get(part, ()))
)


def annex_labels(locale: str = "sq") -> tuple[str, ...]:
    """Every label of the form, in order."""
    return tuple(label.text(locale) for label in ANNEX_1)


def annex_part(part: int) -> tuple[AnnexLabel, ...]:
    """The labels of one part (1 to 12), its heading first."""
    return tuple(label for label in ANNEX_1 if label.part == part)


def annex_text(key: str, locale: str = "sq", part: int | None = None) -> str:
    """The label with this key, the first one unless a part is named; KeyError if there is none."""
    for label in ANNEX_1:
        if label.key == key and part in (None, label.part):
            return label.text(locale)
    raise KeyError(key)
