"""Loads a person's standing: from the case's seats, from running offices, by the rules' order of strength."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from tmr_app.access.standing import CaseStanding, Office, Standing
from tmr_app.cases.models import Case, Child
from tmr_app.cases.table_models import AddressGrant, BreakGlass, Declaration, Seat
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.kernel import db, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.ready import Ready
from tmr_app.members.general_declaration import GeneralDeclaration
from tmr_app.members.models import Appointment, DeclarationText, Institution, Qps
from tmr_app.members.roster import KINDS_4_1

HEADS = ("head", "acting_head")
OFFICE_OF = {
    "case_manager": Office.CASE_MANAGER,
    "assistant_case_manager": Office.ASSISTANT,
    "duty_case_manager": Office.DUTY_CASE_MANAGER,
    "head": Office.HEAD,
    "acting_head": Office.HEAD,
    "representative": Office.REPRESENTATIVE,
    "substitute": Office.REPRESENTATIVE,
    "superior": Office.SUPERIOR,
    "municipality_officer": Office.MUNICIPALITY_OFFICER,
    "general_chair": Office.GENERAL_CHAIR,
    "ministry_reader": Office.MINISTRY_READER,
    "council_reader": Office.COUNCIL_READER,
    "administrator": Office.ADMINISTRATOR,
}


# Every page asks these: made ready once.
_PERSON: BindParameter[Any] = bindparam("person_id")
_CASE: BindParameter[Any] = bindparam("case_id")
_TODAY: BindParameter[Any] = bindparam("today")


class Running(NamedTuple):
    """An appointment that runs today: the office and where it is held."""

    office: str
    qps_id: UUID | None
    institution_id: UUID | None
    municipality_id: UUID | None


class OwnSeat(NamedTuple):
    """What a standing asks of a seat, and the days of the appointment behind it: plain columns, as every page asks them."""

    case_id: UUID
    id: UUID
    kind: str
    institution_id: UUID | None
    meeting_id: UUID | None
    delegated: bool
    conflict: bool | None
    ends_at: datetime | None
    ended_at: datetime | None
    recused_at: datetime | None
    from_on: date | None
    to_on: date | None

    def runs(self, now: datetime) -> bool:
        return _runs(self, self.from_on, self.to_on, now)


OF_OWN_SEAT = (
    *(Seat.__table__.c[name] for name in OwnSeat._fields[:-2]),
    Appointment.__table__.c.from_on,
    Appointment.__table__.c.to_on,
)
_RUNNING = Ready(
    select(*(Appointment.__table__.c[name] for name in Running._fields)).where(
        Appointment.person_id == _PERSON,
        Appointment.from_on <= _TODAY,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= _TODAY),
    )
)
_NEWEST_TEXT = (
    select(DeclarationText.id)
    .where(DeclarationText.kind == "case")
    .order_by(DeclarationText.version.desc())
    .limit(1)
    .scalar_subquery()
)
_DECLARED = exists().where(
    Declaration.case_id == _CASE, Declaration.person_id == _PERSON, Declaration.text_id == _NEWEST_TEXT
)
"""Signed for this case, and the newest text: a new text asks again (A18.2)."""
_SEATS = Ready(
    select(_DECLARED, *OF_OWN_SEAT)
    .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
    .where(Seat.person_id == _PERSON, Seat.case_id == _CASE)
    .order_by(Seat.seated_at.desc())
    # PostgreSQL: a recusal waits for what its person has under way, and whatever comes after it sees it.
    .with_for_update(read=True, of=Seat)
)
_OWN_KEY, _FAMILY_KEY = aliased(vault.DataKey), aliased(vault.DataKey)
_BY_ID = Ready(
    select(_OWN_KEY.wrapped, _FAMILY_KEY.wrapped, *Case.__table__.c)
    .outerjoin(_OWN_KEY, _OWN_KEY.subject_id == Case.id)
    .outerjoin(_FAMILY_KEY, _FAMILY_KEY.subject_id == Case.family_id)
    .where(Case.id == _CASE)
)
"""The case with its keys, wrapped: they are unwrapped only for whoever turns out to be allowed to read it."""


_GENERAL = select(
    exists().where(
        GeneralDeclaration.person_id == _PERSON,
        GeneralDeclaration.municipality_id == bindparam("municipality_id"),
        GeneralDeclaration.text_id
        == select(DeclarationText.id)
        .where(DeclarationText.kind == "general")
        .order_by(DeclarationText.version.desc())
        .limit(1)
        .scalar_subquery(),
    )
)
"""Signed for this municipality's general meetings, and the newest text (A18.2)."""


