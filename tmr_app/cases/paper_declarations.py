"""Declarations signed by hand (A18.2): by the child, a parent, the guardian, or a guest without account.

The sheet is printed from the case's documents, signed, scanned and attested by whoever records it; a small child's is
signed by the guardian (reading).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import case_files, declaring
from tmr_app.cases.exclusion import relation_excluded
from tmr_app.cases.models import Case, Relation
from tmr_app.cases.participants import may_be_heard
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Declaration, Participant, Seat
from tmr_app.kernel.clock import KOSOVO, civil_date
from tmr_app.kernel.content_checks import Kind
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.kernel.files import FileStore
from tmr_app.members import accounts
from tmr_app.members.models import DeclarationText, Person
from tmr_app.regulation.verdicts import Message

LANGUAGES = ("sq", "sr", "en")
SCANS = (Kind.PDF, Kind.PNG, Kind.JPEG)
TITLE = Message("Confidentiality declaration signed on paper")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the signed sheet. `text_version`: as printed at its foot; `guardian_id`: who signed for the child."""

    signed_on: date
    language: str
    text_version: int
    guardian_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """The upload and where it is kept; `title` in the case's language."""

    store: FileStore
    upload: case_files.Upload
    largest: int
    title: str
    once: str | None = None


def record(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    signer: Participant | Seat,
    sheet: Sheet,
    scan: Scan | None,
) -> Declaration:
    """Keep a signed sheet; the second submission gives the first. Raises FieldRefused, OutOfOrder, RuleRefused (A4.5).

    `scan` None is for tests and the demonstration; the page always asks for it.
    """
    lock_table(session, case.id)
    text = _text(session, sheet)
    _check_day(sheet, text, now)
    values = (
        _participant(session, now, signer, sheet)
        if isinstance(signer, Participant)
        else _guest(session, signer)
    )
    before = session.scalar(
        select(Declaration)
        .where(Declaration.case_id == case.id, Declaration.text_id == text.id)
        .where(*(getattr(Declaration, name) == value for name, value in values.items()))
        .limit(1)
    )
    if before is not None:
        return before
    kept = _keep(session, actor, now, case, scan) if scan is not None else None
    return declaring.write(
        session,
        actor,
        _instant(sheet.signed_on, now),
        text,
        case_id=case.id,
        language=sheet.language,
        method="paper_guardian" if sheet.guardian_id else "paper",
        attested_by_id=actor.id,
        scan_id=kept,
        guardian_id=sheet.guardian_id,
        **values,
    )


def _text(session: Session, sheet: Sheet) -> DeclarationText:
    text = declaring.newest_text(session)
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    if text.version != sheet.text_version:
        raise OutOfOrder(
            Message("The text has changed: print the sheet with the new text and have it signed."), "A18.2"
        )
    return text


def _check_day(sheet: Sheet, text: DeclarationText, now: datetime) -> None:
    if sheet.language not in LANGUAGES:
        raise FieldRefused("language", Message("Choose the language of the sheet."))
    if sheet.signed_on > civil_date(now):
        raise FieldRefused("signed_on", Message("The date cannot be in the future."))
    if sheet.signed_on < civil_date(text.published_at):
        raise FieldRefused(
            "signed_on",
            Message(
                "This text counts from %(on)s on: an earlier date cannot be right.",
                on=civil_date(text.published_at),
            ),
        )


def _participant(session: Session, now: datetime, signer: Participant, sheet: Sheet) -> dict[str, object]:
    if signer.withdrawn_at is not None:
        raise OutOfOrder(Message("This person no longer takes part."), "A4.5")
    for_child = signer.relation_id is None
    if sheet.guardian_id is not None:
        if not for_child:
            raise FieldRefused("guardian", Message("A guardian signs for the child only."))
        _check_guardian(session, now, signer.case_id, sheet.guardian_id)
    return {"for_child": True} if for_child else {"relation_id": signer.relation_id, "for_child": False}


def _check_guardian(session: Session, now: datetime, case_id: UUID, guardian_id: UUID) -> None:
    relation = session.get(Relation, guardian_id)
    if relation is None or relation.case_id != case_id or not may_be_heard(relation):
        raise FieldRefused("guardian", Message("Choose a parent or the legal guardian."))
    verdict = relation_excluded(relation, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case_id)


