"""The sign page through the real application: the whole text, fresh sign-in, what was seen, one place for former members."""

import io
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fixtures import meeting_world as mw
from tests.fixtures import minutes_world as mins
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.signing import certificates, kit
from tmr_app.cases import conflicts, seat_ending
from tmr_app.kernel import clock
from tmr_app.kernel.errors import Forbidden, OutOfOrder
from tmr_app.signing import freezing, offers, queries, sealing, verifying
from tmr_app.signing.models import FrozenVersion

NEEDED = pytest.mark.duty("A10.1")
WHEN = mins.AFTER_SECOND


def states(scene: SimpleNamespace) -> dict[str, str]:
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        return {
            one.slot.name: one.signature.way or one.signature.deed
            for one in queries.places_of(session, version)
            if one.signature is not None
        }


@NEEDED
def test_a10_1_read_the_whole_and_sign(scene: SimpleNamespace) -> None:
    police = scene.here.town.members["police"]
    browser = scene.browser(police)
    assert browser.get(scene.url).status_code == 200
    for word in ("DiskutimKanarine", "VendimKanarine", scene.version.pdf_sha256, scene.version.code):
        assert word in browser.text
    assert browser.post(scene.url).status_code == 422  # not said that it was read
    assert "error" in str(browser.page.select_one(".govuk-error-summary"))
    assert browser.post(scene.url, agreed="y").status_code == 303
    assert browser.get(scene.url).status_code == 200
    assert browser.page.select_one("[aria-labelledby=signed-title]")
    assert browser.page.select_one("#sign-form") is None
    assert states(scene) == {police.name: "password_code"}


@NEEDED
def test_a10_1_forged_stale_and_tired_requests(scene: SimpleNamespace) -> None:
    members = scene.here.town.members
    browser = scene.browser(members["police"])
    browser.get(scene.url)
    for wrong, status in (
        ({"seen_sha256": "0" * 64}, 409),
        ({"seen_number": "2"}, 409),
        ({"seen_number": "-1"}, 400),
        ({"seen_sha256": "nonsense"}, 400),
        ({"offer": "x.1.y"}, 400),
        ({"role": "chair"}, 400),
        ({"credential": "{}"}, 400),
    ):
        browser.get(scene.url)
        assert browser.post(scene.url, agreed="y", **wrong).status_code == status, wrong
    other = scene.browser(members["school"])
    other.get(scene.url)
    taken = {
        one["name"]: one["value"]
        for one in browser.page.select("#sign-form input[type=hidden]")
        if one.get("value")
    }
    browser.get(scene.url)
    taken = {
        str(one["name"]): str(one["value"]) for one in browser.page.select("#sign-form input[type=hidden]")
    }
    assert other.post(scene.url, agreed="y", offer=taken["offer"]).status_code == 400  # another's page
    tired = scene.browser(members["family_medicine"], fresh=False)
    tired.get(scene.url)
    assert tired.page.select_one("#sign-form") is None
    assert tired.page.select_one("a.govuk-button[href*='/verify']")
    sent = {**{name: taken[name] for name in ("seen_number", "seen_sha256")}, "agreed": "y"}
    with work(scene.app.engine):
        offer = offers.make(scene.version.id, members["family_medicine"].id, clock.real_now())
    assert tired.post(scene.url, offer=offer, **sent).status_code == 303
    assert states(scene) == {}


def test_an_old_page_signs_nothing(scene: SimpleNamespace) -> None:
    browser = scene.browser(scene.here.town.members["police"])
    browser.get(scene.url)
    old = offers.make(scene.version.id, scene.here.town.members["police"].id, WHEN - offers.LIFE * 2)
    assert browser.post(scene.url, agreed="y", offer=old).status_code == 409