def running_appointments(session: Session, person_id: UUID, now: datetime) -> list[Running]:
    """The person's appointments that run on the civil date of `now`."""
    session.flush()
    rows = _RUNNING.rows(session.connection(), {"person_id": person_id, "today": civil_date(now)})
    return [Running(*row) for row in rows]


def outside_cases(session: Session, person_id: UUID | None, now: datetime) -> Standing:
    """The standing on pages that belong to no case and no municipality: offices anywhere."""
    if person_id is None:
        return Standing()
    appointments = running_appointments(session, person_id, now)
    offices = _offices(appointments)
    return Standing(
        person_id=person_id,
        offices=offices,
        offices_anywhere=offices,
        headed=tuple(sorted((a.qps_id, a.office) for a in appointments if a.office in HEADS and a.qps_id)),
    )


def _offices(appointments: list[Running]) -> frozenset[Office]:
    return frozenset(OFFICE_OF[a.office] for a in appointments)


def in_municipality(
    session: Session, person_id: UUID | None, municipality_id: UUID, now: datetime
) -> Standing:
    """Offices that reach this municipality: of its QPS, its institutions, itself, or the whole installation."""
    if person_id is None:
        return Standing()
    appointments = running_appointments(session, person_id, now)
    own_qps = set(session.scalars(select(Qps.id).where(Qps.municipality_id == municipality_id)))
    here = or_(Institution.municipality_id == municipality_id, Institution.municipality_id.is_(None))
    rows = session.execute(
        select(Institution.id, Institution.municipality_id, Institution.seat_kind).where(
            here, Institution.id.in_([a.institution_id for a in appointments])
        )
    ).all()
    kinds = {row.id: row.seat_kind for row in rows}
    own_institutions = {row.id for row in rows if row.municipality_id == municipality_id}
    reaching = [
        a
        for a in appointments
        if a.qps_id in own_qps
        or a.institution_id in own_institutions
        or a.municipality_id == municipality_id
        or a.office == "administrator"
    ]
    return Standing(
        person_id=person_id,
        offices=_offices(reaching),
        offices_anywhere=_offices(appointments),
        at_general_table=any(_is_rostered(a, own_qps, kinds) for a in appointments),
        general_declared=bool(
            session.scalar(_GENERAL, {"person_id": person_id, "municipality_id": municipality_id})
        ),
    )


def _is_rostered(appointment: Running, own_qps: set[UUID], kinds: dict[UUID, str]) -> bool:
    """Whether this appointment brings a seat of the 14 kinds at the municipality's general meetings (A4.1, A8.2)."""
    if appointment.office in ("case_manager", "assistant_case_manager"):
        return appointment.qps_id in own_qps
    return (
        appointment.office in ("representative", "substitute")
        and appointment.institution_id is not None
        and kinds.get(appointment.institution_id) in KINDS_4_1
    )


def in_case(
    session: Session, person_id: UUID | None, case_id: UUID, now: datetime
) -> tuple[Standing, Case | None]:
    """The standing in one case, and the case with its keys unlocked when there is a standing that may read it."""
    session.flush()
    row = next(iter(_BY_ID.rows(session.connection(), {"case_id": case_id})), None)
    case = db.loaded(session, Case, row[2:]) if row is not None else None
    if person_id is None:
        return Standing(), None
    if case is not None and case.erased_at is not None:
        case = None  # erased: as if there never had been one
    appointments = running_appointments(session, person_id, now)
    if row is None or case is None:
        return Standing(person_id=person_id, offices_anywhere=_offices(appointments)), None
    offices = _offices([a for a in appointments if a.qps_id == case.qps_id])
    is_head = any(a.office in HEADS and a.qps_id == case.qps_id for a in appointments)
    is_duty = any(a.office == "duty_case_manager" and a.qps_id == case.qps_id for a in appointments)
    seats, declared = _seats(session, person_id, case_id)
    standing, seat, meetings = _strongest(
        session, case, person_id, seats, now, is_head=is_head, declared=declared
    )
    if standing in (CaseStanding.NONE, CaseStanding.FORMER) and _is_offered(session, case_id, appointments):
        standing = CaseStanding.OFFERED
    found = Standing(
        person_id=person_id,
        case=standing,
        offices=offices,
        offices_anywhere=_offices(appointments),
        seat_kind=seat.kind if seat else None,
        seat_id=seat.id if seat else None,
        meeting_ids=meetings,
        sees_shelter_address=_sees_address(session, case_id, person_id, standing, seat),
        case_is_open=case.status == "open",
        duty_qps_case=is_duty,
    )
    if standing not in (CaseStanding.NONE, CaseStanding.FORMER, CaseStanding.RECUSED, CaseStanding.OFFERED):
        vault.unlock_wrapped([(case.id, row[0]), (case.family_id, row[1])])
    return found, case


