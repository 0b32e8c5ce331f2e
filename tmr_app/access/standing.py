"""A person's relation to one case, one municipality, or the installation: the only ground of any right.

Case standings come from a seat at that case's Table, or from the head-of-services office of that case's own QPS.
Rules that decide when several apply, strongest first: recused, seat ended, no valid declaration, conflict unanswered,
outside the time window, then the grant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class CaseStanding(StrEnum):
    """What somebody is to one case. Only these open anything of it."""

    __hash__ = str.__hash__  # asked at every door: Enum computes it anew each time, in Python

    CASE_MANAGER = "case_manager"
    ASSISTANT = (
        "assistant"  # seated and delegated: writes what the case manager may, but sends and closes nothing
    )
    ASSISTANT_READER = "assistant_reader"
    HEAD = "head"
    MEMBER = "member"
    GUEST = "guest"
    BREAK_GLASS = "break_glass"
    UNDECLARED = (
        "undeclared"  # seated, confidentiality declaration missing: sees time, place code, the declaration
    )
    UNANSWERED = "unanswered"  # declared, conflict question open: sees the parties' names and the question
    RECUSED = "recused"
    FORMER = "former"
    OFFERED = "offered"  # head of a QPS to which a transfer of this case was offered
    NONE = "none"


class Office(StrEnum):
    """Offices that matter outside a case: in a municipality or the whole installation."""

    __hash__ = str.__hash__  # asked at every door: Enum computes it anew each time, in Python

    CASE_MANAGER = "case_manager"
    ASSISTANT = "assistant_case_manager"
    DUTY_CASE_MANAGER = "duty_case_manager"
    HEAD = "head"
    REPRESENTATIVE = "representative"
    SUPERIOR = "superior"
    MUNICIPALITY_OFFICER = "municipality_officer"
    GENERAL_CHAIR = "general_chair"
    MINISTRY_READER = "ministry_reader"
    COUNCIL_READER = "council_reader"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the policy may look at. Offices are those running today, already limited to the address's municipality.

    `seat_kind`, `seat_id`: the live seat that gives the case standing. `meeting_ids`: a guest's or substitute's meetings
    whose pack is open to them now. `sees_shelter_address`: case manager, assistant, that shelter, or granted by name.
    """

    person_id: UUID | None = None
    case: CaseStanding = CaseStanding.NONE
    offices: frozenset[Office] = frozenset()
    offices_anywhere: frozenset[Office] = frozenset()  # for the navigation only: never a ground in a case
    headed: tuple[tuple[UUID, str], ...] = ()  # outside cases: the Centres headed today, each with the office
    seat_kind: str | None = None
    seat_id: UUID | None = None
    meeting_ids: frozenset[UUID] = field(default_factory=frozenset)
    sees_shelter_address: bool = False
    case_is_open: bool = True
    at_general_table: bool = False  # rostered in the address's municipality for one of the 14 kinds of A4.1
    general_declared: bool = (
        False  # signed the declaration for its general meetings, the text in force (A18.2)
    )
    duty_qps_case: bool = False  # the case belongs to a QPS where this person is the named duty case manager
    document_ids: frozenset[UUID] = field(default_factory=frozenset)
    """The document in the address, when it keeps a place for this person's signature (A10.1)."""

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    @property
    def holds_document(self) -> bool:
        """Whether the document in the address opens by a place to sign: also after the seat has ended, never to a
        recused person, and not past the declaration of somebody who still has a seat (A18.2)."""
        shut = (CaseStanding.RECUSED, CaseStanding.UNDECLARED, CaseStanding.UNANSWERED)
        return bool(self.document_ids) and self.case not in shut

    @property
    def knows_case(self) -> bool:
        """Whether this person already knows that the case exists: gets 403 with a reason, not 404."""
        return self.case not in (CaseStanding.NONE, CaseStanding.FORMER, CaseStanding.OFFERED)


NOBODY = Standing()
