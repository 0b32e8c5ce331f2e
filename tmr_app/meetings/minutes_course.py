"""The course of minutes (A10.1): circulated, objected to, corrected, approved at a named meeting, signed, sealed.

Each deed of the chair holds the newest version against a second one. What is circulated is frozen by the signing room.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.documents.minutes import MinutesValues, ObjectionValues
from tmr_app.documents.values import AgendaItemValues, PersonValues, SignerValues
from tmr_app.kernel import audit, db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.meetings import frozen, minutes, minutes_kind
from tmr_app.meetings.minutes_models import (
    AT_ITS_END,
    AT_MEETING,
    BY_CIRCULATION,
    CIRCULATED,
    DRAFT,
    SEALED,
    SIGNING,
    SUPERSEDED,
    Minutes,
    MinutesObjection,
)
from tmr_app.meetings.minutes_notifications import tell_circulated, tell_objection
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import freezing, queries
from tmr_app.signing.freezing import Signer
from tmr_app.signing.models import FrozenVersion

DUTY = "A10.1"


def circulate(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    case: Case,
    seen_version: int | None = None,
) -> Minutes:
    """Freeze the newest draft as the next version and mail its link to everybody who is to sign it.

    Raises OutOfOrder unless the version seen is the newest and a draft. A second submission changes nothing.
    """
    row = _newest(session, meeting)
    if row.status == CIRCULATED:
        return row
    if row.status != DRAFT or (seen_version is not None and row.version != seen_version):
        raise OutOfOrder(Message("Only a draft can be circulated."), DUTY)
    values: MinutesValues = frozen.decode(row.content)
    _freeze(
        session, actor, now, row=row, meeting=meeting, case=case, kind=minutes_kind.MINUTES, values=values
    )
    return row


def _freeze(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    row: Minutes,
    meeting: Meeting,
    case: Case,
    kind: str,
    values: MinutesValues,
) -> FrozenVersion:
    signers = minutes_kind.signers_of(session, meeting)
    last = queries.newest(session, kind, meeting.id)
    final = replace(
        values,
        draft=False,
        version=(last.number if last is not None else 0) + 1,
        made_on=civil_date(now),
        objections=_objections(session, meeting) if kind == minutes_kind.MINUTES else (),
        signers=tuple(_signer(one) for one in signers),
    )
    version = freezing.freeze(
        session,
        actor,
        now,
        kind=kind,
        subject_id=meeting.id,
        case_id=case.id,
        reference=meeting.code,
        language=case.language,
        content=frozen.encode(final),
        signers=signers,
        reason=row.reason,
        beside_sealed=kind == minutes_kind.CORRIGENDUM,
    )
    row.status, row.frozen_id, row.circulated_at = CIRCULATED, version.id, now
    _note(session, row, "circulated", case.id)
    tell_circulated(session, now, meeting=meeting, version=version)
    session.flush()
    return version


def _signer(one: Signer) -> SignerValues:
    person = PersonValues(name=one.name, function=one.function, institution=one.institution)
    return SignerValues(person=person, signed=Message("absent") if one.absent else "")


def _objections(session: Session, meeting: Meeting) -> tuple[ObjectionValues, ...]:
    """What was objected to earlier versions and what the chair answered: the annex prints both."""
    return tuple(
        ObjectionValues(who=name, text=row.text, answer=row.answer)
        for row, name in objections_of(session, meeting.id)
        if row.answered_at is not None
    )


def objections_of(session: Session, meeting_id: UUID) -> list[tuple[MinutesObjection, str]]:
    """The objections to a meeting's minutes in order, each with who raised it."""
    rows = session.execute(
        select(MinutesObjection, Person.name)
        .join(Person, Person.id == MinutesObjection.person_id)
        .where(MinutesObjection.meeting_id == meeting_id)
        .order_by(MinutesObjection.raised_at, MinutesObjection.id)
    )
    return [(row[0], row[1]) for row in rows]


