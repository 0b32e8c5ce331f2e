"""The register: the 70 duties of Regulation 23/2023, one per paragraph or sub-paragraph, in its order.

A1 (purpose) and A21 (entry into force) ask nothing of anybody and are not here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tmr_app.regulation.readings import READINGS
from tmr_app.regulation.verdicts import Message

Rule = Callable[..., Any]
R = TypeVar("R", bound=Rule)

RULE = "rule"
STANDING = "standing_prohibition"
RECORD = "record"


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. `text_ref` finds the words in the Regulation; `reading` is the interpretation chosen, if any."""

    id: str
    title: Message
    kind: str = RULE

    @property
    def article(self) -> int:
        return int(self.id[1:].split(".")[0])

    @property
    def text_ref(self) -> str:
        """As the Regulation numbers it: A14.3.2 stands at "14: 3.2"."""
        article, _, rest = self.id[1:].partition(".")
        return f"{article}: {rest}" if rest else article

    @property
    def reading(self) -> Message | None:
        return READINGS.get(self.id)


DUTIES: tuple[Duty, ...] = (
    Duty(
        "A2",
        Message("The Regulation binds everyone who takes part in the Table and is responsible"),
        STANDING,
    ),
    Duty("A3", Message("Every municipality establishes a Table")),
    Duty("A4.1", Message("The fourteen kinds of seat are filled")),
    Duty("A4.2", Message("The case manager appointed by the Centre for Social Work chairs")),
    Duty("A4.3", Message("The case manager selects the Table of the case by assessed needs")),
    Duty("A4.4", Message("Other invited professionals work for child protection")),
    Duty("A4.5", Message("A perpetrator of violence takes no part"), STANDING),
    Duty(
        "A4.6",
        Message("Representatives are added for an asylum-seeking, stateless, refugee or migrant child"),
    ),
    Duty("A5.1.1", Message("The Table treats the case by the best interest of the child")),
    Duty("A5.1.2", Message("The assessment is re-examined when circumstances change")),
    Duty("A5.1.3", Message("Action is planned jointly")),
    Duty("A5.1.4", Message("Services are coordinated and the family is supported"), RECORD),
    Duty("A5.1.5", Message("The Table reviews the individual plan monthly")),
    Duty("A5.1.6", Message("The Table reports yearly to the municipality")),
    Duty("A5.2", Message("The Table closes when services were given and the risk is lowered")),
    Duty("A6.1.1", Message("The chair organises the work of the Table"), RECORD),
    Duty("A6.1.2", Message("The chair acts for the good of the work of the Table"), RECORD),
    Duty("A6.1.3", Message("The chair calls the meeting in cooperation with the head of services")),
    Duty("A6.1.4", Message("The chair chairs the meetings")),
    Duty("A6.1.5", Message("The chair presents the initial individual plan")),
    Duty("A6.1.6", Message("The chair drafts the unified plan with the members")),
    Duty("A6.1.7", Message("The chair supervises the implementation of the plan with the members"), RECORD),
    Duty("A7", Message("Each member provides services within the mandate of the institution"), RECORD),
    Duty("A8.1", Message("A meeting for every referral and every case assessment")),
    Duty("A8.2", Message("A general meeting at least every three months")),
    Duty("A8.3", Message("The date is agreed and the notice sent at least three days before it")),
    Duty("A8.4", Message("A meeting that a member asks for is called")),
    Duty("A8.5", Message("Guests come from institutions directly connected with the case")),
    Duty("A8.6", Message("The next review meeting invites the same actors")),
    Duty("A8.7", Message("Members get the assessment and the plan at least three days before the meeting")),
    Duty("A8.8", Message("Without a prior assessment in a risk case, information is given in the meeting")),
    Duty(
        "A8.9", Message("Each member files a written progress report at least three days before the meeting")
    ),
    Duty("A8.10", Message("Family and child are notified and their views are taken into account")),
    Duty("A8.11", Message("All members who treated the case are invited to the closing meeting")),
    Duty("A9", Message("All members who help in the case take part")),
    Duty("A10.1", Message("Minutes are approved at the next meeting and signed by all members")),
    Duty("A10.2", Message("A member with a conflict of interest does not take part in the case")),
    Duty("A10.3", Message("The meeting follows the approved agenda")),
    Duty("A10.4", Message("The case manager presents information, needs, services and a proposed plan")),
    Duty("A10.5", Message("Family and child may be invited to give their opinion"), RECORD),
    Duty("A10.6", Message("Meetings are closed and members keep secrecy"), STANDING),
    Duty("A11", Message("The case goes through the five phases of the procedure"), RECORD),
    Duty("A12.1", Message("The Table verifies the information received"), RECORD),
    Duty("A12.2", Message("The Table makes the comprehensive assessment and re-determines the risk level")),
    Duty("A12.3", Message("The assessment covers the five indicators of well-being")),
    Duty("A12.4", Message("All collected data are recorded in the assessment form")),
    Duty(
        "A12.5",
        Message("The comprehensive assessment is completed within the time limit of the quality standards"),
    ),
    Duty("A13.1", Message("A unified individual plan is made for each case, based on the risk assessment")),
    Duty("A13.2", Message("The plan has objectives, responsible members, services and time limits")),
    Duty("A13.3", Message("The case manager sends the unified plan to the members")),
    Duty("A14.1", Message("The case manager implements and monitors the plan"), RECORD),
    Duty("A14.2", Message("Each assigned member carries out the measures and actions"), RECORD),
    Duty("A14.3.1", Message("The case manager asks members named in the plan for information and reports")),
    Duty("A14.3.2", Message("The superior is notified when a member does not cooperate")),
    Duty("A14.3.3", Message("The case manager asks for information by the time limits of the plan")),
    Duty("A14.3.4", Message("The case manager informs the Table about implementation and findings")),
    Duty("A14.4", Message("A meeting is called to re-assess the risk level and the needs")),
    Duty("A14.5", Message("For risk cases the case manager may call an extraordinary meeting")),
    Duty("A14.6", Message("The case manager updates the monitoring form and the plan")),
    Duty("A15", Message("The review meeting evaluates the services and states the progress")),
    Duty("A16", Message("The head of services monitors the work of the case manager"), RECORD),
    Duty("A17.1", Message("The case manager assesses the case and recommends closing")),
    Duty("A17.2", Message("Child and parent or guardian are asked for their opinion before closing")),
    Duty(
        "A17.3",
        Message("The case is closed on one of five grounds, approved beforehand by the head of services"),
    ),
    Duty("A17.4", Message("Suitable services are recommended when still needed after the age of eighteen")),
    Duty("A17.5", Message("The closing form is signed by the case manager and the members")),
    Duty("A18.1", Message("Data and actions are kept private"), STANDING),
    Duty("A18.2", Message("Every member and participant signs the confidentiality declaration")),
    Duty("A19", Message("The Table cooperates with all relevant institutions and organisations"), RECORD),
    Duty("A20", Message("The work form of Annex 1 is made for the case")),
)

_BY_ID = {duty.id: duty for duty in DUTIES}
_RULES: dict[str, list[Rule]] = {}


def duty(duty_id: str) -> Duty:
    """The duty with this identifier; KeyError if there is none."""
    return _BY_ID[duty_id]


def keeps(duty_id: str) -> Callable[[R], R]:
    """Marks a function as the rule of a duty; KeyError for an unknown duty."""
    duty(duty_id)

    def mark(rule: R) -> R:
        _RULES.setdefault(duty_id, []).append(rule)
        rule.__dict__["duty"] = duty_id
        return rule

    return mark


def duty_of(rule: Rule) -> Duty:
    """The duty that a function of `articles` keeps."""
    return duty(rule.__dict__["duty"])


def rules_of(duty_id: str) -> tuple[Rule, ...]:
    """The functions that keep a duty, the main one first."""
    import tmr_app.regulation.articles  # noqa: F401  the marks are made on import

    return tuple(_RULES.get(duty_id, ()))
