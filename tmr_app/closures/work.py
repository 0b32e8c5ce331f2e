"""What waits for one person about closing: sections of "my work", panels of the head's office, reminders of the worker."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import office_panels
from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import Panel, PanelRow
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.cases.work_panels import (
    HEADED,
    LIMIT,
    PERSON,
    Asking,
    Section,
    Task,
    Waiting,
    shows,
    waits,
)
from tmr_app.closures import notifications
from tmr_app.closures.models import Closing, ClosingOpinion, Erasure
from tmr_app.regulation.verdicts import Message

APPROVAL_DAYS = 3
ANSWER_DAYS = 5
"""After so many days without an answer the head is reminded, once."""

_WAITS = (
    Closing.state == "open",
    or_(Closing.approved_version.is_(None), Closing.approved_version != Closing.version),
    or_(Closing.no_parent_reason_enc.is_not(None), exists().where(ClosingOpinion.closing_id == Closing.id)),
)


_APPROVALS = (
    waits(case_id=Case.id, about=Case.number, order_by=(Closing.recommended_at,))
    .join_from(Case, Closing, Closing.case_id == Case.id)
    .where(office_panels.OWN_OF_WAITING, *_WAITS)
)
_TRANSFERS = (
    waits(case_id=CaseTransfer.case_id, about=Case.number, order_by=(CaseTransfer.offered_at,))
    .join_from(CaseTransfer, Case, Case.id == CaseTransfer.case_id)
    .where(CaseTransfer.to_qps_id.in_(HEADED), CaseTransfer.state == "offered")
)
_ERASURES = (
    waits(case_id=Case.id, about=Case.number, order_by=(Erasure.proposed_at,))
    .join_from(Case, Erasure, Erasure.case_id == Case.id)
    .where(
        Erasure.state == "proposed",
        Erasure.proposed_by_id != PERSON,
        or_(Case.case_manager_id == PERSON, Case.qps_id.in_(HEADED)),
    )
)


def _heads(asking: Asking) -> bool:
    return bool(asking.headed)


@shows(_APPROVALS, applies=_heads)
def approvals(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Closing assessments that wait for this head (A17.3)."""
    tasks = [Task("A17.3", row.about, None, "closing.guide", {"case_id": row.case_id}) for row in rows]
    return Section(
        "closings", Message("Closings to approve"), Message("Read and decide"), Message("Case"), tasks, 30
    )


@shows(_TRANSFERS, applies=_heads)
def transfers(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Cases offered to the Centres this person heads (A17.3.3)."""
    tasks = [Task("A17.3", row.about, None, "transfers.answer", {"case_id": row.case_id}) for row in rows]
    return Section(
        "transfers",
        Message("Transfers offered to your Centre"),
        Message("Answer"),
        Message("Case"),
        tasks,
        31,
    )


@shows(_ERASURES, applies=lambda asking: asking.holds("case_manager", "head"))
def erasures(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Erasures somebody else proposed in this person's cases or Centres."""
    tasks = [Task("A18.1", row.about, None, "retention.show", {"case_id": row.case_id}) for row in rows]
    return Section(
        "erasures", Message("Erasures to confirm"), Message("Read and decide"), Message("Case"), tasks, 60
    )


_TO_APPROVE = (
    select(Case.id, Case.number, Closing.recommended_at)
    .join(Closing, Closing.case_id == Case.id)
    .where(office_panels.OWN_OF_WAITING, *_WAITS)
    .order_by(Closing.recommended_at)
    .limit(LIMIT)
)


@office_panels.register
def head_panel(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel | None:
    """Closing assessments waiting for the head."""
    rows = session.connection().execute(_TO_APPROVE, office_panels.asking(person_id, qps_ids))
    found = [PanelRow(row[1], "closing.guide", {"case_id": row[0]}, row[2]) for row in rows]
    return Panel(Message("Closings to approve"), found, "due", 20)


_OFFERED = (
    select(CaseTransfer.case_id, Case.number, CaseTransfer.offered_at)
    .join(Case, Case.id == CaseTransfer.case_id)
    .where(CaseTransfer.to_qps_id.in_(HEADED), CaseTransfer.state == "offered")
    .order_by(CaseTransfer.offered_at)
    .limit(LIMIT)
)


@office_panels.register
def transfer_panel(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel | None:
    """Cases offered to the Centre, by number only."""
    rows = session.connection().execute(_OFFERED, {"headed": list(qps_ids)})
    found = [PanelRow(row[1], "transfers.answer", {"case_id": row[0]}, row[2]) for row in rows]
    return Panel(Message("Transfers offered to your Centre"), found, "due", 21)


def remind(session: Session, now: datetime) -> int:
    """For the worker: heads who have not approved, or not answered an offer, are reminded once. Returns how many mails."""
    written = 0
    late = select(Closing, Case).join(Case, Case.id == Closing.case_id)
    rows = session.execute(
        late.where(
            *_WAITS,
            Closing.reminded_at.is_(None),
            Closing.recommended_at <= now - timedelta(days=APPROVAL_DAYS),
        )
    ).all()
    for closing, case in rows:
        written += notifications.remind_approval(session, now, case=case, closing=closing)
        closing.reminded_at = now
    offers = session.scalars(
        select(CaseTransfer).where(
            CaseTransfer.state == "offered",
            CaseTransfer.reminded_at.is_(None),
            CaseTransfer.offered_at <= now - timedelta(days=ANSWER_DAYS),
        )
    ).all()
    for transfer in offers:
        key = f"transfer-offer:{transfer.id}"
        written += notifications.offer_transfer(session, now, transfer=transfer, once_key=key)
        transfer.reminded_at = now
    return written