def object_to(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    seen_version: int,
    text: str,
    once: str | None = None,
) -> MinutesObjection:
    """A member's objection or proposed correction, before approval. OutOfOrder for a version that is not circulated now."""
    row = _newest(session, meeting)
    before = db.made_before(session, MinutesObjection, once)
    if before is not None:
        return before
    if row.status != CIRCULATED or row.version != seen_version:
        raise OutOfOrder(
            Message("Objections are taken while a version is circulated and not yet approved."), DUTY
        )
    if not text.strip():
        raise FieldRefused("text", Message("Write what should be corrected."))
    made = MinutesObjection(
        case_id=row.case_id,
        meeting_id=meeting.id,
        minutes_id=row.id,
        person_id=actor.id,
        raised_at=now,
        once_key=once,
        text=text.strip(),
    )
    session.add(made)
    _note(session, row, "objected", row.case_id)
    tell_objection(session, now, meeting=meeting, author_id=None)
    session.flush()
    return made


def answer_objection(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    objection_id: UUID,
    accepted: bool,
    answer: str,
) -> MinutesObjection:
    """The chair answers each objection: corrected, or why not. Raises OutOfOrder when it is answered already."""
    row = _newest(session, meeting)
    found = session.scalar(
        select(MinutesObjection)
        .where(MinutesObjection.id == objection_id, MinutesObjection.meeting_id == meeting.id)
        .with_for_update()
    )
    if found is None:
        raise NotFound("objection")
    if found.answered_at is not None:
        raise OutOfOrder(Message("This objection is answered already."), DUTY)
    if not answer.strip():
        raise FieldRefused("answer", Message("Write the answer to the objection."))
    found.answered_at, found.answered_by_id, found.accepted = now, actor.id, accepted
    found.answer = answer.strip()
    _note(session, row, "objection-answered", row.case_id)
    tell_objection(session, now, meeting=meeting, author_id=found.person_id)
    session.flush()
    return found


def take_back(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, seen_version: int, reason: str
) -> Minutes:
    """Replace a circulated version, also one that some have signed, by a new draft to be corrected.

    Signatures stay valid for the old version and do not move. Raises OutOfOrder for another version than the one seen,
    and once it is sealed: then only a corrigendum.
    """
    row = _newest(session, meeting)
    if row.version != seen_version or row.status not in (CIRCULATED, SIGNING) or row.frozen_id is None:
        raise OutOfOrder(Message("This version cannot be corrected any more. Open the page again."), DUTY)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why the minutes are corrected."))
    freezing.withdraw(session, actor, now, version=queries.find(session, row.frozen_id, case_id=row.case_id))
    row.status = SUPERSEDED
    draft = Minutes(
        case_id=row.case_id,
        meeting_id=meeting.id,
        version=row.version + 1,
        status=DRAFT,
        sha256=row.sha256,
        made_by_id=actor.id,
        made_at=now,
        content=row.content,
        reason=reason.strip(),
    )
    session.add(draft)
    _note(session, draft, "taken-back", row.case_id)
    session.flush()
    return draft


def ways_to_approve(session: Session, meeting: Meeting, row: Minutes) -> list[str]:
    """How these minutes can be approved now: at the next meeting, or for a closing one at its end or by circulation."""
    ways = [AT_MEETING] if decision_on(session, meeting, row) is not None else []
    return [*ways, AT_ITS_END, BY_CIRCULATION] if meeting.purpose == "closing" else ways


def decision_on(session: Session, meeting: Meeting, row: Minutes) -> tuple[str, date, UUID] | None:
    """What the next meeting decided on them: its words, its day, that meeting."""
    after = civil_date(row.circulated_at) if row.corrects_id and row.circulated_at else None
    return minutes.approval_of(session, meeting, after)


def approve(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    seen_version: int,
    how: str,
    note: str = "",
    minutes_id: UUID | None = None,
) -> Minutes:
    """Record that the Table approved this version: where, when, in which words; it is then open for signatures.

    At the next meeting the words are that meeting's own decision; a closing meeting needs `note`. Raises OutOfOrder
    while an objection is unanswered, for another version than the one seen, before a next meeting has decided.
    """
    row = _newest(session, meeting) if minutes_id is None else _corrigendum(session, meeting, minutes_id)
    if row.status == SIGNING and row.version == seen_version:
        return row
    if row.version != seen_version or row.status != CIRCULATED or row.frozen_id is None:
        raise OutOfOrder(Message("Only the circulated version can be approved."), DUTY)
    if any(one.answered_at is None for one, _name in objections_of(session, meeting.id)):
        raise OutOfOrder(Message("Answer every objection first."), DUTY)
    if how not in ways_to_approve(session, meeting, row):
        raise OutOfOrder(
            Message("The next meeting has not decided on these minutes yet: its item on the last minutes."),
            DUTY,
        )
    _write_approval(session, meeting, row, now, how=how, note=note)
    version = queries.find(session, row.frozen_id, case_id=row.case_id)
    freezing.open_for_signing(session, actor, now, version=version, notes=_approval_notes(session, row))
    _note(session, row, "approved", row.case_id)
    session.flush()
    return row


