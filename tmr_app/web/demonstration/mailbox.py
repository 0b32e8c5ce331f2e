"""The demonstration's post office: a small SMTP server on loopback that keeps what it is given, and the reader of it.

Run as `python -m tmr_app.web.demonstration.mailbox PORT FOLDER`. It takes every address but those of the unreachable
domain, which it refuses for good, so that a refused address can be seen.
"""

import asyncio
import contextlib
import signal
import sys
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tmr_app.kernel import clock
from tmr_app.web.demonstration.people import UNREACHABLE


class Keeper:
    """What aiosmtpd calls: refuses the unreachable, stores the rest, one file a message."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.lower().endswith("@" + UNREACHABLE):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f"{uuid4().hex}.part"
        beside.write_bytes(envelope.original_content or b"")
        beside.replace(
            self.folder / f"{clock.real_now():%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}.eml"
        )  # names sort by arrival
        return "250 2.0.0 Accepted"


@dataclass(frozen=True, slots=True)
class Received:
    """One stored message. `name` is its file's name."""

    name: str
    message: EmailMessage

    @property
    def recipient(self) -> str:
        return parseaddr(str(self.message["To"]))[1].lower()

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def sent_at(self) -> Any:
        """The instant in the Date header, or None."""
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except (TypeError, ValueError):
            return None

    def part(self, kind: str) -> str:
        """The text of the first part of this content type; empty when there is none."""
        for part in self.message.walk():
            if part.get_content_type() == kind:
                return str(part.get_content())
        return ""


def received(folder: Path, limit: int = 400) -> list[Received]:
    """The newest messages first."""
    names = sorted((path.name for path in folder.glob("*.eml")), reverse=True)[:limit]
    return [one for name in names if (one := find(folder, name)) is not None]


def find(folder: Path, name: str) -> Received | None:
    """One message by the name of its file; None for anything that is not in the folder."""
    if name not in {path.name for path in folder.glob("*.eml")}:
        return None
    parsed = message_from_bytes((folder / name).read_bytes(), policy=policy.default)
    return Received(name, parsed) if isinstance(parsed, EmailMessage) else None


async def serve(port: int, folder: Path) -> None:
    """Listen until SIGTERM or SIGINT."""
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    keeper = Keeper(folder)
    server = await loop.create_server(
        lambda: SMTP(keeper, enable_SMTPUTF8=True, loop=loop), host="127.0.0.1", port=port
    )
    async with server:
        await stop.wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
