"""Steps: signing in for real; from the referral to the assessment and the initial plan."""

import re
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from flask_security import hash_password
from sqlalchemy import select

from tests.fixtures import world
from tests.journeys.hands import Hand, MouseHand, button_of
from tests.journeys.stage import Stage
from tmr_app.kernel import clock
from tmr_app.members.account_models import Account

PASSWORD = "varkë lisi tetor dritare"
FIVE = ("safety", "essential_needs", "education", "parental_care", "social_inclusion")


@dataclass(frozen=True)
class Child:
    """What is typed about a child and its family: every word a canary."""

    name: str = "Kanarina Fëmija"
    born_on: date = date(2015, 5, 14)
    mother: str = "Nëna Kanarina"
    father: str = "Babai Kanarina"
    residence: str = "Rruga Kanarine 7"
    reporter: str = "RaportuesiKanarinë"
    facts: str = "Mungon në shkollë; FaktiKanarinë."
    finding: str = "GjetjaKanarinë"
    goal: str = "QëllimiKanarinë"

    def named(self, name: str) -> "Child":
        return replace(self, name=name)

    @property
    def canaries(self) -> tuple[str, ...]:
        return (
            self.name,
            self.mother,
            self.father,
            self.residence,
            self.reporter,
            "FaktiKanarinë",
            self.finding,
            self.goal,
        )


def give_account(stage: Stage, who: str) -> None:
    """An account with password and authenticator app, as activation leaves it."""
    app = stage.app
    with clock.fixed_at(stage.now), app.app_context(), world.work(app.engine) as session:
        session.add(
            Account(
                person_id=stage.cast.ids[who],
                email=stage.cast.emails[who].lower(),
                password=hash_password(PASSWORD),
                active=True,
                fs_uniquifier=uuid4().hex,
                fs_webauthn_user_handle=uuid4().hex,
                tf_primary_method="authenticator",
                tf_totp_secret=app.extensions["security"].totp_factory.generate_totp_secret(),
                activated_at=stage.now,
            )
        )


def code_now(stage: Stage, who: str) -> str:
    """What this person's authenticator app shows now."""
    factory = stage.app.extensions["security"].totp_factory
    with clock.fixed_at(stage.now), stage.app.app_context(), world.work(stage.app.engine) as session:
        secret = session.scalars(
            select(Account.tf_totp_secret).where(Account.person_id == stage.cast.ids[who])
        ).one()
        return str(factory.generate_totp_password(secret))


def sign_in_for_real(stage: Stage, hand: Hand, who: str) -> None:
    """Password, then the code of the app."""
    stage.go(hand, "/login")
    hand.write("#email", stage.cast.emails[who])
    hand.write("#password", PASSWORD)
    hand.press(button_of("#password"))
    stage.see(hand)
    hand.write("#code", code_now(stage, who))
    hand.press(button_of("#code"))
    stage.see(hand)


def type_date(hand: Hand, field: str, on: date) -> None:
    for part in ("day", "month", "year"):
        hand.write(f"#{field}-{part}", str(getattr(on, part)))


def look_up(stage: Stage, hand: Hand, child: Child) -> None:
    """Whether the child has a case already."""
    stage.go(hand, "/cases/new")
    hand.write("#name", child.name)
    type_date(hand, "birth_on", child.born_on)
    hand.press(button_of("#name"))
    stage.see(hand)


def refer(stage: Stage, hand: Hand, child: Child, flags: tuple[str, ...] = ()) -> None:
    """Referral and child."""
    hand.pick("#source", "school")
    hand.write("#reporter", child.reporter)
    hand.write("#facts", child.facts)
    hand.tick("input[name=gender][value=female]")
    hand.write("#residence", child.residence)
    for flag in flags:
        hand.tick(f"input[name=flags][value={flag}]")
    hand.press(button_of("#facts"))
    stage.see(hand)


