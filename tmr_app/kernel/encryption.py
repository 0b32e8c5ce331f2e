"""Encryption at rest: AES-256-GCM with one data key per subject (a case, a family, a municipality, an account).

Data keys are wrapped (RFC 3394) by the installation's key, which lives in a file outside the database. Erasing a subject
deletes its row in `data_key`: what it sealed can never be read again. A value is bound to its table, column and row.
Layout of a sealed value: version (1 byte), key generation (4), nonce (12), ciphertext with tag (16).
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from tmr_app.kernel.errors import KeyNotUnlocked, SettingsWrong

HEADER = b"\x01" + (1).to_bytes(4, "big")
OVERHEAD_BYTES = len(HEADER) + 12 + 16

_unlocked: ContextVar[dict[UUID, bytes] | None] = ContextVar("unlocked", default=None)
_keyring: "Keyring | None" = None


class Keyring:
    """The installation's keys, from one file: wrapping keys by generation, and a root for derived keys."""

    def __init__(self, current: int, wrapping: dict[int, bytes], root: bytes) -> None:
        self.current = current
        self.wrapping = wrapping
        self.root = root
        self._derived: dict[str, bytes] = {}

    @classmethod
    def generate(cls) -> "Keyring":
        return cls(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32))

    @classmethod
    def load(cls, path: Path) -> "Keyring":
        """Read a key file. Raises SettingsWrong in one sentence when it is missing or damaged."""
        try:
            stored = json.loads(path.read_text())
            wrapping = {int(number): base64.b64decode(key) for number, key in stored["wrapping"].items()}
            return cls(int(stored["current"]), wrapping, base64.b64decode(stored["root"]))
        except FileNotFoundError as error:
            raise SettingsWrong(f"The key file {path} does not exist: run 'tmr keys init {path}'.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsWrong(
                f"The key file {path} is damaged: restore it from its escrow copy."
            ) from error

    def save(self, path: Path, *, replace: bool = False) -> None:
        """Write the key file, readable by its owner only. Refuses to overwrite unless `replace`."""
        if path.exists() and not replace:
            raise SettingsWrong(f"{path} exists already: choose another name, or use 'tmr keys rotate'.")
        path.parent.mkdir(parents=True, exist_ok=True)
        wrapping = {str(number): base64.b64encode(key).decode() for number, key in self.wrapping.items()}
        stored = {"current": self.current, "wrapping": wrapping, "root": base64.b64encode(self.root).decode()}
        beside = path.with_name(path.name + ".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(stored, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def rotated(self) -> "Keyring":
        number = max(self.wrapping) + 1
        return Keyring(number, {**self.wrapping, number: secrets.token_bytes(32)}, self.root)

    def wrap(self, data_key: bytes) -> bytes:
        return self.current.to_bytes(4, "big") + aes_key_wrap(self.wrapping[self.current], data_key)

    def unwrap(self, wrapped: bytes) -> bytes:
        number = int.from_bytes(wrapped[:4], "big")
        try:
            return aes_key_unwrap(self.wrapping[number], wrapped[4:])
        except (KeyError, InvalidUnwrap) as error:
            raise SettingsWrong(
                "The key file does not fit this database: set TMR_KEY_FILE to the right one."
            ) from error

    def derived(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (HKDF-SHA256 of the root); does not change on rotation."""
        if purpose not in self._derived:
            self._derived[purpose] = HKDF(hashes.SHA256(), 32, None, purpose.encode()).derive(self.root)
        return self._derived[purpose]


def use(keyring: Keyring) -> None:
    """Set the process's keyring (once, at start-up)."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    if _keyring is None:
        raise SettingsWrong("No keys are loaded: set TMR_KEY_FILE.")
    return _keyring


def blind_token(kind: str, value: str) -> bytes:
    """16 bytes by which an equal (already folded) value can be found again; HMAC-SHA256 under a derived key."""
    return hmac.digest(keyring().derived("blind-index"), f"{kind}\x00{value}".encode(), hashlib.sha256)[:16]


def keyed_hash(purpose: str, value: bytes) -> bytes:
    return hmac.digest(keyring().derived(purpose), value, hashlib.sha256)


@contextmanager
def fresh_unlocks() -> Iterator[None]:
    """An empty set of unlocked keys for one unit of work."""
    token = _unlocked.set({})
    try:
        yield
    finally:
        _unlocked.reset(token)


def begin_unlocks() -> None:
    """Empty the unlocked keys (the web layer, at the start and the end of a request)."""
    _unlocked.set({})


def remember(subject_id: UUID, data_key: bytes) -> None:
    unlocked = _unlocked.get()
    if unlocked is None:
        unlocked = {}
        _unlocked.set(unlocked)
    unlocked[subject_id] = data_key


def is_unlocked(subject_id: UUID) -> bool:
    return subject_id in (_unlocked.get() or {})


def missing(subject_ids: Iterable[UUID]) -> set[UUID]:
    unlocked = _unlocked.get() or {}
    return {subject_id for subject_id in subject_ids if subject_id not in unlocked}


def seal(subject_id: UUID, place: str, clear: bytes) -> bytes:
    """Encrypt under the subject's unlocked data key, bound to `place` ("table.column:row")."""
    nonce = os.urandom(12)
    return HEADER + nonce + AESGCM(_data_key(subject_id)).encrypt(nonce, clear, HEADER + place.encode())


def unseal(subject_id: UUID, place: str, sealed: bytes) -> bytes:
    """Decrypt. Raises KeyNotUnlocked when the key was not unlocked, ValueError when the value was moved or altered."""
    header, nonce, body = sealed[:5], sealed[5:17], sealed[17:]
    try:
        return AESGCM(_data_key(subject_id)).decrypt(nonce, body, header + place.encode())
    except InvalidTag as error:
        raise ValueError(f"sealed value altered or moved: {place}") from error


def texts_of(subject_id: UUID, column: str) -> Callable[[str, bytes | None], str]:
    """Opens the sealed texts of one column ("table.column") in many rows of one subject, read as plain rows.

    The function takes the row's id as text and what is stored; None gives "". Raises as `unseal`.
    """
    decrypt, place = AESGCM(_data_key(subject_id)).decrypt, f"{column}:".encode()

    def opened(row_id: str, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        try:
            return decrypt(sealed[5:17], sealed[17:], sealed[:5] + place + row_id.encode()).decode()
        except InvalidTag as error:
            raise ValueError(f"sealed value altered or moved: {column}") from error

    return opened


def _data_key(subject_id: UUID) -> bytes:
    try:
        return (_unlocked.get() or {})[subject_id]
    except KeyError as error:
        raise KeyNotUnlocked(f"unlock {subject_id} first") from error


class Sealed:
    """Descriptor: a clear attribute over an encrypted column. Subclasses say how a value becomes bytes."""

    def __init__(self, column: str, subject: str = "case_id") -> None:
        self.column = column
        self.subject = subject

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.column}:{row.id}"

    def _read(self, row: Any) -> bytes | None:
        stored = getattr(row, self.column)
        return None if stored is None else unseal(getattr(row, self.subject), self._place(row), stored)

    def _write(self, row: Any, clear: bytes | None) -> None:
        subject_id = getattr(row, self.subject)
        setattr(row, self.column, None if clear is None else seal(subject_id, self._place(row), clear))


class SealedText(Sealed):
    """Text under AES-GCM; None stays None. The row needs `id` and its subject's id before text is set."""

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, row: object, owner: type) -> str: ...
    def __get__(self, row: object | None, owner: type) -> "SealedText | str":
        if row is None:
            return self
        clear = self._read(row)
        return "" if clear is None else clear.decode()

    def __set__(self, row: object, value: str | None) -> None:
        self._write(row, value.encode() if value else None)


class SealedJson(Sealed):
    """A JSON value under AES-GCM."""

    @overload
    def __get__(self, row: None, owner: type) -> "SealedJson": ...
    @overload
    def __get__(self, row: object, owner: type) -> Any: ...
    def __get__(self, row: object | None, owner: type) -> Any:
        if row is None:
            return self
        clear = self._read(row)
        return None if clear is None else json.loads(clear)

    def __set__(self, row: object, value: Any) -> None:
        self._write(
            row, None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
        )


class SealedBytes(Sealed):
    """Bytes under AES-GCM: a file small enough to live in its row."""

    @overload
    def __get__(self, row: None, owner: type) -> "SealedBytes": ...
    @overload
    def __get__(self, row: object, owner: type) -> bytes: ...
    def __get__(self, row: object | None, owner: type) -> "SealedBytes | bytes":
        if row is None:
            return self
        return self._read(row) or b""

    def __set__(self, row: object, value: bytes | None) -> None:
        self._write(row, value or None)
