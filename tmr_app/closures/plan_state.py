"""What the plan says of the services given: asked of `plans`, in one place."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.plans import queries


@dataclass(frozen=True, slots=True)
class PlanState:
    """Current actions of the plan, and how many of them are not done. No plan: both are 0."""

    actions: int = 0
    undone: int = 0

    @property
    def all_done(self) -> bool:
        return self.actions > 0 and self.undone == 0


def plan_state(session: Session, case_id: UUID) -> PlanState:
    """Of the plan in force."""
    actions = queries.actions_of(session, case_id)
    return PlanState(len(actions), sum(one.is_open() for one in actions))
