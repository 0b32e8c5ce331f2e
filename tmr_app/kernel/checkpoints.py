"""Checkpoints of the audit chain that leave the machine: its size, its head, the time, signed.

A chain alone shows neither a tail that was cut off nor one that was written anew from some row on; who holds an earlier
checkpoint sees both. One is made each day and after each seal: kept in a file beside the key file (which no backup
holds) and mailed to the bodies the controller named. Its form is that of a signed note (C2SP signed-note, Ed25519), its
first three lines those of a C2SP tlog-checkpoint, with the chain's head where that has a tree's root. No personal data.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock, encryption, outbox
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.settings import Settings

ED25519 = b"\x01"
"""The algorithm's byte of a signed note."""
NOTE = re.compile(
    r"(?P<text>(?P<origin>\S+)\n(?P<size>\d+)\n(?P<head>[A-Za-z0-9+/]{43}=)\n(?P<at>\S+)\n)"
    r"\n— (?P=origin) (?P<mark>[A-Za-z0-9+/=]+)$",
    re.MULTILINE,
)


class CheckpointForged(Exception):
    """A checkpoint that is not of this installation's key or was changed, or none where one was expected."""


class ChainShorter(Exception):
    """The chain ends before a checkpoint: rows at its end are gone."""

    def __init__(self, size: int, checkpoint: int) -> None:
        super().__init__(f"{size} rows, a checkpoint says {checkpoint}")
        self.size = size
        self.checkpoint = checkpoint


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`size`: rows in the chain; `head`: the last row's own hash (32 bytes); `at`: UTC."""

    size: int
    head: bytes
    at: datetime


def take(session: Session) -> Checkpoint | None:
    """The chain as it stands in this unit, without what the unit itself has noted; None while it is empty."""
    last = session.execute(
        select(AuditEntry.sequence, AuditEntry.own_hash).order_by(AuditEntry.sequence.desc()).limit(1)
    ).first()
    return Checkpoint(last.sequence, bytes(last.own_hash), clock.real_now()) if last else None


def origin(settings: Settings) -> str:
    """The log's name in its checkpoints."""
    return f"{settings.host}/audit"


def signed(checkpoint: Checkpoint, origin: str) -> str:
    """The checkpoint as a signed note under the log's name."""
    head = base64.b64encode(checkpoint.head).decode()
    text = f"{origin}\n{checkpoint.size}\n{head}\n{checkpoint.at.isoformat()}\n"
    mark = base64.b64encode(_key_id(origin) + _key().sign(text.encode())).decode()
    return f"{text}\n— {origin} {mark}\n"


def read(notes: str) -> list[Checkpoint]:
    """All checkpoints of a text (a file of them, a mail). Raises CheckpointForged for one of another key or changed."""
    found = []
    for note in NOTE.finditer(notes):
        mark = base64.b64decode(note["mark"])
        try:
            if mark[:4] != _key_id(note["origin"]):
                raise InvalidSignature
            _key().public_key().verify(mark[4:], note["text"].encode())
        except InvalidSignature as error:
            raise CheckpointForged(note["text"].split("\n")[1]) from error
        found.append(
            Checkpoint(int(note["size"]), base64.b64decode(note["head"]), datetime.fromisoformat(note["at"]))
        )
    if len(re.findall("^— ", notes, re.MULTILINE)) != len(found):
        raise CheckpointForged("unreadable")
    return found


def saved(path: Path) -> list[Checkpoint]:
    """The checkpoints in a file kept outside: a saved mail (RFC 5322, however encoded) or its text.

    Raises CheckpointForged when there is none in it, so that a file read wrongly never counts as agreement.
    """
    raw = path.read_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    part = mail.get_body(("plain",)) if "Message-ID" in mail else None
    text = str(part.get_content()) if part is not None else raw.decode(errors="replace")
    found = read(re.sub(r"^(?:> ?)+", "", text.replace("\r\n", "\n"), flags=re.MULTILINE))
    if not found:
        raise CheckpointForged("no checkpoint found")
    return found


def compare(session: Session, checkpoints: Iterable[Checkpoint]) -> int:
    """Hold the chain (verified before) against checkpoints. Returns how many.

    Raises audit.ChainBroken where a row is another than it was, ChainShorter where rows at the end are gone.
    """
    wanted = {one.size: one.head for one in checkpoints}
    if not wanted:
        return 0
    last = take(session)
    size = last.size if last else 0
    if max(wanted) > size:
        raise ChainShorter(size, max(wanted))
    rows = session.execute(
        select(AuditEntry.sequence, AuditEntry.own_hash).where(AuditEntry.sequence.in_(wanted))
    )
    for sequence, own_hash in sorted((row.sequence, bytes(row.own_hash)) for row in rows):
        if own_hash != wanted[sequence]:
            raise audit.ChainBroken(sequence, gap=False)
    return len(wanted)


def kept(path: Path) -> list[Checkpoint]:
    """The checkpoints in the installation's own file. Raises CheckpointForged."""
    return read(path.read_text()) if path.exists() else []


def daily(session: Session, settings: Settings, now: datetime) -> int:
    """Once each civil day of Kosovo: write a checkpoint down and mail it. Returns how many were made."""
    path = settings.checkpoint_list_path
    known = kept(path)
    if known and civil_date(known[-1].at) == civil_date(clock.real_now()):
        return 0
    return send(session, settings, now)


def send(session: Session, settings: Settings, now: datetime) -> int:
    """Write a checkpoint down and mail it to the bodies named for it; nothing while the chain is empty. Returns how many."""
    path, checkpoint = settings.checkpoint_list_path, take(session)
    if checkpoint is None:
        return 0
    note = signed(checkpoint, origin(settings))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(note + "\n")
    audit.note(session, "audit:checkpoint", object_type="installation")
    for address in settings.checkpoint_to:
        outbox.enqueue(
            session,
            kind="audit_checkpoint",
            to=outbox.Address(uuid5(NAMESPACE_URL, f"mailto:{address}"), address),
            now=now,
            parameters={"note": note},
            once_key=f"audit-checkpoint:{checkpoint.size}:{address}"[:160],
        )
    return 1


def set_aside(path: Path) -> Path | None:
    """After a restore the chain goes on from an earlier row: the former checkpoints speak of another continuation and
    are kept beside, under a name that says until when. Returns that name, None when there were none.
    """
    known = kept(path)
    if not known:
        return None
    beside = path.with_name(f"{path.stem}-until-{known[-1].at:%Y-%m-%dT%H%M%SZ}{path.suffix}")
    path.replace(beside)
    return beside


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(encryption.keyring().derived("audit-checkpoints"))


def _key_id(origin: str) -> bytes:
    """Four bytes that name the key (C2SP signed-note)."""
    public = _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(f"{origin}\n".encode() + ED25519 + public).digest()[:4]
