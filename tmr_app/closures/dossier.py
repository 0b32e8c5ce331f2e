"""Everything known of a case's closing, read once: facts for the rules, what is done, which step is next."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tmr_app.cases import case_record
from tmr_app.cases.models import Case, Child, Relation, RiskLevel
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import signatures
from tmr_app.closures.models import Closing, ClosingOpinion, ClosingReview
from tmr_app.closures.plan_state import PlanState, plan_state
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings.models import AgendaItem, Meeting
from tmr_app.meetings.readiness import PARENTS
from tmr_app.regulation import articles, closing_steps
from tmr_app.regulation.catalogue import RISK_LEVELS
from tmr_app.regulation.closing_steps import Step
from tmr_app.regulation.facts import (
    AfterEighteenFacts,
    ClosingDecisionFacts,
    ClosingFacts,
    ClosingFormFacts,
    FamilyPersonFacts,
    OpinionsFacts,
)
from tmr_app.regulation.verdicts import Message, Status, Verdict
from tmr_app.signing.models import FrozenVersion

CONVENED = ("convened", "running", "held")
LEVEL_ORDER = {level.key: place for place, level in enumerate(RISK_LEVELS)}


@dataclass
class Dossier:
    """A case on its way to the end. The case's and the family's keys must be unlocked."""

    case: Case
    today: date
    closing: Closing | None = None
    child: Child | None = None
    levels: list[RiskLevel] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    opinions: list[ClosingOpinion] = field(default_factory=list)
    reviews: list[ClosingReview] = field(default_factory=list)
    meeting: Meeting | None = None
    item: AgendaItem | None = None
    minutes_on: date | None = None
    form: ClosingFormFacts = field(default_factory=ClosingFormFacts)
    form_version: FrozenVersion | None = None
    transfer: CaseTransfer | None = None
    plan: PlanState = field(default_factory=PlanState)

    @property
    def ground(self) -> str:
        return self.closing.ground if self.closing else ""

    @property
    def birth_on(self) -> date | None:
        return parsed(self.child.birth_date) if self.child else None

    @property
    def returned(self) -> ClosingReview | None:
        """The head's answer to the present version, when it was returned."""
        version = self.closing.version if self.closing else 0
        return next((one for one in self.reviews if one.version == version and not one.accepted), None)

    @property
    def risk_lowered(self) -> bool:
        """Whether the newest level of risk is lower than one determined before."""
        known = [LEVEL_ORDER[one.level] for one in self.levels if one.level in LEVEL_ORDER]
        return len(known) > 1 and known[-1] < max(known)

    def heard(self) -> list[Relation | None]:
        """Who is asked for an opinion (A17.2): the child (None), parents and guardians who may be (A4.5)."""
        parents = [one for one in self.relations if one.has_parental_care or one.kind in PARENTS]
        cared = [one for one in parents if one.has_parental_care] or parents
        people: list[Relation | None] = [] if self.ground == "death" else [None]
        return [*people, *(one for one in cared if not one.is_suspected_perpetrator)]

    def opinion_of(self, relation_id: UUID | None) -> ClosingOpinion | None:
        return next((one for one in self.opinions if one.relation_id == relation_id), None)

    # facts for the rules

    def closing_facts(self) -> ClosingFacts:
        """A17.1 and A17.3."""
        one = self.closing
        if one is None:
            return ClosingFacts()
        held = self.meeting is not None and self.meeting.status == "held"
        given = self.plan.all_done or bool(one.undone)
        accepted = self.transfer is not None and self.transfer.state == "accepted"
        return replace(
            steps_facts(one),
            birth_on=self.birth_on,
            actions_open=0 if given else self.plan.undone,
            services_given=given,
            child_out_of_danger=one.out_of_danger,
            transfer_to=str(one.to_qps_id or ""),
            transfer_accepted_on=civil_date(self.transfer.decided_at)
            if accepted and self.transfer and self.transfer.decided_at
            else None,
            country=one.country,
            best_interest=one.best_interest,
            death_on=parsed(one.death_on),
            table_meeting_on=self.meeting.meeting_on if held and self.meeting else None,
        )

    def decision_facts(self) -> ClosingDecisionFacts:
        """A5.2."""
        one = self.closing
        if one is None:
            return ClosingDecisionFacts()
        return ClosingDecisionFacts(
            one.ground,
            services_given=self.plan.all_done or bool(one.undone),
            risk_lowered=self.risk_lowered,
            no_risk=one.no_risk,
            decided_on=one.decided_on,
        )

    def opinions_facts(self) -> OpinionsFacts:
        """A17.2."""
        people = []
        for relation in self.heard():
            row = self.opinion_of(relation.id if relation else None)
            people.append(
                FamilyPersonFacts(
                    "parent_guardian" if relation else "child",
                    notified_on=row.asked_on if row else None,
                    views=row.opinion if row else "",
                    no_views_reason=row.no_opinion_reason if row else "",
                )
            )
        one = self.closing
        return OpinionsFacts(
            tuple(people),
            self.ground,
            no_parent_reason=one.no_parent_reason if one else "",
            closed_on=one.closed_on if one else None,
        )

    def after_eighteen_facts(self) -> AfterEighteenFacts:
        """A17.4."""
        one = self.closing
        if one is None:
            return AfterEighteenFacts()
        return AfterEighteenFacts(one.ground, one.services_needed, one.after_eighteen, one.closed_on)

    # the steps

    def opinions_verdict(self) -> Verdict:
        return articles.a17_2_opinions_asked(self.opinions_facts(), self.today)

    def assessed_verdict(self) -> Verdict:
        return articles.a17_1_assessed_and_recommended(self.closing_facts(), self.today)

    def form_verdict(self) -> Verdict:
        return articles.a17_5_closing_form_signed(self.form, self.today)

    def done(self) -> frozenset[str]:
        """The keys of the steps that are done."""
        one = self.closing
        if one is None:
            return frozenset()
        made = {
            "assessment": self.returned is None and self.assessed_verdict().status is Status.MET,
            "opinions": self.opinions_verdict().allows,
            "approval": one.approved_version == one.version and one.approved_at is not None,
            "meeting": self.meeting is not None and self.meeting.status in CONVENED,
            "decision": one.decided_at is not None,
            "minutes": self.minutes_on is not None,
            "form": self.form_complete,
            "transfer": self.transfer is not None and self.transfer.state == "accepted",
            "end": one.closed_on is not None,
        }
        return frozenset(key for key, is_done in made.items() if is_done)

    @property
    def form_complete(self) -> bool:
        """Signed by everyone, or closed without some whose reasons stand on record (A17.5)."""
        answer = self.form_verdict()
        return answer.status is Status.MET or answer.breach_recorded

    def current(self) -> Step | None:
        return closing_steps.current(self.ground, self.done())

    def require(self, key: str) -> Closing:
        """The closing under way, ready for this step. Raises OutOfOrder naming the article of the first step skipped."""
        if self.case.status != "open":
            raise OutOfOrder(Message("The case is closed already."), "A17.3")
        if self.closing is None:
            raise skipped(closing_steps.ASSESSMENT)
        if key not in {step.key for step in closing_steps.steps(self.ground)}:
            raise OutOfOrder(Message("The ground of this closing has no such step."), "A17.3")
        missing = closing_steps.missing_before(key, self.ground, self.done())
        if missing is not None:
            raise skipped(missing)
        return self.closing


