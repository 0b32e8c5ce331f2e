"""The minutes of a general meeting as a kind of the signing room: signed after their approval, by everybody invited (A10.1)."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tmr_app.access.standing import Standing
from tmr_app.documents.content import Document
from tmr_app.kernel.errors import Forbidden
from tmr_app.meetings import general_paper
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralMinutes
from tmr_app.meetings.general_queries import invitees_of
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import freezing, queries
from tmr_app.signing.freezing import Signer
from tmr_app.signing.kinds import DocumentKind, register_kind
from tmr_app.signing.models import FrozenVersion

GENERAL_MINUTES = "general_minutes"


def _build(content: Any) -> Document:
    return general_paper.of_plain(content)


def _home(version: FrozenVersion) -> str:
    return f"/municipalities/{version.municipality_id}/general-meetings/{version.subject_id}/minutes"


def _gate(_session: Session, version: FrozenVersion, standing: Standing) -> bool:
    """Nothing of a general meeting is shown before the own declaration (A18.2), not even for a signature."""
    if not standing.general_declared:
        raise Forbidden(
            Message("Please sign the confidentiality declaration for the general meetings first (A18.2)."),
            f"/municipalities/{version.municipality_id}/general-meetings/declaration",
        )
    return True


register_kind(
    DocumentKind(
        word=GENERAL_MINUTES,
        title=Message("Minutes of the general meeting"),
        statement=Message("I took part in the meeting, I have read these minutes and I sign them."),
        statement_absent=Message(
            "I was not at the meeting. I have read these minutes and I sign them as absent."
        ),
        duty="A10.1",
        build=_build,
        home=_home,
        gate=_gate,
    )
)


def signers_of(invitees: list[GeneralInvitee]) -> list[Signer]:
    """Everybody invited once, absent ones as absent; a substitute who came beside the absent member."""
    found: dict[Any, Signer] = {}
    for one in invitees:
        came = one.attendance == "present"
        _add(found, one.person, one, absent=not came)
        if one.substitute is not None:
            _add(found, one.substitute, one, absent=False)
    return list(found.values())


def _add(found: dict[Any, Signer], person: Person, one: GeneralInvitee, *, absent: bool) -> None:
    kept = found.get(person.id)
    if kept is None or (kept.absent and not absent):
        found[person.id] = Signer(
            person_id=person.id,
            name=person.name,
            institution=one.institution.name if one.institution else "",
            function=person.function or "",
            absent=absent,
        )


def ask_signatures(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    minutes: GeneralMinutes,
    at: GeneralMeeting,
) -> FrozenVersion:
    """Freeze the approved text to the byte and open it for signatures; everybody invited is told by mail. Once only."""
    before = queries.newest(session, GENERAL_MINUTES, meeting.id)
    if before is not None:
        return before
    municipality = session.get_one(Municipality, meeting.municipality_id)
    version = freezing.freeze(
        session,
        actor,
        now,
        kind=GENERAL_MINUTES,
        subject_id=meeting.id,
        municipality_id=meeting.municipality_id,
        reference=meeting.code,
        language=meeting.language.split("_")[0],
        content=general_paper.as_plain(session, municipality, meeting, minutes),
        signers=signers_of(invitees_of(session, meeting.id)),
    )
    notes = {"approved_on": minutes.approved_on.isoformat() if minutes.approved_on else "", "at": at.code}
    return freezing.open_for_signing(session, actor, now, version=version, notes=notes)
