"""A10.1 in the browser: one letter changed after two of five signatures. Version 2 has none, version 1 keeps its two."""

from sqlalchemy import select

from tests.fixtures import minutes_world as mins
from tests.fixtures.world import work
from tests.journeys import steps_case as case
from tests.journeys.hands import MouseHand, button_of
from tests.journeys.stage import Stage, town_of
from tests.journeys.test_minutes_journey import submit
from tests.meetings.member_kit import declare
from tests.signing import kit
from tmr_app.kernel import clock
from tmr_app.signing import queries
from tmr_app.signing.models import FrozenVersion

KINDS = ("police", "school", "family_medicine", "ngo")


def test_one_letter_after_two_of_five_signatures(stage: Stage) -> None:
    stage.now = mins.AFTER_SECOND
    for who in ("case_manager", *KINDS):
        case.give_account(stage, who)
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        here, meeting = mins.first_held(session, town=town_of(session, stage.cast), kinds=KINDS)
        for person in mins.signers(here):
            declare(session, here, person, stage.now)
        row = mins.approved(session, here, meeting)
        first = queries.find(session, row.frozen_id, case_id=here.case.id)
        for person in mins.signers(here)[:2]:
            kit.sign(session, first, person)
        code, subject_id = first.code, first.subject_id
        sign_first = f"/cases/{here.case.id}/sign/{first.id}"
        base = f"/cases/{here.case.id}/meetings/{meeting.id}/minutes"
    chair = stage.sit("case_manager")
    assert isinstance(chair, MouseHand)
    stage.go(chair, base)
    submit(stage, chair, "a[href$='/minutes/take-back']")
    chair.write("#reason", "Një shkronjë")
    submit(stage, chair, button_of("#reason"))
    box = chair.page.locator("textarea[name=discussion]").nth(1)
    said = box.input_value()
    box.fill(said[:-1] + ("a" if said[-1] != "a" else "e"))
    part = chair.page.locator("section:has(textarea[name=discussion])").nth(1).get_attribute("id")
    submit(stage, chair, f"#{part} button[type=submit]")
    stage.go(chair, base)
    submit(stage, chair, "form[action$='/minutes/circulate'] button")
    assert stage.worker(), "who signed and who is asked again are told"

    member = stage.sit("school")
    assert isinstance(member, MouseHand)
    stage.go(member, base)
    paper = str(member.page.locator("a[href*='/sign/']").first.get_attribute("href"))
    stage.go(member, paper.removeprefix(stage.url).removesuffix("/document.pdf"))
    stage.see(member, "sign-second-version")
    changes = member.page.inner_text("main")
    assert "Një shkronjë" in changes
    stage.go(member, sign_first)
    stage.see(member, "sign-replaced")
    assert member.page.locator("#sign-form").count() == 0

    anybody = case.visitor(stage)
    stage.go(anybody, "/verify-document")
    anybody.write("#code", code)
    anybody.press(button_of("#code"))
    stage.see(anybody, "verify-replaced")
    verdict = anybody.page.inner_text("[aria-labelledby=verdict-title]")
    assert "2" in verdict
    assert "5" in verdict
    anybody.write("#code", "AAAA-BBBB-CCCC-DDDD")
    anybody.press(button_of("#code"))
    stage.see(anybody, "verify-unknown")
    with work(stage.app.engine) as session:
        ids = session.scalars(
            select(FrozenVersion.id)
            .where(FrozenVersion.subject_id == subject_id)
            .order_by(FrozenVersion.number)
        ).all()
        counts = queries.progress(session, ids)
    assert [counts[one] for one in ids] == [(2, 5), (0, 5)]