@NEEDED
def test_a10_1_one_page_for_a_former_member_and_none_for_others(scene: SimpleNamespace) -> None:
    members, manager = scene.here.town.members, scene.here.town.case_manager
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        case = session.get_one(mw.Case, scene.here.case.id)
        seat = session.get_one(type(scene.here.seats["school"]), scene.here.seats["school"].id)
        seat_ending.end_seat(session, manager, WHEN, seat=seat, reason="left_post", note="U transferua")
        bad = session.get_one(type(seat), scene.here.seats["ngo"].id)
        conflicts.recuse_member(session, manager, WHEN, case=case, seat=bad, reason="Kushëri")
    former = scene.browser(members["school"])
    assert former.get(scene.url).status_code == 200
    assert "DiskutimKanarine" in former.text
    assert former.get(scene.url + "/document.pdf").status_code == 200
    for closed in (scene.base, scene.base + "minutes", f"/cases/{scene.here.case.id}/"):
        assert former.get(closed).status_code == 404
    former.get(scene.url)
    assert former.post(scene.url, agreed="y").status_code == 303
    assert scene.browser(members["ngo"]).get(scene.url).status_code == 403
    for stranger in (scene.here.town.other_case_manager, scene.here.town.officer):
        assert scene.browser(stranger).get(scene.url).status_code == 404
    elsewhere = f"/municipalities/{scene.here.town.municipality.id}/sign/{scene.version.id}"
    assert former.get(elsewhere).status_code == 404
    assert states(scene) == {members["school"].name: "password_code"}


@NEEDED
def test_a10_1_on_paper_two_people_attest(scene: SimpleNamespace) -> None:
    members, manager = scene.here.town.members, scene.here.town.case_manager
    chair = scene.browser(manager)
    assert chair.get(scene.url + "/sheet").status_code == 200
    assert chair.page.select_one(".tryeza-qr svg")
    assert scene.version.code in chair.text
    chair.get(scene.url + "/paper")
    slot = next(str(one["value"]) for one in chair.page.select("input[name=people]"))
    names = {str(one["value"]): one.find_next("label") for one in chair.page.select("input[name=people]")}
    slot = next(value for value, label in names.items() if label and "school" in label.text)
    for bad, name in ((b"MZ\x90", "a.png"), (b"", "a.png"), (b"<html>", "a.pdf"), (b"GIF89a", "a.gif")):
        answer = chair.post(scene.url + "/paper", people=[slot], upload=(io.BytesIO(bad), name))
        assert answer.status_code == 422, name
    scan = (io.BytesIO(certificates.picture()), "fleta.png")
    assert chair.post(scene.url + "/paper", people=[slot], upload=scan).status_code == 303
    chair.get(scene.url)
    link = str(chair.page.select_one("a[href*='/uploads/']")["href"])
    chair.get(link)
    assert chair.post(link, decision="accept").status_code == 403  # who uploaded it
    own = scene.browser(members["school"])
    own.get(link)
    assert own.post(link, decision="accept").status_code == 403  # whose signature it shows
    assert states(scene) == {}
    second = scene.browser(members["police"])
    assert second.get(link).status_code == 200
    assert second.get(link + "/file").data.startswith(b"\x89PNG")
    second.get(link)
    assert second.post(link, decision="accept").status_code == 303
    assert states(scene) == {members["school"].name: "paper"}
    second.get(link)
    assert second.post(link, decision="accept").status_code == 409  # decided


@NEEDED
def test_a10_1_own_certificate_on_the_very_file(scene: SimpleNamespace) -> None:
    members = scene.here.town.members
    police = members["police"]
    browser = scene.browser(police)
    frozen = browser.get(scene.url + "/document.pdf").data
    url = scene.url + "/certificate"
    good = certificates.signed(frozen, police.name)
    script = certificates.signed(certificates.with_script(frozen), police.name)
    cases: dict[str, Any] = {
        "not signed": frozen,
        "another document": certificates.signed(certificates.other_pdf(), police.name),
        "changed inside": good[:400] + bytes([good[400] ^ 1]) + good[401:],
        "damaged signature": certificates.damaged(good, len(frozen)),
        "with something after it": good + b"\n%x\n",
        "with a script": script,
        "encrypted": certificates.encrypted(frozen),
        "signed twice": certificates.signed(good, "Tjetër Kush", field="Two"),
        "no PDF": b"MZ",
    }
    for what, data in cases.items():
        browser.get(url)
        assert browser.post(url, upload=(io.BytesIO(data), "a.pdf")).status_code == 422, what
    assert states(scene) == {}
    browser.get(url)
    assert browser.post(url, upload=(io.BytesIO(good), "a.pdf")).status_code == 303
    assert states(scene) == {police.name: "certificate"}
    other = scene.browser(members["school"])
    other.get(url)
    stranger = certificates.signed(frozen, "Krejt Tjetër")
    assert other.post(url, upload=(io.BytesIO(stranger), "a.pdf")).status_code == 303
    assert members["school"].name not in states(scene), "another name waits for a second person"
    chair = scene.browser(scene.here.town.case_manager)
    chair.get(scene.url)
    link = str(chair.page.select_one("a[href*='/uploads/']")["href"])
    chair.get(link)
    assert "Krejt Tjetër" in chair.text
    assert chair.post(link, decision="accept").status_code == 303
    assert states(scene)[members["school"].name] == "certificate"


