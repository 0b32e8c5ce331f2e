"""The head's monitoring of the case manager's work on a plan (A16): owed until the head has looked at it, or visited."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import Standing
from tmr_app.cases.models import Case, TakeOver
from tmr_app.cases.monitoring_models import SupervisionNote, Visit
from tmr_app.cases.panels import DueLine, case_panels
from tmr_app.cases.visiting import LOOKED, VISIT_NEEDED
from tmr_app.kernel.clock import civil_date
from tmr_app.plans.facts import first_adopted_on
from tmr_app.plans.models import PlanVersion
from tmr_app.regulation import articles
from tmr_app.regulation.duties import duty
from tmr_app.regulation.facts import SupervisionFacts
from tmr_app.regulation.verdicts import Status, Verdict


def facts_of(
    adopted_on: date | None, noted_at: Mapping[str, datetime], visits: int, last_visit_on: date | None
) -> SupervisionFacts:
    """The last remark of each kind, and the monitoring visits: a visit is a look too. The ledger asks with the same."""
    last = {kind: civil_date(at) for kind, at in noted_at.items()}
    looked = [on for on in (last.get(LOOKED), last_visit_on) if on]
    return SupervisionFacts(
        plan_adopted_on=adopted_on,
        monitored_on=max(looked, default=None),
        visits=visits,
        visit_needed_on=last.get(VISIT_NEEDED),
        visit_made_on=last_visit_on,
    )


def verdict(session: Session, case_id: UUID, today: date) -> Verdict:
    """What the head owes this plan now. Three statements."""
    first = select(func.min(PlanVersion.adopted_on)).where(PlanVersion.case_id == case_id)
    paper = select(TakeOver.plan_adopted_on).where(TakeOver.case_id == case_id)
    row = session.execute(
        select(first.scalar_subquery().label("adopted_on"), paper.scalar_subquery().label("plan_adopted_on"))
    ).one()
    noted = session.execute(
        select(SupervisionNote.kind, func.max(SupervisionNote.noted_at))
        .where(SupervisionNote.case_id == case_id)
        .group_by(SupervisionNote.kind)
    )
    visits, last_on = session.execute(
        select(func.count(), func.max(Visit.visited_on)).where(Visit.case_id == case_id, Visit.is_monitoring)
    ).one()
    found = facts_of(first_adopted_on([row], [row]), {kind: at for kind, at in noted}, visits, last_on)
    return articles.a16_head_monitors(found, today)


@case_panels
def owed_by_the_head(session: Session, case: Case, standing: Standing, now: datetime) -> Iterator[DueLine]:
    """On the case's page and beside its visits, for the head alone."""
    if not may(standing, Permission.SUPERVISE):
        return
    answer = verdict(session, case.id, civil_date(now))
    if answer.status is Status.DUE:
        yield DueLine(answer, duty("A16").title, url_for("visits.index", case_id=case.id))
