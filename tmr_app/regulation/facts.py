"""The facts each rule asks for: plain values, civil dates of Europe/Belgrade, never an instant.

The same classes are built before a deed (what would be done) and afterwards (from stored rows);
a `..._on` of None means "not done yet". Facts on the plan and the closing are in `facts_procedure.py`.
"""

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
    other_needs: bool = False


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
    """A5.1.2: latest change of circumstances noted, latest version of the assessment."""

    assessed_on: date | None
    changed_on: date | None = None
    updated_on: date | None = None


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


@dataclass(frozen=True, slots=True)
class OccasionFacts:
    """A8.1: a referral or a new assessment, and the meeting that took it up (after the occasion)."""

    kind: str
    occurred_on: date
    planned_on: date | None = None
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class GeneralMeetingFacts:
    """A8.2: the municipality's general meetings. `interval_months` may be stricter than 3, never looser."""

    registered_on: date
    held_on: tuple[date, ...] = ()
    planned_on: date | None = None
    interval_months: int = 3


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A8.3: one meeting's notice. Before the deed `sent_on` is None and today counts.

    `sent_on`: the day the last member's sending was accepted, or handed over on paper.
    `agreed_for_on`: the meeting date to which the head agreed; another date needs another agreement.
    """

    meeting_on: date
    agreed_for_on: date | None = None
    agreed_on: date | None = None
    sent_on: date | None = None
    lead_days: int = 3
    has_agenda: bool = True
    has_information: bool = True
    extraordinary: bool = False
    risk_stated: str = ""
    late_reason: str = ""
    general: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class InitiationFacts:
    """A8.4: a member's request for a meeting."""

    requested_on: date
    reason: str
    called_on: date | None = None
    withdrawn_on: date | None = None
    escalate_days: int = 7


@dataclass(frozen=True, slots=True)
class GuestFacts:
    """A8.5: a guest for one meeting."""

    institution: str
    connection: str
    meeting_on: date | None = None
    declaration_on: date | None = None
    perpetrator: bool = False
    attended: bool = False


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """A8.6/A8.11: one actor of an earlier meeting and whether this meeting invites them."""

    seat: Ident
    invited: bool
    recused: bool = False
    perpetrator: bool = False
    ended: bool = False
    successor_invited: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InvitedFacts:
    """A8.6/A8.11: the actors owed an invitation to this meeting."""

    meeting_on: date
    actors: tuple[ActorFacts, ...] = ()
    review: bool = True
    convened_on: date | None = None


@dataclass(frozen=True, slots=True)
class PackFacts:
    """A8.7: the assessment and the plan in the pack, when the pack was sent, the waiver of A8.8."""

    meeting_on: date
    has_assessment: bool = False
    has_plan: bool = False
    sent_on: date | None = None
    lead_days: int = 3
    risk_case: bool = False
    waiver_reason: str = ""
    extraordinary: bool = False
    risk_stated: str = ""
    late_reason: str = ""


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """A8.8: information given in the meeting in place of the prior assessment."""

    used: bool = False
    risk_case: bool = False
    reason: str = ""
    meeting_on: date | None = None
    held: bool = False
    given_in_meeting: bool = False


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A8.9: one member's written progress report before one meeting."""

    meeting_on: date
    filed_on: date | None = None
    requested_on: date | None = None
    frozen_on: date | None = None
    first_meeting: bool = False
    extraordinary: bool = False
    involved: bool = True
    seat: Ident = ""


@dataclass(frozen=True, slots=True)
class FamilyPersonFacts:
    """A8.10/A17.2: child, parent or guardian: told, or why not; present; views; how they were considered."""

    kind: str
    notified_on: date | None = None
    not_notified_reason: str = ""
    present: bool = False
    views: str = ""
    no_views_reason: str = ""
    considered: str = ""
    perpetrator: bool = False


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """A8.10: the family and one meeting."""

    meeting_on: date
    people: tuple[FamilyPersonFacts, ...] = ()
    no_parent_reason: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class AttendeeFacts:
    """A9: one invitee; `attendance` is present, absent_with_reason, absent, substitute or "" (not recorded)."""

    seat: Ident
    attendance: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceFacts:
    """A9: attendance of one meeting."""

    meeting_on: date
    held: bool = False
    invitees: tuple[AttendeeFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """A10.1: minutes of one meeting, the next meeting where they are approved, the signatures."""

    meeting_on: date
    drafted_on: date | None = None
    approved_on: date | None = None
    next_meeting_on: date | None = None
    closing: bool = False
    signatures: int = 0
    signers: int = 0
    last_signed_on: date | None = None
    sealed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """A10.2: a member's conflict of interest, when it was declared, whether the member was in the examination after."""

    declared_on: date | None = None
    is_case_manager: bool = False
    handed_over_on: date | None = None
    substitute_asked_on: date | None = None
    took_part_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """A10.3/A10.4: the agenda of one meeting; `items` are keys of the standing items it has."""

    meeting_on: date
    held: bool = False
    approved: bool = False
    changes_recorded: bool = True
    items: frozenset[str] = frozenset()
    presented: frozenset[str] = frozenset()
    case_meeting: bool = True


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """A10.5: an invited parent, guardian or child and their opinion."""

    kind: str
    perpetrator: bool = False
    invited: bool = False
    attended: bool = False
    opinion: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class DeclarationFacts:
    """A18.2: a person's declaration for this case (or for general meetings) and the first thing shown to them."""

    signed_on: date | None = None
    shown_on: date | None = None
    seated_on: date | None = None
    shown_before_signing: bool = False


@dataclass(frozen=True, slots=True)
class PrivacyFacts:
    """A18.1: disclosures outside the Table, and those lacking recipient, law or the head's approval."""

    disclosures: int = 0
    without_legal_basis: int = 0
    refusals: int = 0
    breaches: int = 0
