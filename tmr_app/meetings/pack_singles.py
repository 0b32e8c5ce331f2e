"""Of each paper that a pack has once, the one that stands now: one statement, built once."""

from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, select
from sqlalchemy.orm import aliased, selectinload

from tmr_app.cases.models import Assessment, Case, Child, InitialPlan, Referral
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Municipality, Qps

_CASE: BindParameter[UUID] = bindparam("case_id")
_ASSESSMENT, _PLAN = aliased(Assessment), aliased(InitialPlan)
_REFERRAL, _MINUTES = aliased(Referral), aliased(Minutes)
SINGLE = (
    select(Municipality, Qps, Child, Assessment, InitialPlan, Referral, Minutes)
    .select_from(Case)
    .join(Municipality, Municipality.id == Case.municipality_id)
    .join(Qps, Qps.id == Case.qps_id)
    .outerjoin(Child, Child.case_id == Case.id)
    .outerjoin(
        Assessment,  # the Table's newest completed comprehensive one, else the newest completed initial one
        Assessment.id
        == select(_ASSESSMENT.id)
        .where(_ASSESSMENT.case_id == _CASE, _ASSESSMENT.completed_at.is_not(None))
        .order_by(_ASSESSMENT.kind == "initial", _ASSESSMENT.version.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .outerjoin(
        InitialPlan,
        InitialPlan.id
        == select(_PLAN.id)
        .where(_PLAN.case_id == _CASE)
        .order_by(_PLAN.version.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .outerjoin(
        Referral,
        Referral.id
        == select(_REFERRAL.id)
        .where(_REFERRAL.case_id == _CASE)
        .order_by(_REFERRAL.created_at)
        .limit(1)
        .scalar_subquery(),
    )
    .outerjoin(
        Minutes,  # of the last meeting held; without a meeting there is none before it
        Minutes.id
        == select(_MINUTES.id)
        .join(Meeting, Meeting.id == _MINUTES.meeting_id)
        .where(
            _MINUTES.case_id == _CASE,
            _MINUTES.meeting_id != bindparam("meeting_id", type_=Uuid()),
            _MINUTES.corrects_id.is_(None),
            Meeting.status == "held",
        )
        .order_by(Meeting.meeting_on.desc(), _MINUTES.version.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .where(Case.id == _CASE)
    .options(selectinload(Assessment.findings))
)
"""One row for `case_id` and `meeting_id` (None: of the case alone), with what there is not as None."""
