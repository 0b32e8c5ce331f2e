"""What stands around the lines on the page of the plan in force: the version, its review, who sits at the Table, who got it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.engine import Connection

from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import SEAT_RUNS
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.db import id_as_kept
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.kernel.ready import Ready
from tmr_app.plans import reviewing, sending
from tmr_app.plans.models import PlanSending, PlanVersion
from tmr_app.plans.sending import REACHED_AT
from tmr_app.regulation.verdicts import Verdict

_VERSION: BindParameter[Any] = bindparam("version_id")


class Version(NamedTuple):
    """A version as its page shows it, its texts opened."""

    id: UUID
    case_id: UUID
    number: int
    status: str
    adopted_on: date | None
    review_days: int | None
    goal: str
    aim: str
    best_interest: str
    changes: str

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"


_TEXTS = ("goal_enc", "aim_enc", "best_interest_enc", "changes_enc")
_NEWEST_TWO = Ready(
    select(
        PlanVersion.id,
        PlanVersion.case_id,
        PlanVersion.number,
        PlanVersion.status,
        PlanVersion.adopted_on,
        PlanVersion.review_days,
        *(PlanVersion.__table__.c[name] for name in _TEXTS),
        *reviewing.HELD,
    )
    .where(PlanVersion.case_id == bindparam("case_id"))
    .order_by(PlanVersion.number.desc())
    .limit(2)
)


def standing(
    rows: Connection, case: Case, today: date
) -> tuple[Version | None, Version | None, Verdict | None]:
    """The version in force, the draft, the review that is owed; each None where there is none. One statement."""
    found = _NEWEST_TWO.rows(rows, {"case_id": case.id, "today": today})
    versions = [_opened(row[: -len(reviewing.HELD)]) for row in found]
    draft = next((one for one in versions if one.is_draft), None)
    version = next((one for one in versions if not one.is_draft), None)
    held = reviewing.Held._make(found[0][-len(reviewing.HELD) :]) if version else None
    return version, draft, reviewing.owed(held, case, today) if held else None


def _opened(row: tuple[Any, ...]) -> Version:
    known, sealed = row[: -len(_TEXTS)], row[-len(_TEXTS) :]
    version_id, case_id = known[:2]
    texts = [
        texts_of(case_id, f"plan_version.{name}")(str(version_id), one)
        for name, one in zip(_TEXTS, sealed, strict=True)
    ]
    return Version._make((*known, *texts))


class Seated(NamedTuple):
    """A seat that is held now or got the version: when its copy arrived, None while it is on its way or was not sent.

    `institution_id`: as the driver gives it, None for the Centre's own.
    """

    seat_id: UUID
    institution_id: Any
    reached_at: datetime | None
    is_held: bool


_SEATS = Ready(
    select(Seat.id, id_as_kept(Seat.institution_id), REACHED_AT, SEAT_RUNS)
    .outerjoin(PlanSending, and_(PlanSending.seat_id == Seat.id, PlanSending.version_id == _VERSION))
    .outerjoin(OutboxMessage, OutboxMessage.id == PlanSending.outbox_id)
    .where(Seat.case_id == bindparam("case_id"), or_(SEAT_RUNS, PlanSending.id.is_not(None)))
)


def seats_of(rows: Connection, version: Version, now: datetime) -> list[Seated]:
    """Who sits at the Table now, and to whom the version went. One statement."""
    asked = {"version_id": version.id, "case_id": version.case_id, "now": now, "today": civil_date(now)}
    return [Seated(*row) for row in _SEATS.rows(rows, asked)]


def institutions_in(seats: Iterable[Seated]) -> set[Any]:
    """The institutions that sit at the Table now."""
    return {one.institution_id for one in seats if one.is_held and one.institution_id}


def sent(version: Version, seats: Iterable[Seated], today: date) -> Verdict:
    """Whether the version in force has reached every member (A13.3)."""
    held = {one.seat_id for one in seats if one.is_held}
    return sending.sent(version, held, {one.seat_id: one.reached_at for one in seats}, today)
