"""The case manager's closing assessment and recommendation (A17.1), with one of the five grounds (A17.3) and its facts."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import destinations, dossier, family_silence, notifications
from tmr_app.closures.dossier import CONVENED, Dossier
from tmr_app.closures.models import Closing
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused, Stale
from tmr_app.members.models import Person
from tmr_app.regulation import articles, closing_steps
from tmr_app.regulation.catalogue import GROUND_KEYS
from tmr_app.regulation.judging import not_met
from tmr_app.regulation.verdicts import Message, Verdict, WayOut

FIRST = closing_steps.ASSESSMENT


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the case manager writes. Fields of other grounds than the chosen one are dropped."""

    ground: str
    assessment: str
    best_interest: str
    services: str = ""
    other: str = ""
    undone: str = ""
    out_of_danger: bool = False
    no_risk: bool = False
    services_needed: bool | None = None
    after_eighteen: str = ""
    to_qps_id: UUID | None = None
    country: str = ""
    authority: str = ""
    death_on: date | None = None
    death_source: str = ""
    monitored_since_on: date | None = None
    family_told: bool = False


FIELDS_OF = {
    "out_of_danger": ("undone", "out_of_danger", "no_risk"),
    "of_age": ("services_needed", "after_eighteen"),
    "moved_within": ("to_qps_id",),
    "moved_abroad": ("country", "authority"),
    "death": ("death_on", "death_source"),
}
"""What each ground asks for beyond the assessment."""
OF_GROUNDS = frozenset(name for names in FIELDS_OF.values() for name in names)


def recommend(
    session: Session, actor: Person, now: datetime, *, case: Case, data: Recommendation, version: int = 0
) -> Closing:
    """Write the assessment with its recommendation, or its next version: the head approves it anew.

    `version`: of the assessment shown, 0 for none. Raises FieldRefused, RuleRefused (A17.3, A17.4, A5.2), Stale,
    OutOfOrder for a closed case and once the closing meeting is convened.
    """
    if case.status != "open":
        raise OutOfOrder(Message("The case is closed already."), "A17.3")
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.closing
    if one is not None and found.meeting is not None and found.meeting.status in CONVENED:
        raise OutOfOrder(
            Message("The closing meeting is convened: the Table decides on this assessment."), "A17.1"
        )
    _check_version(one, data, version)
    _check_fields(session, case, data, civil_date(now))
    if data.ground == "out_of_danger" and not found.plan.actions and not data.undone.strip():
        raise FieldRefused(
            "undone", Message("No plan with actions was adopted: write which services were given instead.")
        )
    if one is None:
        one = Closing(
            case_id=case.id,
            qps_id=case.qps_id,
            municipality_id=case.municipality_id,
            ground=data.ground,
            version=0,
            begun_at=now,
            assessed_at=now,
            assessed_by_id=actor.id,
            recommended_at=now,
        )
        found.closing = one
    _write(one, data, actor, now)
    _check_rules(found, case)
    one.age_checked = data.ground == "of_age"
    one.services_given, one.risk_lowered = found.decision_facts().services_given, found.risk_lowered
    session.add(one)
    session.flush()
    family_silence.follow_ground(session, now, case=case, ground=data.ground)
    notifications.ask_approval(session, now, case=case, closing=one)
    note(session, "closing:recommended", one, "A17.1", actor)
    return one


def _check_version(one: Closing | None, data: Recommendation, version: int) -> None:
    stored = one.version if one is not None else 0
    if version != stored:
        theirs = {"assessment": one.assessment, "best_interest": one.best_interest} if one else {}
        mine = {"assessment": data.assessment, "best_interest": data.best_interest}
        raise Stale(mine=mine, theirs=theirs, version=stored)


