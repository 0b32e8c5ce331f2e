"""The encrypted file store: content sealed under its subject's data key, under random names outside the web root.

A file is written and synced before the row that names it commits; a file without a row after an hour is an orphan that
`sweep` removes. So there is never a row without its file.
"""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from tmr_app.kernel import encryption
from tmr_app.kernel.errors import FileLost, NotFound

NAME = re.compile(r"[0-9a-f]{32}\Z")
ORPHAN_SECONDS = 3600


class FileStore:
    """Files in one folder, spread over 256 sub-folders by the first two letters of their random name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, subject_id: UUID, data: bytes) -> str:
        """Seal and store; returns the random name. The subject's key must be unlocked. Raises OSError when full."""
        name = secrets.token_hex(16)
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            file.write(encryption.seal(subject_id, f"file:{name}", data))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        return name

    def get(self, subject_id: UUID, name: str) -> bytes:
        """The clear content. Raises FileLost for a missing or altered file, NotFound for a name that is none."""
        try:
            return encryption.unseal(subject_id, f"file:{name}", self._path(name).read_bytes())
        except (FileNotFoundError, ValueError) as error:
            raise FileLost(name) from error

    def has(self, name: str) -> bool:
        return self._path(name).is_file()

    def remove(self, name: str) -> bool:
        """Take one file away for good: overwritten, then unlinked. False when it is not there."""
        path = self._path(name)
        if not path.exists():
            return False
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
        return True

    def sweep(self, known: Iterable[str], now_seconds: float) -> int:
        """Remove files no row names and older than an hour. `now_seconds`: POSIX time. Returns how many."""
        keep, removed = set(known), 0
        for path in self.folder.glob("??/*"):
            if path.stem not in keep and now_seconds - path.stat().st_mtime > ORPHAN_SECONDS:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, name: str) -> Path:
        if not NAME.match(name):
            raise NotFound(name)
        return self.folder / name[:2] / name
