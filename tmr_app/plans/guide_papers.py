"""The guide's forms that the plan fills: E-4 plan of services, E-4/1 evaluation, E-4/2 revision (guidance, GF)."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases import guide_papers, papers
from tmr_app.cases.models import Case
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.documents.content import Document
from tmr_app.documents.texts import short_day
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Person, Qps
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow, actions_of, live_seats, objectives_of, versions_of

Rows = dict[str, tuple[tuple[str, ...], ...]]


@papers.source
def of_the_guide(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """The plan and its evaluation for the newest version, the revision for each later one. One statement."""
    versions = versions_of(session, case.id)
    for one in versions[:1]:
        yield guide_papers.offer("E-4", key_of(one.id), one.adopted_on)
        yield guide_papers.offer("E-4/1", key_of(one.id))
    for one in versions:
        if one.based_on_id is not None:
            yield guide_papers.offer("E-4/2", key_of(one.id), one.adopted_on)


@papers.kind(guide_papers.kind_name("E-4"), Permission.PLAN_READ)
def plan_of_services(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """E-4 of one adopted version."""
    version = _version(session, case, key)
    rows = _rows(session, case, version)
    return guide_papers.blank(session, case, reader, "E-4", filled=_dates(session, version), rows=rows)


@papers.kind(guide_papers.kind_name("E-4/1"), Permission.PLAN_READ)
def evaluation(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """E-4/1: who sits at the Table now evaluates; the terms the version has are ticked."""
    version = _version(session, case, key)
    seats = live_seats(session, case.id, reader.now)
    office = session.get_one(Qps, case.qps_id).name
    people = tuple((one.person.name, one.institution.name if one.institution else office) for one in seats)
    terms = frozenset(name.removeprefix("plan_") for name in _rows(session, case, version))
    return guide_papers.blank(session, case, reader, "E-4/1", ticked=terms, rows={"participants": people})


@papers.kind(guide_papers.kind_name("E-4/2"), Permission.PLAN_READ)
def revision(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """E-4/2 of a version that changed an earlier one."""
    version = _version(session, case, key)
    if version.based_on_id is None:
        raise NotFound("form")
    rows = _rows(session, case, version)
    filled = {"reason": version.changes, **_dates(session, version)}
    terms = frozenset(name.removeprefix("plan_") for name in rows)
    return guide_papers.blank(session, case, reader, "E-4/2", filled=filled, ticked=terms, rows=rows)


def _version(session: Session, case: Case, key: str) -> PlanVersion:
    found = session.scalar(
        select(PlanVersion).where(
            PlanVersion.id == papers.ids(key)[0],
            PlanVersion.case_id == case.id,
            PlanVersion.status == "adopted",
        )
    )
    if found is None:
        raise NotFound("plan")
    return found


def _dates(session: Session, version: PlanVersion) -> dict[str, str]:
    """When the drafting began and ended; a plan is approved by the Table that adopts it."""
    by = session.get(Person, version.adopted_by_id) if version.adopted_by_id else None
    return {
        "begun_on": short_day(civil_date(version.drafted_at)),
        "ended_on": short_day(civil_date(version.edited_at)),
        "approved_on": short_day(version.adopted_on),
        "approved_by": by.name if by else "",
    }


def _rows(session: Session, case: Case, version: PlanVersion) -> Rows:
    """Each term's table: a row for each action, its objective beside the first."""
    actions = actions_of(session, case.id, version)
    found: Rows = {}
    for objective in objectives_of(session, version, actions):
        rows = [_row(one, "" if place else objective.row.text) for place, one in enumerate(objective.actions)]
        name = f"plan_{objective.row.term}"
        found[name] = (*found.get(name, ()), *(rows or [(objective.row.text, *[""] * 5)]))
    return found


def _row(one: ActionNow, objective: str) -> tuple[str, ...]:
    names = [institution.name for institution in one.institutions] + (
        [one.row.others] if one.row.others else []
    )
    until = f"– {short_day(one.planned_on)}" if one.planned_on else ""
    return (objective, one.row.measure, "; ".join(names), one.person.name if one.person else "", until, "")
