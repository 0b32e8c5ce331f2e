"""The personal link of a member without an account (A8.9): an empty form, opened with a code told apart, confirmed by hand.

The link names the meeting's neutral code and the day, nothing of the case. Its token is stored hashed, the code too; five
wrong codes close it. What comes in is no report before the case manager has confirmed who sent it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import seat_runs
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.kernel import audit, links, vault
from tmr_app.kernel.encryption import keyed_hash
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.kernel.links import Link
from tmr_app.meetings import reporting
from tmr_app.meetings.models import Meeting, ProgressReport, ReportRequest
from tmr_app.meetings.report_models import ReportLink
from tmr_app.meetings.report_queries import ReportRow
from tmr_app.meetings.reporting import ReportTexts
from tmr_app.members.account_models import Account
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

PURPOSE = "report"
TRIES = 5
DIGITS = 8
LONGEST = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Issued:
    """Shown once: the token of the address and the code, told by two different ways."""

    token: str
    code: str
    person: Person


@dataclass(frozen=True, slots=True)
class Door:
    """What a live link leads to."""

    row: ReportLink
    link: Link
    meeting: Meeting
    due_on: Any

    @property
    def is_shut(self) -> bool:
        return self.row.tries >= TRIES


def issue(session: Session, actor: Person, now: datetime, *, case: Case, request_id: UUID) -> Issued:
    """A new link for this request; an earlier one stops working.

    Raises OutOfOrder for somebody with an account, without a declaration on paper, or after the report is filed.
    """
    request, seat, meeting = _asked(session, now, case.id, request_id)
    _require_paper(session, seat)
    filed = select(ProgressReport.id).where(ProgressReport.request_id == request.id)
    if session.scalar(filed.limit(1)) is not None or meeting.status in ("held", "cancelled"):
        raise OutOfOrder(Message("No report is waited for any more."), "A8.9")
    _revoke(session, request.id, now)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row = ReportLink(
        case_id=case.id, request_id=request.id, person_id=seat.person_id, issued_by_id=actor.id, issued_at=now, tries=0,
        code_hash=b"",
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.code_hash = _hash(row.id, code)
    token = links.issue(
        session, purpose=PURPOSE, subject_id=row.id, now=now, expires_at=meeting.starts_at or now + LONGEST,
        person_id=seat.person_id, case_id=case.id,
    )  # fmt: skip
    _note(session, "report_link:issued", row, actor)
    session.flush()
    return Issued(token, code, seat.person)


def _asked(
    session: Session, now: datetime, case_id: UUID, request_id: UUID
) -> tuple[ReportRequest, Seat, Meeting]:
    found = session.execute(
        select(ReportRequest, Seat, Meeting)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .where(
            ReportRequest.id == request_id,
            ReportRequest.case_id == case_id,
            ReportRequest.withdrawn_at.is_(None),
            seat_runs(now),
        )
        .options(joinedload(Seat.person))
    ).first()
    if found is None:
        raise NotFound("request")
    return found[0], found[1], found[2]


def may_have_link(session: Session, seat: Seat) -> bool:
    """A seated member without an account whose declaration on paper is recorded (A18.2)."""
    account = select(Account.id).where(
        Account.person_id == seat.person_id, Account.active, Account.activated_at.is_not(None)
    )
    paper = select(Declaration.id).where(
        Declaration.case_id == seat.case_id,
        Declaration.person_id == seat.person_id,
        Declaration.method.like("paper%"),
    )
    return session.scalar(account.limit(1)) is None and session.scalar(paper.limit(1)) is not None


def without_account(session: Session, rows: Sequence[ReportRow]) -> set[UUID]:
    """The requests still open whose member may have a link. Two statements."""
    people = {one.seat.person_id for one in rows if one.report is None}
    if not people:
        return set()
    accounts = session.scalars(
        select(Account.person_id).where(
            Account.person_id.in_(people), Account.active, Account.activated_at.is_not(None)
        )
    )
    case_id = rows[0].seat.case_id
    paper = session.scalars(
        select(Declaration.person_id).where(
            Declaration.case_id == case_id,
            Declaration.person_id.in_(people),
            Declaration.method.like("paper%"),
        )
    )
    may = set(paper) - set(accounts)
    return {one.request.id for one in rows if one.report is None and one.seat.person_id in may}


def _require_paper(session: Session, seat: Seat) -> None:
    if not may_have_link(session, seat):
        raise OutOfOrder(
            Message(
                "The link is for a member without an account whose confidentiality declaration on paper is recorded."
            ),
            "A18.2",
        )


def _hash(row_id: UUID, code: str) -> bytes:
    return keyed_hash("report-code", f"{row_id.hex}:{code}".encode())


def _revoke(session: Session, request_id: UUID, now: datetime) -> None:
    for row in session.scalars(select(ReportLink).where(ReportLink.request_id == request_id)):
        links.revoke_for(session, subject_id=row.id, purpose=PURPOSE, now=now)


def door(session: Session, token: str, now: datetime) -> Door | None:
    """None for an unknown, used, revoked or expired link: they look alike."""
    link = links.find(session, purpose=PURPOSE, token=token, now=now)
    if link is None:
        return None
    found = session.execute(
        select(ReportLink, ReportRequest, Meeting)
        .join(ReportRequest, ReportRequest.id == ReportLink.request_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(
            ReportLink.id == link.subject_id,
            ReportRequest.withdrawn_at.is_(None),
            seat_runs(now),
            Meeting.status.in_(("preparing", "convened")),
        )
    ).first()
    return Door(found[0], link, found[2], found[1].due_on) if found else None


def knock(session: Session, now: datetime, *, door: Door, code: str) -> bool:
    """Whether the code opens it. Each try is counted in the database before it is judged: at most five, also side by side."""
    counted = session.execute(
        update(ReportLink)
        .where(ReportLink.id == door.row.id, ReportLink.tries < TRIES)
        .values(tries=ReportLink.tries + 1)
    )
    session.refresh(door.row)
    if counted.rowcount == 0:  # type: ignore[attr-defined]
        return False
    right = secrets.compare_digest(door.row.code_hash, _hash(door.row.id, code.replace(" ", "")))
    if right:
        door.row.tries -= 1
        door.row.opened_at = door.row.opened_at or now
        _note(session, "report_link:opened", door.row)
    elif door.row.tries >= TRIES:
        links.revoke_for(session, subject_id=door.row.id, purpose=PURPOSE, now=now)
        _note(session, "report_link:shut", door.row)
    session.flush()
    return right


def send(session: Session, now: datetime, *, door: Door, texts: ReportTexts) -> None:
    """Keep what was written, sealed, until it is confirmed; the link is used up."""
    vault.unlock(session, [door.row.case_id])
    for name, value in asdict(texts).items():
        setattr(door.row, name, value)
    door.row.sent_at = now
    door.link.used_at = now
    _note(session, "report_link:sent", door.row)
    session.flush()


def received(session: Session, case_id: UUID, link_id: UUID) -> tuple[ReportLink, Person, Meeting]:
    """One that came in. Raises NotFound for one not sent or of another case."""
    found = session.execute(
        select(ReportLink, Person, Meeting)
        .join(Person, Person.id == ReportLink.person_id)
        .join(ReportRequest, ReportRequest.id == ReportLink.request_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .where(ReportLink.id == link_id, ReportLink.case_id == case_id, ReportLink.sent_at.is_not(None))
    ).first()
    if found is None:
        raise NotFound("report")
    return found[0], found[1], found[2]


def waiting(session: Session, meeting_id: UUID) -> list[tuple[ReportLink, str]]:
    """What came in for a meeting and waits for confirmation, with the member's name. One statement."""
    rows = session.execute(
        select(ReportLink, Person.name)
        .join(Person, Person.id == ReportLink.person_id)
        .join(ReportRequest, ReportRequest.id == ReportLink.request_id)
        .where(
            ReportRequest.meeting_id == meeting_id,
            ReportLink.sent_at.is_not(None),
            ReportLink.decided_at.is_(None),
        )
        .order_by(ReportLink.sent_at)
    )
    return [(row[0], row[1]) for row in rows]


