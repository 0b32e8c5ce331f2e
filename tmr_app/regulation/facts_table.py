"""Facts on the Table, its people and its chair (Articles 2 to 7); conventions: `facts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

Ident = UUID | str


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """A standing prohibition on one case: refusals logged, breaches known, how often it was asked."""

    refusals: int = 0
    breaches: int = 0
    asked: int = 0


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """A2/A3/A4.1: one municipality's Table: its QPS, head, and the seat kinds with a representative today."""

    qps_named: bool = False
    head_named: bool = False
    seat_kinds: frozenset[str] = frozenset()
    established_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A4.2: one person's time as case manager; both dates inclusive, None = still."""

    person: Ident
    from_on: date
    until_on: date | None = None
    appointed_by_qps: bool = True


@dataclass(frozen=True, slots=True)
class ChairFacts:
    """A4.2: who is and was case manager of the case."""

    tenures: tuple[Tenure, ...] = ()
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """A4.3: what is known of the child when seats are proposed; keys of the catalogue."""

    birth_on: date | None = None
    birth_year: int | None = None
    risk_kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    in_school: bool = False
    health_concern: bool = False
    disability: bool = False
    conflict_with_law: bool = False
    minority_community: bool = False
    placed: bool = False
    welfare_need: bool = False


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One seat of a case's Table: kind, person or institution, why it was chosen."""

    seat: Ident
    kind: str
    reason: str = ""
    institution: str = ""
    person: Ident | None = None
    ended_on: date | None = None
    recused_on: date | None = None
    perpetrator: bool = False
    works_for_child_protection: bool = True


@dataclass(frozen=True, slots=True)
class CompositionFacts:
    """A4.1, A4.3, A4.4: the seats of one case and whether they rest on an assessment of needs."""

    seats: tuple[SeatFacts, ...] = ()
    needs_assessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A4.5/A10.2/A18.2: one person who would take part, be told, be shown or be sent something of a case."""

    person: Ident
    perpetrator: bool = False
    recused_on: date | None = None
    declaration_on: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """A4.6: the child's statuses, the kinds of seat at this Table, the head's written reason for going without."""

    statuses: frozenset[str] = frozenset()
    seat_kinds: frozenset[str] = frozenset()
    breach_reason: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentChangeFacts:
    """A5.1.2: latest change of circumstances noted, latest version of the assessment.

    `noted_after`: the change was noted after that version was completed, whatever its day.
    """

    assessed_on: date | None
    changed_on: date | None = None
    updated_on: date | None = None
    noted_after: bool = False


@dataclass(frozen=True, slots=True)
class BestInterestFacts:
    """A5.1.1: kinds of risk of the case; whether plan and closing (None: there is none yet) say the best interest."""

    risk_kinds: frozenset[str] = frozenset()
    other_texts: frozenset[str] = frozenset()
    plan_states_it: bool | None = None
    closing_states_it: bool | None = None


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """A generic count of work: how much there is, how much of it is done, the oldest date it was owed on.

    A5.1.4 (services), A6.1.1/A6.1.2 (the chair's list), A6.1.7, A7, A12.1, A14.1, A14.2, A14.6, A19.
    """

    total: int = 0
    done: int = 0
    due_on: date | None = None
    overdue: int = 0
    since_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A5.1.5: adoption of the plan, reviews held in meetings, the plan's own shorter interval in days."""

    adopted_on: date | None
    reviewed_on: tuple[date, ...] = ()
    interval_days: int | None = None
    planned_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class AnnualReportFacts:
    """A5.1.6: the yearly report, or a request for it by one of the two bodies (`requested_by`)."""

    year: int
    due_on: date
    adopted_on: date | None = None
    submitted_on: date | None = None
    acknowledged_on: date | None = None
    identifies_children: bool = False
    requested_by: str = ""


@dataclass(frozen=True, slots=True)
class ClosingDecisionFacts:
    """A5.2: the Table's decision to close."""

    ground: str = ""
    services_given: bool = False
    risk_lowered: bool = False
    no_risk: bool = False
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A6.1.3: the meeting's call and the head of services' part in it."""

    called_by_case_manager: bool = True
    called_on: date | None = None
    head_agreed_on: date | None = None
    head_told_on: date | None = None
    extraordinary: bool = False


@dataclass(frozen=True, slots=True)
class ChairedFacts:
    """A6.1.4: who was case manager on the meeting's date and who chaired."""

    meeting_on: date
    case_manager: Ident | None
    chaired_by: Ident | None = None


@dataclass(frozen=True, slots=True)
class InitialPlanFacts:
    """A6.1.5: the initial plan before and at the first meeting of the case."""

    first_meeting_on: date | None = None
    on_agenda: bool = False
    presented_on: date | None = None
    held: bool = False
