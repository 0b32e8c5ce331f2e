"""A desk at which a test sits down as somebody: the real app, signed in, forms sent as a browser sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup, Tag
from flask_security import login_user
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from tests.fixtures import world
from tmr_app.access.permissions import Permission
from tmr_app.cases import declaring, opening
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel import db, vault
from tmr_app.kernel.web import Redirect, allows
from tmr_app.members.account_models import Account
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask


def open_door(app: TmrFlask) -> None:
    """A way in for tests: becomes the person of the address. Forms are sent without token here."""
    app.config["WTF_CSRF_ENABLED"] = False

    @app.get("/test-door/<uuid:person_id>")
    @allows(Permission.PUBLIC)
    def test_door(person_id: UUID) -> Redirect:
        account = db.session().scalar(
            select(Account).options(joinedload(Account.person)).where(Account.person_id == person_id)
        )
        assert account is not None
        login_user(account, authn_via=["test"])
        return Redirect("/")


def give_account(session: Session, person: Person) -> None:
    """An account without secrets; `open_door` is its only way in."""
    session.add(Account(person_id=person.id, email=person.email, fs_uniquifier=person.id.hex))


class Desk:
    """One browser of one person. `page` is the last page, parsed."""

    def __init__(self, app: TmrFlask, person_id: UUID, language: str = "sq") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        self.page = BeautifulSoup("", "html.parser")
        assert self.client.get(f"/test-door/{person_id}").status_code == 303

    def get(self, url: str) -> TestResponse:
        return self._seen(self.client.get(url, headers=self.headers))

    def post(self, url: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self._seen(self.client.post(url, data=data or {}, headers=self.headers))

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html":
            self.page = BeautifulSoup(answer.text, "html.parser")
        return answer

    def errors(self) -> list[str]:
        """The messages of the error summary."""
        return [one.get_text(" ", strip=True) for one in self.page.select(".govuk-error-summary__list li")]

    def one(self, css: str) -> Tag:
        """The first such element of the page, which must be there."""
        found = self.page.select_one(css)
        assert found is not None, css
        return found

    def value(self, name: str) -> str:
        """What the form's field holds now."""
        found = self.one(f"[name='{name}']")
        return found.get_text() if found.name == "textarea" else str(found.get("value", ""))


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements of the block, transaction control apart."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def declare(session: Session, case: Case, person: Person, conflict: bool = False) -> None:
    """Declaration signed and the conflict question answered, so that the file opens."""
    declaring.seed_texts(session, world.NOW)
    text = declaring.newest_text(session)
    assert text is not None
    session.add(
        Declaration(
            case_id=case.id,
            person_id=person.id,
            text_id=text.id,
            text_sha256=text.sha256,
            language="sq",
            method="test",
            signed_at=world.NOW,
        )
    )
    for seat in session.scalars(select(Seat).where(Seat.case_id == case.id, Seat.person_id == person.id)):
        seat.conflict = conflict
        seat.conflict_answered_at = world.NOW


def opened(session: Session, town: world.Town, name: str = "Çlirim Krasniqi", **options: Any) -> Case:
    """A case of this town opened by its case manager; `options` as `open_case` takes them."""
    vault.unlock(session, [town.case_manager.id])
    given: dict[str, Any] = {
        "qps_id": town.qps.id,
        "referral": opening.ReferralData(
            world.NOW.date(), "police", "FaktKanarine", reporter="RaportuesKanarine"
        ),
        "child": opening.ChildData(name, birth_year=2014, gender="female"),
        "risks": {"physical_violence": ""},
    }
    return opening.open_case(session, options.pop("actor", town.case_manager), world.NOW, **given | options)
