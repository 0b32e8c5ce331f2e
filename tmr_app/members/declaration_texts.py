"""The text of the confidentiality declaration (A18.2): versions, never edited in place; a new one asks everybody again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.members.first_declaration_texts import TEXTS
from tmr_app.members.models import DeclarationText, Person
from tmr_app.regulation.verdicts import Message

KINDS = ("case", "general")
LANGUAGES = ("sq", "sr", "en")


def digest(kind: str, version: int, texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over the purpose, the kind, the version and the texts (keys sq, sr, en) as canonical JSON."""
    values = {"kind": kind, "version": version, **{key: texts[key] for key in LANGUAGES}}
    plain = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"tmr-declaration-text\x00" + plain.encode()).hexdigest()


def newest(session: Session, kind: str) -> DeclarationText | None:
    """The text that counts now."""
    return session.scalar(
        select(DeclarationText)
        .where(DeclarationText.kind == kind)
        .order_by(DeclarationText.version.desc())
        .limit(1)
    )


def seed(session: Session, now: datetime) -> None:
    """The product's own first versions, of each kind that has none yet."""
    for kind, texts in TEXTS.items():
        if newest(session, kind) is None:
            publish(
                session,
                None,
                now,
                kind=kind,
                text_sq=texts["sq"],
                text_sr=texts["sr"],
                text_en=texts["en"],
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
    present = newest(session, kind)
    last = present.version if present is not None else 0
    if present is not None:
        theirs = {name: str(getattr(present, name)) for name in given}
        if after_version is not None and last != after_version:
            raise Stale(mine=given, theirs=theirs, version=last)
        if theirs == given:
            raise FieldRefused("text_sq", Message("This is the text that counts already."))
    made = DeclarationText(
        kind=kind,
        version=last + 1,
        sha256=digest(kind, last + 1, {key: given[f"text_{key}"] for key in LANGUAGES}),
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
