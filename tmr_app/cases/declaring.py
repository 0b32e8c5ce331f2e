"""The confidentiality declaration (A18.2): its text by version, and signing it for one case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.members import declaration_texts
from tmr_app.members.models import DeclarationText, Person
from tmr_app.regulation.verdicts import Message


def seed_texts(session: Session, now: datetime) -> None:
    """The product's own first versions, of each kind that has none yet (installation, demonstration)."""
    declaration_texts.seed(session, now)


def newest_text(session: Session, kind: str = "case") -> DeclarationText | None:
    """The version in force; an earlier one is no longer asked for."""
    return declaration_texts.newest(session, kind)


def text_in(text: DeclarationText, language: str) -> str:
    """The text in one of sq, sr, en (or a locale of these)."""
    return str(getattr(text, f"text_{language.split('_')[0]}"))


def declaration_of(session: Session, case_id: UUID, person_id: UUID) -> Declaration | None:
    """The person's signature under the newest text for this case, or None."""
    text = newest_text(session)
    if text is None:
        return None
    return session.scalar(
        select(Declaration).where(
            Declaration.case_id == case_id, Declaration.person_id == person_id, Declaration.text_id == text.id
        )
    )


def sign_declaration(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    text_version: int,
    language: str,
    session_ref: str | None,
    method: str = "in_app",
) -> Declaration:
    """Sign the newest text for this case; the caller has asked for password and second factor.

    OutOfOrder when the text shown is not the newest any more, or there is no seat. A second submission gives the first
    signature.
    """
    lock_table(session, case.id)
    text = newest_text(session)
    if text is None or text.version != text_version:
        raise OutOfOrder(
            Message("The text of the declaration has changed. Please read the new one, then sign."), "A18.2"
        )
    seated = session.scalar(
        select(Seat.id)
        .where(Seat.case_id == case.id, Seat.person_id == actor.id)
        .where(Seat.ended_at.is_(None), Seat.recused_at.is_(None))
        .limit(1)
    )
    if seated is None:
        raise OutOfOrder(Message("There is no seat for which the declaration would be signed."), "A18.2")
    signed = declaration_of(session, case.id, actor.id)
    if signed is not None:
        return signed
    return write(
        session,
        actor,
        now,
        text,
        case_id=case.id,
        person_id=actor.id,
        language=language,
        method=method,
        session_ref=session_ref,
    )


def signed_before(session: Session, case_id: UUID, person_id: UUID) -> Declaration | None:
    """The person's newest signature for this case under any text, with that text."""
    return session.scalar(
        select(Declaration)
        .where(Declaration.case_id == case_id, Declaration.person_id == person_id)
        .options(joinedload(Declaration.text))
        .order_by(Declaration.signed_at.desc())
        .limit(1)
    )


def write(
    session: Session,
    actor: Person,
    signed_at: datetime,
    text: DeclarationText,
    *,
    case_id: UUID,
    **values: object,
) -> Declaration:
    """The row and its trace; who may sign what was asked before."""
    declaration = Declaration(
        case_id=case_id, text_id=text.id, text_sha256=text.sha256, signed_at=signed_at, **values
    )
    session.add(declaration)
    session.flush()
    audit.note(
        session,
        "declaration:signed",
        object_type="declaration",
        object_id=declaration.id,
        case_id=case_id,
        rule="A18.2",
        changes={"text": text.sha256},
        actor_id=actor.id,
    )
    return declaration
