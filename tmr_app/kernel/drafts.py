"""Drafts of what a person is typing, kept on the server, encrypted under the person's own key, offered again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel import vault
from tmr_app.kernel.db import Base, Identified
from tmr_app.kernel.encryption import SealedJson


class Draft(Identified, Base):
    """The last autosaved values of one form of one person; `place` is the form's address without its query."""

    __tablename__ = "draft"
    person_id: Mapped[UUID]
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    place: Mapped[str] = mapped_column(String(200))
    values_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime]
    values = SealedJson("values_enc", subject="person_id")

    __table_args__ = (UniqueConstraint("person_id", "place", name="uq_draft_place"),)


def keep(
    session: Session,
    *,
    person_id: UUID,
    case_id: UUID | None,
    place: str,
    values: dict[str, Any],
    now: datetime,
) -> None:
    """Keep these values, replacing the earlier draft of the same place."""
    vault.unlock(session, [person_id])
    draft = find_row(session, person_id=person_id, place=place)
    if draft is None:
        draft = Draft(person_id=person_id, case_id=case_id, place=place, saved_at=now)
        session.add(draft)
    draft.values = values
    draft.saved_at = now


def find_row(session: Session, *, person_id: UUID, place: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.place == place))


def find(session: Session, *, person_id: UUID, place: str) -> dict[str, Any] | None:
    draft = find_row(session, person_id=person_id, place=place)
    if draft is None:
        return None
    vault.unlock(session, [person_id])
    kept: dict[str, Any] = draft.values
    return kept


def drop(session: Session, *, person_id: UUID, place: str) -> None:
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.place == place))


def drop_case(session: Session, *, person_id: UUID, case_id: UUID) -> None:
    """A recused person's drafts about the case go too."""
    session.execute(delete(Draft).where(Draft.person_id == person_id, Draft.case_id == case_id))
