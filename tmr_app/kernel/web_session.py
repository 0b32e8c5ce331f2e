"""Browser sessions kept on the server; the browser holds a random token, we hold its SHA-256.

A visitor who is not signed in gets a signed cookie with the CSRF token and pending messages: no row. A row is made
when a sign-in begins. The token changes at sign-in and at each renewed authentication; leaving, ending or disabling
deletes the row, so a copied cookie dies with it. All instants are of the real clock.
"""

import hashlib
import secrets
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import JSON, Engine, LargeBinary, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import CallbackDict

from tmr_app.kernel import clock
from tmr_app.kernel.db import Base, Identified, looking, open_session
from tmr_app.kernel.db import session as request_unit
from tmr_app.kernel.encryption import keyring
from tmr_app.kernel.ready import Ready
from tmr_app.kernel.settings import Settings

SIGNED_IN, PROVED, PENDING = "_user_id", "fs_paa", "tf_user_id"
"""Keys the login libraries write: who is signed in, when last proved, who has shown the password only."""
ANONYMOUS_KEYS = {"csrf_token", "_flashes", "fs_cc", "language"}
PENDING_LIFE = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)


class WebSession(Identified, Base):
    """One browser. `owner_id` is the account (empty until signed in), `network` the shortened address."""

    __tablename__ = "web_session"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    authenticated_at: Mapped[datetime | None]
    network: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class _Opened(NamedTuple):
    """What a request asks of the row behind its token."""

    id: UUID
    owner_id: UUID | None
    person_id: UUID | None
    created_at: datetime
    last_seen_at: datetime
    authenticated_at: datetime | None
    data: dict[str, Any]


_BY_TOKEN = Ready(
    select(*(WebSession.__table__.c[name] for name in _Opened._fields)).where(
        WebSession.token_hash == bindparam("token_hash")
    )
)
"""Made ready once, and read without the object layer: every request begins with it."""


@dataclass
class Stored:
    """What is known of the row behind a request's session."""

    id: UUID
    token: str
    owner_id: UUID | None
    person_id: UUID | None
    created_at: datetime
    last_seen_at: datetime
    authenticated_at: datetime | None
    proved: object


KINDS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class ServerSession(CallbackDict, SessionMixin):  # type: ignore[type-arg]
    """Flask's session. `stored` is the row, or None; `expired_person_id` whose session had just run out."""

    def __init__(self, initial: MutableMapping[str, Any] | None = None, stored: Stored | None = None) -> None:
        def changed(mapping: Any) -> None:
            mapping.modified = True

        super().__init__(initial, changed)
        self.stored = stored
        self.modified = False
        self.new = stored is None
        self.expired_person_id: UUID | None = None

    @property
    def ref(self) -> str | None:
        """What the audit log calls this session: not the token, not its hash."""
        return str(self.stored.id) if self.stored else None


def let_go_of_request_unit() -> None:
    """The request's own unit is settled by now; what it still holds open (SQLite's write lock) is dropped."""
    with suppress(RuntimeError):  # there is none in a command
        request_unit().rollback()


def token_hash(token: str) -> bytes:
    return hashlib.sha256(b"session\x00" + token.encode()).digest()


