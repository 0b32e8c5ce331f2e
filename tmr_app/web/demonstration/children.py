"""The invented children and the people around them. No name, place or number belongs to anybody."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from tmr_app.web.demonstration import themes
from tmr_app.web.demonstration.themes import Theme


class Relative(NamedTuple):
    """As `cases.family.RelativeData` takes it."""

    name: str
    kind: str
    contact: str = ""
    note: str = ""
    has_parental_care: bool = False
    is_perpetrator: bool = False
    perpetrator_reason: str = ""


@dataclass(frozen=True, slots=True)
class ChildStory:
    """One child: who, what happened (theme), and what differs from the theme."""

    name: str
    age: int
    gender: str
    theme: Theme
    relatives: tuple[Relative, ...] = ()
    level: str = "medium"
    birthday: tuple[int, int] = (3, 14)
    ethnicity: str = "shqiptare"
    residence: str = "Rruga e Lirisë 12, Prishtinë"
    birth_place: str = "Prishtinë"
    school: str = "SHFMU „Lisi i Bardhë“"
    health: str = ""
    flags: tuple[str, ...] = ()
    language: str = "sq"
    extra_members: tuple[str, ...] = ()
    reporter: str = ""
    before: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        return (*self.theme.members, *self.extra_members)


def mother(name: str) -> Relative:
    return Relative(name, "mother", contact="044 000 000", has_parental_care=True)


def father(name: str) -> Relative:
    return Relative(name, "father", contact="044 000 000", has_parental_care=True)


def suspect(name: str, kind: str = "father") -> Relative:
    reason = "I dyshuar për dhunë; hetimet vazhdojnë."
    return Relative(name, kind, is_perpetrator=True, perpetrator_reason=reason)


NOVO_BRDO: dict[str, Any] = {
    "residence": "Bostane bb, Novo Brdo",
    "birth_place": "Gnjilane",
    "school": "OŠ „Proleće“ – Prekovce",
}
SERBIAN: dict[str, Any] = {**NOVO_BRDO, "language": "sr_Latn", "ethnicity": "srpska"}
NOVOBERDE: dict[str, Any] = {
    "residence": "Bostan p.n., Novobërdë",
    "birth_place": "Gjilan",
    "school": "SHFMU „Lisi i Bardhë“",
}

PRESENT: dict[str, ChildStory] = {
    "closing_waiting": ChildStory(
        "Arta Kelmendi-Lluka",
        14,
        "female",
        themes.EMOTIONAL,
        (mother("Drita Lluka"),),
        extra_members=("ngo",),
    ),
    "closing_signing": ChildStory("Labinot Shatri", 15, "male", themes.NEGLECT, (father("Sokol Shatri"),)),
    "closing_moving": ChildStory("Nora Berani", 8, "female", themes.NEGLECT, (mother("Teuta Berani"),)),
    "referred": ChildStory(
        "Dion Haliti",
        9,
        "male",
        themes.NEGLECT,
        (mother("Fatime Haliti"),),
        reporter="Fqinjë, dëshiron të mbetet anonime",
    ),
    "undeclared": ChildStory(
        "Era Sopjani", 13, "female", themes.EMOTIONAL, (mother("Luljeta Sopjani"), father("Agim Sopjani"))
    ),
    "preparing": ChildStory(
        "Rron Vërbovci",
        11,
        "male",
        themes.WORK,
        (father("Skënder Vërbovci"),),
        ethnicity="ashkalike",
        extra_members=("communities_office",),
    ),
    "waiting": ChildStory(
        "Lejla Bajraktari-Demir", 7, "female", themes.NEGLECT, (mother("Emine Demir"),), ethnicity="turke"
    ),
    "convened": ChildStory(
        "Anila Krasniqi-Fusha",
        10,
        "female",
        themes.VIOLENCE,
        (mother("Shqipe Fusha"), suspect("Bardh Krasniqi")),
        level="high",
        extra_members=("education_directorate",),
    ),
    "held": ChildStory(
        "Tuana Rexhaj", 12, "female", themes.EMOTIONAL, (mother("Ajshe Rexhaj"),), extra_members=("ngo",)
    ),
    "today": ChildStory(
        "Blend Sylejmani-Ura", 9, "male", themes.EMOTIONAL, (mother("Vlera Ura"), father("Naim Sylejmani"))
    ),
    "asylum": ChildStory(
        "Yusuf Karim",
        15,
        "male",
        themes.ALONE,
        (Relative("Valbona Istogu", "guardian", note="Kujdestare ligjore", has_parental_care=True),),
        level="high",
        birth_place="i panjohur",
        residence="Qendra për Azilkërkues",
        ethnicity="",
        school="",
        flags=("asylum_seeker",),
        extra_members=("dcam", "asylum_centre", "international_org"),
    ),
    "suspect": ChildStory(
        "Melisa Tërnava",
        8,
        "female",
        themes.VIOLENCE,
        (mother("Kaltrina Tërnava"), suspect("Ramadan Tërnava")),
        level="high",
        extra_members=("shelter_or_foster",),
    ),
    "elder": ChildStory(
        "Besim Dushica",
        14,
        "male",
        themes.WORK,
        (mother("Nexhmije Dushica"),),
        ethnicity="egjiptiane",
        birthday=(6, 2),
    ),
    "younger": ChildStory(
        "Merita Dushica", 10, "female", themes.NEGLECT, (), ethnicity="egjiptiane", birthday=(9, 21)
    ),
    "paper": ChildStory(
        "Arbër Gjinovci", 16, "male", themes.VIOLENCE, (mother("Zyrafete Gjinovci"),), level="medium"
    ),
    "recusal": ChildStory(
        "Diellza Kumnova", 6, "female", themes.NEGLECT, (mother("Mimoza Kumnova"), father("Hysen Kumnova"))
    ),
    "extraordinary": ChildStory(
        "Olt Prekazi",
        12,
        "male",
        themes.VIOLENCE,
        (father("Milaim Prekazi"), suspect("Rifat Prekazi", "household")),
        level="high",
    ),
    "sr_convened": ChildStory(
        "Luka Stolić",
        11,
        "male",
        themes.VIOLENCE_SR,
        (mother("Danijela Stolić"), suspect("Zoran Stolić")),
        level="high",
        **SERBIAN,
    ),
    "sr_preparing": ChildStory(
        "Jovana Perkić", 9, "female", themes.NEGLECT_SR, (mother("Ružica Perkić"),), **SERBIAN
    ),
    "sr_roma": ChildStory(
        "Sebastijan Ćerimović",
        8,
        "male",
        themes.NEGLECT_SR,
        (mother("Zumra Ćerimović"), father("Kenan Ćerimović")),
        **{**SERBIAN, "ethnicity": "romska"},
    ),
    "nb_albanian": ChildStory(
        "Gresa Llapashtica", 13, "female", themes.EMOTIONAL, (mother("Hyrije Llapashtica"),), **NOVOBERDE
    ),
}

PAST: dict[str, tuple[ChildStory, ...]] = {
    "prishtine": (
        ChildStory("Endrit Bllaca", 10, "male", themes.NEGLECT, (mother("Valbone Bllaca"),)),
        ChildStory("Sara Hamzaj", 12, "female", themes.EMOTIONAL, (father("Kadri Hamzaj"),)),
        ChildStory(
            "Denis Ferizi",
            9,
            "male",
            themes.WORK,
            (mother("Sabahate Ferizi"),),
            ethnicity="rome",
            extra_members=("communities_office",),
        ),
        ChildStory(
            "Ela Shkodrani",
            7,
            "female",
            themes.VIOLENCE,
            (mother("Mirjeta Shkodrani"), suspect("Gazmend Shkodrani")),
            level="high",
        ),
        ChildStory(
            "Deniz Yılmazer", 13, "male", themes.EMOTIONAL, (mother("Sevgi Yılmazer"),), ethnicity="turke"
        ),
        ChildStory(
            "Lum Qarri", 5, "male", themes.NEGLECT, (mother("Albulena Qarri"),), school="Kopshti „Yjet“"
        ),
        ChildStory(
            "Jeta Mazrekaj",
            14,
            "female",
            themes.VIOLENCE,
            (mother("Drita Mazrekaj"), suspect("Sokol Mazrekaj")),
        ),
        ChildStory("Albin Pozhegu", 11, "male", themes.WORK, (father("Isak Pozhegu"),)),
    ),
    "novoberde": (
        ChildStory("Nikola Vučinac", 10, "male", themes.NEGLECT_SR, (mother("Svetlana Vučinac"),), **SERBIAN),
        ChildStory(
            "Anja Todić",
            12,
            "female",
            themes.VIOLENCE_SR,
            (mother("Mirjana Todić"), suspect("Slobodan Todić")),
            **SERBIAN,
        ),
        ChildStory(
            "Edmond Morina-Hisari", 9, "male", themes.NEGLECT, (mother("Xhevahire Hisari"),), **NOVOBERDE
        ),
        ChildStory(
            "Senad Alijević",
            13,
            "male",
            themes.NEGLECT_SR,
            (father("Bajram Alijević"),),
            **{**SERBIAN, "ethnicity": "romska"},
        ),
    ),
}
"""Cases of last year and this one, in the order in which they came; most of them are closed by now."""

SHORT: tuple[ChildStory, ...] = (
    ChildStory("Vesa Gërguri", 6, "female", themes.NEGLECT_SHORT, (mother("Arjeta Gërguri"),)),
    ChildStory("Drin Malazogu", 15, "male", themes.WORK_SHORT, (father("Ilir Malazogu"),), level="low"),
    ChildStory(
        "Elvir Kovaçi", 4, "male", themes.NEGLECT_SHORT, (mother("Amra Kovaçi"),), ethnicity="boshnjake"
    ),
    ChildStory("Yllka Demolli", 16, "female", themes.EMOTIONAL_SHORT, (mother("Shpresa Demolli"),)),
    ChildStory("Gent Hasimi", 11, "male", themes.NEGLECT_SHORT, (father("Bujar Hasimi"),), ethnicity="rome"),
    ChildStory("Fjolla Kastrati-Dema", 13, "female", themes.EMOTIONAL_SHORT, (mother("Igballe Dema"),)),
    ChildStory("Arian Zogjani", 14, "male", themes.WORK_SHORT, (mother("Lumturije Zogjani"),)),
)
"""Cases of last year in Prishtinë that ended after two meetings: with them its annual report has tables to divide."""