@NEEDED
def test_a10_1_anybody_verifies_and_only_a_seat_sees_names(scene: SimpleNamespace) -> None:
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        for person in mins.signers(scene.here):
            version = session.get_one(FrozenVersion, scene.version.id)
            kit.sign(session, version, person)
    assert sealing.run(scene.app.engine, worker="w") == 1
    seated = scene.browser(scene.here.town.members["police"])
    data = seated.get(scene.url + "/sealed.pdf").data
    stranger = scene.browser(scene.here.town.other_case_manager)

    def ask(browser: SignedIn, **values: Any) -> str:
        browser.get("/verify-document")
        browser.post("/verify-document", **values)
        found = browser.page.select_one("[aria-labelledby=verdict-title]")
        return found.get_text(" ", strip=True) if found else ""

    code = scene.version.code
    name = scene.here.town.members["school"].name
    genuine = ask(stranger, code=code.lower().replace("-", " "))
    assert "5" in genuine
    assert name not in stranger.text
    assert ask(stranger, upload=(io.BytesIO(data), "x.pdf")) == genuine
    unknown = ask(stranger, code="AAAA-BBBB-CCCC-DDDD")
    assert unknown != genuine
    assert ask(stranger, upload=(io.BytesIO(data + b"x"), "x.pdf")) == unknown
    assert ask(seated, code=code) == genuine
    assert name in seated.text
    for _ in range(verifying.TRIES.ceiling):
        stranger.post("/verify-document", code="x")
    stranger.get("/verify-document")
    assert stranger.post("/verify-document", code=code).status_code == 429


def test_a_replaced_version_says_so(scene: SimpleNamespace) -> None:
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        freezing.withdraw(session, scene.here.town.case_manager, WHEN, version=version)
    browser = scene.browser(scene.here.town.members["police"])
    browser.get("/verify-document")
    browser.post("/verify-document", code=scene.version.code)
    assert "0" in browser.page.select_one("[aria-labelledby=verdict-title]").text
    browser.get(scene.url)
    assert browser.page.select_one("#sign-form") is None


@NEEDED
def test_a10_1_the_grant_is_for_a_place_and_ends_with_the_seal(scene: SimpleNamespace) -> None:
    """A seat that ended opens nothing by itself: without a place none, with one until everybody has signed."""
    members, manager = scene.here.town.members, scene.here.town.case_manager
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        for kind in ("school", "ngo"):
            seat = session.get_one(type(scene.here.seats[kind]), scene.here.seats[kind].id)
            seat_ending.end_seat(session, manager, WHEN, seat=seat, reason="left_post", note="U transferua")
        slot = next(
            one for one in queries.slots_of(session, version.id) if one.person_id == members["ngo"].id
        )
        slot.released_at = WHEN  # nobody expects this signature any more
    without = scene.browser(members["ngo"])
    assert without.get(scene.url).status_code == 404
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        with pytest.raises((Forbidden, OutOfOrder)):
            kit.sign(session, version, members["ngo"])
        assert queries.signatures_of(session, version.id) == []
    former = scene.browser(members["school"])
    assert former.get(scene.url).status_code == 200
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        for person in mins.signers(scene.here):
            if person.id != members["ngo"].id:
                kit.sign(session, version, person)
    assert sealing.run(scene.app.engine, worker="w") == 1
    for page in ("", "/document.pdf", "/sealed.pdf"):
        assert former.get(scene.url + page).status_code == 404, page
