"""The closed lists of the Regulation and its Annex 1, word for word (data only; look-ups: `catalogue.py`).

Albanian is the Regulation's own wording; Serbian (Latin) and English are working translations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: stable key, the article it stands in, and its label in three languages."""

    key: str
    article: str
    sq: str
    sr: str
    en: str


SEATS_4_1: tuple[Entry, ...] = (
    Entry(
        "case_manager",
        "4.1.1",
        "Menaxheri i rastit nga Qendra përkatëse për Punë Sociale",
        "Menadžer slučaja iz nadležnog Centra za socijalni rad",
        "Case manager from the competent Centre for Social Work",
    ),
    Entry(
        "assistant_case_manager",
        "4.1.2",
        "Ndihmës menaxheri i rastit nga QPS",
        "Pomoćnik menadžera slučaja iz CSR",
        "Assistant case manager from the CSW",
    ),
    Entry(
        "victim_advocate",
        "4.1.3",
        "Zyra për Mbrojtje dhe Ndihmë të Viktimave – Mbrojtësi i Viktimave",
        "Kancelarija za zaštitu i pomoć žrtvama – zastupnik žrtava",
        "Victim Protection and Assistance Office – victim advocate",
    ),
    Entry(
        "probation_officer",
        "4.1.4",
        "Shërbimi Sprovues i Kosovës – Zyrtari i Shërbimit Sprovues",
        "Probaciona služba Kosova – službenik Probacione službe",
        "Kosovo Probation Service – probation officer",
    ),
    Entry(
        "family_medicine",
        "4.1.5",
        "Qendra e Mjekësisë Familjare – mjekë specialistë sipas specifikave të rastit",
        "Centar porodične medicine – lekari specijalisti prema specifičnostima slučaja",
        "Family Medicine Centre – specialist doctors as the case requires",
    ),
    Entry("police", "4.1.6", "Policia e Kosovës", "Policija Kosova", "Kosovo Police"),
    Entry(
        "mental_health",
        "4.1.7",
        "Qendra për Shëndet Mendor – specialist i fushës për trajtimin e fëmijëve",
        "Centar za mentalno zdravlje – specijalista za tretman dece",
        "Mental Health Centre – specialist in treating children",
    ),
    Entry(
        "education_directorate",
        "4.1.8",
        "Drejtoria Komunale për Arsim – Zyrtar për Arsim",
        "Opštinska direkcija za obrazovanje – službenik za obrazovanje",
        "Municipal Education Directorate – education officer",
    ),
    Entry(
        "welfare_directorate",
        "4.1.9",
        "Drejtoria Komunale për Mirëqenie Sociale – Zyrtari përgjegjës",
        "Opštinska direkcija za socijalnu zaštitu – odgovorni službenik",
        "Municipal Social Welfare Directorate – responsible officer",
    ),
    Entry(
        "school",
        "4.1.10",
        "Psikologu/Punëtori Social/Pedagogu i Shkollës ose përfaqësues i deleguar nga institucioni edukativo-arsimor",
        "Psiholog / socijalni radnik / pedagog škole ili predstavnik koga delegira vaspitno-obrazovna ustanova",
        "School psychologist / social worker / pedagogue, or a representative delegated by the educational institution",
    ),
    Entry(
        "communities_office",
        "4.1.11",
        "Zyra Komunale për Komunitete – Zyrtari për Komunitet",
        "Opštinska kancelarija za zajednice – službenik za zajednice",
        "Municipal Office for Communities – communities officer",
    ),
    Entry(
        "shelter_or_foster",
        "4.1.12",
        "Institucioni për Strehim Përkujdesës ose familja strehuese",
        "Ustanova za smeštaj i staranje ili hraniteljska porodica",
        "Care and shelter institution or foster family",
    ),
    Entry(
        "human_rights_office",
        "4.1.13",
        "Zyra Komunale për të Drejtat e Njeriut – Zyrtari për të Drejtat e Njeriut/Fëmijës",
        "Opštinska kancelarija za ljudska prava – službenik za ljudska prava / prava deteta",
        "Municipal Human Rights Office – human / child rights officer",
    ),
    Entry(
        "ngo",
        "4.1.14",
        "Përfaqësues të Organizatave Joqeveritare që punojnë në fushën e mbrojtjes së fëmijës",
        "Predstavnici nevladinih organizacija koje rade na zaštiti dece",
        "Representatives of NGOs working in child protection",
    ),
)

