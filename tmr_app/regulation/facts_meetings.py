"""Facts on meetings (Articles 8 to 10, 18); conventions: `facts.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.regulation.facts_table import Ident


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
    """A8.10: the family and one meeting. `stopped`: the child's death is on record, nothing is sent to the family."""

    meeting_on: date
    people: tuple[FamilyPersonFacts, ...] = ()
    no_parent_reason: str = ""
    held: bool = False
    stopped: bool = False


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
    closed_incomplete_on: date | None = None


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
