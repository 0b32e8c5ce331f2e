"""Where the journeys play: the served application, a clock held in hand, a mail server, browsers of many people.

Whatever the browsers ask for, see as a title, or save as a file is kept and searched for the canaries at the end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tests.fixtures.duty_rows import PlainRow, rows_now
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.smtp import SmtpServer
from tests.journeys.hands import Hand, KeyboardHand, MouseHand
from tmr_app.cases import declaring
from tmr_app.jobs import periodic
from tmr_app.jobs.scheduler import postman_of
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.members.models import MeetingRoom, Municipality, Person, Qps
from tmr_app.web.app import TmrFlask

KINDS = (*world.KINDS, "asylum_centre")
ROLES = ("head", "case_manager", "other_case_manager", "assistant", "officer")
HARMLESS = ("Failed to load resource", "net::ERR_ABORTED")


@dataclass
class Cast:
    """The people of one municipality by role or kind of seat: ids, names, addresses."""

    ids: dict[str, UUID]
    names: dict[str, str]
    emails: dict[str, str]
    municipality_id: UUID
    qps_id: UUID
    room_id: UUID


@dataclass
class Watch:
    """What left the browsers: addresses, titles, file names, words of the console."""

    urls: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    file_names: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Stage:
    """One journey's surroundings. `now` is the instant both clocks show in the server and in `worker`."""

    app: TmrFlask
    url: str
    database_url: str
    smtp: SmtpServer
    browser: Browser
    options: dict[str, Any]
    axe: Callable[[Page], None]
    look: Callable[[Page, str], None]
    cast: Cast
    seen: set[str]
    now: datetime = world.NOW
    watch: Watch = field(default_factory=Watch)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def clock_to(self, on: date, hour: int = 10, minute: int = 0) -> None:
        """Kosovo's wall time in winter."""
        self.now = mw.at(on, time(hour, minute))

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def browser_of(self, *, javascript: bool = True, **more: Any) -> Page:
        """A new browser of somebody not signed in."""
        context = self.browser.new_context(**{**self.options, "java_script_enabled": javascript, **more})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.watch.urls.append(request.url))
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        page.on("response", lambda answer: self._complain_of(answer.status, answer.url))
        page.on("pageerror", lambda error: self.watch.complaints.append(str(error)))
        return page

    def _complain(self, text: str) -> None:
        if not text.startswith(HARMLESS):
            self.watch.complaints.append(text)

    def _complain_of(self, status: int, url: str) -> None:
        if status >= 500:
            self.watch.complaints.append(f"{status} {url}")

    def sit(self, who: str, *, javascript: bool = True, by_keyboard: bool = False, **more: Any) -> Hand:
        """This person's own browser, signed in now (the sign-in itself has its own steps)."""
        page = self.browser_of(javascript=javascript, **more)
        self.sign_in_again(page, who)
        return KeyboardHand(page) if by_keyboard else MouseHand(page)

    def sign_in_again(self, page: Page, who: str) -> None:
        """A fresh session for the same browser: days have passed."""
        with clock.fixed_at(self.now):
            cookie = SignedIn(self.app, self.cast.ids[who]).client.get_cookie("tryeza")
        assert cookie is not None
        page.context.add_cookies([{"name": "tryeza", "value": cookie.value, "url": self.url}])

    def go(self, hand: Hand, path: str) -> None:
        """Type an address into the browser's own line."""
        hand.page.goto(self.url + path)
        self.see(hand)

    def see(self, hand: Hand, name: str | None = None) -> None:
        """Look at the page: its title is kept; each template once at both widths and by axe."""
        page = hand.page
        title = page.title()
        self.watch.titles.append(title)
        path = urlsplit(page.url).path
        endpoint, _values = self.app.url_map.bind("localhost").match(path)
        name = name or endpoint.replace(".", "-").replace("_", "-")
        if isinstance(hand, KeyboardHand) or name in self.seen:
            return
        self.seen.add(name)
        self.look(page, f"journey-{name}")
        self.axe(page)

    def file(self, hand: Hand, path: str) -> bytes:
        """Download with this browser's own session; the name the server proposes is kept."""
        address = path if path.startswith("http") else self.url + path
        answer = hand.page.context.request.get(address)
        assert answer.status == 200, (address, answer.status)
        self.watch.urls.append(address)
        self.watch.file_names.append(answer.headers.get("content-disposition", ""))
        return answer.body()

    def worker(self) -> list[EmailMessage]:
        """One round of the worker; what the mail server got by it, in order."""
        before = len(self.smtp.received)
        with clock.fixed_at(self.now):
            periodic.run_all(self.app, self.app.engine)
            postman_of(self.app).drain()
        return [one.message for one in self.smtp.received[before:]]

    def mail_to(self, who: str) -> list[EmailMessage]:
        return self.smtp.sent_to(self.cast.emails[who])

    def invitation_to(self, who: str) -> EmailMessage:
        """The last mail to this person that carries a calendar entry."""
        return [one for one in self.mail_to(who) if "text/calendar" in one.as_string()][-1]

    def ledger(self) -> list[PlainRow]:
        """All rows of the ledger as they stand now."""
        return rows_now(self.database_url, self.now)

    def audited(self, tag: str) -> list[tuple[str | None, str | None]]:
        """(rule, outcome) of every audit row with this tag."""
        with world.work(self.app.engine) as session:
            rows = session.execute(select(AuditEntry.rule, AuditEntry.outcome).where(AuditEntry.tag == tag))
            return [(rule, outcome) for rule, outcome in rows]

    def nothing_leaked(self, canaries: tuple[str, ...]) -> None:
        """No canary in a mail (headers, every part decoded), an address, a title or a file name; nobody else was asked."""
        places = {
            "mail": [text for one in self.smtp.received for text in every_text(one.message)],
            "address": [unquote(url) for url in self.watch.urls],
            "title": self.watch.titles,
            "file name": [unquote(name) for name in self.watch.file_names],
        }
        for place, texts in places.items():
            found = {word for word in canaries for text in texts if word.casefold() in text.casefold()}
            assert not found, f"{found} in a {place}"
        own = (self.url, "data:", "blob:", "about:")
        assert not [url for url in self.watch.urls if not url.startswith(own)]
        assert not self.watch.complaints, self.watch.complaints

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def every_text(message: EmailMessage) -> Iterator[str]:
    """Headers and every part, decoded, as one could read them."""
    yield "\n".join(f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if not part.is_multipart():
            yield bytes(part.get_payload(decode=True) or b"").decode(part.get_content_charset() or "utf-8")


def hold_clock(app: TmrFlask, instant: Callable[[], datetime]) -> None:
    """Both clocks of every request of this server show `instant()`."""
    inner = app.wsgi_app

    def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
        with clock.fixed_at(instant()):
            return inner(environ, start_response)

    app.wsgi_app = wsgi  # type: ignore[method-assign]


def build_cast(app: TmrFlask, place: str, language: str = "sq") -> Cast:
    """A municipality with its centre, a head, case managers and the institutions' people; texts of declarations."""
    with world.work(app.engine) as session:
        declaring.seed_texts(session, world.NOW)
        town = world.town(session, place, KINDS)
        people = {
            **{role: getattr(town, role) for role in ROLES},
            **town.members,
            **{f"substitute_{kind}": one for kind, one in town.substitutes.items()},
        }
        for one in people.values():
            one.language = language
        session.flush()
        return Cast(
            {key: one.id for key, one in people.items()},
            {key: one.name for key, one in people.items()},
            {key: one.email for key, one in people.items()},
            town.municipality.id,
            town.qps.id,
            town.room.id,
        )


def town_of(session: Session, cast: Cast) -> world.Town:
    """The same municipality for the operations of a unit of work."""
    people = {key: session.get_one(Person, one) for key, one in cast.ids.items()}
    return world.Town(
        municipality=session.get_one(Municipality, cast.municipality_id),
        qps=session.get_one(Qps, cast.qps_id),
        room=session.get_one(MeetingRoom, cast.room_id),
        **{role: people[role] for role in ROLES},
        members={kind: people[kind] for kind in KINDS},
        substitutes={kind: people[f"substitute_{kind}"] for kind in KINDS},
    )
