"""The kinds of document that can be signed: each registered once by the room it belongs to, when that room is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tmr_app.access.standing import Standing
from tmr_app.documents.content import Document
from tmr_app.kernel.errors import NotFound
from tmr_app.regulation.verdicts import Message
from tmr_app.signing.models import FrozenVersion

Listener = Callable[[Session, FrozenVersion, datetime], None]


def _nothing(_session: Session, _version: FrozenVersion, _now: datetime) -> None:
    return None


def _open(_session: Session, _version: FrozenVersion, _standing: Standing) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """What the signing room must know of a document it cannot read by itself.

    `word` is part of every hash and never changes. `build` makes what is printed and shown from the stored content.
    `home`: the path, within this installation, of the page this document belongs to. `may_open`: asked after the policy,
    for whoever may reach the page; `gate`: asked of everybody, whoever has a place to sign too (it may raise Forbidden with
    the way out). The listeners run in the unit of work of what they tell about.
    """

    word: str
    title: Message
    statement: Message
    statement_absent: Message
    duty: str
    build: Callable[[Any], Document]
    home: Callable[[FrozenVersion], str]
    may_open: Callable[[Session, FrozenVersion, Standing], bool] = _open
    gate: Callable[[Session, FrozenVersion, Standing], bool] = _open
    when_opened: Listener = _nothing
    when_refused: Listener = _nothing
    when_complete: Listener = _nothing
    when_sealed: Listener = _nothing
    when_superseded: Listener = _nothing


_kinds: dict[str, DocumentKind] = {}


def register_kind(kind: DocumentKind) -> DocumentKind:
    """Register a kind; the same module loaded twice registers it once."""
    _kinds[kind.word] = kind
    return kind


def kind_of(word: str) -> DocumentKind:
    """The kind of a stored version. Raises NotFound for one whose room is not loaded."""
    try:
        return _kinds[word]
    except KeyError as error:
        raise NotFound(f"kind {word}") from error


def is_registered(word: str) -> bool:
    return word in _kinds