def decide(
    session: Session, actor: Person, now: datetime, *, case: Case, link_id: UUID, confirm: bool
) -> ProgressReport | None:
    """The case manager says whether this member sent it. Confirmed, it is filed as of the instant it was sent.

    Raises OutOfOrder when it was decided before, or when the meeting is over.
    """
    row, person, meeting = received(session, case.id, link_id)
    if row.decided_at is not None:
        raise OutOfOrder(Message("This report was decided on before."), "A8.9")
    row.decided_at, row.decided_by_id, row.confirmed = now, actor.id, confirm
    _note(session, "report_link:confirmed" if confirm else "report_link:rejected", row, actor)
    session.flush()
    if not confirm or row.sent_at is None:
        return None
    texts = ReportTexts(**{name: getattr(row, name) for name in reporting.LABELS})
    return reporting.file_report(session, person, row.sent_at, case=case, meeting_id=meeting.id, texts=texts)


def _note(session: Session, tag: str, row: ReportLink, actor: Person | None = None) -> None:
    audit.note(
        session,
        tag,
        object_type="report_link",
        object_id=row.id,
        case_id=row.case_id,
        rule="A8.9",
        actor_id=actor.id if actor else None,
    )


_TO_CONFIRM = (
    waits(
        case_id=Meeting.case_id,
        place_id=Meeting.id,
        thing_id=ReportLink.id,
        about=Meeting.code,
        due_on=ReportRequest.due_on,
        order_by=(ReportLink.sent_at,),
    )
    .join_from(ReportLink, ReportRequest, ReportRequest.id == ReportLink.request_id)
    .join(Meeting, Meeting.id == ReportRequest.meeting_id)
    .join(Case, Case.id == ReportLink.case_id)
    .where(Case.case_manager_id == PERSON, ReportLink.sent_at.is_not(None), ReportLink.decided_at.is_(None))
)


@shows(_TO_CONFIRM)
def to_confirm(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Reports that came in through a link, in one's own cases."""
    tasks = [
        Task(
            "A8.9",
            row.about,
            row.due_on,
            "report_links.received",
            {"case_id": row.case_id, "meeting_id": row.place_id, "link_id": row.thing_id},
        )
        for row in rows
    ]
    return Section(
        "received", Message("Reports to confirm"), Message("Read and confirm"), Message("Meeting"), tasks, 40
    )
