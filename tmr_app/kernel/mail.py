"""One conversation with the mail server: what it said, by class. Certificates are checked; nothing goes out in clear.

Addresses of the server: `smtps://user:password@host:465`, `smtp+starttls://user:password@host:587`,
`smtp://host:25` (plain; only for a server on this machine or a demonstration, `tmr doctor` says so).
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from enum import StrEnum
from types import TracebackType
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import flask_mail
from flask import Flask

from tmr_app.kernel.errors import SettingsWrong

TIMEOUT_SECONDS = 30
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class ReplyClass(StrEnum):
    """What to do next: accepted by the server, try again later (4xx, network, TLS), or never (5xx)."""

    ACCEPTED = "accepted"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ServerReply:
    """`text` is the server's code and words, cut to 200 characters, without addresses."""

    kind: ReplyClass
    text: str


class Mail(flask_mail.Message):
    """A message with text and HTML, and, for an invitation, a calendar part last in multipart/alternative."""

    calendar: bytes | None = None
    calendar_method: str = "REQUEST"

    def _message(self) -> MIMEBase:
        built: Any = super()._message()
        if self.calendar is not None:
            part = MIMEText(self.calendar.decode(), "calendar", "utf-8")
            part.set_param("method", self.calendar_method)
            built.get_payload()[0].attach(part)
        return cast(MIMEBase, built)


def as_file(app: Flask, mail: Mail) -> bytes:
    """The mail as it would be sent: the content of an .eml file."""
    with app.app_context():
        flask_mail.Mail(app)  # tells the app how attachments are named
        return bytes(mail.as_bytes())


class Server(flask_mail.Connection):
    """A connection that times out and checks the certificate; opened by the first message, closed by the block."""

    def __init__(self, app: Flask, smtp_url: str) -> None:
        super().__init__(flask_mail.Mail(app))
        self.address = urlsplit(smtp_url)
        if self.address.scheme not in PORTS or not self.address.hostname:
            raise SettingsWrong(
                "TMR_SMTP_URL must look like smtps://user:password@host:465 or smtp+starttls://host:587."
            )

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.hang_up()

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        host, scheme = self.address.hostname or "", self.address.scheme
        port = self.address.port or PORTS[scheme]
        secure = ssl.create_default_context()
        if scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        if scheme == "smtp+starttls":
            server.starttls(context=secure)
        if self.address.username:
            server.login(unquote(self.address.username), unquote(self.address.password or ""))
        return server

    def hang_up(self) -> None:
        """Close without complaint: the replies that matter were given already."""
        if self.host is not None:
            try:
                self.host.quit()
            except (OSError, smtplib.SMTPException):
                self.host.close()
            self.host = None

    def deliver(self, mail: Mail) -> ServerReply:
        """Send one message to its one recipient. Never raises for what a server or network may do."""
        try:
            if self.host is None:
                self.host = self.configure_host()
            self.send(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            self._reset()
            return _by_code(code, text)
        except smtplib.SMTPResponseException as error:
            self._reset()
            return _by_code(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.hang_up()
            return ServerReply(ReplyClass.LATER, type(error).__name__)
        except flask_mail.BadHeaderError:
            return ServerReply(ReplyClass.NEVER, "header with a line break")
        return ServerReply(ReplyClass.ACCEPTED, "250")

    def _reset(self) -> None:
        try:
            if self.host is not None:
                self.host.rset()
        except (OSError, smtplib.SMTPException):
            self.hang_up()


def _by_code(code: int, text: bytes | str) -> ServerReply:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    plain = " ".join(word for word in words.split() if "@" not in word)
    kind = ReplyClass.NEVER if 500 <= code < 600 else ReplyClass.LATER
    return ServerReply(kind, f"{code} {plain}"[:200])


def compose(
    *,
    message_id: str,
    sender: tuple[str, str],
    recipient: str,
    subject: str,
    text: str,
    html: str,
    written_at: datetime,
    reply_to: str | None = None,
    calendar: bytes | None = None,
    calendar_method: str = "REQUEST",
) -> Mail:
    """Build one mail for one recipient. `written_at` (aware) becomes the Date header, so a repeat is the same mail."""
    mail = Mail(
        subject=subject, sender=sender, recipients=[recipient], body=text, html=html, reply_to=reply_to
    )
    mail.msgId = message_id
    mail.date = written_at.timestamp()
    mail.extra_headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}
    mail.calendar = calendar
    mail.calendar_method = calendar_method
    return mail
