"""Many invented cases by bulk inserts, for what is counted: no names, no keys, only the clear columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.fixtures.world import NOW, Town
from tmr_app.cases.models import Case, CaseRisk, Family, Referral, RiskLevel
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.annual_figures import HAZARDOUS
from tmr_app.regulation.days import civil_instant

_number = count(1)
YEAR = 2025
IN_MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=NOW.tzinfo)


@dataclass(frozen=True)
class Kept:
    """One case as the figures see it."""

    referred_on: date = date(2025, 3, 10)
    closed_on: date | None = None
    ground: str | None = None
    birth_year: int | None = 2013
    gender: str | None = "female"
    risks: tuple[str, ...] = ("physical_violence",)
    levels: tuple[tuple[str, date], ...] = ()
    source: str = "school"
    flags: tuple[str, ...] = ()
    sector: str | None = None


def store(session: Session, town: Town, kept: Sequence[Kept]) -> list[UUID]:
    """Bulk inserts: as many statements for one as for ten thousand."""
    if not kept:
        return []
    random = Random(next(_number))
    ids = [_uuid(random) for _ in kept]
    families = [_uuid(random) for _ in kept]
    session.flush()
    session.execute(
        insert(Family), [{"id": one, "qps_id": town.qps.id, "created_at": NOW} for one in families]
    )
    pairs = list(zip(ids, families, kept, strict=True))
    session.execute(insert(Case), [_case(town, case_id, family, one) for case_id, family, one in pairs])
    referrals = [
        {
            "id": _uuid(random),
            "case_id": case_id,
            "received_on": one.referred_on,
            "source": one.source,
            "received_by_id": town.head.id,
            "created_at": NOW,
        }
        for case_id, _, one in pairs
    ]
    session.execute(insert(Referral), referrals)
    risks = [
        {"id": _uuid(random), "case_id": case_id, "risk": risk}
        for case_id, _, one in pairs
        for risk in one.risks
    ]
    if risks:
        session.execute(insert(CaseRisk), risks)
    levels = [
        {
            "id": _uuid(random),
            "case_id": case_id,
            "level": level,
            "determined_at": civil_instant(on, NOW.timetz().replace(tzinfo=None)),
            "determined_by_id": town.case_manager.id,
        }
        for case_id, _, one in pairs
        for level, on in one.levels
    ]
    if levels:
        session.execute(insert(RiskLevel), levels)
    return ids


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(100) << 20 | next(_number), version=4)


def _case(town: Town, case_id: UUID, family_id: UUID, one: Kept) -> dict[str, Any]:
    return {
        "id": case_id,
        "number": f"X-{next(_number):08d}",
        "qps_id": town.qps.id,
        "municipality_id": town.municipality.id,
        "family_id": family_id,
        "case_manager_id": town.case_manager.id,
        "status": "closed" if one.closed_on else "open",
        "referred_on": one.referred_on,
        "opened_on": one.referred_on,
        "closed_on": one.closed_on,
        "closing_ground": one.ground,
        "birth_year": one.birth_year,
        "gender": one.gender,
        "labour_sector": one.sector,
        "created_at": NOW,
        "is_asylum_seeker": "asylum_seeker" in one.flags,
        "is_stateless": "stateless" in one.flags,
        "is_refugee": "refugee" in one.flags,
        "is_migrant": "migrant" in one.flags,
    }


def crowd(number: int, *, year: int = YEAR, seed: int = 1) -> list[Kept]:
    """So many cases spread over everything that is counted; a third referred the year before."""
    random = Random(seed)
    return [_one(random, year) for _ in range(number)]


def _one(random: Random, year: int) -> Kept:
    first = date(year - 1, 7, 1) if random.random() < 0.3 else date(year, 1, 1)
    referred = first + timedelta(days=random.randrange(180 if first.year < year else 365))
    closed = random.random() < 0.35
    closed_on = referred + timedelta(days=random.randrange(30, 500)) if closed else None
    kinds = tuple({random.choice(columns.RISK.categories) for _ in range(random.choice((1, 1, 2)))})
    return Kept(
        referred_on=referred,
        closed_on=closed_on,
        ground=random.choice(columns.GROUND.categories[:4]) if closed else None,
        birth_year=random.choice((None, *range(year - 18, year))),
        gender=random.choice(("female", "male")),
        risks=kinds,
        levels=(
            (random.choice(columns.LEVELS), referred),
            (random.choice(columns.LEVELS), referred + timedelta(40)),
        ),
        source=random.choice(columns.SOURCES),
        flags=("refugee",) if random.random() < 0.05 else (),
        sector=random.choice(columns.SECTORS) if HAZARDOUS in kinds else None,
    )
