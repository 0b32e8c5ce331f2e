"""Typed settings, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.text import mail_address

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parent


def shipped(name: str) -> Path:
    """A folder that comes with the product: inside the package when installed from a wheel, beside it in its own tree."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else ROOT / name


@dataclass(frozen=True)
class Settings:
    """Everything the installation decides. Durations in seconds unless named otherwise.

    `demonstration` is never read from the environment: only `tmr demo` sets it, and only for a database marked as one.
    """

    database_url: str
    key_file: Path
    public_url: str = "http://localhost:8000"
    smtp_url: str = "smtp://localhost:25"
    mail_from: str = "tryeza@localhost.example"
    file_store: Path = Path("var/files")
    demonstration: bool = False
    testing: bool = False
    idle_seconds: int = 15 * 60
    session_seconds: int = 8 * 60 * 60
    fresh_seconds: int = 5 * 60
    max_upload_bytes: int = 20 * 1024 * 1024
    retention_years: int | None = None
    erasure_list: Path | None = None
    checkpoint_list: Path | None = None
    checkpoint_to: tuple[str, ...] = ()
    """Addresses of the bodies that keep the audit log's checkpoints outside this installation."""
    trusted_proxies: int = 0
    timestamp_url: str | None = None
    """A time-stamp service (RFC 3161) for seals; without one nothing is asked of anybody."""

    @property
    def erasure_list_path(self) -> Path:
        """Where erased cases are listed: beside the key file, so never in a backup."""
        return self.erasure_list or self.key_file.with_name("erased-cases.txt")

    @property
    def checkpoint_list_path(self) -> Path:
        """Where the audit log's checkpoints are kept: beside the key file, so never in a backup."""
        return self.checkpoint_list or self.key_file.with_name("audit-checkpoints.txt")

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).netloc

    @property
    def secure(self) -> bool:
        """Whether cookies travel over TLS only; false for a plain-http demonstration on this machine."""
        return urlsplit(self.public_url).scheme == "https"

    def but(self, **changes: object) -> "Settings":
        return replace(self, **changes)  # type: ignore[arg-type]


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read TMR_* variables. Raises SettingsWrong with a way out when a needed one is missing."""
    env = os.environ if environment is None else environment
    url = env.get("TMR_DATABASE_URL", "sqlite:///var/tryeza.sqlite3")
    key_file = env.get("TMR_KEY_FILE")
    if not key_file:
        raise SettingsWrong("TMR_KEY_FILE is not set: run 'tmr keys init FILE' and set TMR_KEY_FILE=FILE.")
    try:
        retention = int(env["TMR_RETENTION_YEARS"]) if env.get("TMR_RETENTION_YEARS") else None
        proxies = int(env.get("TMR_TRUSTED_PROXIES", "0"))
        if retention is not None and retention < 1:
            raise ValueError("retention")
    except ValueError as error:
        raise SettingsWrong("TMR_RETENTION_YEARS and TMR_TRUSTED_PROXIES take whole numbers.") from error
    return Settings(
        database_url=url,
        key_file=Path(key_file),
        public_url=env.get("TMR_PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        smtp_url=env.get("TMR_SMTP_URL", "smtp://localhost:25"),
        mail_from=env.get("TMR_MAIL_FROM", "tryeza@localhost.example"),
        file_store=Path(env.get("TMR_FILE_STORE", "var/files")),
        retention_years=retention,
        erasure_list=Path(env["TMR_ERASURE_LIST"]) if env.get("TMR_ERASURE_LIST") else None,
        checkpoint_list=Path(env["TMR_CHECKPOINT_LIST"]) if env.get("TMR_CHECKPOINT_LIST") else None,
        checkpoint_to=_addresses(env.get("TMR_CHECKPOINT_TO", "")),
        trusted_proxies=proxies,
        timestamp_url=env.get("TMR_TIMESTAMP_URL") or None,
    )


def _addresses(listed: str) -> tuple[str, ...]:
    """Mail addresses separated by commas. Raises SettingsWrong for one that is none."""
    try:
        return tuple(mail_address(one.strip()) for one in listed.split(",") if one.strip())
    except ValueError as error:
        raise SettingsWrong("TMR_CHECKPOINT_TO takes mail addresses separated by commas.") from error
