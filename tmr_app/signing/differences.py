"""What changed between two versions, line by line, so that nobody has to compare two papers by eye."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from sqlalchemy.orm import Session

from tmr_app.documents.content import Document
from tmr_app.signing import freezing, shown
from tmr_app.signing.models import FrozenVersion


@dataclass(frozen=True, slots=True)
class Change:
    """One line taken out, or put in."""

    added: bool
    text: str


@dataclass(frozen=True, slots=True)
class Since:
    """Against which version, why it was replaced, and the lines."""

    number: int
    reason: str
    changes: tuple[Change, ...]


def since_last(session: Session, version: FrozenVersion) -> Since | None:
    """What this version changed; None for a first version."""
    before = freezing.versions_before(session, version)
    if before is None:
        return None
    changes = between(lines_of(shown.document_of(before)), lines_of(shown.document_of(version)))
    return Since(before.number, version.reason, tuple(changes))


def between(before: list[str], after: list[str]) -> Iterator[Change]:
    """Lines taken out and put in, in the order of the text."""
    for line in difflib.ndiff(before, after):
        if line.startswith(("- ", "+ ")):
            yield Change(line.startswith("+ "), line[2:])


def lines_of(document: Document) -> list[str]:
    """The words of a document, one line a text, a table's row in one."""
    return [line for block in document.blocks for line in _lines(block)]


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (line for line in value.splitlines() if line.strip())
    elif isinstance(value, tuple):
        if value and all(isinstance(one, str) for one in value):
            yield " | ".join(one.replace("\n", ", ") for one in value if one)
        else:
            for one in value:
                yield from _lines(one)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in ("widths", "columns"):
                yield from _lines(getattr(value, field.name))
