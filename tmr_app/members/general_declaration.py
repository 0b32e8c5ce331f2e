"""The confidentiality declaration for a municipality's general meetings (A18.2): signed once for each text."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel import audit
from tmr_app.kernel.db import Base, Identified
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.members.declaration_texts import newest
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


class GeneralDeclaration(Identified, Base):
    """One person's signature under one text, for the general meetings of one municipality."""

    __tablename__ = "general_declaration"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text_id: Mapped[UUID] = mapped_column(ForeignKey("declaration_text.id"))
    text_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime]
    session_ref: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("municipality_id", "person_id", "text_id", name="uq_general_declaration_once"),
    )


def declared(session: Session, municipality_id: UUID, person_id: UUID) -> GeneralDeclaration | None:
    """The person's signature under the text in force, or None: a new text asks everybody again."""
    text = newest(session, "general")
    if text is None:
        return None
    return session.scalar(
        select(GeneralDeclaration).where(
            GeneralDeclaration.municipality_id == municipality_id,
            GeneralDeclaration.person_id == person_id,
            GeneralDeclaration.text_id == text.id,
        )
    )


def sign(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    municipality_id: UUID,
    text_version: int,
    language: str,
    session_ref: str | None,
    method: str = "in_app",
) -> GeneralDeclaration:
    """Sign the text in force; the caller has asked for a fresh sign-in. A second submission gives the first signature.

    OutOfOrder when the text shown is not the newest any more.
    """
    text = newest(session, "general")
    if text is None or text.version != text_version:
        raise OutOfOrder(
            Message("The text of the declaration has changed. Please read the new one, then sign."), "A18.2"
        )
    signed = declared(session, municipality_id, actor.id)
    if signed is not None:
        return signed
    made = GeneralDeclaration(
        municipality_id=municipality_id,
        person_id=actor.id,
        text_id=text.id,
        text_sha256=text.sha256,
        language=language,
        method=method,
        signed_at=now,
        session_ref=session_ref,
    )
    session.add(made)
    session.flush()
    audit.note(
        session,
        "general-declaration:signed",
        object_type="general_declaration",
        object_id=made.id,
        rule="A18.2",
        changes={"text": text.sha256},
        actor_id=actor.id,
    )
    return made
