"""The text of the confidentiality declaration (A18.2): versions, never edited in place; a new one asks everybody again."""

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.members.models import DeclarationText, Person
from tmr_app.regulation.verdicts import Message

KINDS = ("case", "general")
LANGUAGES = ("sq", "sr", "en")

FIRST_TEXTS: dict[str, tuple[str, str, str]] = {
    "case": (
        "Deklaroj se i ruaj si të fshehta të gjitha informatat për këtë rast dhe për personat e përfshirë në të, "
        "të cilat i mësoj si pjesëmarrës në Tryezën Multidisiplinare, sipas nenit 18 të Rregullores (QRK) "
        "Nr. 23/2023 dhe ligjit për mbrojtjen e të dhënave personale. I përdor vetëm për mbrojtjen e fëmijës. "
        "Nuk ia tregoj askujt jashtë kësaj Tryeze, përveç kur ndarja e tyre është obligim ligjor. Ky obligim "
        "vazhdon edhe pasi të përfundojë pjesëmarrja ime.",
        "Izjavljujem da ću čuvati kao tajnu sve informacije o ovom slučaju i o licima koja su u njega uključena, "
        "a koje saznam kao učesnik Multidisciplinarnog stola, u skladu sa članom 18 Uredbe (VRK) br. 23/2023 i "
        "zakonom o zaštiti ličnih podataka. Koristiću ih samo za zaštitu deteta. Neću ih saopštiti nikome izvan "
        "ovog stola, osim kada je njihovo deljenje zakonska obaveza. Ova obaveza traje i posle prestanka mog "
        "učešća.",
        "I declare that I keep secret all information about this case and about the persons involved in it which I "
        "learn as a participant of the Multidisciplinary Table, under Article 18 of Regulation (GRK) No. 23/2023 "
        "and the law on the protection of personal data. I use it only for the protection of the child. I tell it "
        "to nobody outside this Table, except where sharing it is a legal obligation. This duty lasts after my "
        "participation has ended.",
    ),
    "general": (
        "Deklaroj se i ruaj si të fshehta të gjitha informatat për rastet dhe personat që përmenden në takimin e "
        "përgjithshëm të Tryezës Multidisiplinare, sipas nenit 18 të Rregullores (QRK) Nr. 23/2023 dhe ligjit për "
        "mbrojtjen e të dhënave personale. Nuk ia tregoj askujt jashtë takimit, përveç kur ndarja e tyre është "
        "obligim ligjor. Ky obligim vazhdon edhe pas takimit.",
        "Izjavljujem da ću čuvati kao tajnu sve informacije o slučajevima i licima koji se pominju na opštem "
        "sastanku Multidisciplinarnog stola, u skladu sa članom 18 Uredbe (VRK) br. 23/2023 i zakonom o zaštiti "
        "ličnih podataka. Neću ih saopštiti nikome izvan sastanka, osim kada je njihovo deljenje zakonska obaveza. "
        "Ova obaveza traje i posle sastanka.",
        "I declare that I keep secret all information about cases and persons mentioned in the general meeting of "
        "the Multidisciplinary Table, under Article 18 of Regulation (GRK) No. 23/2023 and the law on the "
        "protection of personal data. I tell it to nobody outside the meeting, except where sharing it is a legal "
        "obligation. This duty lasts after the meeting.",
    ),
}


def digest(text_sq: str, text_sr: str, text_en: str) -> str:
    """SHA-256 over the three texts, each after its length, so that no boundary can be moved. Hexadecimal."""
    parts = b"".join(
        len(text.encode()).to_bytes(8, "big") + text.encode() for text in (text_sq, text_sr, text_en)
    )
    return hashlib.sha256(b"declaration-text\x00" + parts).hexdigest()


def newest(session: Session, kind: str) -> DeclarationText | None:
    """The text that counts now."""
    return session.scalar(
        select(DeclarationText)
        .where(DeclarationText.kind == kind)
        .order_by(DeclarationText.version.desc())
        .limit(1)
    )


def versions(session: Session) -> list[DeclarationText]:
    """Every version of both kinds, newest first."""
    return list(
        session.scalars(
            select(DeclarationText).order_by(DeclarationText.kind, DeclarationText.version.desc())
        )
    )


def publish(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    kind: str,
    text_sq: str,
    text_sr: str,
    text_en: str,
    after_version: int | None = None,
) -> DeclarationText:
    """Publish the next version. `after_version`: the version the author saw; raises Stale when another came between.

    Raises FieldRefused for a missing text or one that changes nothing.
    """
    given = {"text_sq": text_sq.strip(), "text_sr": text_sr.strip(), "text_en": text_en.strip()}
    if kind not in KINDS:
        raise FieldRefused("kind", Message("Choose a kind of declaration."))
    for field, text in given.items():
        if not text:
            raise FieldRefused(field, Message("Write the text in all three languages."))
    last = session.scalar(select(func.max(DeclarationText.version)).where(DeclarationText.kind == kind))
    present = newest(session, kind)
    if after_version is not None and present is not None and (last or 0) != after_version:
        theirs = {name: str(getattr(present, name)) for name in given}
        raise Stale(mine=given, theirs=theirs, version=present.version)
    sha256 = digest(**given)
    if present is not None and present.sha256 == sha256:
        raise FieldRefused("text_sq", Message("This is the text that counts already."))
    made = DeclarationText(
        kind=kind,
        version=(last or 0) + 1,
        sha256=sha256,
        published_at=now,
        published_by_id=actor.id if actor else None,
        **given,
    )
    session.add(made)
    session.flush()
    audit.note(
        session,
        "declaration_text:published",
        object_type="declaration_text",
        object_id=made.id,
        actor_id=actor.id if actor else None,
        rule="A18.2",
    )
    return made


def publish_first(session: Session, now: datetime) -> int:
    """Give a new installation its first texts; kinds that have one keep it. Returns how many were published."""
    missing = [kind for kind in KINDS if newest(session, kind) is None]
    for kind in missing:
        text_sq, text_sr, text_en = FIRST_TEXTS[kind]
        publish(session, None, now, kind=kind, text_sq=text_sq, text_sr=text_sr, text_en=text_en)
    return len(missing)
