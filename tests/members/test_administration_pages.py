"""The administration's pages: deeds and refusals through the browser."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.fixtures.app import MakeApp
from tests.members.roster_kit import GOOD, TODAY, Country, held, make_csv
from tmr_app.kernel import clock, outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.account_models import Account
from tmr_app.members.models import (
    Appointment,
    DeclarationText,
    HolidayCorrection,
    MeetingRoom,
    Municipality,
    Person,
    Qps,
    StaffProposal,
)
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.db
DAY = {"day": "2", "month": "11", "year": "2026"}


def day(name: str, on: dict[str, str] = DAY) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in on.items()}


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    yield from held()


@pytest.fixture
def country(fresh_database_url: str, make_app: MakeApp) -> Country:
    app: TmrFlask = make_app(fresh_database_url, public_url="http://localhost")
    return Country(app)


def test_a_lead_below_three_days_is_refused_by_the_article(country: Country) -> None:
    browser = country.browser()
    url = f"/administration/municipalities/{country.ids['prishtine']}/settings"
    values = {"assessment_days": "7", "annual_report_due_day": "31", "annual_report_due_month": "3"}
    browser.get(url)
    answer = browser.post(url, lead_days="2", **values, **day("table_registered_on"))
    assert answer.status_code == 422
    assert "Neni 8, paragrafi 3" in browser.page.select_one("#lead_days-error").get_text()
    assert browser.page.select_one("#lead_days")["value"] == "2", "what was typed is kept"
    answer = browser.post(url, lead_days="14", guide_notice="y", **values, **day("table_registered_on"))
    assert answer.status_code == 303
    with country.unit() as session:
        assert session.get(Municipality, country.ids["prishtine"]).lead_days == 14
    assert country.tags("municipality:settings") == ["municipality:settings"] * 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead_days", "abc"),
        ("lead_days", "61"),
        ("assessment_days", "0"),
        ("annual_report_due_day", "32"),
        ("annual_report_due_month", "13"),
        ("table_registered_on-year", "2027"),
    ],
)
def test_settings_refused(country: Country, field: str, value: str) -> None:
    browser = country.browser()
    url = f"/administration/municipalities/{country.ids['prishtine']}/settings"
    browser.get(url)
    good = {
        "lead_days": "3",
        "assessment_days": "7",
        "annual_report_due_day": "31",
        "annual_report_due_month": "3",
    }
    good |= day("table_registered_on")
    assert browser.post(url, **{**good, field: value}).status_code == 422


def test_centres_and_rooms(country: Country) -> None:
    browser = country.browser()
    own = f"/administration/municipalities/{country.ids['prishtine']}"
    values = {
        "name": "QPS Dy",
        "case_prefix": "p2",
        "reply_address": "qps2@prishtina.example",
        "phone": "038 200 100",
    }
    browser.get(f"{own}/centres/new")
    assert browser.post(f"{own}/centres/new", **{**values, "case_prefix": "P-1"}).status_code == 422
    assert browser.post(f"{own}/centres/new", **{**values, "reply_address": "a@b@c"}).status_code == 422
    assert browser.post(f"{own}/centres/new", **values).status_code == 303
    browser.get(f"{own}/centres/new")
    assert browser.post(f"{own}/centres/new", **values).status_code == 422, "the prefix is taken"
    with country.unit() as session:
        assert session.scalar(select(Qps.case_prefix).where(Qps.name == "QPS Dy")) == "P2"
        elsewhere = session.scalar(select(Municipality.id).where(Municipality.key == "peje"))
    assert (
        browser.get(f"/administration/municipalities/{elsewhere}/centres/{country.ids['qps']}").status_code
        == 404
    )
    browser.get(own)
    assert browser.post(f"{own}/rooms", name="Salla 2", address="X").status_code == 422
    assert browser.post(f"{own}/rooms", name="Salla 3", address="Rruga 1").status_code == 303
    with country.unit() as session:
        room = session.scalar(select(MeetingRoom).where(MeetingRoom.name == "Salla 3"))
    assert browser.post(f"{own}/rooms/{room.id}/remove").status_code == 303
    with country.unit() as session:
        assert not session.get(MeetingRoom, room.id).active


def test_institution_from_registering_to_closing(country: Country) -> None:
    browser = country.browser()
    url = "/administration/institutions/new"
    browser.get(url)
    place = str(country.ids["prishtine"])
    answer = browser.post(url, seat_kind="child", municipality_id=place, name="X")
    assert answer.status_code == 422
    answer = browser.post(url, seat_kind="police", municipality_id=place, name="institucioni  POLICE")
    assert answer.status_code == 422, "accents, case and blanks do not make another institution"
    answer = browser.post(
        url, seat_kind="probation_officer", municipality_id="everywhere", name="Shërbimi Sprovues"
    )
    there = answer.headers["Location"]
    institution_id = there.rsplit("/", 1)[1]
    appoint = f"/administration/appoint/institution/{institution_id}"
    browser.get(appoint)
    person = {
        "office": "representative",
        "name": "Sara Sprovuesja",
        "email": "sara@sprovimi.example",
        "language": "sq",
    }
    assert browser.post(appoint, **person, **day("from_on")).status_code == 303
    browser.get(appoint)
    other = {**person, "name": "Krejt Tjetër"}
    assert browser.post(appoint, **other, **day("from_on")).status_code == 422
    assert browser.post(appoint, **person, **day("from_on")).status_code == 422, "appointed there already"
    browser.get(there)
    assert browser.post(f"{there}/confirm").status_code == 303
    assert browser.post(f"{there}/close").status_code == 303
    with country.unit() as session:
        one = session.scalar(select(Appointment).join(Person, Appointment.person_id == Person.id)
                             .where(Person.name == "Sara Sprovuesja"))  # fmt: skip
        assert not one.runs_on(TODAY)
    assert browser.post(f"{there}/reopen").status_code == 303
    assert browser.get(f"/administration/institutions/{country.ids['member']}").status_code == 404


def test_ending_and_replacing(country: Country) -> None:
    browser, one = country.browser(), country.appointment("member")
    member = country.browser("member")
    url = f"/administration/appointments/{one.id}/replace"
    browser.get(url)
    successor = {"name": "Pasuese E Re", "email": "pasuese@policia.example"}
    assert browser.post(url, **successor, **day("from_on")).status_code == 303
    assert member.get("/account").status_code == 302, "the predecessor's sessions ended"
    with country.unit() as session:
        assert session.get(Appointment, one.id).to_on == TODAY.replace(day=1)
    other = country.appointment("substitute")
    url = f"/administration/appointments/{other.id}/end"
    browser.get(url)
    assert browser.post(url, reason="left_post").status_code == 422
    assert browser.post(url, reason="left_post", at_once="y").status_code == 303
    with country.unit() as session:
        assert not session.get(Appointment, other.id).runs_on(TODAY)


def test_accounts_without_secrets(country: Country) -> None:
    """Invite, again, withdraw, disable, enable, reset, end: no page has a password or a code in it."""
    browser = country.browser()
    country.browser("head")
    base = f"/administration/people/{country.ids['member']}"

    def mailed() -> list[OutboxMessage]:
        with country.unit() as session:
            return list(
                session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "account_invitation"))
            )

    def do(*deeds: str) -> None:
        for deed in deeds:
            browser.get(base)
            assert not browser.page.select("main input[type=password]")
            assert browser.post(f"{base}/account/{deed}").status_code == 303, deed

    do("invite", "invite")
    codes = [mail.parameters["code"] for mail in mailed()]
    assert len(codes) == 2
    do("withdraw")
    assert not any("code" in mail.parameters for mail in mailed())  # what waits is not sent any more
    do("disable", "enable", "reset", "end-sessions")
    assert browser.post(f"{base}/account/password").status_code == 404
    assert browser.post(f"/administration/people/{country.ids['officer']}/account/disable").status_code == 404
    with country.unit() as session:
        account = session.scalar(select(Account).where(Account.person_id == country.ids["member"]))
        assert account.password is None
    text = browser.get(base).text
    assert not any(code in text for code in codes)
    assert [tag for tag in country.tags("account:") if tag != "account:settings"] == [
        "account:invited",
        "account:invited",
        "account:invitation_withdrawn",
        "account:disabled",
        "account:enabled",
    ]


def test_a_new_address_is_told_to_the_old_one_and_ends_sessions(country: Country) -> None:
    browser, head = country.browser(), country.browser("head")
    base = f"/administration/people/{country.ids['head']}"
    with country.unit() as session:
        old = session.get(Person, country.ids["head"]).email
        taken = session.get(Person, country.ids["member"]).email
        for kind in ("seat_given", "account_invitation"):
            person = session.get_one(Person, country.ids["head"])
            outbox.enqueue(
                session, kind=kind, to=person, now=clock.now(), parameters={"path": "/", "code": "123456"}
            )
    browser.get(f"{base}/change")
    values = {"name": "Shefe Shala", "language": "sq", "function": "", "phone": ""}
    assert browser.post(f"{base}/change", email=taken, **values).status_code == 422
    assert browser.post(f"{base}/change", email="shefe.re@qps.example", **values).status_code == 303
    assert head.get("/account").status_code == 302
    with country.unit() as session:
        told = session.scalar(select(OutboxMessage).where(OutboxMessage.kind == "account_address_changed"))
        assert told.address == old
        waiting = {one.kind: one for one in session.scalars(select(OutboxMessage))}
        assert waiting["seat_given"].address == "shefe.re@qps.example", "nothing more to the old one"
        invited = waiting["account_invitation"]
        assert (invited.state, invited.parameters) == (outbox.CANCELLED, {}), "its link is dead already"
        account = session.scalar(select(Account).where(Account.person_id == country.ids["head"]))
        assert account.email == old, "signing in follows only with the next invitation"


def test_proposals_are_confirmed_once(country: Country) -> None:
    superior, browser = country.browser("superior"), country.browser()
    url = f"/own-staff/{country.ids['police']}/propose"
    superior.get(url)
    values = {"office": "substitute", "name": "Nora Nova", "email": "nora@policia.example", **day("on")}
    assert superior.post(url, **values).status_code == 303
    assert superior.post(url, **values).status_code == 303, "the same submission once more"
    assert country.count(StaffProposal) == 1
    assert superior.get(f"/own-staff/{country.ids['school']}").status_code == 404
    with country.unit() as session:
        proposal_id = session.scalar(select(StaffProposal.id))
        assert session.scalar(select(Person.id).where(Person.name == "Nora Nova")) is None
    browser.get("/administration/proposals")
    answer = f"/administration/proposals/{proposal_id}/confirm"
    assert browser.post(answer).status_code == 303
    assert browser.post(answer).status_code == 409
    with country.unit() as session:
        assert session.scalar(select(Person.id).where(Person.name == "Nora Nova")) is not None


def test_a_superior_proposes_the_end_of_own_staff_only(country: Country) -> None:
    superior = country.browser("superior")
    own, foreign = country.appointment("member").id, country.appointment("head").id
    base = f"/own-staff/{country.ids['police']}/end"
    superior.get(f"{base}/{own}")
    assert (
        superior.post(f"{base}/{own}", **day("on", {"day": "1", "month": "11", "year": "2026"})).status_code
        == 422
    )
    assert superior.post(f"{base}/{own}", **day("on")).status_code == 303
    assert superior.get(f"{base}/{foreign}").status_code == 404
    assert superior.post(f"{base}/{foreign}", **day("on")).status_code == 404


def test_holidays_are_corrected_and_taken_back(country: Country) -> None:
    browser, url = country.browser(), "/administration/holidays"
    browser.get(url)
    day_off = day("on", {"day": "18", "month": "11", "year": "2026"})
    assert browser.post(url, is_holiday="yes", **day_off).status_code == 422, "without a name"
    assert browser.post(url, is_holiday="yes", name="Ditë zie", **day_off).status_code == 303
    assert (
        browser.post(
            url, is_holiday="no", **day("on", {"day": "19", "month": "11", "year": "2026"})
        ).status_code
        == 422
    )
    assert (
        browser.post(
            url, is_holiday="no", **day("on", {"day": "31", "month": "2", "year": "2026"})
        ).status_code
        == 422
    )
    with country.unit() as session:
        row = session.scalar(select(HolidayCorrection))
        assert (row.name, row.is_holiday) == ("Ditë zie", True)
    browser.get(url)
    assert browser.post(f"{url}/{row.id}/remove").status_code == 303
    assert country.count(HolidayCorrection) == 0


@pytest.mark.duty("A18.2")
def test_declaration_texts_are_previewed_versioned_and_never_edited(country: Country) -> None:
    browser, url = country.browser(), "/administration/declarations/case"
    texts = {"text_sq": "Deklaroj.", "text_sr": "Izjavljujem.", "text_en": "I declare."}
    browser.get(url)
    assert browser.post(url, deed="preview", **{**texts, "text_sr": " "}).status_code == 422
    assert browser.post(url, deed="preview", **texts).status_code == 200
    assert country.count(DeclarationText) == 0, "a preview publishes nothing"
    assert browser.post(url, deed="publish", **texts).status_code == 303
    browser.get(url)
    assert browser.post(url, deed="publish", **texts).status_code == 422, "nothing changed"
    stale = browser.page
    assert browser.post(url, deed="publish", **{**texts, "text_en": "I do declare."}).status_code == 303
    browser.page = stale
    answer = browser.post(url, deed="publish", **{**texts, "text_en": "I shall declare."})
    assert answer.status_code == 409
    with country.unit() as session:
        versions = list(session.scalars(select(DeclarationText).order_by(DeclarationText.version)))
        assert [one.version for one in versions] == [1, 2]
        assert [one.text_en for one in versions] == ["I declare.", "I do declare."]
    assert browser.get("/administration/declarations/other").status_code == 404


def test_import_on_screen(country: Country) -> None:
    import io

    browser, url = country.browser(), "/administration/import"
    browser.get(url)
    bad = (io.BytesIO(b"a;b\n1;2\n"), "roster.csv")
    assert browser.post(url, file=bad).status_code == 422
    before = country.stored()
    rows = make_csv(GOOD, {**GOOD, "email": "x@@y"})
    answer = browser.post(url, file=(io.BytesIO(rows), "roster.csv"))
    there = answer.headers["Location"]
    assert browser.get(there).status_code == 200
    assert browser.page.select_one("#bad-rows tbody th").get_text() == "3"
    assert browser.post(f"{there}/confirm").status_code == 422
    assert country.stored() == before, "nothing is stored when any row is bad"
    assert browser.post(f"{there}/confirm", skip_bad="y", invite="y").status_code == 303
    assert browser.post(f"{there}/confirm", skip_bad="y").status_code == 303
    assert country.stored() == (before[0] + 1, before[1] + 1, before[2] + 1, before[3], before[4])
    assert country.tags("roster:imported") == ["roster:imported"]
    with country.unit() as session:
        assert session.scalar(select(OutboxMessage.address)) == GOOD["email"]
    for kind, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert browser.client.get(f"{url}/template.{kind}").data.startswith(start)
    assert browser.client.get(f"{url}/template.exe").status_code == 404
