"""Facts on assessment, plan, monitoring and closing (Articles 11 to 20); conventions as in `facts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.regulation.facts_meetings import FamilyPersonFacts
from tmr_app.regulation.facts_table import Ident


@dataclass(frozen=True, slots=True)
class PhaseFacts:
    """A11: the phase shown for the case and what of it there is."""

    phase: str = "assessment"
    has_initial_assessment: bool = False
    plan_adopted_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ComprehensiveFacts:
    """A12.2 to A12.5: the Table's assessment. `limit_days` comes from the minimum quality standards, when known."""

    opened_on: date
    initial_on: date | None = None
    completed_on: date | None = None
    risk_level: str = ""
    contributions: int = 0
    indicators: frozenset[str] = frozenset()
    form_made_on: date | None = None
    limit_days: int | None = None


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """A13.2, A14: one action of the plan."""

    action: Ident
    objective: str = ""
    serves: str = ""
    service: str = ""
    institutions: tuple[str, ...] = ()
    responsible: Ident | None = None
    responsible_at_table: bool = True
    planned_on: date | None = None
    review_on: date | None = None
    status: str = "in_process"
    done_on: date | None = None
    for_family: bool = False
    objection: str = ""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A5.1.3, A6.1.6, A13: one version of the unified plan."""

    actions: tuple[ActionFacts, ...] = ()
    objectives: int = 0
    risk_assessed_on: date | None = None
    first_meeting_on: date | None = None
    drafted_on: date | None = None
    comments_asked_on: date | None = None
    adopted_on: date | None = None
    adopted_in_meeting: bool = False
    members: int = 0
    sent_to: int = 0
    sent_on: date | None = None


@dataclass(frozen=True, slots=True)
class InformationFacts:
    """A14.3.1/A14.3.3: a request to a member of the plan, by an action's date.

    `plan_sent_on`: when the plan that names the action went to its member; `done_on`: when the action was done.
    """

    due_on: date
    requested_on: date | None = None
    plan_sent_on: date | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class SuperiorFacts:
    """A14.3.2: a member's missed duties (after reminders) and the letter to the superior."""

    owed_on: date
    is_case_manager: bool = False
    reminded: int = 0
    judged_non_cooperation: bool | None = None
    letter_on: date | None = None
    answered_reason: str = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class MonitoringFacts:
    """A14.3.4, A14.6, A15: the monitoring summary, the updated form and the review in one meeting."""

    meeting_on: date
    summary_sent_on: date | None = None
    form_updated_on: date | None = None
    plan_changed_on: date | None = None
    put_before_table_on: date | None = None
    held: bool = False
    actions: int = 0
    progress_recorded: int = 0
    child_finding: str = ""
    called_by_case_manager: bool = True
    plan_version_sent: bool = False


@dataclass(frozen=True, slots=True)
class ReassessmentFacts:
    """A14.4: a course of monitoring that asks for a new look, and the meeting called for it."""

    noted_on: date | None = None
    called_on: date | None = None
    meeting_on: date | None = None
    held: bool = False
    risk_redetermined: bool = False


@dataclass(frozen=True, slots=True)
class ExtraordinaryFacts:
    """A14.5: an extraordinary meeting."""

    meeting_on: date
    risk_stated: str = ""
    risk_case: bool = False
    called_on: date | None = None
    head_told_on: date | None = None


@dataclass(frozen=True, slots=True)
class SupervisionFacts:
    """A16: the head's monitoring of the case manager's work on a plan."""

    plan_adopted_on: date | None = None
    monitored_on: date | None = None
    visits: int = 0
    visit_needed_on: date | None = None
    visit_made_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """A17.1, A17.3: the steps of closing; dates as recorded, grounds by key of the catalogue."""

    ground: str = ""
    assessed_on: date | None = None
    recommended_on: date | None = None
    head_approved_on: date | None = None
    closed_on: date | None = None
    birth_on: date | None = None
    actions_open: int = 0
    services_given: bool = False
    child_out_of_danger: bool = False
    transfer_to: str = ""
    transfer_accepted_on: date | None = None
    country: str = ""
    best_interest: str = ""
    death_on: date | None = None
    table_meeting_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpinionsFacts:
    """A17.2: opinions asked before closing; `people` use notified_on (asked), views, no_views_reason."""

    people: tuple[FamilyPersonFacts, ...] = ()
    ground: str = ""
    no_parent_reason: str = ""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class AfterEighteenFacts:
    """A17.4: services still needed after 18."""

    ground: str = ""
    services_needed: bool | None = None
    recommendation: str = ""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClosingFormFacts:
    """A17.5: the closing form and its signatures. `missing_reason`: closed without some, why is on record."""

    closed_on: date | None = None
    made_on: date | None = None
    signatures: int = 0
    signers: int = 0
    case_manager_signed: bool = False
    last_signed_on: date | None = None
    in_dossier: bool = False
    missing_reason: str = ""


@dataclass(frozen=True, slots=True)
class AnnexFormFacts:
    """A20: the Table's work form of Annex 1 for one case."""

    case_opened_on: date
    labels: tuple[str, ...] = ()
    made_on: date | None = None
    meeting_on: date | None = None
