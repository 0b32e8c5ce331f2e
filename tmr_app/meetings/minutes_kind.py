"""Minutes and their corrigenda as kinds of the signing room, and who signs them (A10.1)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.documents import minutes as minutes_paper
from tmr_app.documents.content import Document
from tmr_app.meetings import frozen
from tmr_app.meetings.minutes_models import INCOMPLETE, SEALED, SUPERSEDED, Minutes
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.members.models import Qps
from tmr_app.regulation.verdicts import Message
from tmr_app.signing.freezing import Signer
from tmr_app.signing.kinds import DocumentKind, register_kind
from tmr_app.signing.models import INCOMPLETE as CLOSED_INCOMPLETE
from tmr_app.signing.models import FrozenVersion

MINUTES, CORRIGENDUM = "minutes", "corrigendum"


def _build(content: Any) -> Document:
    return minutes_paper.build(frozen.decode(content))


def _home(version: FrozenVersion) -> str:
    return f"/cases/{version.case_id}/meetings/{version.subject_id}/minutes"


def _of(session: Session, version: FrozenVersion) -> Minutes | None:
    return session.scalar(select(Minutes).where(Minutes.frozen_id == version.id))


def _become(status: str) -> Any:
    def listener(session: Session, version: FrozenVersion, _now: datetime) -> None:
        row = _of(session, version)
        if row is not None and row.status != INCOMPLETE:
            row.status = status

    return listener


def _complete(session: Session, version: FrozenVersion, _now: datetime) -> None:
    row = _of(session, version)
    if row is not None and version.state == CLOSED_INCOMPLETE:
        row.status = INCOMPLETE


def _minutes_kind(word: str, title: Message, *, signed: Message, absent: Message) -> DocumentKind:
    """Minutes and what corrects them take the same course."""
    return DocumentKind(
        word=word,
        title=title,
        statement=signed,
        statement_absent=absent,
        duty="A10.1",
        build=_build,
        home=_home,
        when_complete=_complete,
        when_sealed=_become(SEALED),
        when_superseded=_become(SUPERSEDED),
    )


register_kind(
    _minutes_kind(
        MINUTES,
        Message("Minutes of the meeting"),
        signed=Message("I took part in the meeting, I have read these minutes and I sign them."),
        absent=Message("I was not at the meeting. I have read these minutes and I sign them as absent."),
    )
)
register_kind(
    _minutes_kind(
        CORRIGENDUM,
        Message("Corrigendum to the minutes"),
        signed=Message("I have read this corrigendum to the sealed minutes and I sign it."),
        absent=Message(
            "I was not at the meeting. I have read this corrigendum to the sealed minutes and I sign it as absent."
        ),
    )
)


def signers_of(session: Session, meeting: Meeting) -> list[Signer]:
    """Every member of the Table as it was at that meeting, in the order of their seats; absent ones as absent.

    Also one whose seat has ended since; never one recused; a substitute who came, beside the absent member. Guests,
    child and family sign the attendance list only. One statement, one more for the Centre.
    """
    began = meeting.started_at or meeting.ended_at
    if began is None:
        raise ValueError("a meeting that was not held")
    rows = session.execute(
        select(Seat, Invitation)
        .outerjoin(Invitation, (Invitation.seat_id == Seat.id) & (Invitation.meeting_id == meeting.id))
        .where(
            Seat.case_id == meeting.case_id,
            Seat.seated_at <= (meeting.ended_at or began),
            or_(Seat.ended_at.is_(None), Seat.ended_at > began),
            or_(
                Seat.meeting_id.is_(None),
                (Seat.meeting_id == meeting.id) & Seat.substitute_for_id.is_not(None),
            ),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    ).all()
    recused = recused_people(session, meeting.case_id)
    centre = session.scalar(
        select(Qps.name).join(Case, Case.qps_id == Qps.id).where(Case.id == meeting.case_id)
    )
    found: dict[UUID, Signer] = {}
    for seat, invitation in rows:
        present = invitation is not None and invitation.attendance == "present"
        stands_in = seat.meeting_id is not None
        if seat.person_id in recused or (stands_in and not present):
            continue
        before = found.get(seat.person_id)
        if before is not None and not before.absent:
            continue
        found[seat.person_id] = Signer(
            person_id=seat.person_id,
            name=seat.person.name,
            institution=seat.institution.name if seat.institution is not None else centre or "",
            function=seat.person.function or "",
            absent=not present,
        )
    return list(found.values())


def recused_people(session: Session, case_id: UUID) -> set[UUID]:
    """Those whom a conflict of interest keeps out of the case (A10.2)."""
    return set(
        session.scalars(select(Seat.person_id).where(Seat.case_id == case_id, Seat.recused_at.is_not(None)))
    )
