"""The one screen of a running meeting, and of correcting its draft: everything loaded and every form filled."""

from typing import Any
from uuid import UUID

from flask import g, url_for

from tmr_app.cases import words
from tmr_app.kernel import clock, db
from tmr_app.kernel.forms import Form
from tmr_app.kernel.web import Page
from tmr_app.meetings import agenda, discussing, holding, holding_queries
from tmr_app.meetings.discussing import Stage
from tmr_app.meetings.doors import purposes
from tmr_app.meetings.forms_holding import (
    AddItemForm,
    ApproveForm,
    AttendanceForm,
    CameForm,
    NextForm,
    RiskForm,
)
from tmr_app.meetings.holding_queries import PRESENCE_WORDS, Attendee, Held
from tmr_app.meetings.models import AgendaItem
from tmr_app.meetings.writing import BOTH, Block
from tmr_app.regulation.catalogue import RISK_LEVELS
from tmr_app.regulation.verdicts import Message


def load(meeting_id: UUID) -> Held:
    """The meeting of the address with all that was written."""
    session, now = db.session(), clock.now()
    meeting = holding_queries.find(session, meeting_id, g.case.id)
    return holding_queries.load(session, now, meeting=meeting, case=g.case)


def base_of(meeting_id: UUID, stage: Stage) -> str:
    """The address under which everything of this stage is saved."""
    url: str = url_for("meetings.show", case_id=g.case.id, meeting_id=meeting_id)
    return f"{url}{stage}/"


def back_to(meeting_id: UUID, stage: Stage, anchor: str = "") -> str:
    endpoint = "holding.running" if stage == "running" else "minutes.correct"
    url: str = url_for(endpoint, case_id=g.case.id, meeting_id=meeting_id)
    return f"{url}#{anchor}" if anchor else url


def show(
    held: Held, stage: Stage, *, changed: dict[str, Form] | None = None, verdicts: Any = (), status: int = 200
) -> Page:
    """The page. `changed`: by block, forms that were refused and keep what was typed."""
    session, meeting = db.session(), held.meeting
    discussing.check_stage(session, meeting, stage)
    base, given = base_of(meeting.id, stage), changed or {}
    losing = holding_queries.kept_drafts(session, g.person.id, held.case.id, base)
    kinds = {item.kind for item in held.items}
    return Page(
        "holding/running.html",
        status=status,
        meeting=meeting,
        held=held,
        stage=stage,
        base=base,
        items=[_item(held, item, given) for item in held.items],
        attendees=held.attendees(),
        attendance=given.get("attendance") or attendance_form(held.attendees()),
        came=given.get("came") or came_form(held),
        approve=given.get("agenda")
        or _marked(ApproveForm(formdata=None, obj=None, note=meeting.agenda_note)),
        add=given.get("add") or _marked(AddItemForm(formdata=None), "add"),
        changes=[one.words() for one in discussing.changes_of(meeting)],
        family=_family(held, given),
        notes=given.get("notes") or Block("notes").shown(held),
        risk=given.get("risk") or risk_form(held),
        risk_now=held.risk_of_meeting(),
        following=(given.get("next") or next_form(held)) if stage == "running" else None,
        proposal=holding.proposal_of(meeting),
        kinds=kinds,
        losing={place.removeprefix(base + "text/").removesuffix(BOTH) for place in losing},
        verdicts=verdicts,
        refused=[form for form in given.values() if form.errors],
        presence_words=PRESENCE_WORDS,
    )


def _marked(form: Any, block: str = "agenda") -> Any:
    form.mark(block)
    return form


def _item(held: Held, item: AgendaItem, given: dict[str, Form]) -> dict[str, Any]:
    block = Block("item", item.id)
    return {
        "row": item,
        "title": agenda.title_of(item),
        "article": agenda.ARTICLES.get(item.kind, ""),
        "block": block.name,
        "form": given.get(block.name) or block.shown(held),
        "is_written": bool(item.discussion or item.decision),
        "may_drop": item.kind not in agenda.FIXED and not (item.discussion or item.decision),
    }


def _family(held: Held, given: dict[str, Form]) -> list[dict[str, Any]]:
    people: list[tuple[Block, str, str]] = [(Block("views"), held.child_name, "child")]
    people += [(Block("views", one.id), one.family_member.name, "parent_guardian") for one in held.family()]
    return [
        {
            "block": block.name,
            "name": name,
            "kind": kind,
            "notice": held.notice_of(block.subject),
            "form": given.get(block.name) or block.shown(held),
        }
        for block, name, kind in people
    ]


def attendance_form(attendees: list[Attendee]) -> AttendanceForm:
    """The list as it stands; who was excluded meanwhile has no line to mark."""
    rows = [
        {
            "invitation": str(one.invitation.id),
            "version": one.invitation.attendance_version or 0,
            "presence": one.invitation.attendance or "",
            "reason": one.invitation.attendance_reason,
        }
        for one in attendees
        if one.gone_at is None
    ]
    return AttendanceForm(formdata=None, data={"rows": rows})


def came_form(held: Held, form: CameForm | None = None) -> CameForm:
    made = form or CameForm(formdata=None)
    made.mark("came")
    made.who.choices = [("", Message("Choose")), *held.uninvited()]
    return made


def risk_form(held: Held, form: RiskForm | None = None) -> RiskForm:
    """The level of this meeting, if it was re-determined; else nothing is chosen: silence is no determination."""
    row = held.risk_of_meeting()
    made = form or RiskForm(
        formdata=None, data={"level": row.level, "reason": row.reason} if row is not None else None
    )
    made.mark("risk")
    made.level.choices = words.labels(tuple(one.key for one in RISK_LEVELS))
    return made


def next_form(held: Held, form: NextForm | None = None) -> NextForm:
    """The date proposed, if there is one."""
    kept = holding.proposal_of(held.meeting)
    data = None
    if kept is not None:
        when = kept.when
        data = {
            "purpose": kept.purpose,
            "meeting_on": when.on,
            "starts": when.starts,
            "ends": when.ends,
            "room": str(when.room_id) if when.room_id else "",
            "video_link": when.video_link,
        }
    made = form or NextForm(formdata=None, data=data)
    made.mark("next")
    rooms = holding_queries.rooms_of(db.session(), held.case.municipality_id)
    made.room.choices = [("", Message("No room")), *((str(one.id), one.name) for one in rooms)]
    named = purposes()
    made.purpose.choices = [(key, named[key]) for key in holding.NEXT_PURPOSES]
    return made
