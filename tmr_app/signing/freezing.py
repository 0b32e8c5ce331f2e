"""Freezing a document to the byte, opening it for signatures, replacing it by a corrected version."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.documents import output
from tmr_app.documents.content import Document
from tmr_app.kernel import audit
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import completing, digests, notifications, queries
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import (
    CIRCULATED,
    INCOMPLETE,
    SCHEMA,
    SEALED,
    SIGNING,
    SUPERSEDED,
    FrozenVersion,
    SignatureSlot,
    SigningFile,
)

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of verification codes: no letter or figure that is read as another."""
CODE_GROUPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who is to sign, as they are to be named for good."""

    person_id: UUID
    name: str
    institution: str = ""
    function: str = ""
    absent: bool = False


def new_code() -> str:
    """Sixteen letters by which anybody finds the document again; 80 bits, so nobody guesses one."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(CODE_GROUPS))


def freeze(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    kind: str,
    subject_id: UUID,
    reference: str,
    language: str,
    content: Any,
    signers: Sequence[Signer],
    case_id: UUID | None = None,
    municipality_id: UUID | None = None,
    reason: str = "",
    beside_sealed: bool = False,
) -> FrozenVersion:
    """Fix the document as its next version: canonical JSON, PDF, both hashes, the places to sign. State `circulated`.

    `content` is plain JSON that the kind's `build` understands; `reference` a neutral code (it stands in mails). The
    version before is superseded with `reason`. Raises OutOfOrder over a sealed one: only a corrigendum may follow it
    (`beside_sealed`: this is one, and earlier ones stay). The owner's key must be unlocked.
    """
    owner_id = case_id or municipality_id
    if owner_id is None or (case_id and municipality_id):
        raise ValueError("a version belongs to one case or one municipality")
    before = queries.newest(session, kind, subject_id, locked=True)
    if before is not None and before.state in (SEALED, INCOMPLETE) and not beside_sealed:
        raise OutOfOrder(Message("This document is sealed. Only a corrigendum may follow it."), "A10.1")
    number, code = (before.number + 1 if before is not None else 1), new_code()
    head = {"kind": kind, "number": number, "code": code, "reference": reference, "language": language}
    named = [{**asdict(one), "person_id": str(one.person_id)} for one in signers]
    stored = digests.canonical({"schema": SCHEMA, **head, "signers": named, "content": content})
    pdf = output.write(printed(kind, json.loads(stored)["content"], code=code, number=number), "pdf")
    version = FrozenVersion(
        **head,
        subject_id=subject_id,
        case_id=case_id,
        municipality_id=municipality_id,
        owner_id=owner_id,
        schema_number=SCHEMA,
        state=CIRCULATED,
        content_sha256=digests.content_sha256(kind, stored),
        pdf_sha256=digests.pdf_sha256(kind, pdf),
        frozen_at=now,
        frozen_by_id=actor.id,
        content=stored.decode(),
        reason=reason,
    )
    session.add(version)
    session.flush()
    session.add(file_of(version, "frozen", pdf, now, once_key=f"{version.id.hex}:frozen"))
    session.add_all(
        SignatureSlot(version_id=version.id, owner_id=owner_id, position=position, **asdict(one))
        for position, one in enumerate(signers, 1)
    )
    if before is not None and before.state in (CIRCULATED, SIGNING):
        supersede(session, now, version=before, successor=version)
    note(session, version, "frozen", changes={"content": version.content_sha256, "pdf": version.pdf_sha256})
    session.flush()
    return version


def printed(kind: str, content: Any, *, code: str, number: int) -> Document:
    """The document as it is printed and shown: with its code in the footer."""
    document = kind_of(kind).build(content)
    footer = " · ".join(part for part in (document.footer, f"{code} / {number}") if part)
    return replace(document, footer=footer, mark="")


def file_of(
    version: FrozenVersion,
    role: str,
    data: bytes,
    now: datetime,
    *,
    added_by_id: UUID | None = None,
    media_type: str = "application/pdf",
    once_key: str | None = None,
) -> SigningFile:
    """Bytes that belong to a version, ready to be added."""
    return SigningFile(
        version_id=version.id,
        owner_id=version.owner_id,
        role=role,
        once_key=once_key,
        sha256=digests.plain_sha256(data),
        media_type=media_type,
        size_bytes=len(data),
        added_at=now,
        added_by_id=added_by_id,
        data=data,
    )


def open_for_signing(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version: FrozenVersion,
    notes: dict[str, Any] | None = None,
) -> FrozenVersion:
    """From now on everybody with a place may sign, and is told by mail. `notes` go into the evidence (plain JSON).

    Raises OutOfOrder unless the version is circulated.
    """
    version = queries.locked(session, version.id)
    if version.state == SIGNING:
        return version
    if version.state != CIRCULATED:
        raise OutOfOrder(Message("This version is not open for signatures."), kind_of(version.kind).duty)
    version.state, version.opened_at = SIGNING, now
    version.notes = notes or {}
    note(session, version, "opened")
    slots = queries.slots_of(session, version.id)
    notifications.ask_to_sign(session, now, version=version, slots=slots)
    kind_of(version.kind).when_opened(session, version, now)
    completing.look(session, now, version=version)
    return version


def supersede(
    session: Session, now: datetime, *, version: FrozenVersion, successor: FrozenVersion | None
) -> None:
    """The version is replaced: its signatures stay valid for it and do not move. Those who signed are told."""
    signed = queries.signatures_of(session, version.id)
    version.state, version.superseded_at = SUPERSEDED, now
    note(session, version, "superseded")
    notifications.tell_replaced(session, now, version=version, signatures=signed)
    kind_of(version.kind).when_superseded(session, version, now)


def withdraw(session: Session, actor: Person, now: datetime, *, version: FrozenVersion) -> None:
    """Take a version back before it is sealed, so that it can be corrected. Raises OutOfOrder once it is complete."""
    version = queries.locked(session, version.id)
    if version.state == SUPERSEDED:
        return
    if version.completed_at is not None or version.state not in (CIRCULATED, SIGNING):
        raise OutOfOrder(
            Message("This document is sealed. Only a corrigendum may follow it."), kind_of(version.kind).duty
        )
    supersede(session, now, version=version, successor=None)


def note(
    session: Session, version: FrozenVersion, deed: str, *, changes: dict[str, Any] | None = None, **more: Any
) -> None:
    """One audit entry about a version: "document:<deed>", with the kind's duty as its rule."""
    audit.note(
        session,
        f"document:{deed}",
        object_type=version.kind,
        object_id=version.id,
        case_id=version.case_id,
        rule=kind_of(version.kind).duty,
        changes=changes,
        **more,
    )


def versions_before(session: Session, version: FrozenVersion) -> FrozenVersion | None:
    """The version this one replaced."""
    return session.scalar(
        select(FrozenVersion).where(
            FrozenVersion.kind == version.kind,
            FrozenVersion.subject_id == version.subject_id,
            FrozenVersion.number == version.number - 1,
        )
    )
