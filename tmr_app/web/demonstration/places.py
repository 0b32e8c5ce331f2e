"""Where a demonstration keeps its things: one folder for keys, files, received mail and, unless told otherwise, data.

Each database has a folder of its own: filling one demonstration never touches what another one keeps.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.settings import ROOT, Settings

FOLDER = (ROOT if (ROOT / "pyproject.toml").is_file() else Path.cwd()) / "var" / "demo"
"""In the product's own tree; installed from a wheel, in the folder the command is called from."""


@dataclass(frozen=True, slots=True)
class Places:
    """All paths of one demonstration."""

    folder: Path
    database_url: str

    @property
    def key_file(self) -> Path:
        return self.folder / "keys.json"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def mail(self) -> Path:
        return mail_folder(self.files)

    @property
    def own_database(self) -> Path | None:
        """The file this demonstration made for itself, or None when the database is somebody's choice."""
        own = self.folder / "demo.sqlite3"
        return own if self.database_url == f"sqlite:///{own}" else None

    @property
    def ready(self) -> Path:
        """The mark for the children that the database is filled: they load while it is being filled."""
        return self.folder / "ready"

    def keyring(self) -> Keyring:
        """The keys beside the database, made when there are none; only then is there a folder beside a chosen one."""
        if not self.key_file.exists():
            Keyring.generate().save(self.key_file)
        return Keyring.load(self.key_file)

    def settings(self, public_url: str, smtp_url: str = "smtp://127.0.0.1:25") -> Settings:
        return Settings(
            database_url=self.database_url,
            key_file=self.key_file,
            public_url=public_url,
            smtp_url=smtp_url,
            mail_from="tryeza@demonstrim.tryeza.example",
            file_store=self.files,
        )

    def environment(self, settings: Settings) -> dict[str, str]:
        """What the child processes read: this process's environment with the demonstration's settings."""
        return {
            **os.environ,
            "TMR_DATABASE_URL": settings.database_url,
            "TMR_KEY_FILE": str(settings.key_file),
            "TMR_PUBLIC_URL": settings.public_url,
            "TMR_SMTP_URL": settings.smtp_url,
            "TMR_MAIL_FROM": settings.mail_from,
            "TMR_FILE_STORE": str(settings.file_store),
            "TMR_DEMO_READY": str(self.ready),
        }

    def forget_files(self) -> None:
        """Drop files and mail of an earlier filling; keys stay (the database may be somebody's PostgreSQL)."""
        for path in (self.files, self.mail):
            shutil.rmtree(path, ignore_errors=True)
        own = self.own_database
        if own is not None:
            for name in (own.name, f"{own.name}-wal", f"{own.name}-shm", f"{own.name}-journal"):
                own.with_name(name).unlink(missing_ok=True)


def mail_folder(file_store: Path) -> Path:
    """Where received mail lies: beside the file store, so that the web process knows it from its settings."""
    return file_store.parent / "mail"


def of_environment() -> Places:
    """The demonstration that `TMR_DATABASE_URL` names, or one whose database lies in the folder too.

    Without it the folder is `var/demo`, or the one `TMR_DEMO_FOLDER` names.
    """
    shared = Path(os.environ.get("TMR_DEMO_FOLDER") or FOLDER).resolve()
    chosen = os.environ.get("TMR_DATABASE_URL")
    if chosen:
        return Places(_beside(make_url(chosen), shared), chosen)
    shared.mkdir(parents=True, exist_ok=True)
    return Places(shared, f"sqlite:///{shared / 'demo.sqlite3'}")


def _beside(url: URL, shared: Path) -> Path:
    """The folder of one chosen database: beside an SQLite file, for a server's database under `shared`."""
    if url.get_backend_name() == "sqlite" and url.database:
        file = Path(url.database).resolve()
        return file.with_name(f"{file.name}.demo")
    host = url.host or url.query.get("host") or "localhost"
    where = f"{url.get_backend_name()} {host} {url.port or ''} {url.database}"
    return (
        shared / hashlib.sha256(where.encode()).hexdigest()[:16]
    )  # neither user nor password: they may change
