"""Every address that can be read, by a right reader, in three languages: 200, the right language, every message translated.

The world and the addresses are those of the matrix. A page that shows nothing to anybody in this world must be named below
with the reason; a name that is not needed any more fails too.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import pytest
from babel.support import Translations
from bs4 import BeautifulSoup
from sqlalchemy import update

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix import furnished
from tests.matrix.addresses import addresses, rules
from tests.matrix.endpoints import ENDPOINTS
from tests.matrix.expected import LETTERS, may
from tmr_app.kernel import clock
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask

LANGUAGES = {"en": "en", "sq": "sq", "sr_Latn": "sr-Latn"}
READERS = (
    "case_manager", "head", "member", "administrator", "superior", "officer", "undeclared",
    "other_case_manager", "ministry", "nobody",
)  # fmt: skip
ELSEWHERE = {
    "account.activate": "needs a link from a mail (tests/members)",
    "account.reset": "needs a link from a mail (tests/members)",
    "cases.new_done": "a step of the opening (tests/cases, journeys)",
    "cases.new_family": "a step of the opening (tests/cases, journeys)",
    "cases.new_referral": "a step of the opening (tests/cases, journeys)",
    "cases.new_risk": "a step of the opening (tests/cases, journeys)",
    "closing.decision": "a step of the closing (tests/closures)",
    "closing.end": "a step of the closing (tests/closures)",
    "closing.family_letter": "a step of the closing (tests/closures)",
    "closing.form": "a step of the closing (tests/closures)",
    "closing.reopen": "needs a closed case (tests/closures)",
    "closing.transfer": "a step of the closing (tests/closures)",
    "holding.both": "needs two writers (tests/meetings)",
    "meetings.hand_over": "needs a member not reached (tests/meetings)",
    "meetings.sitting": "needs another case's meeting that day (tests/meetings)",
    "minutes.correct": "needs minutes that are a draft (tests/meetings)",
    "minutes_course.approve_corrigendum": "needs sealed minutes (tests/meetings)",
    "plans.comment": "while a draft stands it leads there (tests/plans)",
    "signing.sealed_file": "needs a sealed document (tests/signing)",
    **{
        f"signing.general_{page}": "the same page for a municipality's document (tests/signing)"
        for page in (
            "certificate",
            "close",
            "decide",
            "frozen_file",
            "missing",
            "paper",
            "refuse",
            "sealed_file",
            "sheet",
            "show",
            "uploaded_file",
        )
    },
    "own_staff.index": "leads on to the one institution",
    "pack.file": "needs a paper chosen before the freeze (tests/meetings)",
    "report_links.enter": "needs a link from a letter (tests/meetings)",
    "security.mf_recovery": "between password and code (tests/members)",
    "security.mf_recovery_codes": "replaced by the account's own page",
    "security.tf_select": "between password and code (tests/members)",
    "security.two_factor_rescue": "between password and code (tests/members)",
    "security.two_factor_setup": "a fresh factor (tests/members)",
    "security.two_factor_token_validation": "between password and code (tests/members)",
    "security.wan_delete": "needs a sign-in by the form (tests/members)",
    "security.wan_register": "needs a sign-in by the form (tests/members)",
    "security.wan_signin": "between password and code (tests/members)",
    "table.break_glass": "needs a duty case manager (tests/cases)",
    "table.decide_chair_flag": "needs a flag against the chair (tests/cases)",
    "table.duty": "needs a duty case manager (tests/cases)",
    "transfers.answer": "needs an offer from another Centre (tests/closures)",
    "web.home": "leads on",
}
BY_CHANCE = {"own_staff.propose_end", "plans.judge", "letters.file"}
"""Seen when the one id that fits is among the few tried; tests/members and tests/plans read them always."""
FEW, MANY = 6, 100
ENGLISH = re.compile(r"\b(the|of|and|is|are|has|was|with|this|not|for|you|your|by|which|from|been)\b", re.I)
DATA = re.compile(r"Kanar|canary", re.I)


@dataclass
class Shown:
    """One page that rendered: where, for whom, in which language."""

    endpoint: str
    language: str
    html: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        """To be read only: it is made once."""
        return BeautifulSoup(self.html, "lxml")

    @cached_property
    def spoken(self) -> list[str]:
        """What is read on the page: without what is not read, or is marked as English."""
        soup = BeautifulSoup(self.html, "lxml")
        for hidden in [*soup(["script", "style", "svg"]), *soup.select("[lang=en]:not(html)")]:
            hidden.decompose()
        return list(soup.stripped_strings)


@contextmanager
def missing_messages(found: set[str]) -> Iterator[None]:
    """Every message asked of a catalogue that does not have it."""
    patch = pytest.MonkeyPatch()

    def watched(name: str) -> None:
        inner = getattr(Translations, name)

        def ask(self: Any, *words: Any) -> Any:
            key = words[0] if len(words) == 1 else (words[0], self.plural(words[2]))
            if key and key not in self._catalog:
                found.add(str(words[0]))
            return inner(self, *words)

        patch.setattr(Translations, name, ask)

    for name in ("gettext", "ngettext", "ugettext", "ungettext"):
        watched(name)
    try:
        yield
    finally:
        patch.undo()


def _client(app: TmrFlask, world: furnished.Furnished, role: str) -> Any:
    person = {**world.cast.people, **world.others}[role]
    return SignedIn(app, person).client if person else app.test_client()


def _find(clients: dict[str, Any], app: TmrFlask, rule: Any, arguments: dict[str, Any]) -> Any:
    """The first reader with the right to it, and the first address of this rule, that get 200.

    A few addresses each first; where none of them fits (one meeting's documents among four meetings'), many.
    """
    permission = ENDPOINTS[rule.endpoint][0]
    readers = [
        client
        for role, client in clients.items()
        if role not in LETTERS.values() or may(role, permission, "own", rule.arguments)
    ]
    tries = [(client, FEW) for client in readers]
    if rule.endpoint not in ELSEWHERE:
        tries += [(client, MANY) for client in readers]
    for client, most in tries:
        for address in addresses(app, rule, arguments, most):
            answer = client.get(address)
            assert answer.status_code < 500, f"{address}: {answer.status_code}"
            if answer.status_code == 200:
                return client, address, answer
    return None


@pytest.fixture(scope="module")
def shown(bare_app: TmrFlask) -> SimpleNamespace:
    """All pages, each in three languages; `unseen`: the endpoints nobody could read; `missing`: messages without words."""
    app, pages, unseen, missing = bare_app, [], set(), {}
    with clock.fixed_at(furnished.SEEN_AT):
        world = furnished.furnish(app)
        speak(app, "en")
        clients = {role: _client(app, world, role) for role in READERS}
        found = {}
        for rule in rules(app, reading=True):
            hit = _find(clients, app, rule, world.arguments)
            if hit is None:
                unseen.add(rule.endpoint)
            elif hit[2].mimetype == "text/html":
                found[rule.endpoint] = hit
        unseen -= set(found)
        for language in LANGUAGES:
            speak(app, language)
            missing[language] = set()
            with missing_messages(missing[language]):
                for endpoint, (client, address, _first) in found.items():
                    client.set_cookie("language", language)
                    answer = client.get(address, headers={"Accept-Language": language.replace("_", "-")})
                    assert answer.status_code == 200, f"{address} in {language}: {answer.status_code}"
                    pages.append(Shown(endpoint, language, answer.text))
    return SimpleNamespace(pages=pages, unseen=unseen, missing=missing)


def visible(page: Shown) -> str:
    return " ".join(page.spoken)


def as_shown(message: str) -> re.Pattern[str]:
    """The message as a page would show it, anything in the place of its parameters."""
    parts = [re.escape(part) for part in re.split(r"%\(\w+\)s", message)]
    return re.compile(rf"(?<!\w){'.*?'.join(parts)}(?!\w)")


def speak(app: TmrFlask, language: str) -> None:
    """Everybody's own language."""
    with work(app.engine) as session:
        session.execute(update(Person).values(language=language))