def _write_approval(
    session: Session, meeting: Meeting, row: Minutes, now: datetime, *, how: str, note: str
) -> None:
    decided = decision_on(session, meeting, row) if how == AT_MEETING else None
    if decided is not None:
        row.approval, row.approved_on, row.approved_meeting_id = decided
    elif not note.strip():
        raise FieldRefused("note", Message("Write how and by whom the minutes were approved."))
    else:
        row.approval = note.strip()
        row.approved_on = meeting.meeting_on if how == AT_ITS_END else civil_date(now)
        row.approved_meeting_id = meeting.id if how == AT_ITS_END else None
    row.approved_at, row.approved_how, row.status = now, how, SIGNING


def _approval_notes(session: Session, row: Minutes) -> dict[str, Any]:
    code = None
    if row.approved_meeting_id is not None:
        code = session.scalar(select(Meeting.code).where(Meeting.id == row.approved_meeting_id))
    return {
        "approved_on": row.approved_on.isoformat() if row.approved_on else None,
        "approved_how": row.approved_how,
        "approved_meeting": code,
        "approval": row.approval,
    }


def write_corrigendum(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, case: Case, text: str
) -> Minutes:
    """A correction of sealed minutes: a paper of its own that cites the sealed file's hash, circulated at once.

    It is approved at the next meeting and signed by the same people. Raises OutOfOrder before the minutes are sealed.
    """
    row = _newest(session, meeting)
    sealed = session.get(FrozenVersion, row.frozen_id) if row.frozen_id else None
    if row.status not in (SEALED, "incomplete") or sealed is None or sealed.seal_sha256 is None:
        raise OutOfOrder(Message("The minutes are not sealed yet: correct them instead."), DUTY)
    if any(one.status in (CIRCULATED, SIGNING) for one in corrigenda_of(session, meeting.id)):
        raise OutOfOrder(Message("Another corrigendum is not finished yet."), DUTY)
    if not text.strip():
        raise FieldRefused("text", Message("Write what should be corrected."))
    before: MinutesValues = frozen.decode(row.content)
    values = MinutesValues(
        case=before.case,
        meeting=before.meeting,
        version=1,
        made_on=civil_date(now),
        attendance=(),
        items=(AgendaItemValues(title=Message("Correction"), discussion=text.strip()),),
        corrects=sealed.seal_sha256,
    )
    number = max([row.version, *(one.version for one in corrigenda_of(session, meeting.id))]) + 1
    made = Minutes(
        case_id=case.id,
        meeting_id=meeting.id,
        version=number,
        status=DRAFT,
        made_by_id=actor.id,
        made_at=now,
        corrects_id=row.id,
        content=frozen.encode(values),
    )
    session.add(made)
    session.flush()
    kind = minutes_kind.CORRIGENDUM
    _freeze(session, actor, now, row=made, meeting=meeting, case=case, kind=kind, values=values)
    return made


def corrigenda_of(session: Session, meeting_id: UUID) -> list[Minutes]:
    return list(
        session.scalars(
            select(Minutes)
            .where(Minutes.meeting_id == meeting_id, Minutes.corrects_id.is_not(None))
            .order_by(Minutes.version)
        )
    )


def _corrigendum(session: Session, meeting: Meeting, minutes_id: UUID) -> Minutes:
    row = session.scalar(
        select(Minutes)
        .where(Minutes.id == minutes_id, Minutes.meeting_id == meeting.id, Minutes.corrects_id.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("corrigendum")
    return row


def _newest(session: Session, meeting: Meeting) -> Minutes:
    row = minutes.newest(session, meeting.id)
    if row is None:
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), DUTY)
    return row


def _note(session: Session, row: Minutes, deed: str, case_id: UUID) -> None:
    audit.note(
        session, f"minutes:{deed}", object_type="minutes", object_id=row.id, case_id=case_id, rule=DUTY
    )
