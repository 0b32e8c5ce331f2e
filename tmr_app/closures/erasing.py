"""Erasing a case: its data keys, look-up tokens, drafts and files go; what was sealed can never be read again.

Clear columns that are counted (year of birth, kinds of risk, dates) stay for the statistics, and the audit chain stays
whole: it holds ids only. The list of erased cases lies beside the key file, apart from every backup, and is applied again
after a restore.
"""

import os
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Table, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import BlindToken, Case, CaseFile, FamilyMember, Relation
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import retention
from tmr_app.closures.models import Erasure
from tmr_app.kernel import audit, links, outbox, schema, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.db import Base
from tmr_app.kernel.drafts import Draft
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

DUTY = retention.DUTY


def confirm(session: Session, actor: Person, now: datetime, *, case: Case, years: int | None) -> Erasure:
    """The second person: the data of the case are destroyed in this unit. Never who proposed it. Raises OutOfOrder."""
    lock_table(session, case.id)
    kept = retention.keeping_of(session, case, years)
    erasure = kept.erasure
    if erasure is None or erasure.state != "proposed":
        raise OutOfOrder(Message("No erasure is proposed."), DUTY)
    retention.require_due(kept, civil_date(now))
    if erasure.proposed_by_id == actor.id:
        raise OutOfOrder(Message("Somebody else than the proposer confirms the erasure."), DUTY)
    destroy(session, now, case=case)
    erasure.state, erasure.decided_at, erasure.decided_by_id = "erased", now, actor.id
    audit.note(
        session,
        "case:erased",
        object_type="case",
        object_id=case.id,
        case_id=case.id,
        rule=DUTY,
        actor_id=actor.id,
    )
    return erasure


def destroy(session: Session, now: datetime, *, case: Case) -> None:
    """Keys, sealed values, tokens, drafts, links and unsent mail of the case; its family's where nobody else needs them."""
    session.flush()
    schema.load_all()
    offers = list(session.scalars(select(CaseTransfer.id).where(CaseTransfer.case_id == case.id)))
    alone = _family_is_alone(session, case)
    members = _own_family_members(session, case)
    _empty_sealed(session, [case.id, *offers])
    if alone:
        _empty(session, FamilyMember.__table__, FamilyMember.__table__.c.family_id == case.family_id)  # type: ignore[arg-type]
    elif members:
        _empty(session, FamilyMember.__table__, FamilyMember.__table__.c.id.in_(members))  # type: ignore[arg-type]
    for subject_id in (case.id, *offers, *([case.family_id] if alone else [])):
        vault.erase(session, subject_id)
    session.execute(delete(BlindToken).where(BlindToken.case_id == case.id))
    session.execute(delete(Draft).where(Draft.case_id == case.id))
    session.execute(
        update(links.Link)
        .where(links.Link.case_id == case.id, links.Link.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.case_id == case.id,
            OutboxMessage.state.in_((outbox.QUEUED, outbox.CLAIMED, outbox.HELD)),
        )
        .values(state=outbox.CANCELLED, ended_at=now)
    )
    case.erased_at = now
    session.flush()
    session.expire_all()


def _family_is_alone(session: Session, case: Case) -> bool:
    other = select(Case.id).where(
        Case.family_id == case.family_id, Case.id != case.id, Case.erased_at.is_(None)
    )
    return session.scalar(other.limit(1)) is None


def _own_family_members(session: Session, case: Case) -> list[UUID]:
    """People of the family record whom no other case names."""
    others = (
        select(Relation.family_member_id)
        .join(Case, Case.id == Relation.case_id)
        .where(Relation.case_id != case.id, Case.erased_at.is_(None))
    )
    return list(
        session.scalars(
            select(FamilyMember.id).where(
                FamilyMember.family_id == case.family_id, FamilyMember.id.not_in(others)
            )
        )
    )


def _empty_sealed(session: Session, subjects: list[UUID]) -> None:
    """Every sealed column of every row that belongs to these subjects, by whatever column it names its subject."""
    for table in Base.metadata.tables.values():
        owners = [table.c[name] for name in ("case_id", "owner_id") if name in table.c]
        if table.name in ("case_file", "case_transfer"):
            owners.append(table.c.id)
        if owners:
            _empty(session, table, or_(*(column.in_(subjects) for column in owners)))


def _empty(session: Session, table: Table, where: object) -> None:
    sealed = {column.name: None for column in table.columns if column.name.endswith("_enc")}
    if sealed:
        session.execute(update(table).where(where).values(sealed))  # type: ignore[arg-type]


def remove_files(session: Session, store: FileStore) -> int:
    """After the commit: the files of erased cases leave the store. Returns how many. Run again, it finds nothing."""
    names = session.scalars(
        select(CaseFile.store_name)
        .join(Case, Case.id == CaseFile.case_id)
        .join(Erasure, Erasure.case_id == Case.id)
        .where(Case.erased_at.is_not(None), _TRACES)
    ).all()
    return sum(store.remove(name) for name in names)


_TRACES = and_(Erasure.state == "erased", Erasure.files_gone_at.is_(None))
"""Erased, and neither files nor the database's own dead rows are known to be gone."""


def leaves_traces(session: Session) -> bool:
    """Whether an erased case may still have files in the store or its destroyed key in the database's files."""
    return session.scalar(select(Erasure.id).where(_TRACES).limit(1)) is not None


def settle(session: Session, now: datetime) -> None:
    """Files removed and the table of keys scrubbed: nothing of the erased cases is left to do."""
    session.execute(update(Erasure).where(_TRACES).values(files_gone_at=now))


def write_list(session: Session, path: Path) -> int:
    """Add the erased cases that the list does not name yet; called after the commit. Returns how many were added."""
    known = {case_id for case_id, _on in read_list(path)}
    rows = session.execute(
        select(Case.id, Case.erased_at).where(Case.erased_at.is_not(None)).order_by(Case.erased_at)
    )
    new = [(case_id, civil_date(at)) for case_id, at in rows if at is not None and case_id not in known]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a") as file:
            file.writelines(f"{case_id} {on.isoformat()}\n" for case_id, on in new)
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def read_list(path: Path) -> list[tuple[UUID, date]]:
    """(case id, day of erasure) of every line; a line cut short by a crash is left out."""
    if not path.exists():
        return []
    found = []
    for line in path.read_text().splitlines():
        try:
            case_id, on = line.split()
            found.append((UUID(case_id), date.fromisoformat(on)))
        except ValueError:
            continue
    return found


def apply_list(session: Session, now: datetime, listed: Iterable[UUID]) -> int:
    """Erase again what a restored backup brought back. Returns how many cases."""
    count = 0
    for case in session.scalars(
        select(Case).where(Case.id.in_(list(listed)), Case.erased_at.is_(None))
    ).all():
        case_id = case.id
        destroy(session, now, case=case)
        row = session.scalar(select(Erasure).where(Erasure.case_id == case_id, Erasure.state != "refused"))
        if row is None:
            row = Erasure(case_id=case_id, proposed_at=now)
            session.add(row)
        row.state, row.decided_at, row.files_gone_at = "erased", now, None
        audit.note(
            session, "case:erased-again", object_type="case", object_id=case_id, case_id=case_id, rule=DUTY
        )
        count += 1
    return count