SEATS_4_6: tuple[Entry, ...] = (
    Entry(
        "dcam",
        "4.6.1",
        "Zyrtarë nga Departamenti për Shtetësi, Azil dhe Migrim pranë Ministrisë së Punëve të Brendshme",
        "Službenici Departmana za državljanstvo, azil i migracije (Ministarstvo unutrašnjih poslova)",
        "Officers of the Department of Citizenship, Asylum and Migration (Ministry of Internal Affairs)",
    ),
    Entry(
        "asylum_centre",
        "4.6.1.1",
        "Zyrtarë nga Qendra për Azil",
        "Službenici Centra za azil",
        "Officers of the Asylum Centre",
    ),
    Entry(
        "foreigners_detention",
        "4.6.1.2",
        "Zyrtarë nga Qendra për Mbajtjen e të Huajve",
        "Službenici Centra za zadržavanje stranaca",
        "Officers of the Detention Centre for Foreigners",
    ),
    Entry(
        "migrant_reception",
        "4.6.1.3",
        "Zyrtarë nga Qendra për Pranim dhe Regjistrim të Migrantëve",
        "Službenici Centra za prijem i registraciju migranata",
        "Officers of the Migrant Reception and Registration Centre",
    ),
    Entry(
        "repatriation",
        "4.6.1.4",
        "Zyrtarë nga Departamenti për Riintegrimin e Personave të Riatdhesuar në Ministrinë e Punëve të Brendshme",
        "Službenici Departmana za reintegraciju repatriranih lica (Ministarstvo unutrašnjih poslova)",
        "Officers of the Department for Reintegration of Repatriated Persons (Ministry of Internal Affairs)",
    ),
    Entry(
        "international_org",
        "4.6.1.5",
        "Organizatat Ndërkombëtare që kanë mandat specifik në fushën e Refugjatëve, Mbrojtjes së Fëmijëve dhe Migrimit",
        "Međunarodne organizacije sa posebnim mandatom u oblasti izbeglica, zaštite dece i migracija",
        "International organisations with a specific mandate for refugees, child protection and migration",
    ),
)

SEATS_OUTSIDE: tuple[Entry, ...] = (
    Entry(
        "other_professional",
        "4.4",
        "Profesionist tjetër relevant që punon për mbrojtjen e fëmijëve",
        "Drugi relevantni stručnjak koji radi na zaštiti dece",
        "Other relevant professional working for child protection",
    ),
)

SEATS_PARTICIPANTS: tuple[Entry, ...] = (
    Entry("child", "4.5", "Fëmija", "Dete", "The child"),
    Entry(
        "parent_guardian",
        "4.5",
        "Prindi / kujdestari ligjor",
        "Roditelj / zakonski staratelj",
        "Parent / legal guardian",
    ),
    Entry(
        "guest",
        "8.5",
        "Përfaqësues i institucionit të ndërlidhur drejtpërdrejt në trajtimin e rastit",
        "Predstavnik ustanove neposredno povezane sa tretmanom slučaja",
        "Representative of an institution directly connected with treating the case",
    ),
)

CHILD_STATUSES: tuple[Entry, ...] = (
    Entry("asylum_seeker", "4.6", "azilkërkues", "tražilac azila", "asylum seeker"),
    Entry("stateless", "4.6", "pa-shtetësi", "bez državljanstva", "stateless"),
    Entry("refugee", "4.6", "refugjat", "izbeglica", "refugee"),
    Entry("migrant", "4.6", "migrant", "migrant", "migrant"),
)

RISK_GROUPS: tuple[Entry, ...] = (
    Entry("group_maltreatment", "Annex 1", "KEQTRAJTIMI", "zlostavljanje", "maltreatment"),
    Entry("group_sexual_abuse", "Annex 1", "ABUZIMI SEKSUAL", "seksualna zloupotreba", "sexual abuse"),
    Entry(
        "group_emotional_abuse", "Annex 1", "ABUZIM EMOCIONAL", "emocionalna zloupotreba", "emotional abuse"
    ),
    Entry("group_neglect", "Annex 1", "NEGLIZHIM", "zanemarivanje", "neglect"),
)

