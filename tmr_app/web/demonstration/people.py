"""The invented people of the demonstration: names, functions, seats. Every address ends in `.example`.

A line of `SEATED` is: kind of seat, institution, representative, function, substitute, superior.
"""

import unicodedata
from dataclasses import dataclass

UNREACHABLE = "nuk-ekziston.example"
"""The domain the demonstration's mail server refuses: one member's invitation never arrives."""

SeatLine = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class TownPeople:
    """One municipality as the demonstration furnishes it. `offices`: (office, name, function, language)."""

    key: str
    centre: str
    prefix: str
    domain: str
    phone: str
    rooms: tuple[tuple[str, str], ...]
    offices: tuple[tuple[str, str, str, str], ...]
    seated: tuple[SeatLine, ...]
    serbian: tuple[str, ...] = ()
    """Kinds of seat whose representative reads Serbian."""


PRISHTINE = TownPeople(
    key="prishtine",
    centre="Qendra për Punë Sociale – Prishtinë",
    prefix="PR",
    domain="prishtine.tryeza.example",
    phone="038 000 101",
    rooms=(
        ("Salla e takimeve, kati 2", "Rruga e Lisave 14, Prishtinë"),
        ("Dhoma e vogël, kati 1", "Rruga e Lisave 14, Prishtinë"),
    ),
    offices=(
        ("head", "Vjollca Mejzini", "Udhëheqëse e shërbimeve sociale", "sq"),
        ("case_manager", "Mirlinda Ukshini", "Menaxhere e rastit", "sq"),
        ("second_case_manager", "Burim Lladrovci", "Menaxher i rastit", "sq"),
        ("assistant_case_manager", "Arta Dobruna", "Asistente e menaxherit të rastit", "sq"),
        ("municipality_officer", "Zanë Kabashi", "Zyrtare komunale për të drejtat e fëmijës", "sq"),
    ),
    seated=(
        (
            "victim_advocate",
            "Zyra për Mbrojtje dhe Ndihmë Viktimave",
            "Hana Qelaj",
            "Mbrojtëse e viktimave",
            "Ilir Vokrri",
            "Teuta Sejdija",
        ),
        (
            "probation_officer",
            "Shërbimi Sprovues – Zyra rajonale",
            "Petrit Zymeri",
            "Zyrtar sprovues",
            "Lule Hashani",
            "Naser Bytyçi",
        ),
        (
            "family_medicine",
            "Qendra e Mjekësisë Familjare 3",
            "Dr. Shpresa Kelani",
            "Mjeke familjare",
            "Dr. Kushtrim Pula",
            "Dr. Valdete Rama",
        ),
        (
            "police",
            "Stacioni i Policisë Qendra",
            "Toger Driton Balaj",
            "Hetues për të mitur",
            "Rreshter Edona Maliqi",
            "Kapiten Fadil Gërxhaliu",
        ),
        (
            "mental_health",
            "Qendra e Shëndetit Mendor për Fëmijë",
            "Dr. Liridona Ahma",
            "Psikologe klinike",
            "Genc Turjaka",
            "Dr. Arsim Ejupi",
        ),
        (
            "education_directorate",
            "Drejtoria Komunale e Arsimit",
            "Blerta Rudari",
            "Zyrtare për gjithëpërfshirje",
            "Visar Kçiku",
            "Selvete Makolli",
        ),
        (
            "welfare_directorate",
            "Drejtoria e Mirëqenies Sociale",
            "Faruk Nimani",
            "Zyrtar për mbrojtje sociale",
            "Ganimete Leku",
            "Remzije Aliu",
        ),
        (
            "school",
            "SHFMU „Lisi i Bardhë“",
            "Ardita Vraniqi",
            "Pedagoge e shkollës",
            "Kreshnik Spahija",
            "Myrvete Toplana",
        ),
        (
            "communities_office",
            "Zyra Komunale për Komunitete",
            "Aysel Kırmızı",
            "Zyrtare për komunitete",
            "Bekim Gashnjani",
            "Jeton Karaxha",
        ),
        (
            "shelter_or_foster",
            "Strehimorja „Shtëpia e Ngrohtë“",
            "Violeta Kçira",
            "Koordinatore e strehimores",
            "Agnesa Bardhi",
            "Sanije Thaqi",
        ),
        (
            "human_rights_office",
            "Njësia Komunale për të Drejtat e Njeriut",
            "Granit Vula",
            "Zyrtar për të drejtat e njeriut",
            "Donjeta Imeri",
            "Xhavit Pllana",
        ),
        (
            "ngo",
            "OJQ „Hapat e Parë“",
            "Rina Shatri",
            "Punëtore sociale",
            "Leutrim Osaj",
            "Nora Dermaku",
        ),
    ),
)

