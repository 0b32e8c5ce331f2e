"""The confidentiality declaration (A18.2): its text by version, and signing it for one case."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.declaration_texts import TEXTS
from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Declaration, Participant, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.errors import BadInput, OutOfOrder
from tmr_app.members.models import DeclarationText, Person
from tmr_app.regulation.verdicts import Message

LANGUAGES = ("sq", "sr", "en")


def text_hash(kind: str, version: int, texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over the purpose, the kind, the version and the three texts as canonical JSON."""
    values = {"kind": kind, "version": version, **{key: texts[key] for key in LANGUAGES}}
    plain = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"tmr-declaration-text\x00" + plain.encode()).hexdigest()


def publish_text(
    session: Session, kind: str, texts: Mapping[str, str], *, now: datetime, actor: Person | None = None
) -> DeclarationText:
    """A new version of the text, in sq, sr and en; earlier ones stay. Everybody seated is asked to sign anew."""
    if kind not in TEXTS or any(not texts.get(key, "").strip() for key in LANGUAGES):
        raise BadInput("a declaration needs its kind and its text in three languages")
    newest = (
        session.scalar(select(func.max(DeclarationText.version)).where(DeclarationText.kind == kind)) or 0
    )
    clean = {key: texts[key].strip() for key in LANGUAGES}
    text = DeclarationText(
        kind=kind,
        version=newest + 1,
        text_sq=clean["sq"],
        text_sr=clean["sr"],
        text_en=clean["en"],
        sha256=text_hash(kind, newest + 1, clean),
        published_at=now,
        published_by_id=actor.id if actor else None,
    )
    session.add(text)
    session.flush()
    audit.note(
        session,
        "declaration_text:published",
        object_type="declaration_text",
        object_id=text.id,
        rule="A18.2",
        actor_id=actor.id if actor else None,
    )
    return text


def seed_texts(session: Session, now: datetime) -> None:
    """The product's own first versions, of each kind that has none yet (installation, demonstration)."""
    for kind, texts in TEXTS.items():
        if newest_text(session, kind) is None:
            publish_text(session, kind, texts, now=now)


def newest_text(session: Session, kind: str = "case") -> DeclarationText | None:
    """The version in force; an earlier one is no longer asked for."""
    return session.scalar(
        select(DeclarationText)
        .where(DeclarationText.kind == kind)
        .order_by(DeclarationText.version.desc())
        .limit(1)
    )


def text_in(text: DeclarationText, language: str) -> str:
    """The text in one of sq, sr, en (or a locale of these)."""
    return str(getattr(text, f"text_{language.split('_')[0]}"))


def declaration_of(session: Session, case_id: UUID, person_id: UUID) -> Declaration | None:
    """The person's signature under the newest text for this case, or None."""
    text = newest_text(session)
    if text is None:
        return None
    return session.scalar(
        select(Declaration).where(
            Declaration.case_id == case_id, Declaration.person_id == person_id, Declaration.text_id == text.id
        )
    )


def sign_declaration(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    text_version: int,
    language: str,
    session_ref: str | None,
    method: str = "in_app",
) -> Declaration:
    """Sign the newest text for this case; the caller has asked for password and second factor.

    OutOfOrder when the text shown is not the newest any more, or there is no seat. A second submission gives the first
    signature.
    """
    lock_table(session, case.id)
    text = newest_text(session)
    if text is None or text.version != text_version:
        raise OutOfOrder(
            Message("The text of the declaration has changed. Please read the new one, then sign."), "A18.2"
        )
    seated = session.scalar(
        select(Seat.id)
        .where(Seat.case_id == case.id, Seat.person_id == actor.id)
        .where(Seat.ended_at.is_(None), Seat.recused_at.is_(None))
        .limit(1)
    )
    if seated is None:
        raise OutOfOrder(Message("There is no seat for which the declaration would be signed."), "A18.2")
    signed = declaration_of(session, case.id, actor.id)
    if signed is not None:
        return signed
    return _write(
        session,
        actor,
        now,
        text,
        case_id=case.id,
        person_id=actor.id,
        language=language,
        method=method,
        session_ref=session_ref,
    )


def record_paper_declaration(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    participant: Participant,
    language: str,
    through_guardian: bool = False,
) -> Declaration:
    """A participant without account signed on paper before the case manager; a small child through the guardian."""
    text = newest_text(session)
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    if participant.withdrawn_at is not None:
        raise OutOfOrder(Message("This person no longer takes part."), "A4.5")
    for_child = participant.relation_id is None
    signed = session.scalar(
        select(Declaration).where(
            Declaration.case_id == participant.case_id,
            Declaration.text_id == text.id,
            Declaration.for_child.is_(True)
            if for_child
            else Declaration.relation_id == participant.relation_id,
        )
    )
    if signed is not None:
        return signed
    return _write(
        session,
        actor,
        now,
        text,
        case_id=participant.case_id,
        relation_id=participant.relation_id,
        for_child=for_child,
        language=language,
        method="paper_guardian" if through_guardian else "paper",
        attested_by_id=actor.id,
    )


def _write(
    session: Session, actor: Person, now: datetime, text: DeclarationText, *, case_id: UUID, **values: object
) -> Declaration:
    declaration = Declaration(
        case_id=case_id, text_id=text.id, text_sha256=text.sha256, signed_at=now, **values
    )
    session.add(declaration)
    session.flush()
    audit.note(
        session,
        "declaration:signed",
        object_type="declaration",
        object_id=declaration.id,
        case_id=case_id,
        rule="A18.2",
        changes={"text": text.sha256},
        actor_id=actor.id,
    )
    return declaration
