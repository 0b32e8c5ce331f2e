"""A10.1 in the browser: circulated, objected to, corrected, approved, signed in three ways, sealed, verified."""

import io
import shutil
import subprocess
from pathlib import Path

from click.testing import CliRunner

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import minutes_world as mins
from tests.fixtures.duty_rows import row_changed, row_is
from tests.fixtures.unavailable import cannot_run
from tests.fixtures.world import work
from tests.journeys import steps_case as case
from tests.journeys.hands import MouseHand, button_of
from tests.journeys.stage import Stage, town_of
from tests.meetings.member_kit import declare
from tests.members.test_accounts_browser import virtual_key
from tests.signing.certificates import picture
from tmr_app.cases.models import Case
from tmr_app.jobs import periodic
from tmr_app.kernel import clock
from tmr_app.meetings.models import Meeting
from tmr_app.signing import seal_keys
from tmr_app.web.commands.verify_command import command

OBJECTION = "VerejtjeKanarine"
CORRECTED = "KorrigjimKanarine"
KINDS = ("police", "school", "family_medicine")


class Told:
    """Ids of the case and its first meeting."""

    def __init__(self, stage: Stage) -> None:
        for who in ("case_manager", *KINDS):
            case.give_account(stage, who)
        with clock.fixed_at(stage.now), work(stage.app.engine) as session:
            town = town_of(session, stage.cast)
            self.here, meeting = mins.first_held(session, town=town, kinds=KINDS)
            for person in mins.signers(self.here):
                declare(session, self.here, person, stage.now)
            self.case_id, self.meeting_id, self.code = self.here.case.id, meeting.id, meeting.code
            self.number = self.here.case.number
        self.minutes = f"/cases/{self.case_id}/meetings/{self.meeting_id}/minutes"

    def second_meeting(self, stage: Stage) -> None:
        """Held by the operations: it decides on the minutes of the first."""
        with clock.fixed_at(stage.now), work(stage.app.engine) as session:
            mw.unlock(session, session.get_one(Case, self.case_id))
            town = town_of(session, stage.cast)
            case_row = session.get_one(Case, self.case_id)
            here = mw.CaseWorld(town, case_row, self.here.mother, self.here.seats)
            mins.second_held(session, here, session.get_one(Meeting, self.meeting_id))

    def sign_url(self, hand: MouseHand, stage: Stage) -> str:
        stage.go(hand, self.minutes)
        return str(hand.page.locator("a[href*='/sign/']").first.get_attribute("href"))


def submit(stage: Stage, hand: MouseHand, where: str) -> None:
    hand.press(where)
    stage.see(hand)


def objected_and_corrected(stage: Stage, told: Told, chair: MouseHand) -> None:
    stage.go(chair, told.minutes)
    submit(stage, chair, "form[action$='/minutes/circulate'] button")
    assert stage.worker(), "each member gets a link"
    member = stage.sit("police")
    assert isinstance(member, MouseHand)
    stage.go(member, told.minutes)
    submit(stage, member, "a[href$='/minutes/object']")
    member.write("#text", OBJECTION)
    submit(stage, member, button_of("#text"))
    stage.go(chair, told.minutes)
    submit(stage, chair, "a[href*='/objections/']")
    chair.tick("input[name=accepted][value=yes]")
    chair.write("#answer", "Po, korrigjohet.")
    submit(stage, chair, button_of("#answer"))
    submit(stage, chair, "a[href$='/minutes/take-back']")
    chair.write("#reason", "Vërejtja e policisë")
    submit(stage, chair, button_of("#reason"))
    chair.page.locator("textarea[name=discussion]").nth(1).fill(CORRECTED)
    submit(stage, chair, f"#{chair.page.locator('section:has(textarea[name=discussion])').nth(1).get_attribute('id')} button[type=submit]")  # fmt: skip  # noqa: E501
    stage.go(chair, told.minutes)
    submit(stage, chair, "form[action$='/minutes/circulate'] button")


def sign_here(stage: Stage, hand: MouseHand, url: str) -> None:
    stage.go(hand, url)
    hand.tick("#agreed")
    submit(stage, hand, button_of("#agreed") + ":not([name=way])")
    assert hand.page.locator("[aria-labelledby=signed-title]").count() == 1, hand.page.inner_text("main")


