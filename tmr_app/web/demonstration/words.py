"""What the invented people write in meetings and reports, in Albanian and Serbian."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of one language. `items`: (discussion, decision) by kind of agenda item; `done`: a report by kind of seat."""

    child_views: str
    carer_views: str
    no_carer: str
    considered: str
    obstacles: str
    needed: str
    wellbeing: str
    done: dict[str, str]
    done_otherwise: str
    items: dict[str, tuple[str, str]]
    item_otherwise: tuple[str, str]
    level_reason: str
    absent: str


ALBANIAN = Words(
    child_views="Dua të vazhdoj shkollën dhe të jem me shokët e mi.",
    carer_views="Kemi nevojë për ndihmë; jemi të gatshëm të bashkëpunojmë.",
    no_carer="Asnjë prind nuk mund të njoftohet: personi me kujdes prindëror është i përjashtuar ose i panjohur.",
    considered="Tryeza i mori parasysh këto pikëpamje: masat u rregulluan sipas tyre.",
    obstacles="Familja mungoi në një takim; u ricaktua.",
    needed="Të vazhdohet mbështetja edhe muajin e ardhshëm.",
    wellbeing="Fëmija është më i qetë dhe flet më lirshëm.",
    done={
        "police": "Patrulla e kontrolloi banesën dy herë; nuk pati incidente të reja.",
        "school": "Fëmija vijon mësimin rregullisht; pedagogia e takon çdo javë.",
        "family_medicine": "U bë kontrolli mjekësor dhe vaksinimi i mbetur.",
        "mental_health": "U mbajtën katër seanca psikologjike; ankthi është zvogëluar.",
        "victim_advocate": "Fëmija u informua për të drejtat; u parashtrua kërkesa për masë mbrojtëse.",
        "ngo": "Familja mori pako ushqimore dhe orë mësimi shtesë për fëmijën.",
    },
    done_otherwise="Shërbimi i rënë dakord u ofrua sipas planit.",
    items={
        "agenda": ("Rendi i ditës u lexua.", "Rendi i ditës u miratua."),
        "minutes": ("Procesverbali i takimit të kaluar u lexua.", "Procesverbali u miratua pa vërejtje."),
        "decisions": (
            "Anëtarët u pajtuan për hapat e radhës.",
            "Secili institucion zbaton masën e vet brenda 30 ditësh.",
        ),
    },
    item_otherwise=(
        "Menaxherja e rastit paraqiti gjendjen; anëtarët plotësuan informatat nga institucionet e tyre.",
        "Vazhdohen shërbimet e filluara; gjendja shqyrtohet në takimin e ardhshëm.",
    ),
    level_reason="Masat e mbrojtjes po zbatohen dhe nuk ka pasur incidente të reja.",
    absent="Detyrë zyrtare; raporti u dorëzua me shkrim.",
)

SERBIAN = Words(
    child_views="Želim da nastavim školu i da budem sa drugarima.",
    carer_views="Potrebna nam je pomoć; spremni smo da sarađujemo.",
    no_carer="Nijedan roditelj ne može biti obavešten: osoba sa roditeljskim staranjem je isključena ili nepoznata.",
    considered="Okrugli sto je uzeo u obzir ova mišljenja: mere su prilagođene.",
    obstacles="Porodica je propustila jedan susret; zakazan je novi.",
    needed="Nastaviti podršku i narednog meseca.",
    wellbeing="Dete je mirnije i slobodnije govori.",
    done={
        "police": "Patrola je dva puta obišla stan; novih incidenata nije bilo.",
        "school": "Dete redovno pohađa nastavu; pedagog se sa njim sreće svake nedelje.",
        "family_medicine": "Obavljen je lekarski pregled i preostala vakcinacija.",
        "mental_health": "Održana su četiri psihološka razgovora; strah je manji.",
        "ngo": "Porodica je dobila pakete hrane, a dete dopunsku nastavu.",
    },
    done_otherwise="Dogovorena usluga je pružena prema planu.",
    items={
        "agenda": ("Dnevni red je pročitan.", "Dnevni red je usvojen."),
        "minutes": ("Zapisnik sa prošlog sastanka je pročitan.", "Zapisnik je usvojen bez primedbi."),
        "decisions": (
            "Članovi su se složili o narednim koracima.",
            "Svaka institucija sprovodi svoju meru u roku od 30 dana.",
        ),
    },
    item_otherwise=(
        "Menadžer slučaja je izložio stanje; članovi su dopunili podatke iz svojih institucija.",
        "Započete usluge se nastavljaju; stanje se razmatra na sledećem sastanku.",
    ),
    level_reason="Mere zaštite se sprovode i nije bilo novih incidenata.",
    absent="Službeni put; izveštaj je podnet pismeno.",
)


def of(language: str) -> Words:
    """The words of a case's language."""
    return SERBIAN if language.startswith("sr") else ALBANIAN
