"""A stored version read again: its content, and the document as it was printed then."""

import json
from typing import Any

from tmr_app.documents.content import Document
from tmr_app.signing.freezing import printed
from tmr_app.signing.models import FrozenVersion


def stored(version: FrozenVersion) -> dict[str, Any]:
    """The canonical JSON as a value; its `content` is the kind's own."""
    kept: dict[str, Any] = json.loads(version.content)
    return kept


def document_of(version: FrozenVersion) -> Document:
    """What is shown and was printed."""
    return printed(version.kind, stored(version)["content"], code=version.code, number=version.number)
