"""A signed-in person's browser, without the browser: one WSGI call a request, nothing else in the measured time."""

import re
import secrets
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import Engine, select
from werkzeug.test import EnvironBuilder

from bench.moment import NOW
from tmr_app.kernel import db
from tmr_app.kernel.web_session import WebSession, token_hash
from tmr_app.members.account_models import Account
from tmr_app.members.models import Person

HOST = "http://localhost:8000"
FORM = re.compile(r'<form method="post".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')


class Reader:
    """`get` and `post` give (status, body); the session row is written as after password and second factor."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.app = app
        self.headers = [("Cookie", f"tryeza=s.{token}"), ("Accept-Language", "sq")]

    @classmethod
    def signed_in(cls, app: Flask, engine: Engine, person_id: UUID) -> "Reader":
        return cls(app, sign_in(engine, person_id))

    def asking(self, path: str) -> "Asking":
        return Asking(self.app, EnvironBuilder(path, HOST, headers=self.headers).get_environ())

    def get(self, path: str) -> tuple[str, bytes]:
        return self.asking(path)()

    def posting(self, path: str, page: bytes, **values: str) -> "Asking":
        """The first form of the content of `page`, sent to `path` with its hidden fields."""
        _, _, content = page.decode().partition("<main")
        form = FORM.search(content)
        fields = {**dict(HIDDEN.findall(form.group() if form else "")), **values}
        builder = EnvironBuilder(
            path,
            HOST,
            method="POST",
            headers=self.headers,
            data=urlencode(fields).encode(),
            content_type="application/x-www-form-urlencoded",
        )
        return Asking(self.app, builder.get_environ())


class Asking:
    """One request, ready to be sent as often as wanted."""

    def __init__(self, app: Flask, environ: dict[str, Any]) -> None:
        self.app, self.environ = app, environ
        self.body = environ["wsgi.input"].read()

    def __call__(self) -> tuple[str, bytes]:
        answered: list[str] = []
        environ = {**self.environ, "wsgi.input": BytesIO(self.body)}
        parts = self.app(environ, lambda status, _headers, _error=None: answered.append(status))
        try:
            content = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return answered[0], content


def sign_in(engine: Engine, person_id: UUID) -> str:
    """An account when there is none, and a session; returns the browser's token."""
    token = secrets.token_urlsafe(32)
    with db.unit(engine) as session:
        account = session.scalar(select(Account).where(Account.person_id == person_id))
        if account is None:
            person = session.get_one(Person, person_id)
            account = Account(
                person_id=person_id,
                email=person.email,
                password="x",  # noqa: S106 -- nobody signs in with it
                active=True,
                fs_uniquifier=uuid4().hex,
                fs_webauthn_user_handle=uuid4().hex,
                tf_primary_method="authenticator",
                tf_totp_secret="x",  # noqa: S106
                activated_at=NOW,
            )
            session.add(account)
            session.flush()
        session.add(_session(account, token))
    return token


def _session(account: Account, token: str) -> WebSession:
    return WebSession(
        token_hash=token_hash(token),
        owner_id=account.id,
        person_id=account.person_id,
        created_at=NOW,
        last_seen_at=NOW,
        authenticated_at=NOW,
        network="127.0.0.0/24",
        browser="?",
        data={
            "_user_id": account.fs_uniquifier,
            "_fresh": True,
            "fs_paa": NOW.timestamp(),
            "owner_id": str(account.id),
            "person_id": str(account.person_id),
        },
    )
