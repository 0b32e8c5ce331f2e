"""The closed lists, Annex 1 and messages."""

from datetime import date as d

import pytest

from tmr_app.regulation import catalogue as c
from tmr_app.regulation.annex1 import ANNEX_1, annex_labels, annex_part, annex_text
from tmr_app.regulation.verdicts import Label, Message, Status, Verdict

LISTS = [
    (c.SEATS_4_1, 14),
    (c.SEATS_4_6, 6),
    (c.SEATS, 24),
    (c.CHILD_STATUSES, 4),
    (c.RISK_GROUPS, 4),
    (c.RISK_KINDS, 19),
    (c.INDICATORS, 5),
    (c.RISK_LEVELS, 3),
    (c.ACTION_STATUSES, 3),
    (c.GROUNDS, 5),
    (c.MUNICIPALITIES, 38),
]


@pytest.mark.parametrize(("entries", "count"), LISTS)
def test_lists_are_whole_in_three_languages(entries, count):
    assert len(entries) == count
    assert len({one.key for one in entries}) == count
    assert all(one.sq and one.sr and one.en for one in entries)


def test_labels_are_the_words_of_the_regulation():
    assert c.label("police") == "Policia e Kosovës"
    assert c.label("police", "sr_Latn") == "Policija Kosova"
    assert c.label("psychological_violence") != c.label("emotional_psychological_violence")
    assert c.short_label("family_medicine") == "Qendra e Mjekësisë Familjare"
    with pytest.raises(KeyError):
        c.label("mayor")
    with pytest.raises(ValueError, match="tr"):
        c.label("police", "tr")


def test_members_participants_and_plurals():
    assert {"child", "parent_guardian", "guest"} == c.PARTICIPANT_KINDS
    assert {seat.key for seat in c.SEATS} == c.MEMBER_KINDS | c.PARTICIPANT_KINDS
    assert {"family_medicine", "ngo"} <= c.PLURAL_KINDS
    assert c.SEAT_KINDS_4_6 <= c.PLURAL_KINDS
    assert {"family_medicine", "ngo"} == c.SEAT_KINDS_4_1 & c.PLURAL_KINDS
    assert len(c.RISKS_WITH_TEXT) == 4


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Gllogoc", {"drenas"}),
        ("glogovac", {"drenas"}),
        ("Dečani", {"decan"}),
        ("decani", {"decan"}),
        ("Mitrovica", {"mitrovice_e_jugut", "mitrovice_e_veriut"}),
        ("Skënderaj", {"skenderaj"}),
        ("MAMUŞA", {"mamushe"}),
        ("djakovica", {"gjakove"}),
        ("Kosovska Kamenica", {"kamenice"}),
        ("", set()),
        ("Tirana", set()),
    ],
)
def test_municipalities_are_found_by_other_spellings(text, keys):
    assert {one.key for one in c.find_municipalities(text)} == keys