RISK_KINDS: tuple[Entry, ...] = (
    Entry("physical_violence", "Annex 1", "dhunë fizike", "fizičko nasilje", "physical violence"),
    Entry(
        "psychological_violence",
        "Annex 1",
        "dhunë psikologjike",
        "psihičko nasilje",
        "psychological violence",
    ),
    Entry("sexual_violence", "Annex 1", "dhunë seksuale", "seksualno nasilje", "sexual violence"),
    Entry("corporal_punishment", "Annex 1", "ndëshkim trupor", "telesno kažnjavanje", "corporal punishment"),
    Entry(
        "hazardous_work",
        "Annex 1",
        "fëmijë në forma të rrezikshme të punës",
        "deca u opasnim oblicima rada",
        "children in hazardous forms of work",
    ),
    Entry("abduction", "Annex 1", "rrëmbimi", "otmica", "abduction"),
    Entry("maltreatment_other", "Annex 1", "tjera", "drugo", "other"),
    Entry("sexual_abuse", "Annex 1", "abuzim seksual", "seksualna zloupotreba", "sexual abuse"),
    Entry("trafficking", "Annex 1", "trafikim me fëmijë", "trgovina decom", "trafficking in children"),
    Entry("pornography", "Annex 1", "pornografi me fëmijë", "dečja pornografija", "child pornography"),
    Entry("sexual_abuse_other", "Annex 1", "tjera", "drugo", "other"),
    Entry(
        "emotional_psychological_violence",
        "Annex 1",
        "dhuna psikologjike",
        "psihičko nasilje",
        "psychological violence",
    ),
    Entry("harassment", "Annex 1", "ngacmim", "uznemiravanje", "harassment"),
    Entry("discrimination", "Annex 1", "diskriminim", "diskriminacija", "discrimination"),
    Entry(
        "forced_early_marriage",
        "Annex 1",
        "martesa të hershme me dhunë",
        "rani prisilni brakovi",
        "forced early marriage",
    ),
    Entry("emotional_abuse_other", "Annex 1", "tjera", "drugo", "other"),
    Entry("lack_of_care", "Annex 1", "lënia pas dore", "zapuštanje", "neglect (lack of care)"),
    Entry("abandonment", "Annex 1", "braktisja", "napuštanje", "abandonment"),
    Entry("neglect_other", "Annex 1", "tjera", "drugo", "other"),
)

INDICATORS: tuple[Entry, ...] = (
    Entry(
        "safety",
        "12.3.1",
        "siguria e fëmijës dhe niveli i rrezikut",
        "bezbednost deteta i nivo rizika",
        "the child's safety and level of risk",
    ),
    Entry(
        "essential_needs",
        "12.3.2",
        "nevojat esenciale: strehimi, ushqimi, higjiena dhe kujdesi shëndetësor",
        "osnovne potrebe: smeštaj, ishrana, higijena i zdravstvena zaštita",
        "essential needs: shelter, food, hygiene and health care",
    ),
    Entry(
        "education",
        "12.3.3",
        "përfshirja në edukim në përputhje me moshën dhe specifikat e fëmijës",
        "uključenost u obrazovanje u skladu sa uzrastom i specifičnostima deteta",
        "inclusion in education according to the child's age and specifics",
    ),
    Entry(
        "parental_care",
        "12.3.4",
        "kujdesi prindëror dhe familjar",
        "roditeljska i porodična briga",
        "parental and family care",
    ),
    Entry("social_inclusion", "12.3.5", "përfshirja sociale", "socijalna uključenost", "social inclusion"),
)

RISK_LEVELS: tuple[Entry, ...] = (
    Entry("low", "guide", "i ulët", "nizak", "low"),
    Entry("medium", "guide", "i mesëm", "srednji", "medium"),
    Entry("high", "guide", "i lartë", "visok", "high"),
)

