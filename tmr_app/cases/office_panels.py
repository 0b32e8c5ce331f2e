"""Panels of the head's office that rooms above add: dates waiting for agreement, requests, overdue duties.

A provider is asked once per page for all the head's QPS; it must answer in at most two statements, without case content.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.cases.work_panels import HEADED, PERSON
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line: `text` (a case number, a meeting's code), where it leads (`endpoint` with `values`), since or until when."""

    text: str
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled list; an empty one is not shown. `look`: none, due or overdue. Lower `position` stands higher."""

    title: Message
    rows: Sequence[PanelRow]
    look: str | None = None
    position: int = 50


_RECUSED = select(Seat.case_id).where(Seat.person_id == PERSON, Seat.recused_at.is_not(None)).correlate(None)
NOT_RECUSED = or_(~_RECUSED.exists(), Case.id.not_in(_RECUSED))
"""Never a case from which this person is excluded (A10.2). Most are excluded from none: found out once, not case by case."""
OWN = and_(Case.qps_id.in_(HEADED), Case.status == "open", NOT_RECUSED)
"""Open cases of these QPS, never one from which this person is excluded (A10.2); `asking` gives the values."""
OWN_OF_WAITING = and_(func.coalesce(Case.qps_id, Case.qps_id).in_(HEADED), Case.status == "open", NOT_RECUSED)
"""The same beside rows that wait: few in the whole country, with an index of their own, so they are found first and their
cases looked up. `coalesce` says so to SQLite, which would go through all cases of the Centre; it changes no answer.
"""


def asking(person_id: UUID, qps_ids: Sequence[UUID], **more: Any) -> dict[str, Any]:
    """The values of a statement with `OWN` in it."""
    return {"person_id": person_id, "headed": list(qps_ids), **more}


Provider = Callable[[Session, UUID, Sequence[UUID], datetime], Panel | None]
"""Called with (session, the head's person id, the ids of the QPS, now)."""

_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    """Add a provider (also as a decorator), at the import of the room's views."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def panels(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> list[Panel]:
    """All panels with rows, exceptions first. They are read past the object layer."""
    session.flush()
    found = [provider(session, person_id, qps_ids, now) for provider in _providers]
    return sorted((one for one in found if one is not None and one.rows), key=lambda one: one.position)