def by_passkey(stage: Stage, who: str, url: str) -> None:
    """A passkey is registered first; then it answers over the document's fingerprint."""
    hand = case.visitor(stage)
    virtual_key(hand.page)
    case.sign_in_for_real(stage, hand, who)
    hand.page.goto(f"{stage.url}/account/passkeys")
    hand.page.fill("#name", "laptopi")
    hand.page.locator("main form").nth(0).locator("button").click()
    hand.page.wait_for_url("**/account")
    stage.go(hand, url)
    hand.tick("#agreed")
    hand.page.locator("#passkey-form button:not([name])").click()
    hand.page.wait_for_selector("[aria-labelledby=signed-title]")
    stage.see(hand, "signed-by-passkey")


def on_paper(stage: Stage, told: Told, chair: MouseHand, url: str, absent: str, second: str) -> None:
    """The sheet is printed, signed, scanned by the chair; a second person attests."""
    stage.go(chair, url + "/sheet")
    stage.go(chair, url + "/paper")
    chair.page.locator(f"label:has-text('{stage.cast.names[absent]}')").click()
    chair.page.set_input_files("#upload", {"name": "fleta.png", "mimeType": "image/png", "buffer": picture()})
    submit(stage, chair, button_of("#upload"))
    attester = stage.sit(second)
    assert isinstance(attester, MouseHand)
    stage.go(attester, url)
    submit(stage, attester, "a[href*='/uploads/']")
    attester.tick("input[name=decision][value=accept]")
    submit(stage, attester, button_of("input[name=decision]"))


def test_from_the_first_minutes_to_a_verified_file(stage: Stage, tmp_path: Path) -> None:
    stage.url = stage.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to a number
    stage.app.settings = stage.app.extensions["tmr_settings"] = stage.app.settings.but(public_url=stage.url)
    stage.now = mins.LATER
    told = Told(stage)
    chair = stage.sit("case_manager")
    assert isinstance(chair, MouseHand)
    before = stage.ledger()
    objected_and_corrected(stage, told, chair)

    stage.now = mins.AFTER_SECOND
    told.second_meeting(stage)
    stage.sign_in_again(chair.page, "case_manager")
    stage.go(chair, told.minutes)
    submit(stage, chair, "a[href$='/minutes/approve']")
    submit(stage, chair, button_of("input[name=how]"))
    approved = stage.ledger()
    row_changed("A10.1", before, approved)
    url = told.sign_url(chair, stage).partition(stage.url)[2] or told.sign_url(chair, stage)

    by_passkey(stage, "police", url)
    doctor = case.visitor(stage)
    case.sign_in_for_real(stage, doctor, "family_medicine")
    sign_here(stage, doctor, url)
    on_paper(stage, told, chair, url, absent="school", second="police")
    sign_here(stage, chair, url)
    with clock.fixed_at(stage.now):
        assert periodic.seal(stage.app, stage.app.engine) == 1
    row_is("A10.1", "met", stage.ledger(), meeting=told.code)
    _verified(stage, chair, url, tmp_path)
    stage.nothing_leaked((*mw.CANARIES, *hw.CANARIES, OBJECTION, CORRECTED, told.number))


def _verified(stage: Stage, chair: MouseHand, url: str, folder: Path) -> None:
    """By the page, by the command, by an independent tool."""
    sealed = stage.file(chair, url + "/sealed.pdf")
    anybody = case.visitor(stage)
    stage.go(anybody, "/verify-document")
    upload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": sealed}
    anybody.page.set_input_files("#upload", upload)
    anybody.press(button_of("#upload"))
    stage.see(anybody, "verify-genuine")
    assert "4" in anybody.page.inner_text("[aria-labelledby=verdict-title]")
    with work(stage.app.engine) as session:
        key = seal_keys.current(session)
        assert key
        (folder / "cert.pem").write_text(key.certificate)
    (folder / "a.pdf").write_bytes(io.BytesIO(sealed).read())
    answer = CliRunner().invoke(command, [str(folder / "a.pdf"), "--key", str(folder / "cert.pem")])
    assert answer.exit_code == 0, answer.output
    assert "4 of 4" in answer.output
    tool = shutil.which("pdfsig")
    if tool is None:
        cannot_run("verified by page and command; pdfsig is not on this machine")
    said = subprocess.run([tool, str(folder / "a.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
