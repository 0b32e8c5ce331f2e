"""Sessions: renewed at each proof, ended from anywhere, over when idle, nothing typed lost."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.members.kit import NEXT_PASSWORD, PASSWORD, Browser, House
from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, drafts, encryption
from tmr_app.kernel.web import Redirect, allows
from tmr_app.kernel.web_session import WebSession, token_hash
from tmr_app.members import accounts
from tmr_app.members.account_models import Account
from tmr_app.web.app import TmrFlask, create_app
from tmr_app.web.demo_sign_in import current_totp_code

pytestmark = pytest.mark.db
ARTA = "arta@qps.example"


def with_serious_act(app: TmrFlask) -> None:
    """A page with a form whose sending needs a fresh sign-in, as signing or closing will."""

    @app.route("/serious", methods=["GET", "POST"])
    @allows(Permission.OWN_ACCOUNT)
    def serious() -> Redirect:
        accounts.require_fresh()
        return Redirect("/account")


def replay(house: House, cookie: str) -> Browser:
    browser = Browser(house.app)
    browser.client.set_cookie("tryeza", cookie)
    return browser


def test_the_token_changes_at_each_step_and_the_old_one_is_dead(house: House) -> None:
    """ASVS 7.2.4: before, after the password, after the code, after the fresh proof."""
    house.settled(ARTA)
    browser = Browser(house.app)
    browser.get("/login")
    cookies = [browser.cookie]
    browser.password(ARTA)
    cookies.append(browser.cookie)
    browser.get("/login/code")
    browser.post("/login/code", code=house.code(ARTA))
    cookies.append(browser.cookie)
    house.hand.ahead(seconds=31)
    browser.get("/verify")
    assert browser.post("/verify", password=PASSWORD, code=house.code(ARTA)).status_code == 302
    cookies.append(browser.cookie)
    assert len(set(cookies)) == 4
    assert browser.is_in()
    for old in cookies[:3]:
        assert not replay(house, old).is_in()


def test_only_the_hash_of_the_token_is_stored(house: House) -> None:
    browser = house.settled(ARTA)
    token = browser.cookie[2:]
    with house.unit() as session:
        row = session.scalar(select(WebSession))
        assert row.token_hash == token_hash(token)
        assert token not in str(row.data)


def test_the_csrf_token_of_the_anonymous_page_is_dead_after_sign_in(house: House) -> None:
    house.settled(ARTA)
    browser = Browser(house.app)
    browser.get("/login")
    token = str(browser.page.select_one("input[name=csrf_token]")["value"])
    browser.sign_in(ARTA, house.code(ARTA))
    assert browser.post("/account/settings", token=token, language="en").status_code == 400


def test_a_cookie_replayed_after_sign_out_is_refused(house: House) -> None:
    """ASVS 7.4.1; signing out is a POST and cleans the browser."""
    browser = house.settled(ARTA)
    cookie = browser.cookie
    assert browser.get("/logout").status_code == 405
    browser.get("/account")
    answer = browser.post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not browser.is_in()
    assert not replay(house, cookie).is_in()
    assert house.tags("login:out") == ["login:out"]


def test_disabling_ends_three_parallel_sessions_at_their_next_request(house: House) -> None:
    """ASVS 7.4.2."""
    browsers = [house.settled(ARTA)]
    for _ in range(2):
        browser = Browser(house.app)
        browser.sign_in(ARTA, house.code(ARTA))
        house.hand.ahead(seconds=31)
        browsers.append(browser)
    assert all(browser.is_in() for browser in browsers)
    with house.unit() as session:
        accounts.disable(session, None, clock.real_now(), account=accounts.by_email(session, ARTA))
    assert not any(browser.is_in() for browser in browsers)


def test_disabling_alone_is_enough_even_if_a_session_row_stayed(house: House) -> None:
    browser = house.settled(ARTA)
    with house.unit() as session:
        session.scalar(select(Account)).active = False
    assert not browser.is_in()


def test_one_session_and_all_sessions_are_ended_by_their_owner(house: House) -> None:
    first = house.settled(ARTA)
    second = Browser(house.app, "198.51.100.9")
    second.sign_in(ARTA, house.code(ARTA))
    first.get("/account/sessions")
    assert "198.51.100.0/24" in first.page.text
    with house.unit() as session:
        other = session.scalar(select(WebSession.id).where(WebSession.network == "198.51.100.0/24"))
    assert first.post(f"/account/sessions/{other}/end").status_code == 303
    assert not second.is_in()
    assert first.is_in()
    first.get("/account/sessions")
    assert first.post("/account/sessions/end-all").headers["Location"] == "/login"
    assert not first.is_in()


def test_nobody_ends_a_strangers_session(house: House) -> None:
    house.settled(ARTA)
    with house.unit() as session:
        foreign = session.scalar(select(WebSession.id))
    stranger = house.settled("drita@shkolla.example")
    stranger.get("/account/sessions")
    assert stranger.post(f"/account/sessions/{foreign}/end").status_code == 404


def test_sixteen_idle_minutes_end_the_session_and_keep_the_text(house: House) -> None:
    """ASVS 7.3.1: the text is kept encrypted on the server and the way leads back."""
    browser = house.settled(ARTA)
    browser.get("/account")
    house.hand.ahead(minutes=16)
    answer = browser.post("/account/settings", language="en", note="e shkruar me mund")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/login?next=")
    assert not browser.is_in()
    with house.unit() as session:
        account = accounts.by_email(session, ARTA)
        draft = session.scalar(select(drafts.Draft))
        kept = drafts.find(session, person_id=account.person_id, place=draft.place)
        assert kept == {"language": "en", "note": "e shkruar me mund"}
        assert b"mund" not in draft.values_enc


def test_activity_keeps_a_session_but_not_beyond_eight_hours(house: House) -> None:
    browser = house.settled(ARTA)
    for _ in range(47):
        house.hand.ahead(minutes=10)
        assert browser.is_in()
    house.hand.ahead(minutes=10)
    assert not browser.is_in()


def test_last_seen_is_written_at_most_once_a_minute(house: House) -> None:
    browser = house.settled(ARTA)

    def seen() -> object:
        with house.unit() as session:
            return session.scalar(select(WebSession.last_seen_at))

    before = seen()
    house.hand.ahead(seconds=20)
    browser.is_in()
    assert seen() == before
    house.hand.ahead(seconds=60)
    browser.is_in()
    assert seen() != before


def test_a_half_finished_sign_in_is_over_after_ten_minutes(house: House) -> None:
    house.settled(ARTA)
    browser = Browser(house.app)
    browser.password(ARTA)
    house.hand.ahead(minutes=10)
    assert browser.get("/login/code").status_code == 302
    assert not browser.is_in()


def test_a_serious_act_asks_for_a_fresh_proof_and_keeps_the_text(house: House) -> None:
    """ASVS 7.5.3: refused when the last full sign-in is older than five minutes, then back to the same page."""
    with_serious_act(house.app)
    browser = house.settled(ARTA)
    browser.get("/account")
    assert browser.post("/serious", decision="vendimi").headers["Location"] == "/account"
    house.hand.ahead(minutes=6)
    browser.get("/account")
    answer = browser.post("/serious", decision="vendimi")
    assert answer.headers["Location"] == "/verify?next=/serious"
    with house.unit() as session:
        account = accounts.by_email(session, ARTA)
        assert drafts.find(session, person_id=account.person_id, place="/serious") == {"decision": "vendimi"}
    browser.get("/verify?next=/serious")
    assert (
        browser.post("/verify", next="/serious", password="wrong", code=house.code(ARTA)).status_code == 422
    )
    browser.get("/verify?next=/serious")
    assert browser.post("/verify", next="/serious", password=PASSWORD, code="000000").status_code == 422
    browser.get("/verify?next=/serious")
    answer = browser.post("/verify", next="/serious", password=PASSWORD, code=house.code(ARTA))
    assert answer.headers["Location"] == "/serious"
    browser.get("/account")
    assert browser.post("/serious", decision="vendimi").headers["Location"] == "/account"


@pytest.mark.parametrize("url", ["/account/password", "/account/second-factor", "/account/passkeys"])
def test_changing_factors_needs_a_fresh_proof(house: House, url: str) -> None:
    browser = house.settled(ARTA)
    assert browser.get(url).status_code == 200
    house.hand.ahead(minutes=6)
    assert browser.get(url).headers["Location"].startswith("/verify")
    browser.get("/account")
    assert browser.post("/account/recovery-codes").headers["Location"].startswith("/verify")


def test_next_never_leads_away(house: House) -> None:
    house.settled(ARTA)
    browser = Browser(house.app)
    browser.get("/login?next=https://evil.example/")
    browser.post("/login", email=ARTA, password=PASSWORD, next="https://evil.example/")
    browser.get("/login/code")
    answer = browser.post("/login/code", code=house.code(ARTA))
    assert "evil" not in answer.headers.get("Location", "")


def test_changing_the_password_ends_the_other_sessions(house: House) -> None:
    first = house.settled(ARTA)
    second = Browser(house.app)
    second.sign_in(ARTA, house.code(ARTA))
    second.get("/account/password")
    answer = second.post(
        "/account/password", password=PASSWORD, new_password=NEXT_PASSWORD, new_password_confirm=NEXT_PASSWORD
    )
    assert answer.status_code == 302
    assert second.is_in()
    assert not first.is_in()
    assert "password:changed" in house.tags("password")


def test_the_app_can_be_replaced_and_the_old_code_is_dead(house: House) -> None:
    browser = house.settled(ARTA)
    old = house.account(ARTA).tf_totp_secret
    browser.get("/account/second-factor")
    browser.post("/account/second-factor", setup="authenticator")
    url = str(browser.page.select_one("main form")["action"])
    assert browser.post(url, code=house.code_of_key(browser)).status_code == 302
    assert house.account(ARTA).tf_totp_secret != old
    assert house.tags("factor:changed") == ["factor:changed"]
    house.hand.ahead(seconds=31)
    assert Browser(house.app).sign_in(ARTA, house.code(ARTA, old)).status_code == 422
    assert Browser(house.app).sign_in(ARTA, house.code(ARTA)).status_code == 302


def test_own_accesses_are_shown_to_their_owner_only(house: House) -> None:
    house.settled("drita@shkolla.example")
    browser = house.settled(ARTA)
    browser.get("/account/accesses")
    assert len(browser.page.select("tbody tr")) > 0
    own = len(browser.page.select("tbody tr"))
    assert 0 < own < len(house.tags())


def test_one_click_sign_in_is_not_registered_outside_the_demonstration(house: House) -> None:
    assert "demo_sign_in.sign_in" not in house.app.view_functions
    assert Browser(house.app).post("/demonstration/sign-in").status_code in (400, 404)


@pytest.fixture
def demonstration(house: House) -> Iterator[House]:
    app = house.app
    settings = app.extensions["tmr_settings"].but(demonstration=True)
    yield House(create_app(settings, engine=app.engine, keyring=encryption.keyring()), house.hand)
    clock.shift_by(None)


def test_one_click_signs_in_by_post_in_the_demonstration(house: House, demonstration: House) -> None:
    house.settled(ARTA)
    browser = Browser(demonstration.app)
    browser.get("/login")
    person_id = str(house.account(ARTA).person_id)
    assert browser.get(f"/demonstration/sign-in?person_id={person_id}").status_code == 405
    assert browser.post("/demonstration/sign-in", token="", person_id=person_id).status_code == 400
    assert browser.post("/demonstration/sign-in", person_id="nobody").status_code == 400
    browser.get("/login")
    assert browser.post("/demonstration/sign-in", person_id=person_id).status_code == 303
    assert browser.is_in()


def test_the_demonstration_asks_for_password_and_code_too(house: House, demonstration: House) -> None:
    house.settled(ARTA)
    with demonstration.app.app_context():
        shown = current_totp_code(house.account(ARTA))
    browser = Browser(demonstration.app)
    browser.password(ARTA)
    assert not browser.is_in()
    assert Browser(demonstration.app).sign_in(ARTA, str(shown)).status_code == 302
