"""Values several documents share. `kind`, `risk_level`, `status` ... are keys of the regulation's catalogue.

Dates are civil dates of Kosovo; clock times are "09:30". What people typed is `str`; what the product
says is a `Message` or `Label`, put into the document's language when it is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tmr_app.documents.content import Language
from tmr_app.documents.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeValues:
    """A Centre for Social Work. `municipality` is a key of the catalogue."""

    name: str
    municipality: str
    address: str = ""
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonValues:
    name: str
    function: str = ""
    institution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseValues:
    """`risk_texts` holds the words typed after each of the annex's four "tjera:", by risk key."""

    number: str
    language: Language
    office: OfficeValues
    case_manager: PersonValues
    head_of_services: PersonValues | None = None
    referred_by: Text = ""
    risk_level: str = ""
    risk_kinds: tuple[str, ...] = ()
    risk_texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildValues:
    full_name: str
    born_on: date | None = None
    gender: Text = ""
    ethnicity: str = ""
    birthplace: str = ""
    residence: str = ""
    health: str = ""
    disability: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatValues:
    """A seat at the Table and who holds it; `kind` is a seat key."""

    person: PersonValues
    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingValues:
    """`code` is the neutral meeting code; `purpose` one of `wording.PURPOSES`."""

    code: str
    purpose: str
    on: date
    starts: str
    place: str
    chair: PersonValues
    ends: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItemValues:
    title: Text
    presenter: str = ""
    discussion: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantValues:
    """A row of an attendance list. `present` None: not known yet (the box stays empty to fill in)."""

    person: PersonValues
    present: bool | None = None
    remark: Text = ""
    signature: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerValues:
    """A signature slot; `signed` says how and when in words, empty while the place is open."""

    person: PersonValues
    signed: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingValues:
    """One indicator of Article 12.3 (its key) or a further one (`title`)."""

    indicator: str = ""
    title: str = ""
    finding: str = ""
    risk_level: str = ""
    sources: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionValues:
    measure: str
    service: str = ""
    institutions: str = ""
    member: str = ""
    planned_on: date | None = None
    status: str = "in_process"
    review_on: date | None = None
    notes: str = ""
    serves: str = ""  # the risk or need it lowers
    progress: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveValues:
    goal: str
    actions: tuple[ActionValues, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewValues:
    """A8.10, A10.5: who of the family was told how, what they think, and how it was considered."""

    who: str
    notified: Text = ""
    view: str = ""
    considered: str = ""
