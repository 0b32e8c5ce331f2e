"""The minutes of a general meeting as a paper: from the frozen content, nothing read anew but who has approved it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from tmr_app.documents import general_minutes as builder
from tmr_app.documents.content import Document
from tmr_app.documents.output import Format, write
from tmr_app.documents.values import (
    AgendaItemValues,
    MeetingValues,
    OfficeValues,
    ParticipantValues,
    PersonValues,
)
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import general_figures, general_minutes
from tmr_app.meetings.general_models import GeneralMeeting, GeneralMinutes
from tmr_app.meetings.general_notifications import centre_of
from tmr_app.meetings.notifications import clock_time
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation.verdicts import Message


def minutes_paper(
    session: Session, municipality: Municipality, meeting: GeneralMeeting, language: str
) -> Document:
    """The latest version of the meeting's minutes. Raises OutOfOrder before the meeting has ended."""
    kept = general_minutes.latest(session, meeting.id)
    if kept is None:
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    centre = centre_of(session, municipality.id)
    office = OfficeValues(
        name=centre.name if centre else "",
        municipality=municipality.key,
        phone=(centre.phone or "") if centre else "",
        mail=centre.reply_address if centre else "",
    )
    chair = session.get(Person, meeting.chaired_by_id) if meeting.chaired_by_id else None
    return builder.build(_values(kept, kept.content, office, chair.function if chair else "", language))


def rendered(paper: Document, file_format: str) -> bytes:
    """The paper's bytes; outside the transaction."""
    wanted: Format = "pdf" if file_format == "pdf" else "docx"
    return write(paper, wanted)


def _values(
    kept: GeneralMinutes, content: dict[str, Any], office: OfficeValues, function: str | None, language: str
) -> builder.GeneralMinutesValues:
    figures = general_figures.shown(content["figures"])
    return builder.GeneralMinutesValues(
        language=language,
        office=office,
        meeting=_meeting(content, function or ""),
        version=kept.version,
        made_on=civil_date(kept.made_at),
        sha256=kept.sha256,
        attendance=tuple(_participant(one) for one in content["attendance"]),
        items=tuple(
            AgendaItemValues(
                title=general_minutes.item_title(one),
                discussion=one["discussion"],
                decision=one["decision"],
            )
            for one in content["items"]
        ),
        tasks=tuple(
            builder.FollowUpValues(
                owner=one["owner"], text=one["text"], due_on=date.fromisoformat(one["due_on"])
            )
            for one in content["tasks"]
        ),
        figures=tuple(
            builder.FigureValues(title=one.title, rows=one.rows, note=one.note or "")
            for one in (figures[1] if figures else ())
        ),
        quarter=Message(
            "Counted from %(start)s to %(end)s; small figures are hidden so that no child can be recognised.",
            start=figures[0].from_on,
            end=figures[0].until_on,
        )
        if figures
        else "",
        approval=Message("Approved at the general meeting on %(on)s.", on=kept.approved_on)
        if kept.approved_on
        else "",
    )


def _meeting(content: dict[str, Any], function: str) -> MeetingValues:
    started, ended = content["started_at"], content["ended_at"]
    return MeetingValues(
        code=content["code"],
        purpose="general",
        on=date.fromisoformat(content["meeting_on"]),
        starts=clock_time(datetime.fromisoformat(started)) if started else "",
        ends=clock_time(datetime.fromisoformat(ended)) if ended else "",
        place=content["place"],
        chair=PersonValues(name=content["chair"], function=function),
    )


def _participant(one: dict[str, Any]) -> ParticipantValues:
    came = one["attendance"] in ("present", "substitute")
    return ParticipantValues(
        person=PersonValues(name=one["substitute"] or one["name"], institution=one["institution"]),
        present=came,
        remark=Message("substitute for %(name)s", name=one["name"]) if one["substitute"] else one["reason"],
    )
