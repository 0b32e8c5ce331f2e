"""A browser of our own for account tests: forms by their fields, the clock in hand, the mail in the outbox."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from sqlalchemy import select
from werkzeug.test import TestResponse

from tmr_app.kernel import clock, db
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members import accounts
from tmr_app.members.account_models import Account
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask

PASSWORD = "varkë lisi tetor dritare"
NEXT_PASSWORD = "lugë hëna katran biçikletë"
START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


class Hand:
    """The real clock held still; `ahead` moves it."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.at = START
        self._enter()

    def _enter(self) -> None:
        self.stack.close()
        self.stack.enter_context(clock.fixed_at(self.at))

    def ahead(self, **by: float) -> None:
        self.at += timedelta(**by)
        self._enter()


class Browser:
    """One browser at one network address."""

    def __init__(self, app: TmrFlask, address: str = "192.0.2.10") -> None:
        self.client = app.test_client()
        self.address = {"REMOTE_ADDR": address}
        self.page = BeautifulSoup("", "html.parser")

    def get(self, url: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(url, environ_base=self.address, **options))

    def post(self, url: str, /, token: str | None = None, **values: str) -> TestResponse:
        """Send a form with the token of the last page, or the one given."""
        found = self.page.select_one("main input[name=csrf_token]") or self.page.select_one(
            "input[name=csrf_token]"
        )
        token = token if token is not None else str(found["value"]) if found else ""
        data = {"csrf_token": token, **values}
        return self._seen(self.client.post(url, data=data, environ_base=self.address))

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            self.page = BeautifulSoup(answer.text, "html.parser")
        return answer

    @property
    def cookie(self) -> str:
        stored = self.client.get_cookie("tryeza")
        return stored.value if stored else ""

    def password(self, email: str, password: str = PASSWORD) -> TestResponse:
        self.get("/login")
        return self.post("/login", email=email, password=password)

    def sign_in(self, email: str, code: str, password: str = PASSWORD) -> TestResponse:
        assert self.password(email, password).status_code == 302
        self.get("/login/code")
        return self.post("/login/code", code=code)

    def is_in(self) -> bool:
        return self.get("/account").status_code == 200


class House:
    """An app with people; `code(email)` is what that person's app shows now."""

    def __init__(self, app: TmrFlask, hand: Hand) -> None:
        self.app = app
        self.hand = hand

    def unit(self) -> Any:
        return db.unit(self.app.engine)

    def person(self, email: str, name: str = "Arta Provë") -> UUID:
        with self.unit() as session:
            person = Person(name=name, email=email, language="sq", created_at=START)
            session.add(person)
            session.flush()
            return person.id

    def invited(self, email: str) -> tuple[str, str]:
        """Invite by an administrator; the mailed link (as a path) and code."""
        person_id = self.person(email)
        with self.unit() as session:
            person = session.get(Person, person_id)
            accounts.invite(session, person, clock.real_now(), person=person, public_url="http://localhost")
        return self.mailed(email)

    def mailed(self, email: str) -> tuple[str, str]:
        """The newest mail's link and code; two of one instant have no order."""
        with self.unit() as session:
            written = select(OutboxMessage).where(OutboxMessage.address == email)
            rows = session.scalars(written.order_by(OutboxMessage.created_at))
            last = [row for row in rows if row.parameters][-1]
            return last.parameters["path"], last.parameters["code"]

    def mails(self, email: str) -> int:
        with self.unit() as session:
            return len(list(session.scalars(select(OutboxMessage).where(OutboxMessage.address == email))))

    def account(self, email: str) -> Account:
        with self.unit() as session:
            account = accounts.by_email(session, email)
            assert account is not None
            session.expunge_all()
            return account

    def code(self, email: str, secret: str | None = None) -> str:
        with self.app.app_context():
            factory = self.app.extensions["security"].totp_factory
            return str(factory.generate_totp_password(secret or self.account(email).tf_totp_secret))

    def settled(self, email: str) -> Browser:
        """A person who went through the whole activation; the browser is signed in."""
        link, code = self.invited(email)
        browser = Browser(self.app)
        browser.get(link)
        browser.post(link, code=code, password=PASSWORD, password_again=PASSWORD)
        browser.get("/account/second-factor")
        browser.post("/account/second-factor", setup="authenticator")
        browser.post("/login/code", code=self.code_of_key(browser))
        self.hand.ahead(seconds=31)
        return browser

    def code_of_key(self, browser: Browser) -> str:
        """The code an app shows after the key on the page was typed into it."""
        from passlib.totp import TOTP

        shown = browser.page.select_one(".tryeza-key")
        assert shown is not None
        key = re.sub(r"[^A-Z2-7]", "", shown.text.upper())
        return str(TOTP(key=key).generate(time=int(clock.real_now().timestamp())).token)

    def tags(self, *prefixes: str) -> list[str]:
        with self.unit() as session:
            tags = session.scalars(select(AuditEntry.tag).order_by(AuditEntry.sequence))
            return [tag for tag in tags if not prefixes or tag.startswith(prefixes)]
