"""The blueprint of the plan's pages, the words of its audit, and what every page of a plan shows."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask.blueprints import BlueprintSetupState

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.plans.forms import TERM_WORDS
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("plans", __name__)
__all__ = ["action_base", "blueprint", "here", "ways"]
NOBODY = UUID(int=0)

panels.audit_words(
    {
        "plan:drafted": Message("A draft of the plan was begun"),
        "plan:written": Message("The draft of the plan was written on"),
        "plan:taken-off": Message("Something was taken off the draft of the plan"),
        "plan:comments-asked": Message("The members were asked for comments on the plan"),
        "plan:comment": Message("A member commented on the plan"),
        "plan:proposal": Message("A member made a proposal for the plan"),
        "plan:objection": Message("A member objected to an action"),
        "plan:answered": Message("What a member said on the plan was answered"),
        "plan:adopted": Message("The plan was adopted"),
        "plan:sent": Message("The plan was sent to the members"),
        "plan:handed-over": Message("The plan was handed over on paper"),
        "action:in_process": Message("An action was reported as in process"),
        "action:done": Message("An action was reported as done"),
        "action:not_done": Message("An action was reported as not done"),
        "action:given": Message("An action was given to another member"),
        "superior:written": Message("A superior was written to"),
        "superior:reason": Message("A reason was written instead of a letter to the superior"),
        "superior:answered": Message("A superior's answer was recorded"),
        "read:plans:show": Message("Plan"),
        "read:plans:draft": Message("Draft of the plan"),
        "read:plans:texts": Message("Draft of the plan"),
        "read:plans:objective": Message("Draft of the plan"),
        "read:plans:edit_action": Message("Draft of the plan"),
        "read:plans:adopt": Message("Draft of the plan opened to adopt it"),
        "read:plans:versions": Message("Versions of the plan"),
        "read:plans:version": Message("A version of the plan"),
        "read:plans:compare": Message("Two versions of the plan compared"),
        "read:plans:sent": Message("To whom the plan went"),
        "read:plans:comment": Message("What members say on the plan"),
        "read:plans:action": Message("An action of the plan"),
        "read:plans:give": Message("An action opened to give it to another member"),
        "read:plans:cooperation": Message("Cooperation of the members"),
        "read:plans:judge": Message("Cooperation of a member"),
        "read:plans:letter_file": Message("A letter to a superior was taken as a file"),
    }
)


@blueprint.record_once
def add_words(state: BlueprintSetupState) -> None:
    """For templates of this room and of rooms above, macros included."""
    state.app.jinja_env.globals.update(plan_terms=TERM_WORDS)


def ways() -> dict[str, str]:
    """Where each lawful way out of a refusal leads."""
    case_id = g.case.id
    found: dict[str, str] = {}
    if may(g.standing, Permission.CASE_WRITE):
        found["assess_risk"] = url_for("cases.assessment", case_id=case_id)
    if may(g.standing, Permission.PLAN_WRITE):
        found["reassign"] = url_for("plans.draft", case_id=case_id)
        found["adopt_in_meeting"] = url_for("meetings.index", case_id=case_id)
    return found


def here(endpoint: str, **values: Any) -> str:
    """The address of a page of this case."""
    return url_for(endpoint, case_id=g.case.id, **values)


def action_base() -> str:
    """The address of an action of this case without its key at the end: a page links sixty of them."""
    return here("plans.action", action_key=NOBODY).removesuffix(str(NOBODY))
