"""What waits for a person's signature, over all cases and municipalities; and who is reminded of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.kernel.outbox import already_written
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import notifications
from tmr_app.signing.kinds import is_registered, kind_of
from tmr_app.signing.models import SIGNING, FrozenVersion, Signature, SignatureSlot

REMIND_AFTER_DAYS = (7, 14, 28)

_SIGNED = exists().where(Signature.slot_id == SignatureSlot.id)
_UNSIGNED = (
    FrozenVersion.state == SIGNING,
    FrozenVersion.completed_at.is_(None),
    SignatureSlot.released_at.is_(None),
    ~_SIGNED,
)
_OPEN = (
    select(FrozenVersion, SignatureSlot.person_id)
    .join(SignatureSlot, SignatureSlot.version_id == FrozenVersion.id)
    .where(*_UNSIGNED)
    .order_by(FrozenVersion.opened_at, FrozenVersion.id)
)


_TO_SIGN = (
    waits(
        case_id=FrozenVersion.case_id,
        place_id=FrozenVersion.municipality_id,
        thing_id=FrozenVersion.id,
        about=FrozenVersion.reference,
        word=FrozenVersion.kind,
        order_by=(FrozenVersion.opened_at, FrozenVersion.id),
    )
    .join_from(FrozenVersion, SignatureSlot, SignatureSlot.version_id == FrozenVersion.id)
    .where(*_UNSIGNED, SignatureSlot.person_id == PERSON)
)


@shows(_TO_SIGN)
def documents_to_sign(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Minutes and other papers that wait for this person's signature."""
    tasks = [_task(one) for one in rows if is_registered(one.word or "")]
    if not tasks:
        return None
    return Section(
        id="documents-to-sign",
        heading=Message("Documents to sign"),
        deed=Message("Read and sign"),
        about_head=Message("Document"),
        tasks=tasks,
        position=10,
    )


def _task(row: Waiting) -> Task:
    in_case = row.case_id is not None
    owner = {"case_id": row.case_id} if in_case else {"municipality_id": row.place_id}
    endpoint = "signing.show" if in_case else "signing.general_show"
    duty = kind_of(row.word or "").duty
    return Task(duty, row.about, None, endpoint, {**owner, "version_id": row.thing_id})


def remind(session: Session, now: datetime) -> int:
    """A mail after one, two and four weeks without a signature; each once (unique key). Returns how many were written."""
    open_ones: dict[UUID, tuple[FrozenVersion, list[UUID]]] = {}
    for version, person_id in session.execute(_OPEN):
        open_ones.setdefault(version.id, (version, []))[1].append(person_id)
    due: dict[str, list[tuple[FrozenVersion, UUID]]] = defaultdict(list)
    for version, people in open_ones.values():
        passed = [
            days
            for days in REMIND_AFTER_DAYS
            if version.opened_at and version.opened_at + timedelta(days) <= now
        ]
        for person_id in people if passed else ():
            key = notifications.once_key(notifications.REMINDER, version.id, person_id, f"day{max(passed)}")
            due[key].append((version, person_id))
    for key in already_written(session, list(due)):
        del due[key]
    for key, pairs in due.items():
        for version, person_id in pairs:
            notifications.remind(
                session, now, version=version, person_ids=[person_id], once=key.rpartition(":")[2]
            )
    return len(due)