def _guest(session: Session, seat: Seat) -> dict[str, object]:
    if not seat.is_live:
        raise OutOfOrder(Message("This seat has ended."), "A18.2")
    if has_account(session, seat.person_id):
        raise OutOfOrder(
            Message("This person has an account and signs there: with password and second factor."), "A18.2"
        )
    return {"person_id": seat.person_id}


def has_account(session: Session, person_id: UUID) -> bool:
    """Whether the person can sign in: an account that was activated and is not disabled."""
    account = accounts.of_person(session, person_id)
    return account is not None and account.activated_at is not None and account.active


def _keep(session: Session, actor: Person, now: datetime, case: Case, scan: Scan) -> UUID:
    kept, _warnings = case_files.add_file(
        session,
        actor,
        now,
        case=case,
        store=scan.store,
        upload=scan.upload,
        title=scan.title,
        audience=case_files.CASE_MANAGER,
        largest=scan.largest,
        once=scan.once,
        allowed=SCANS,
    )
    return kept.id


def _instant(on: date, now: datetime) -> datetime:
    """Noon of the day written on the sheet; now when it was signed today."""
    if on == civil_date(now):
        return now
    return datetime.combine(on, time(12), KOSOVO).astimezone(UTC)


def guardians(session: Session, case: Case, today: date) -> list[Relation]:
    """Who may sign for a small child: parents and guardians, never one marked as a perpetrator (A4.5)."""
    rows = session.scalars(
        select(Relation).where(Relation.case_id == case.id).options(joinedload(Relation.family_member))
    )
    return [one for one in rows if may_be_heard(one) and not relation_excluded(one, today).refuses]


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list: every text signed, the newest first; `missing`: the text that counts now is not among them.

    `seat` for professionals, `participant` for the family; `may_sign_on_paper` for those without an account.
    """

    name: str
    seat: Seat | None
    participant: Participant | None
    signed: list[Declaration]
    missing: bool
    may_sign_on_paper: bool

    @property
    def is_outdated(self) -> bool:
        """Signed an earlier text, not the one that counts now."""
        return self.missing and bool(self.signed)


def lines(session: Session, case: Case) -> list[Line]:
    """Who signed which text when, for this case: professionals in the order they were seated, then the family."""
    newest = declaring.newest_text(session)
    signed = session.scalars(
        select(Declaration)
        .where(Declaration.case_id == case.id)
        .options(joinedload(Declaration.text), joinedload(Declaration.scan))
        .order_by(Declaration.signed_at.desc())
    ).all()
    return [*_professionals(session, case, signed, newest), *_family(session, case, signed, newest)]


def _professionals(
    session: Session, case: Case, signed: Iterable[Declaration], newest: DeclarationText | None
) -> Iterable[Line]:
    seats = session.scalars(
        select(Seat)
        .where(Seat.case_id == case.id)
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    people: dict[UUID, Seat] = {}
    for seat in seats:
        held = people.get(seat.person_id)
        if held is None or (seat.is_live and not held.is_live):
            people[seat.person_id] = seat
    with_account = accounts.activated_among(session, people)
    for person_id, seat in people.items():
        own = [one for one in signed if one.person_id == person_id]
        if not own and not seat.is_live:
            continue
        missing = seat.is_live and not _holds(own, newest)
        yield Line(seat.person.name, seat, None, own, missing, missing and person_id not in with_account)


def _family(
    session: Session, case: Case, signed: Iterable[Declaration], newest: DeclarationText | None
) -> Iterable[Line]:
    rows = session.scalars(
        select(Participant)
        .where(Participant.case_id == case.id)
        .options(joinedload(Participant.relation).joinedload(Relation.family_member))
        .order_by(Participant.added_at, Participant.id)
    )
    for one in rows:
        own = [row for row in signed if row.person_id is None and _is_of(row, one)]
        if one.withdrawn_at is not None and not own:
            continue
        missing = one.withdrawn_at is None and not _holds(own, newest)
        name = one.relation.family_member.name if one.relation is not None else ""
        yield Line(name, None, one, own, missing, missing)


def _is_of(row: Declaration, one: Participant) -> bool:
    if one.relation_id is None:
        return row.for_child
    return not row.for_child and row.relation_id == one.relation_id


def _holds(own: list[Declaration], newest: DeclarationText | None) -> bool:
    return newest is not None and any(row.text_id == newest.id for row in own)
