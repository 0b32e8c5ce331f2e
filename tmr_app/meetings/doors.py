"""The blueprint of the meetings' pages, the links other pages hang onto a meeting, and the words of refusals' ways out."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask.blueprints import BlueprintSetupState

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import Attempt
from tmr_app.kernel.forms import Form
from tmr_app.kernel.page_texts import gettext as _
from tmr_app.kernel.web import Page
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("meetings", __name__)

DUTY_TITLES: dict[str, Message] = {duty.id: duty.title for duty in DUTIES}

LinkSource = Callable[[Meeting], Iterable[tuple[str, str]]]
_link_sources: list[LinkSource] = []


def meeting_links(source: LinkSource) -> LinkSource:
    """Register pages that belong to a meeting (pack, answer, report, holding): (label, address) pairs by the standing."""
    if source not in _link_sources:
        _link_sources.append(source)
    return source


def links_of(meeting: Meeting) -> list[tuple[str, str]]:
    """What the reader may open from this meeting's page."""
    return [link for source in _link_sources for link in source(meeting)]


def to_meeting(meeting_id: UUID, endpoint: str = "meetings.show") -> str:
    return url_for(endpoint, case_id=g.case.id, meeting_id=meeting_id)


def ways(meeting: Meeting) -> dict[str, str]:
    """Where each lawful way out leads within the preparation."""
    if not may(g.standing, Permission.MEETING_PREPARE):
        return {}
    found = {
        "earliest_date": to_meeting(meeting.id, "meetings.date"),
        "add_papers": to_meeting(meeting.id, "meetings.papers"),
        "a8_8": to_meeting(meeting.id, "meetings.waiver"),
        "invite": to_meeting(meeting.id, "meetings.invitees"),
        "leave_out": to_meeting(meeting.id, "meetings.invitees"),
        "other_person": to_meeting(meeting.id, "meetings.family"),
    }
    if may(g.standing, Permission.EXTRAORDINARY_CALL):
        found["extraordinary"] = url_for("meetings.call_extraordinary", case_id=g.case.id)
    if may(g.standing, Permission.MEETING_CONVENE):
        found["ask_head"] = to_meeting(meeting.id, "meetings.prepare")
    return found


def deed_page(
    form: Form,
    meeting: Meeting | None,
    heading: str,
    submit: str,
    *,
    back: str,
    lead: Sequence[Any] = (),
    outcome: Attempt | None = None,
    look: str = "primary",
    **more: Any,
) -> Page:
    """One question: what it is about, the form, one button. 422 when something was refused."""
    refused = bool(form.errors) or (outcome is not None and outcome.refused)
    return Page(
        "meetings/deed.html",
        status=422 if refused else 200,
        form=form,
        code=meeting.code if meeting else None,
        heading=heading,
        submit=submit,
        back=back,
        lead=lead,
        verdicts=outcome.verdicts if outcome else (),
        links=ways(meeting) if meeting else {},
        look=look,
        **more,
    )


def purposes() -> dict[str, str]:
    """What a meeting is for, in the reader's words."""
    return {
        "first": _("First meeting on the case"),
        "review": _("Review of the plan and evaluation of progress"),
        "reassessment": _("Re-assessment of the risk level and the needs"),
        "extraordinary": _("Extraordinary meeting"),
        "closing": _("Closing of the case"),
    }


def status_words() -> dict[str, str]:
    """The states of a meeting, in the reader's words."""
    return {
        "preparing": _("being prepared"),
        "convened": _("convened"),
        "running": _("running"),
        "held": _("held"),
        "cancelled": _("cancelled"),
    }


@blueprint.record_once
def add_words(state: BlueprintSetupState) -> None:
    """For templates of this room and of rooms above, macros included."""
    state.app.jinja_env.globals.update(
        meeting_purposes=purposes, meeting_statuses=status_words, duty_titles=DUTY_TITLES
    )
