"""What is hashed: canonical JSON (RFC 8785, NFC), exact bytes, and a prefix that keeps purposes apart."""

import hashlib
import unicodedata
from typing import Any

from tmr_app.signing.models import SCHEMA


def composed(value: Any) -> Any:
    """The same value with every text composed (NFC): the same words always give the same bytes."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {composed(name): composed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [composed(one) for one in value]
    return value


def canonical(value: Any) -> bytes:
    """The bytes that are hashed."""
    import rfc8785

    return rfc8785.dumps(composed(value))


def digest(purpose: str, data: bytes) -> bytes:
    """SHA-256 with a purpose before it: a hash made for one purpose says nothing for another."""
    return hashlib.sha256(f"tryeza:{purpose}\x00".encode() + data).digest()


def content_sha256(kind: str, content: bytes) -> str:
    return digest(f"frozen-content:{SCHEMA}:{kind}", content).hex()


def pdf_sha256(kind: str, pdf: bytes) -> str:
    return digest(f"frozen-pdf:{kind}", pdf).hex()


def statement_sha256(statement: str) -> str:
    return digest("signing-statement", unicodedata.normalize("NFC", statement).encode()).hex()


def trace_sha256(trace: Any) -> str:
    return digest("signing-trace", canonical(trace)).hex()


def plain_sha256(data: bytes) -> str:
    """A file's ordinary SHA-256, as any tool computes it."""
    return hashlib.sha256(data).hexdigest()