def _check_fields(session: Session, case: Case, data: Recommendation, today: date) -> None:
    if data.ground not in GROUND_KEYS:
        raise FieldRefused("ground", Message("Choose one of the five grounds of Article 17."))
    for name, missing in (
        ("assessment", Message("Write the assessment.")),
        ("best_interest", Message("Say why closing is in the child's best interest.")),
        *NEEDED.get(data.ground, ()),
    ):
        value = getattr(data, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise FieldRefused(name, missing)
    if data.ground == "death" and data.death_on is not None and data.death_on > today:
        raise FieldRefused("death_on", Message("The date cannot be in the future."))
    if data.ground == "moved_within":
        destinations.check(session, case=case, to_qps_id=data.to_qps_id, today=today)


NEEDED: dict[str, tuple[tuple[str, Message], ...]] = {
    "of_age": (("services_needed", Message("Say whether services are needed after eighteen (A17.4).")),),
    "moved_within": (("to_qps_id", Message("Name the Centre that takes the case over.")),),
    "moved_abroad": (
        ("country", Message("Name the country.")),
        ("authority", Message("Name the authority that takes over.")),
    ),
    "death": (
        ("death_on", Message("Write the date of death.")),
        ("death_source", Message("Write where the information comes from.")),
    ),
}


def _write(one: Closing, data: Recommendation, actor: Person, now: datetime) -> None:
    """Keep what was typed; what belongs to another ground is emptied."""
    own = FIELDS_OF[data.ground]
    for name in (one_field.name for one_field in fields(data)):
        value = getattr(data, name)
        if name in OF_GROUNDS and name not in own:
            value = {"services_needed": None, "to_qps_id": None}.get(
                name, False if value in (True, False) else ""
            )
        if name == "death_on":
            value = value.isoformat() if value else ""
        setattr(one, name, value.strip() if isinstance(value, str) else value)
    one.version += 1
    one.assessed_at = one.recommended_at = now
    one.assessed_by_id = actor.id
    one.approved_at = one.approved_by_id = one.approved_version = one.reminded_at = None


def _check_rules(found: Dossier, case: Case) -> None:
    """The ground holds (A17.3), services after eighteen are recommended (A17.4), services given and risk lowered (A5.2)."""
    refused = [one for one in ground_verdicts(found) if one.refuses]
    if refused:
        raise RuleRefused(*refused, case_id=case.id)


def ground_verdicts(found: Dossier) -> list[Verdict]:
    """What the rules say of the chosen ground today, before meeting and transfer."""
    gaps = articles.a17_3_ground_missing(found.closing_facts(), found.today)
    answers = []
    if gaps:
        ways = tuple(WayOut(f"ground_{number}", gap) for number, gap in enumerate(gaps[1:], start=1))
        other = WayOut(
            "other_ground",
            Message("Choose another ground that holds today, or go on with the case until this one does."),
        )
        answers.append(not_met("A17.3", gaps[0], *ways, other))
    answers.append(articles.a17_4_services_after_eighteen(found.after_eighteen_facts(), found.today))
    answers.append(articles.a5_2_table_closes(found.decision_facts(), found.today))
    return answers


def withdraw(session: Session, actor: Person, now: datetime, *, case: Case, reason: str) -> Closing:
    """The case manager takes the recommendation back; the case goes on. Raises OutOfOrder, FieldRefused."""
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.closing
    if one is None or one.state != "open":
        raise OutOfOrder(Message("No closing is under way."), "A17.1")
    if one.decided_at is not None:
        raise OutOfOrder(Message("The Table has decided already."), "A17.3")
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    one.state, one.ended_reason = "withdrawn", reason.strip()
    family_silence.follow_ground(session, now, case=case, ground="")
    note(session, "closing:withdrawn", one, "A17.1", actor)
    return one


def note(session: Session, tag: str, one: Closing, rule: str, actor: Person | None) -> None:
    """An audit row about this closing."""
    audit.note(
        session,
        tag,
        object_type="closing",
        object_id=one.id,
        case_id=one.case_id,
        rule=rule,
        actor_id=actor.id if actor else None,
    )