ORDER = """Formë pune e Tryezës për Ndihmë në Menaxhimin e Rastit
Dokument për përdorim të brendshëm me qëllim të përgatitjes së kompletuar të një rasti për diskutim me anëtarët e TNMR-së
Numri i lëndës:
Data takimit të mbajtur të TNMR-së
Qendra për Punë Sociale
Udhëheqësi i TNMR / menaxheri i rastit
Referuesi
Rastet specifike të fëmijëve me rrezikshmëri që trajtohen nga TNMR
KEQTRAJTIMI
dhunë fizike
dhunë psikologjike
dhunë seksuale
ndëshkim trupor
fëmijë në forma të rrezikshme të punës
rrëmbimi
tjera:
ABUZIMI SEKSUAL
abuzim seksual
trafikim me fëmijë
pornografi me fëmijë
tjera:
ABUZIM EMOCIONAL
dhuna psikologjike
ngacmim
diskriminim
martesa të hershme me dhunë
tjera:
NEGLIZHIM
lënia pas dore
braktisja
tjera:
Të dhënat personale të rastit
Emri dhe Mbiemri:
Data lindjes:
Gjinia:
Nacionaliteti/etnia:
Vendlindja:
Vendbanimi/vendqendrimi:
Gjendja shëndetësore:
Aftësi e kufizuar:
Të tjera
Situata aktuale e rastit
Prezantimi në TNMR i vlerësimit të rastit nga ana e menaxherit të rastit i fokusuar në nevojat e fëmijës/familjes dhe \
në sigurinë e tyre. (Të përshkruhen nevojat e plota të fëmijës në harmoni me moshën, shëndetin, zhvillimin, edukimin, \
përfshirjen, rrezikun, sigurinë dhe përfshirjen e fëmijës/familjes)
Prezantim nga Menaxheri i Rastit për shërbimet e ofruara dhe koordinuara nga Qendra për Punë Sociale para se rasti të \
referohet në TNMR (listo shërbimet dhe datat).
Ndarja e informacioneve për rastin gjatë diskutimit në TNMR (Gjatë takimit në TNMR, anëtarë /pjesëmarrësit ofrojnë \
informacione me qëllim të rivlerësimit të nevojave të fëmijës).
Bashkrendimi dhe koordinimi i veprimeve në ofrimin e shërbimeve për mbrojtje, rehabilitim, integrim dhe riintegrim të \
fëmijës
Veprimet dhe Masat
Shërbimet
Institucionet përgjegjëse
Data e planifikuar e realizimit
Statusi i realizmit të veprimit (në proces, i kryer, i pakryer)
Afati i rishikimit të veprimit
Shënime
PLANI INDIVIDUAL I UNIFIKUAR PËR MBROJTJEN E FËMIJËS
Përcaktimi i qëllimit: specifik, i matshëm, i arritshëm, i dakorduar, relevant, ndarja e përgjegjësive dhe i afatizuar \
në kohë.
Synimi: fëmija është i sigurt, faktorët e rrezikut janë zvogëluar, promovimi i interesit më të mirë dhe plotësimi i \
nevojave të përgjithshme dhe specifike të fëmijës, përfshirja dhe përkrahja për familjen.
Pjesëmarrësit e ftuar/emrat dhe mbiemrat
Institucionet/OJQ
Prezent
Nënshkrimi
Rishikimi i planit dhe vlerësimi i progresit
Data:
Veprimet
Shërbimet
Institucionet përgjegjëse
Data e planifikuar e realizimit
Statusi i realizmit të veprimit (në proces, i kryer, i pakryer)
Vlerësimi i progresit
Shënime
Mbyllja e rastit për TNMR: sheno në njërën nga rubrikat, në raste të veqanta sheno me fjalë tek rrethanat tjera
fëmija është jashtë rrezikut
fëmija është mbi 18 vjeç
kur fëmija ndërron vendbanimin brenda shtetit
kur fëmija ndërron vendbanimin jashtë shtetit
fëmija vdes
Rrethana tjera:
Pjesëmarrësit e ftuar/emrat dhe mbiemrat
Institucionet/OJQ
Prezent
Nënshkrimi"""


def test_annex_1_label_for_label_in_order():
    assert list(annex_labels("sq")) == ORDER.split("\n")


def test_annex_1_is_translated_and_parted():
    assert all(label.sr and label.en for label in ANNEX_1)
    assert [label.part for label in ANNEX_1] == sorted(label.part for label in ANNEX_1)
    assert len(annex_part(4)) == 1 + 4 + 19
    assert annex_text("actions", part=10) == "Veprimet"
    with pytest.raises(KeyError):
        annex_text("objective")


def test_a_message_is_a_value_and_is_rendered_in_a_language():
    message = Message("Add: %(seat)s on %(on)s", seat=Label("police"), on=d(2026, 11, 17))
    same = Message("Add: %(seat)s on %(on)s", on=d(2026, 11, 17), seat=Label("police"))
    assert message == same
    assert len({message, same, Message("Add")}) == 2
    assert str(message) == "Add: Kosovo Police on 2026-11-17"
    rendered = message.render(
        {message.msgid: "Shto: %(seat)s më %(on)s"}.__getitem__, "sq", lambda on: f"{on:%d.%m}"
    )
    assert rendered == "Shto: Policia e Kosovës më 17.11"
    assert Message("100 % sure").render() == "100 % sure"


@pytest.mark.parametrize(
    ("status", "allows"),
    [
        ("met", True),
        ("met_late", True),
        ("waived", True),
        ("due", True),
        ("not_met", False),
        ("overdue", False),
    ],
)
def test_which_statuses_allow(status, allows):
    verdict = Verdict("A8.3", Status(status))
    assert verdict.allows is allows
    assert verdict.refuses is not allows
    assert Verdict("A8.3", Status(status), breach_recorded=True).allows