NOVOBERDE = TownPeople(
    key="novoberde",
    centre="Centar za socijalni rad – Novo Brdo / Qendra për Punë Sociale – Novobërdë",
    prefix="NB",
    domain="novoberde.tryeza.example",
    phone="038 000 202",
    rooms=(("Sala za sastanke / Salla e takimeve", "Bostane, zgrada opštine, sprat 1"),),
    offices=(
        ("head", "Milena Trajanović", "Rukovodilac socijalnih službi", "sr_Latn"),
        ("case_manager", "Jelica Stanojčić", "Menadžer slučaja", "sr_Latn"),
        ("second_case_manager", "Sevdije Kurteshi", "Menaxhere e rastit", "sq"),
        ("assistant_case_manager", "Nebojša Perunić", "Asistent menadžera slučaja", "sr_Latn"),
        ("municipality_officer", "Rrahim Dalipi", "Zyrtar komunal për të drejtat e fëmijës", "sq"),
    ),
    seated=(
        (
            "victim_advocate",
            "Kancelarija za zaštitu žrtava – Gnjilane",
            "Biljana Antić",
            "Zastupnik žrtava",
            "Lumnije Sadriu",
            "Avni Rexha",
        ),
        (
            "probation_officer",
            "Shërbimi Sprovues – Gjilan",
            "Hamdi Salihu",
            "Zyrtar sprovues",
            "Zorica Mitić",
            "Naim Halili",
        ),
        (
            "family_medicine",
            "Dom zdravlja Prekovce",
            "Dr Slavica Denić",
            "Porodični lekar",
            "Dr. Skender Aruqi",
            "Dr Goran Filipović",
        ),
        (
            "police",
            "Stacioni i Policisë Novobërdë",
            "Rreshter Afrim Zuka",
            "Polic për komunitet",
            "Narednik Dejan Krstić",
            "Kapiten Sahit Beka",
        ),
        (
            "mental_health",
            "Centar za mentalno zdravlje – Gnjilane",
            "Marija Đokić",
            "Psiholog",
            "Besa Latifi",
            "Dr. Rexhep Mala",
        ),
        (
            "education_directorate",
            "Opštinska direkcija za obrazovanje",
            "Snežana Ilić",
            "Službenik za obrazovanje",
            "Florije Avdiu",
            "Ljubiša Cvetković",
        ),
        (
            "welfare_directorate",
            "Drejtoria për Shëndetësi dhe Mirëqenie Sociale",
            "Mevlyde Shaqiri",
            "Zyrtare për mirëqenie",
            "Radmila Simić",
            "Enver Jashari",
        ),
        (
            "school",
            "OŠ „Proleće“ – Prekovce",
            "Tatjana Vasić",
            "Pedagog",
            "Adem Fejza",
            "Dragan Nikolić",
        ),
        (
            "communities_office",
            "Zyra Komunale për Komunitete dhe Kthim",
            "Elvis Gaši",
            "Službenik za zajednice",
            "Sadbera Toska",
            "Vesna Marković",
        ),
        (
            "shelter_or_foster",
            "Familja kujdestare – rrjeti Anamorava",
            "Shukrije Behluli",
            "Koordinatore e kujdestarisë",
            "Jovana Pavić",
            "Nazmi Kryeziu",
        ),
        (
            "human_rights_office",
            "Opštinska jedinica za ljudska prava",
            "Ivan Savić",
            "Službenik za ljudska prava",
            "Sheqere Ramadani",
            "Gordana Tasić",
        ),
        (
            "ngo",
            "NVO „Zajedno za decu“",
            "Sanela Beriša",
            "Socijalni radnik",
            "Arbnor Veliu",
            "Ana Jovčić",
        ),
    ),
    serbian=(
        "victim_advocate",
        "family_medicine",
        "mental_health",
        "education_directorate",
        "school",
        "communities_office",
        "human_rights_office",
        "ngo",
    ),
)

TOWNS = (PRISHTINE, NOVOBERDE)

COUNTRY_WIDE: tuple[SeatLine, ...] = (
    (
        "dcam",
        "Departamenti për Shtetësi, Azil dhe Migrim",
        "Valon Istrefi",
        "Zyrtar i lartë për azil",
        "Merita Podvorica",
        "Labinot Hyseni",
    ),
    (
        "asylum_centre",
        "Qendra për Azilkërkues",
        "Yllka Berbatovci",
        "Punëtore sociale e qendrës",
        "Artan Kuqi",
        "Besim Ferati",
    ),
    (
        "foreigners_detention",
        "Qendra e Mbajtjes për të Huaj",
        "Fisnik Morinaj",
        "Zyrtar për trajtim",
        "Drita Llugiqi",
        "Muharrem Koci",
    ),
    (
        "migrant_reception",
        "Qendra e Pranimit të Migrantëve",
        "Albana Skeja",
        "Koordinatore",
        "Shkumbin Nreca",
        "Isuf Gllareva",
    ),
    (
        "repatriation",
        "Divizioni për Riatdhesim",
        "Qendrim Lumi",
        "Zyrtar për riatdhesim",
        "Vlora Çitaku-Lami",
        "Hajdar Bunjaku",
    ),
    (
        "international_org",
        "Organizata ndërkombëtare „Children First Mission“",
        "Ingrid Halvorsen",
        "Child protection officer",
        "Marta Ricciardi",
        "Paul Desmarais",
    ),
)
COUNTRY_DOMAIN = "shtet.tryeza.example"

INSTALLATION: tuple[tuple[str, str, str, str], ...] = (
    ("administrator", "Liridon Zenelaj", "Administrator i sistemit", "sq"),
    ("ministry_reader", "Vlora Begolli", "Zyrtare në Ministrinë e Drejtësisë", "sq"),
)
GUEST = ("Prof. Erza Mulliqi", "Logopede", "Qendra e Logopedisë „Zëri“")
"""Invited to one meeting only (A8.5)."""


def address(name: str, domain: str) -> str:
    """An official mail address made of the name: ASCII, small letters."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("đ", "dj").replace("Đ", "Dj"))
    letters = "".join(one for one in plain if not unicodedata.combining(one)).lower()
    words = "".join(one if one.isascii() and one.isalpha() else " " for one in letters).split()
    titles = {"dr", "prof", "toger", "rreshter", "kapiten", "narednik"}
    return f"{'.'.join(word for word in words if word not in titles)}@{domain}"