RISK_LEVELS_E3: tuple[Entry, ...] = (
    Entry("e3_high", "guide", "e lartë", "visok", "high"),
    Entry("e3_medium", "guide", "mesatare", "srednji", "medium"),
    Entry("e3_low", "guide", "e ulët", "nizak", "low"),
)

ACTION_STATUSES: tuple[Entry, ...] = (
    Entry("in_process", "Annex 1", "në proces", "u toku", "in process"),
    Entry("done", "Annex 1", "i kryer", "izvršeno", "done"),
    Entry("not_done", "Annex 1", "i pakryer", "neizvršeno", "not done"),
)

GROUNDS: tuple[Entry, ...] = (
    Entry(
        "out_of_danger",
        "17.3.1",
        "fëmija është jashtë rrezikut",
        "dete je van rizika",
        "the child is out of danger",
    ),
    Entry("of_age", "17.3.2", "fëmija është mbi 18 vjeç", "dete ima preko 18 godina", "the child is over 18"),
    Entry(
        "moved_within",
        "17.3.3",
        "kur fëmija ndërron vendbanimin brenda shtetit",
        "kada dete menja prebivalište unutar države",
        "the child moves within the state",
    ),
    Entry(
        "moved_abroad",
        "17.3.4",
        "kur fëmija ndërron vendbanimin jashtë shtetit",
        "kada dete menja prebivalište van države",
        "the child moves abroad",
    ),
    Entry("death", "17.3.5", "fëmija vdes", "dete premine", "the child dies"),
)

TERMS: tuple[Entry, ...] = (
    Entry(
        "term_table",
        "terms",
        "Tryeza Multidisiplinare për ndihmë në menaxhimin e rastit",
        "Multidisciplinarni sto za pomoć u upravljanju slučajem",
        "Multidisciplinary Table for helping in case management",
    ),
    Entry(
        "term_head",
        "terms",
        "udhëheqësi i shërbimeve sociale",
        "rukovodilac socijalnih usluga",
        "head of social services",
    ),
    Entry("term_initial_assessment", "terms", "vlerësimi fillestar", "početna procena", "initial assessment"),
    Entry(
        "term_comprehensive_assessment",
        "terms",
        "vlerësimi gjithëpërfshirës",
        "sveobuhvatna procena",
        "comprehensive assessment",
    ),
    Entry(
        "term_initial_plan",
        "terms",
        "plani fillestar individual",
        "početni individualni plan",
        "initial individual plan",
    ),
    Entry(
        "term_unified_plan",
        "terms",
        "plani individual i unifikuar për mbrojtjen e fëmijës",
        "objedinjeni individualni plan za zaštitu deteta",
        "unified individual plan for the child's protection",
    ),
    Entry(
        "term_review",
        "terms",
        "rishikimi i planit dhe vlerësimi i progresit",
        "preispitivanje plana i ocena napretka",
        "plan review and progress evaluation",
    ),
    Entry("term_invitation", "terms", "ftesa", "poziv", "invitation"),
    Entry("term_agenda", "terms", "rendi i ditës", "dnevni red", "agenda"),
    Entry("term_minutes", "terms", "procesverbali", "zapisnik", "minutes"),
    Entry(
        "term_extraordinary", "terms", "takim i jashtëzakonshëm", "vanredni sastanak", "extraordinary meeting"
    ),
    Entry(
        "term_progress_report",
        "terms",
        "raport me shkrim për progresin",
        "pisani izveštaj o napretku",
        "written progress report",
    ),
    Entry(
        "term_declaration",
        "terms",
        "deklarata për ruajtjen e fshehtësisë",
        "izjava o čuvanju poverljivosti",
        "confidentiality declaration",
    ),
    Entry("term_conflict", "terms", "konflikt interesti", "sukob interesa", "conflict of interest"),
    Entry("term_perpetrator", "terms", "ushtrues i dhunës", "počinilac nasilja", "perpetrator of violence"),
    Entry("term_closing", "terms", "mbyllja e rastit", "zatvaranje slučaja", "case closing"),
    Entry("term_annual_report", "terms", "raporti vjetor", "godišnji izveštaj", "annual report"),
)