def skipped(step: closing_steps.Step) -> OutOfOrder:
    """What is said to whoever skips this step: its own article, and that the order is A17.3's."""
    said = Message(
        "%(missing)s No step of a closing can be skipped (Article 17, paragraph 3).", missing=step.missing
    )
    return OutOfOrder(said, step.duty)


def steps_facts(one: Closing) -> ClosingFacts:
    """Ground, assessment, recommendation, the head's approval of this very version, the end. The ledger asks with the same."""
    approved = one.approved_at if one.approved_version == one.version else None
    return ClosingFacts(
        one.ground,
        assessed_on=civil_date(one.assessed_at),
        recommended_on=civil_date(one.recommended_at),
        head_approved_on=civil_date(approved) if approved else None,
        closed_on=one.closed_on,
    )


def parsed(text: str) -> date | None:
    """A civil date as it was sealed; None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


_NEWEST = (
    select(Closing)
    .where(Closing.case_id == bindparam("case_id"))
    .order_by(Closing.state != "open", Closing.begun_at.desc())
    .limit(1)
)


_OPEN = select(Closing.id).where(Closing.case_id == bindparam("case_id"), Closing.state == "open").limit(1)


def is_under_way(session: Session, case_id: UUID) -> bool:
    """Whether a closing is open: asked by each page of a case, most of which have none."""
    session.flush()
    return session.connection().execute(_OPEN, {"case_id": case_id}).first() is not None


def newest(session: Session, case_id: UUID) -> Closing | None:
    """The closing under way, else the last one."""
    return session.scalar(_NEWEST, {"case_id": case_id})


def load(session: Session, case: Case, now: datetime, *, closing: Closing | None = None) -> Dossier:
    """Read the closing under way (or the one given) with all it stands on: a fixed number of statements."""
    session.flush()
    found = Dossier(case, civil_date(now), closing=closing or _under_way(session, case))
    found.child = session.scalar(select(Child).where(Child.case_id == case.id))
    found.levels = list(
        session.scalars(
            select(RiskLevel).where(RiskLevel.case_id == case.id).order_by(RiskLevel.determined_at)
        )
    )
    found.relations = case_record.relations_of(session, case.id)
    found.plan = plan_state(session, case.id)
    one = found.closing
    if one is None:
        return found
    found.opinions = list(session.scalars(select(ClosingOpinion).where(ClosingOpinion.closing_id == one.id)))
    found.reviews = list(
        session.scalars(
            select(ClosingReview).where(ClosingReview.closing_id == one.id).order_by(ClosingReview.version)
        )
    )
    _read_meeting(session, found, one)
    found.form, found.form_version = signatures.form_state(session, one)
    found.transfer = session.scalar(
        select(CaseTransfer)
        .where(CaseTransfer.case_id == case.id, CaseTransfer.offered_at >= one.begun_at)
        .order_by(CaseTransfer.offered_at.desc())
        .limit(1)
    )
    return found


def _under_way(session: Session, case: Case) -> Closing | None:
    one = newest(session, case.id)
    if one is None:
        return None
    if one.state == "open" or (one.state == "closed" and case.status == "closed"):
        return one
    return None


def _read_meeting(session: Session, found: Dossier, one: Closing) -> None:
    """The closing meeting: the one the Table decided in, else the newest that belongs to no other closing."""
    earlier = select(Closing.meeting_id).where(
        Closing.case_id == one.case_id, Closing.id != one.id, Closing.meeting_id.is_not(None)
    )
    wanted = select(Meeting).where(Meeting.case_id == one.case_id)
    if one.meeting_id is not None:
        wanted = wanted.where(Meeting.id == one.meeting_id)
    else:
        wanted = wanted.where(
            Meeting.purpose == "closing", Meeting.status != "cancelled", Meeting.id.not_in(earlier)
        )
    found.meeting = session.scalar(wanted.order_by(Meeting.called_at.desc()).limit(1))
    if found.meeting is None:
        return
    found.item = session.scalar(
        select(AgendaItem).where(
            AgendaItem.meeting_id == found.meeting.id,
            AgendaItem.kind == "closing",
            AgendaItem.dropped_at.is_(None),
        )
    )
    if found.meeting.status == "held":
        found.minutes_on = signatures.minutes_approved_on(session, found.meeting)