def _is_offered(session: Session, case_id: UUID, appointments: list[Running]) -> bool:
    """Whether a transfer of this case waits for an answer of a Centre this person heads (A17.3.3)."""
    headed = {one.qps_id for one in appointments if one.office in HEADS and one.qps_id is not None}
    if not headed:
        return False
    waiting = exists().where(
        CaseTransfer.case_id == case_id, CaseTransfer.state == "offered", CaseTransfer.to_qps_id.in_(headed)
    )
    return bool(session.scalar(select(waiting)))


def _seats(session: Session, person_id: UUID, case_id: UUID) -> tuple[list[OwnSeat], bool]:
    """The person's seats in the case, the newest first, and whether the declaration is signed."""
    session.flush()
    rows = _SEATS.rows(session.connection(), {"person_id": person_id, "case_id": case_id})
    return [OwnSeat(*row[1:]) for row in rows], bool(rows and rows[0][0])


def _strongest(
    session: Session,
    case: Case,
    person_id: UUID,
    seats: list[OwnSeat],
    now: datetime,
    *,
    is_head: bool,
    declared: bool,
) -> tuple[CaseStanding, OwnSeat | None, frozenset[UUID]]:
    """The strongest rule first: recused, ended, undeclared, conflict unanswered, then the grant."""
    nothing: frozenset[UUID] = frozenset()
    if any(seat.recused_at for seat in seats):
        return CaseStanding.RECUSED, None, nothing
    live = [seat for seat in seats if seat.runs(now)]
    if not live:
        if is_head:
            return CaseStanding.HEAD, None, nothing
        if _broke_glass(session, case.id, person_id, now):
            return CaseStanding.BREAK_GLASS, None, nothing
        return (CaseStanding.FORMER if seats else CaseStanding.NONE), None, nothing
    lasting = [seat for seat in live if seat.meeting_id is None]
    seat = lasting[0] if lasting else live[0]
    meetings = frozenset(one.meeting_id for one in live if one.meeting_id is not None)
    if not declared:
        return CaseStanding.UNDECLARED, seat, meetings
    if seat.conflict is None:
        return CaseStanding.UNANSWERED, seat, meetings
    return granted(case, seat, person_id), seat, meetings


def granted(case: Case, seat: OwnSeat, person_id: UUID) -> CaseStanding:
    if seat.meeting_id is not None:
        return CaseStanding.GUEST
    if seat.kind == "case_manager" and case.case_manager_id == person_id:
        return CaseStanding.CASE_MANAGER
    if seat.kind == "assistant_case_manager":
        return CaseStanding.ASSISTANT if seat.delegated else CaseStanding.ASSISTANT_READER
    return CaseStanding.MEMBER


def is_running(seat: Seat, appointment: Appointment | None, now: datetime) -> bool:
    """A seat dies with its appointment (T04) and outside its time window."""
    if appointment is None:
        return _runs(seat, None, None, now)
    return _runs(seat, appointment.from_on, appointment.to_on, now)


def _runs(seat: Seat | OwnSeat, from_on: date | None, to_on: date | None, now: datetime) -> bool:
    if seat.ended_at is not None or seat.recused_at is not None:
        return False
    if seat.ends_at is not None and seat.ends_at <= now:
        return False
    today = civil_date(now)
    return from_on is None or from_on <= today <= (to_on or today)


def _broke_glass(session: Session, case_id: UUID, person_id: UUID, now: datetime) -> bool:
    open_now = exists().where(
        BreakGlass.case_id == case_id, BreakGlass.person_id == person_id, BreakGlass.until_at > now
    )
    return bool(session.scalar(select(open_now)))


def _sees_address(
    session: Session, case_id: UUID, person_id: UUID, standing: CaseStanding, seat: OwnSeat | None
) -> bool:
    """Case manager, assistant, the shelter itself, or granted by name; no kind of seat brings it."""
    if standing in (CaseStanding.CASE_MANAGER, CaseStanding.ASSISTANT):
        return True
    if standing is not CaseStanding.MEMBER or seat is None:
        return False
    granted = exists().where(
        AddressGrant.case_id == case_id,
        AddressGrant.person_id == person_id,
        AddressGrant.revoked_at.is_(None),
    )
    own_shelter = exists().where(
        Child.case_id == case_id,
        Child.placement_institution_id.is_not(None),
        Child.placement_institution_id == seat.institution_id,
    )
    return bool(session.scalar(select(or_(granted, own_shelter))))
