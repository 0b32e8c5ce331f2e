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
from tmr_app.meetings.general_calling import item_title
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
    return of_plain({**as_plain(session, municipality, meeting, kept), "language": language})


def as_plain(
    session: Session, municipality: Municipality, meeting: GeneralMeeting, kept: GeneralMinutes
) -> dict[str, Any]:
    """Everything the paper needs as plain JSON: what is frozen and signed."""
    centre = centre_of(session, municipality.id)
    chair = session.get(Person, meeting.chaired_by_id) if meeting.chaired_by_id else None
    return {
        "language": meeting.language.split("_")[0],
        "office": {
            "name": centre.name if centre else "",
            "municipality": municipality.key,
            "phone": (centre.phone or "") if centre else "",
            "mail": centre.reply_address if centre else "",
        },
        "function": (chair.function or "") if chair else "",
        "version": kept.version,
        "made_on": civil_date(kept.made_at).isoformat(),
        "sha256": kept.sha256,
        "approved_on": kept.approved_on.isoformat() if kept.approved_on else None,
        "content": kept.content,
    }


def of_plain(plain: dict[str, Any]) -> Document:
    """The paper of what `as_plain` gave."""
    return builder.build(_values(plain, plain["content"]))


def rendered(paper: Document, file_format: str) -> bytes:
    """The paper's bytes; outside the transaction."""
    wanted: Format = "pdf" if file_format == "pdf" else "docx"
    return write(paper, wanted)


def _values(plain: dict[str, Any], content: dict[str, Any]) -> builder.GeneralMinutesValues:
    figures = general_figures.shown(content["figures"])
    approved_on = date.fromisoformat(plain["approved_on"]) if plain["approved_on"] else None
    return builder.GeneralMinutesValues(
        language=plain["language"],
        office=OfficeValues(**plain["office"]),
        meeting=_meeting(content, plain["function"]),
        version=plain["version"],
        made_on=date.fromisoformat(plain["made_on"]),
        sha256=plain["sha256"],
        attendance=tuple(_participant(one) for one in content["attendance"]),
        items=tuple(
            AgendaItemValues(
                title=item_title(one["kind"], one["title"]),
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
        approval=Message("Approved at the general meeting on %(on)s.", on=approved_on) if approved_on else "",
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
