"""From the invitation to the first sign-in: links change nothing by themselves, secrets stay with their owner."""

import pytest
from sqlalchemy import select

from tests.members.kit import NEXT_PASSWORD, PASSWORD, Browser, House
from tmr_app.kernel import clock
from tmr_app.kernel.links import Link
from tmr_app.members import accounts

pytestmark = pytest.mark.db
ARTA = "arta@qps.example"


def test_the_whole_way_from_the_mail_to_the_recovery_codes(house: House) -> None:
    link, code = house.invited(ARTA)
    browser = Browser(house.app)
    assert browser.get(link).status_code == 200
    answer = browser.post(link, code=f"{code[:3]} {code[3:]}", password=PASSWORD, password_again=PASSWORD)
    assert answer.headers["Location"] == "/account/second-factor"
    assert not browser.is_in(), "the password alone opens nothing (ASVS 6.3.3)"
    browser.get("/account/second-factor")
    browser.post("/account/second-factor", setup="authenticator")
    assert browser.page.select_one(".tryeza-qr svg"), "the key is also drawn, without data: address"
    answer = browser.post("/login/code", code=house.code_of_key(browser))
    assert answer.headers["Location"] == "/account/recovery-codes"
    browser.get("/account/recovery-codes")
    browser.post("/account/recovery-codes")
    codes = [item.text for item in browser.page.select(".tryeza-key li")]
    assert len(codes) == 10
    assert browser.is_in()
    stored = house.account(ARTA)
    assert stored.password is not None
    assert stored.password.startswith("$argon2id$")
    assert stored.mf_recovery_codes is not None
    assert not set(codes) & set(stored.mf_recovery_codes), "recovery codes are stored encrypted"
    assert "enckey" in (stored.tf_totp_secret or ""), "the TOTP secret is stored encrypted"
    wanted = ["account:invited", "account:activated", "factor:added", "login:ok", "factor:recovery_codes"]
    assert house.tags("account", "factor", "login") == wanted


def test_opening_the_link_changes_nothing_and_submitting_it_needs_the_code(house: House) -> None:
    """T07: a mail scanner opens links, and some submit the form."""
    link, _code = house.invited(ARTA)
    scanner = Browser(house.app)
    for _ in range(3):
        assert scanner.get(link).status_code == 200
    assert scanner.client.head(link).status_code == 200
    answer = scanner.post(link, code="000000", password=PASSWORD, password_again=PASSWORD)
    assert answer.status_code == 422
    assert house.account(ARTA).password is None


def test_the_code_is_throttled(house: House) -> None:
    link, code = house.invited(ARTA)
    browser = Browser(house.app)
    browser.get(link)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        assert browser.post(link, code=wrong, password=PASSWORD, password_again=PASSWORD).status_code == 422
    answer = browser.post(link, code=code, password=PASSWORD, password_again=PASSWORD)
    assert answer.status_code == 429
    assert house.account(ARTA).password is None


def test_a_link_works_once_for_seven_days_and_dies_with_a_newer_one(house: House) -> None:
    first, _ = house.invited(ARTA)
    house.hand.ahead(seconds=1)
    with house.unit() as session:
        account = accounts.by_email(session, ARTA)
        accounts.invite(
            session, account.person, clock.real_now(), person=account.person, public_url="http://localhost"
        )
    second, code = house.mailed(ARTA)
    browser = Browser(house.app)
    assert browser.get(first).status_code == 404
    house.hand.ahead(days=7, seconds=1)
    assert browser.get(second).status_code == 404
    house.hand.ahead(days=-1)
    assert browser.get(second).status_code == 200
    assert browser.post(second, code=code, password=PASSWORD, password_again=PASSWORD).status_code == 302
    assert browser.get(second).status_code == 404


def test_neither_token_nor_code_is_stored_once_used(house: House) -> None:
    link, code = house.invited(ARTA)
    token = link.rpartition("/")[2]
    with house.unit() as session:
        stored = session.scalar(select(Link))
        assert token.encode() not in stored.token_hash
    house_browser = Browser(house.app)
    house_browser.get(link)
    house_browser.post(link, code=code, password=PASSWORD, password_again=PASSWORD)
    with pytest.raises(IndexError):
        house.mailed(ARTA)


@pytest.mark.parametrize(
    "password",
    ["shkurt", "Fjalekalimi2026!", "lozinkalozinka", "123456789012", "qwertyuiopas", "Prishtina12345", "aaaaaaaaaaaaaa",
     "Kosovo!Kosovo!", "arta.provë1234", "P@ssw0rdP@ssw0rd"],
)  # fmt: skip
def test_guessable_passwords_are_refused_at_the_field(house: House, password: str) -> None:
    link, code = house.invited(ARTA)
    browser = Browser(house.app)
    browser.get(link)
    answer = browser.post(link, code=code, password=password, password_again=password)
    assert answer.status_code == 422
    assert browser.page.select_one("#password-error")
    assert house.account(ARTA).password is None


def test_an_administrator_gets_no_secret_and_sets_none(house: House) -> None:
    """ASVS 6.4.6: no operation takes a password from an administrator; a second invitation changes nothing by itself."""
    browser = house.settled(ARTA)
    before = house.account(ARTA)
    with house.unit() as session:
        account = accounts.by_email(session, ARTA)
        accounts.invite(
            session, account.person, clock.real_now(), person=account.person, public_url="http://localhost"
        )
    after = house.account(ARTA)
    assert (after.password, after.tf_totp_secret) == (before.password, before.tf_totp_secret)
    assert browser.is_in()
    link, code = house.mailed(ARTA)
    anew = Browser(house.app)
    anew.get(link)
    anew.post(link, code=code, password=NEXT_PASSWORD, password_again=NEXT_PASSWORD)
    renewed = house.account(ARTA)
    assert renewed.tf_totp_secret is None
    assert not renewed.may_sign_at(clock.real_now()), "signing rests for 24 h (T08)"
    house.hand.ahead(hours=24)
    assert renewed.may_sign_at(clock.real_now())


def test_the_first_administrator_comes_by_command(house: House) -> None:
    with house.unit() as session:
        invitation = accounts.create_administrator(
            session,
            clock.real_now(),
            name="Blerim Provë",
            email="Admin@Komuna.example",
            public_url="http://localhost",
        )
    browser = Browser(house.app)
    path = invitation.url.removeprefix("http://localhost")
    browser.get(path)
    answer = browser.post(path, code=invitation.code, password=PASSWORD, password_again=PASSWORD)
    assert answer.headers["Location"] == "/account/second-factor"
    assert house.mails("admin@komuna.example") == 0
