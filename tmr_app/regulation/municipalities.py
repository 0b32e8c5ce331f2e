"""The 38 municipalities of Kosovo: key, Albanian and Serbian name, other spellings met in official papers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality; English uses the Albanian name."""

    key: str
    sq: str
    sr: str
    other: tuple[str, ...] = ()

    @property
    def en(self) -> str:
        return self.sq


MUNICIPALITIES: tuple[Municipality, ...] = (
    Municipality("decan", "Deçan", "Dečane", ("Dečani",)),
    Municipality("dragash", "Dragash", "Dragaš"),
    Municipality(
        "drenas",
        "Drenas",
        "Glogovac",
        (
            "Gllogoc",
            "Gllogovc",
        ),
    ),
    Municipality("ferizaj", "Ferizaj", "Uroševac"),
    Municipality("fushe_kosove", "Fushë Kosovë", "Kosovo Polje"),
    Municipality("gjakove", "Gjakovë", "Đakovica"),
    Municipality("gjilan", "Gjilan", "Gnjilane"),
    Municipality("gracanice", "Graçanicë", "Gračanica"),
    Municipality("hani_i_elezit", "Hani i Elezit", "Elez Han"),
    Municipality("istog", "Istog", "Istok"),
    Municipality("junik", "Junik", "Junik"),
    Municipality("kacanik", "Kaçanik", "Kačanik"),
    Municipality("kamenice", "Kamenicë", "Kamenica", ("Kosovska Kamenica",)),
    Municipality("kline", "Klinë", "Klina"),
    Municipality("kllokot", "Kllokot", "Klokot"),
    Municipality("leposaviq", "Leposaviq", "Leposavić"),
    Municipality("lipjan", "Lipjan", "Lipljan"),
    Municipality("malisheve", "Malishevë", "Mališevo"),
    Municipality(
        "mamushe",
        "Mamushë",
        "Mamuša",
        (
            "Mamush",
            "Mamuşa",
        ),
    ),
    Municipality(
        "mitrovice_e_jugut",
        "Mitrovicë e Jugut",
        "Južna Mitrovica",
        (
            "Mitrovicë",
            "Mitrovica",
        ),
    ),
    Municipality(
        "mitrovice_e_veriut",
        "Mitrovicë e Veriut",
        "Severna Mitrovica",
        (
            "Mitrovicë",
            "Mitrovica",
        ),
    ),
    Municipality("novoberde", "Novobërdë", "Novo Brdo"),
    Municipality("obiliq", "Obiliq", "Obilić"),
    Municipality("partesh", "Partesh", "Parteš"),
    Municipality("peje", "Pejë", "Peć"),
    Municipality("podujeve", "Podujevë", "Podujevo"),
    Municipality("prishtine", "Prishtinë", "Priština"),
    Municipality("prizren", "Prizren", "Prizren"),
    Municipality("rahovec", "Rahovec", "Orahovac"),
    Municipality("ranillug", "Ranillug", "Ranilug"),
    Municipality("shterpce", "Shtërpcë", "Štrpce"),
    Municipality("shtime", "Shtime", "Štimlje"),
    Municipality("skenderaj", "Skenderaj", "Srbica", ("Skënderaj",)),
    Municipality("suhareke", "Suharekë", "Suva Reka"),
    Municipality("viti", "Viti", "Vitina"),
    Municipality("vushtrri", "Vushtrri", "Vučitrn"),
    Municipality("zubin_potok", "Zubin Potok", "Zubin Potok"),
    Municipality("zvecan", "Zveçan", "Zvečan"),
)


def folded(text: str) -> str:
    """Lower case without accents, one space between words; Serbian "dj" and "đ" are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "dj"))
    return " ".join("".join(mark for mark in plain if not unicodedata.combining(mark)).split())


def find_municipalities(text: str) -> tuple[Municipality, ...]:
    """Municipalities one of whose spellings starts with the text, in any of the languages; none for an empty text."""
    wanted = folded(text)
    if not wanted:
        return ()
    return tuple(
        one
        for one in MUNICIPALITIES
        if any(folded(name).startswith(wanted) for name in (one.sq, one.sr, *one.other))
    )


def municipality(key: str) -> Municipality:
    """The municipality with this key; KeyError if there is none."""
    return _BY_KEY[key]


_BY_KEY = {one.key: one for one in MUNICIPALITIES}
