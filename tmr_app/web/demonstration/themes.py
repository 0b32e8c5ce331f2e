"""What happened to an invented child, by theme: facts, assessment and plan in Albanian and Serbian."""

from dataclasses import dataclass, replace

Five = tuple[str, str, str, str, str]
"""Findings for the five indicators of A12.3, in their order."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Texts of one kind of case in one language, its kinds of risk (Annex 1) and who is needed at the Table."""

    risks: tuple[str, ...]
    members: tuple[str, ...]
    source: str
    facts: str
    summary: str
    best_interest: str
    findings: Five
    goal: str
    services: str
    measures: str


VIOLENCE = Theme(
    risks=("physical_violence", "psychological_violence"),
    members=("police", "victim_advocate", "school", "family_medicine", "mental_health"),
    source="school",
    facts="Shkolla vërejti shenja në duart e fëmijës. Fëmija tregoi se është goditur në shtëpi gjatë një zënke.",
    summary="Fëmija ka jetuar me dhunë në familje. Nevojitet siguri e menjëhershme dhe mbështetje psikologjike.",
    best_interest="Fëmija mbetet me prindin që e mbron, në mjedis pa dhunë, dhe vazhdon shkollën.",
    findings=(
        "Rrezik i lartë nga personi i dyshuar; masa mbrojtëse është kërkuar.",
        "Banesa është e pastër; ushqimi mjaftueshëm; mungon kontrolli mjekësor.",
        "Vijon klasën e vet; ka pasur mungesa gjatë muajit të fundit.",
        "Prindi tjetër kujdeset dhe bashkëpunon.",
        "Ka shokë në klasë; nuk merr pjesë në veprimtari pas mësimit.",
    ),
    goal="Brenda tri muajsh fëmija jeton pa dhunë dhe vijon mësimin çdo ditë.",
    services="Këshillim psikologjik, ndihmë juridike, përcjellje mjekësore.",
    measures="Masë mbrojtëse, vizita të policisë, takim javor me pedagogen.",
)
NEGLECT = Theme(
    risks=("lack_of_care",),
    members=("school", "family_medicine", "welfare_directorate", "ngo"),
    source="health",
    facts="Mjeku familjar njoftoi se fëmija nuk është vaksinuar dhe vjen i pangrënë në kontrolle.",
    summary="Familja jeton në varfëri të skajshme; kujdesi për fëmijën është i pamjaftueshëm.",
    best_interest="Fëmija rritet në familjen e vet, me ndihmë sociale dhe këshillim për prindërit.",
    findings=(
        "Nuk ka dhunë; rreziku vjen nga mungesa e mbikëqyrjes.",
        "Strehimi i papërshtatshëm, ushqimi i pamjaftueshëm, vaksinat mungojnë.",
        "Mungon shpesh nga mësimi; nuk ka libra.",
        "Prindërit duan të ndihmojnë, por nuk kanë të ardhura.",
        "Familja është e izoluar nga fqinjët.",
    ),
    goal="Brenda dy muajsh fëmija ushqehet rregullisht, vaksinohet dhe kthehet në mësim.",
    services="Ndihmë sociale, pako ushqimore, vaksinim, orë shtesë mësimi.",
    measures="Vizitë javore në familje, regjistrim në skemën e ndihmës sociale.",
)
WORK = Theme(
    risks=("hazardous_work",),
    members=("police", "school", "welfare_directorate", "ngo", "family_medicine"),
    source="police",
    facts="Policia e gjeti fëmijën duke mbledhur metale në deponi, natën, së bashku me të rritur.",
    summary="Fëmija punon në deponi që të ndihmojë familjen; puna është e rrezikshme për shëndetin.",
    best_interest="Fëmija largohet nga puna, kthehet në shkollë, familja mbështetet me të ardhura.",
    findings=(
        "Puna në deponi është e rrezikshme; ka plagë në duar.",
        "Të ardhurat e familjes janë të pasigurta.",
        "Ka braktisur mësimin prej dy muajsh.",
        "Prindi nuk e sheh rrezikun; pranon këshillim.",
        "Pranohet mirë nga bashkëmoshatarët.",
    ),
    goal="Fëmija nuk punon më dhe vijon mësimin brenda një muaji.",
    services="Ndihmë sociale, përcjellje shkollore, kontroll mjekësor.",
    measures="Vizita të papritura, marrëveshje me prindin, pajisje shkollore.",
)
EMOTIONAL = Theme(
    risks=("emotional_psychological_violence", "harassment"),
    members=("school", "mental_health", "education_directorate"),
    source="family",
    facts="Prindi kërkoi ndihmë: fëmija nuk flet, nuk fle dhe refuzon të shkojë në shkollë pas ngacmimeve.",
    summary="Fëmija është ngacmuar gjatë në shkollë; shfaq shenja ankthi.",
    best_interest="Fëmija ndihet i sigurt në shkollë dhe merr mbështetje psikologjike.",
    findings=(
        "Rrezik mesatar: ngacmimet vazhdojnë në rrugë.",
        "Nevojat themelore janë të plotësuara.",
        "Refuzon mësimin prej tri javësh.",
        "Prindërit janë të kujdesshëm dhe bashkëpunojnë.",
        "Është tërhequr nga shokët.",
    ),
    goal="Brenda gjashtë javësh fëmija kthehet në shkollë pa frikë.",
    services="Këshillim psikologjik, ndërmjetësim në shkollë.",
    measures="Plan sigurie në shkollë, person kontakti i përditshëm.",
)
ALONE = Theme(
    risks=("abandonment", "lack_of_care"),
    members=("police", "family_medicine", "mental_health"),
    source="police",
    facts="Fëmija u gjet pa përcjellje në stacionin e autobusëve; nuk flet gjuhën dhe nuk ka dokumente.",
    summary="Fëmija i pashoqëruar ka kërkuar azil; nevojiten kujdestar ligjor, përkthim dhe vend i sigurt.",
    best_interest="Fëmija ka kujdestar ligjor, strehim të sigurt dhe dëgjohet me përkthyes.",
    findings=(
        "Rrezik i lartë nga trafikimi; mbahet në vend të sigurt.",
        "Strehuar përkohësisht; është bërë kontrolli mjekësor.",
        "Nuk është përfshirë ende në mësim.",
        "Pa prindër në Kosovë; kujdestari ligjor është caktuar.",
        "Flet me të tjerë vetëm përmes përkthyesit.",
    ),
    goal="Brenda një muaji fëmija ka strehim të qëndrueshëm dhe mësim të gjuhës.",
    services="Kujdestari ligjore, përkthim, mësim i gjuhës, këshillim.",
    measures="Vlerësim i moshës me kujdes, kërkim i familjes, takim javor.",
)
VIOLENCE_SR = Theme(
    risks=("physical_violence",),
    members=("police", "victim_advocate", "school", "family_medicine"),
    source="school",
    facts="Škola je primetila modrice. Dete je reklo da ga je udario odrasli član domaćinstva.",
    summary="Dete je živelo sa nasiljem u porodici. Potrebna je bezbednost i psihološka podrška.",
    best_interest="Dete ostaje uz roditelja koji ga štiti, u okruženju bez nasilja, i nastavlja školu.",
    findings=(
        "Rizik od osumnjičene osobe; zatražena je mera zaštite.",
        "Stan je uredan; lekarski pregled nedostaje.",
        "Pohađa svoj razred; bilo je izostanaka.",
        "Drugi roditelj se stara i sarađuje.",
        "Ima drugare u razredu.",
    ),
    goal="U roku od tri meseca dete živi bez nasilja i redovno ide u školu.",
    services="Psihološko savetovanje, pravna pomoć, lekarsko praćenje.",
    measures="Mera zaštite, obilasci policije, nedeljni razgovor sa pedagogom.",
)
NEGLECT_SR = Theme(
    risks=("lack_of_care",),
    members=("school", "family_medicine", "welfare_directorate", "ngo", "communities_office"),
    source="health",
    facts="Lekar je obavestio da dete nije vakcinisano i da na preglede dolazi gladno.",
    summary="Porodica živi u krajnjem siromaštvu; briga o detetu je nedovoljna.",
    best_interest="Dete odrasta u svojoj porodici, uz socijalnu pomoć i savetovanje roditelja.",
    findings=(
        "Nema nasilja; rizik je u nedostatku nadzora.",
        "Neodgovarajući smeštaj, nedovoljno hrane, vakcine nedostaju.",
        "Često izostaje; nema udžbenike.",
        "Roditelji žele da pomognu, ali nemaju prihode.",
        "Porodica je izdvojena od komšija.",
    ),
    goal="U roku od dva meseca dete se redovno hrani, vakcinisano je i vraća se na nastavu.",
    services="Socijalna pomoć, paketi hrane, vakcinacija, dopunska nastava.",
    measures="Nedeljna poseta porodici, prijava za socijalnu pomoć.",
)

FEW = ("school", "family_medicine")
NEGLECT_SHORT, EMOTIONAL_SHORT, WORK_SHORT = (replace(one, members=FEW) for one in (NEGLECT, EMOTIONAL, WORK))
"""The same with a small Table, for cases that soon ended well."""