def test_every_address_was_read(shown: SimpleNamespace) -> None:
    assert len(shown.pages) > 3 * 90
    unknown = sorted(shown.unseen - set(ELSEWHERE) - BY_CHANCE)
    assert not unknown, " ".join(unknown)
    needless = sorted(set(ELSEWHERE) - shown.unseen)
    assert not needless, " ".join(needless)


def test_the_language_of_each_page(shown: SimpleNamespace) -> None:
    wrong = [
        (page.endpoint, page.language)
        for page in shown.pages
        if page.soup.html is None or page.soup.html.get("lang") != LANGUAGES[page.language]
    ]
    assert not wrong


def test_titles_name_nobody(shown: SimpleNamespace) -> None:
    titles = {page.soup.title.get_text() for page in shown.pages if page.soup.title}
    assert len(titles) > 100
    assert not [title for title in titles if DATA.search(title)]


@pytest.mark.parametrize("language", ["sq", "sr_Latn"])
def test_every_message_is_translated(shown: SimpleNamespace, language: str) -> None:
    """Of the messages a catalogue did not have, none is seen: labels of hidden fields and parts are never written."""
    texts = " ".join(visible(page) for page in shown.pages if page.language == language)
    left = [one for one in sorted(shown.missing[language]) if as_shown(one).search(texts)]
    assert not left


@pytest.mark.parametrize("language", ["sq", "sr_Latn"])
def test_no_english_sentence_is_left(shown: SimpleNamespace, language: str) -> None:
    """Text that never went through a catalogue: two of English's small words in one piece of visible text."""
    found = set()
    for page in shown.pages:
        if page.language != language:
            continue
        for text in page.spoken:
            if len(set(map(str.casefold, ENGLISH.findall(text)))) >= 2 and not DATA.search(text):
                found.add((page.endpoint, text[:100]))
    assert not found, "\n".join(f"{endpoint}: {text}" for endpoint, text in sorted(found))


def test_the_check_can_fail(shown: SimpleNamespace) -> None:
    """The same look at the English pages finds English on most of them."""
    english = [page for page in shown.pages if page.language == "en"]
    with_words = [page for page in english if len(set(ENGLISH.findall(page.soup.get_text(" ")))) >= 2]
    assert len(with_words) > 0.9 * len(english)
    found: set[str] = set()
    with missing_messages(found):
        Translations().ugettext("nothing")
    assert found == {"nothing"}