def network_of(address: str | None) -> str:
    """An address shortened to its network: IPv4 /24, IPv6 /48; "unknown" when there is none."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


def browser_of(agent: str) -> str:
    """A short label for the sessions list, from the User-Agent header."""
    kind = next((label for mark, label in KINDS if mark in agent), "?")
    system = next((label for mark, label in SYSTEMS if mark in agent), "?")
    return f"{kind}, {system}"


class ServerSessions(SessionInterface):
    """Opens and saves sessions in short units of their own, so a refused request keeps its messages."""

    def __init__(self, engine: Engine | Callable[[], Engine], settings: Settings) -> None:
        self._engine = engine
        self.settings = settings
        self.cookie = "__Host-tryeza" if settings.secure else "tryeza"

    @property
    def engine(self) -> Engine:
        return self._engine if isinstance(self._engine, Engine) else self._engine()

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(keyring().derived("anonymous-session"), salt="anonymous")

    # Opening

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        value = request.cookies.get(self.cookie, "")
        if value.startswith("s."):
            return self._open_stored(value[2:])
        if value.startswith("a."):
            try:
                data = self._signer().loads(value[2:], max_age=self.settings.session_seconds)
                return ServerSession({key: data[key] for key in data if key in ANONYMOUS_KEYS})
            except BadSignature:
                pass
        return ServerSession()

    def _open_stored(self, token: str) -> ServerSession:
        now = clock.real_now()
        with looking(self.engine) as connection:
            rows = _BY_TOKEN.rows(connection, {"token_hash": token_hash(token)})
        if not rows:
            return ServerSession()
        row = _Opened(*rows[0])
        if self._is_over(row, now):
            opened = ServerSession()
            opened.expired_person_id = row.person_id
            self._drop(row.id)
            return opened
        stored = Stored(
            id=row.id,
            token=token,
            owner_id=row.owner_id,
            person_id=row.person_id,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            authenticated_at=row.authenticated_at,
            proved=row.data.get(PROVED),
        )
        if now - row.last_seen_at >= SEEN_EVERY:
            with open_session(self.engine) as unit:
                unit.execute(update(WebSession).where(WebSession.id == row.id).values(last_seen_at=now))
                unit.commit()
        return ServerSession(dict(row.data), stored)

    def _is_over(self, row: _Opened, now: datetime) -> bool:
        if row.owner_id is None:
            return bool(now - row.created_at >= PENDING_LIFE)
        idle = now - row.last_seen_at >= timedelta(seconds=self.settings.idle_seconds)
        return bool(idle or now - row.created_at >= timedelta(seconds=self.settings.session_seconds))

    # Saving

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, ServerSession)  # noqa: S101  # ours is the only interface installed
        let_go_of_request_unit()
        response.vary.add("Cookie")
        if SIGNED_IN in session or PENDING in session:
            self._save_stored(session, response)
        elif session.stored is not None:
            self._drop(session.stored.id)
            self._save_anonymous(session, response)
        elif session.modified or session.expired_person_id:
            self._save_anonymous(session, response)

    def _save_anonymous(self, session: ServerSession, response: Response) -> None:
        kept = {key: session[key] for key in session if key in ANONYMOUS_KEYS}
        if not kept:
            response.delete_cookie(
                self.cookie, path="/", secure=self.settings.secure, httponly=True, samesite="Lax"
            )
            return
        self._set_cookie(response, "a." + str(self._signer().dumps(kept)))

    def _save_stored(self, session: ServerSession, response: Response) -> None:
        stored = session.stored
        signed_in = SIGNED_IN in session
        proved_again = signed_in and (stored is None or stored.proved != session.get(PROVED))
        if stored is None or proved_again:
            self._set_cookie(response, "s." + self._renew(session, proved_again))
        elif session.modified:
            with open_session(self.engine) as unit:
                unit.execute(update(WebSession).where(WebSession.id == stored.id).values(data=dict(session)))
                unit.commit()

    def _renew(self, session: ServerSession, proved: bool) -> str:
        """A new token: a sign-in begins, ends well, or is proved again. The old token dies."""
        now, stored, token = clock.real_now(), session.stored, secrets.token_urlsafe(32)
        stepping_up = stored is not None and stored.owner_id is not None
        if not stepping_up:
            session.pop("csrf_token", None)  # nothing an anonymous page held stays valid
        owner = session.get("owner_id")
        person = session.get("person_id")
        row = WebSession(
            id=stored.id if stepping_up and stored else uuid4(),
            token_hash=token_hash(token),
            owner_id=UUID(owner) if proved and owner else None,
            person_id=UUID(person) if proved and person else None,
            created_at=stored.created_at if stepping_up and stored else now,
            last_seen_at=now,
            authenticated_at=now if proved else None,
            network=network_of(request.remote_addr),
            browser=browser_of(request.user_agent.string),
            data=dict(session),
        )
        with open_session(self.engine) as unit:
            if stored is not None:
                gone = unit.execute(delete(WebSession).where(WebSession.id == stored.id)).rowcount  # type: ignore[attr-defined]
                if stepping_up and not gone:
                    return token  # ended meanwhile from elsewhere: it stays ended
            unit.add(row)
            unit.commit()
        return token

    def _drop(self, session_id: UUID) -> None:
        with open_session(self.engine) as unit:
            unit.execute(delete(WebSession).where(WebSession.id == session_id))
            unit.commit()

    def _set_cookie(self, response: Response, value: str) -> None:
        secure = self.settings.secure
        response.set_cookie(self.cookie, value, path="/", secure=secure, httponly=True, samesite="Lax")


def of_owner(session: Session, owner_id: UUID) -> list[WebSession]:
    """The live sessions of an account, last used first."""
    return list(
        session.scalars(
            select(WebSession).where(WebSession.owner_id == owner_id).order_by(WebSession.last_seen_at.desc())
        )
    )


def end(
    session: Session,
    *,
    owner_id: UUID,
    session_id: UUID | None = None,
    but: UUID | None = None,
    begun_before: datetime | None = None,
) -> int:
    """End one session of this account, or all (`but` spares one, `begun_before` the later ones). Returns how many."""
    statement = delete(WebSession).where(WebSession.owner_id == owner_id)
    if session_id is not None:
        statement = statement.where(WebSession.id == session_id)
    if but is not None:
        statement = statement.where(WebSession.id != but)
    if begun_before is not None:
        statement = statement.where(WebSession.created_at < begun_before)
    return int(session.execute(statement).rowcount or 0)  # type: ignore[attr-defined]


def sweep(session: Session, settings: Settings, *, now: datetime) -> None:
    """Drop sessions that are over (the worker, hourly)."""
    session.execute(
        delete(WebSession).where(WebSession.last_seen_at <= now - timedelta(seconds=settings.session_seconds))
    )