def add_relative(
    stage: Stage, hand: Hand, name: str, kind: str, *, perpetrator: str = "", cares: bool = True
) -> None:
    """One person around the child; `perpetrator`: what the mark rests on."""
    hand.write("#name", name)
    hand.pick("#kind", kind)
    if cares:
        hand.tick("#has_parental_care")
    if perpetrator:
        hand.tick("#is_perpetrator")
        hand.write("#perpetrator_reason", perpetrator)
    hand.press(button_of("#kind"))
    stage.see(hand)


def open_with_risk(stage: Stage, hand: Hand) -> UUID:
    """Risk, and the case is open. Returns its id, read from the link to the declaration."""
    hand.press("main a[href$='/cases/new/risk']")
    stage.see(hand)
    hand.tick("input[name=group_maltreatment][value=physical_violence]")
    hand.tick("input[name=level][value=high]")
    hand.press(button_of("input[name=level]"))
    stage.see(hand)
    link = hand.page.locator("main a[href$='/declaration']").first.get_attribute("href")
    found = re.search(r"/cases/([0-9a-f-]{36})/", link or "")
    assert found is not None
    return UUID(found[1])


def declare(
    stage: Stage, hand: Hand, case_id: UUID, *, conflict: bool = False, names: tuple[str, ...] = ()
) -> None:
    """Sign the confidentiality declaration, see the parties' `names`, answer the question about a conflict."""
    page = hand.page
    if not page.url.endswith("/declaration"):
        stage.go(hand, f"/cases/{case_id}/declaration")
    stage.see(hand)
    hand.tick("#agreed")
    hand.press(button_of("#agreed"))
    stage.see(hand)
    assert page.url.endswith("/conflict"), page.url
    assert all(name in page.inner_text("main ul") for name in names)
    hand.tick(f"input[name=answer][value={'yes' if conflict else 'no'}]")
    hand.press(button_of("input[name=answer]"))
    stage.see(hand)


def assess(stage: Stage, hand: Hand, case_id: UUID, child: Child) -> None:
    """The five indicators, completed."""
    stage.go(hand, f"/cases/{case_id}/assessment")
    hand.press("main a[href$='/assessment/edit']")
    stage.see(hand)
    for key in FIVE:
        hand.write(f"#{key}-findings", child.finding)
        hand.pick(f"#{key}-level", "medium")
        hand.write(f"#{key}-source", "vizita")
    hand.write("#summary", child.finding)
    hand.pick("#risk_level", "high")
    hand.write("#best_interest", "Të mbetet afër shkollës.")
    hand.press("button[name=complete]")
    stage.see(hand)


def plan(stage: Stage, hand: Hand, case_id: UUID, child: Child) -> None:
    """The initial individual plan of the centre."""
    stage.go(hand, f"/cases/{case_id}/assessment/initial-plan")
    hand.write("#goal", child.goal)
    hand.write("#services", "Këshillim për nënën")
    hand.write("#measures", "Vizitë çdo javë")
    hand.press(button_of("#goal"))
    stage.see(hand)


def open_case(
    stage: Stage,
    hand: Hand,
    child: Child,
    *,
    flags: tuple[str, ...] = (),
    father_is_perpetrator: bool = False,
    whole: bool = True,
) -> UUID:
    """From the referral to the open file; `whole`: with assessment and plan, typed too."""
    look_up(stage, hand, child)
    refer(stage, hand, child, flags)
    add_relative(stage, hand, child.mother, "mother")
    if father_is_perpetrator:
        add_relative(stage, hand, child.father, "father", perpetrator="Raport i policisë", cares=True)
    case_id = open_with_risk(stage, hand)
    declare(stage, hand, case_id)
    if whole:
        assess(stage, hand, case_id, child)
        plan(stage, hand, case_id, child)
    return case_id


def visitor(stage: Stage) -> MouseHand:
    """Somebody who has not signed in yet."""
    return MouseHand(stage.browser_of())


def mouse(stage: Stage, who: str) -> MouseHand:
    """This person at a browser with mouse and script."""
    hand = stage.sit(who)
    assert isinstance(hand, MouseHand)
    return hand
