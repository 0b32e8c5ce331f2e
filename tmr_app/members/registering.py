"""The register of municipalities (A3): the 38, their Centres for Social Work, settings and meeting rooms."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock, vault
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import MeetingRoom, Municipality, Person, Qps
from tmr_app.regulation import days
from tmr_app.regulation.catalogue import MUNICIPALITIES
from tmr_app.regulation.verdicts import Message

PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}")
LEAP_YEAR = 2024
LONGEST_LEAD, LONGEST_ASSESSMENT = 60, 90


def register_municipalities(session: Session, now: datetime) -> int:
    """Bring the catalogue's 38 municipalities into the database, each with its data key. Returns how many were new.

    Safe to call again: what is there stays as it is.
    """
    present = {one.key: one for one in session.scalars(select(Municipality))}
    new = [Municipality(key=one.key) for one in MUNICIPALITIES if one.key not in present]
    session.add_all(new)
    session.flush()
    ids = [one.id for one in (*present.values(), *new)]
    with_key = set(session.scalars(select(vault.DataKey.subject_id).where(vault.DataKey.subject_id.in_(ids))))
    for municipality_id in ids:
        if municipality_id not in with_key:
            vault.create_key(session, municipality_id, now)
    if new:
        audit.note(session, "municipality:registered", object_type="installation")
    return len(new)


def register_qps(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    municipality: Municipality,
    name: str,
    case_prefix: str,
    reply_address: str,
    phone: str | None = None,
) -> Qps:
    """Register a Centre for Social Work. `case_prefix` starts its case numbers and is nobody else's (FieldRefused)."""
    qps = Qps(
        municipality_id=municipality.id,
        name=name,
        case_prefix=_free_prefix(session, case_prefix, None),
        reply_address=reply_address,
        phone=phone or None,
    )
    session.add(qps)
    session.flush()
    _note(session, actor, "qps:registered", "qps", qps.id)
    return qps


def change_qps(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    qps: Qps,
    name: str,
    case_prefix: str,
    reply_address: str,
    phone: str | None = None,
) -> None:
    """Change what stands in the register. Numbers already given to cases keep the prefix they have."""
    prefix = _free_prefix(session, case_prefix, qps.id)
    changed = {"name": name, "case_prefix": prefix, "reply_address": reply_address, "phone": phone or None}
    for field, value in changed.items():
        setattr(qps, field, value)
    _note(session, actor, "qps:changed", "qps", qps.id, changed)


def _free_prefix(session: Session, typed: str, own_id: UUID | None) -> str:
    prefix = typed.strip().upper()
    if not PREFIX.fullmatch(prefix):
        raise FieldRefused(
            "case_prefix", Message("Use two to six letters or digits without accents, a letter first.")
        )
    if session.scalar(select(Qps.id).where(Qps.case_prefix == prefix, Qps.id != own_id)):
        raise FieldRefused("case_prefix", Message("Another Centre already uses this prefix."))
    return prefix


def change_settings(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    municipality: Municipality,
    lead_days: int,
    guide_notice: bool,
    assessment_days: int,
    annual_report_due_month: int,
    annual_report_due_day: int,
    table_registered_on: date | None,
) -> None:
    """Make the law's intervals stricter, never looser. Raises FieldRefused; fewer than 3 days of notice name A8.3."""
    today = clock.civil_date(now)
    if lead_days > LONGEST_LEAD:
        raise FieldRefused("lead_days", Message("Use at most %(limit)s days.", limit=LONGEST_LEAD))
    try:
        days.notice_limit(today, lead_days)
    except days.LeadTooShort as refused:
        raise FieldRefused("lead_days", refused.text) from refused
    if not 1 <= assessment_days <= LONGEST_ASSESSMENT:
        raise FieldRefused(
            "assessment_days", Message("Use between 1 and %(limit)s days.", limit=LONGEST_ASSESSMENT)
        )
    _check_day_of_year(annual_report_due_month, annual_report_due_day)
    if table_registered_on is not None and table_registered_on > today:
        raise FieldRefused("table_registered_on", Message("This date lies in the future."))
    changed = {
        "lead_days": lead_days,
        "guide_notice": guide_notice,
        "assessment_days": assessment_days,
        "annual_report_due_month": annual_report_due_month,
        "annual_report_due_day": annual_report_due_day,
        "table_registered_on": table_registered_on,
    }
    for field, value in changed.items():
        setattr(municipality, field, value)
    _note(session, actor, "municipality:settings", "municipality", municipality.id, changed)


def _check_day_of_year(month: int, day: int) -> None:
    """A day that every year has."""
    try:
        on = date(LEAP_YEAR, month, day)
    except ValueError:
        on = None
    if on is None or (month, day) == (2, 29):
        raise FieldRefused("annual_report_due_day", Message("This day does not exist in every year."))


def add_room(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    municipality: Municipality,
    name: str,
    address: str,
) -> MeetingRoom:
    """Add a room to the list from which a calendar entry's place is taken. Raises FieldRefused for a doubled name."""
    doubled = select(MeetingRoom.id).where(
        MeetingRoom.municipality_id == municipality.id,
        MeetingRoom.active,
        func.lower(MeetingRoom.name) == name.lower(),
    )
    if session.scalar(doubled):
        raise FieldRefused("name", Message("There is a room of this name already."))
    room = MeetingRoom(municipality_id=municipality.id, name=name, address=address)
    session.add(room)
    session.flush()
    _note(session, actor, "room:added", "meeting_room", room.id)
    return room


def remove_room(session: Session, actor: Person | None, now: datetime, *, room: MeetingRoom) -> None:
    """Take a room off the list; meetings already called there keep it."""
    room.active = False
    _note(session, actor, "room:removed", "meeting_room", room.id)


def _note(
    session: Session,
    actor: Person | None,
    tag: str,
    kind: str,
    object_id: UUID,
    changes: Mapping[str, object] | None = None,
) -> None:
    audit.note(
        session,
        tag,
        object_type=kind,
        object_id=object_id,
        actor_id=actor.id if actor else None,
        changes=dict(changes) if changes else None,
    )
