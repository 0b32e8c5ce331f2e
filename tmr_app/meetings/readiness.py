"""Whether a meeting may be convened: every fact gathered once, every rule asked at once, before the deed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case, Relation
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings import agenda, calling, gates, inviting, pack_sources
from tmr_app.meetings.calling import Before
from tmr_app.meetings.inviting import CHAIR, Table
from tmr_app.meetings.models import AgendaItem, FamilyNotice, Meeting
from tmr_app.meetings.pack_sources import Sources
from tmr_app.meetings.report_requests import reports_owed
from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    AgendaFacts,
    CallFacts,
    ExtraordinaryFacts,
    FamilyFacts,
    FamilyPersonFacts,
    InitialPlanFacts,
    NoticeFacts,
    PackFacts,
    PersonFacts,
    StatusFacts,
    WaiverFacts,
)
from tmr_app.regulation.verdicts import Message, Verdict

PARENTS = frozenset({"mother", "father", "parent", "guardian"})


@dataclass
class Preparation:
    """All that is known of a meeting being prepared. Keys of case and family must be unlocked."""

    meeting: Meeting
    case: Case
    before: Before
    table: Table
    items: list[AgendaItem]
    notices: list[FamilyNotice]
    relations: list[Relation]
    sources: Sources
    asked_above: list[Verdict] = field(default_factory=list)
    """Verdicts of rooms above (A17.3 before a closing meeting)."""

    @property
    def reports_due(self) -> bool:
        return reports_owed(self.meeting, first=self.before.is_first)

    def family(self) -> list[Relation]:
        """Parents and guardians with parental care who may be told (A4.5 apart); parents where care is not recorded."""
        parents = [one for one in self.relations if one.has_parental_care or one.kind in PARENTS]
        cared = [one for one in parents if one.has_parental_care] or parents
        return [one for one in cared if not one.is_suspected_perpetrator]

    def notice_of(self, relation_id: UUID | None) -> FamilyNotice | None:
        return next((one for one in self.notices if one.relation_id == relation_id), None)


@dataclass
class Readiness:
    """The rules' answers, in the order of the page, and what keeps the meeting from going out apart from them."""

    verdicts: list[Verdict] = field(default_factory=list)
    problems: list[tuple[str, Message]] = field(default_factory=list)
    """(field, message): B06, B09, no date."""

    @property
    def refused(self) -> list[Verdict]:
        return [one for one in self.verdicts if one.refuses]

    @property
    def may_convene(self) -> bool:
        return not self.problems and not self.refused

    @property
    def offers_breach(self) -> bool:
        """Whether sending late, with a written reason, is all that is missing."""
        refused = self.refused
        return (
            not self.problems
            and bool(refused)
            and all(one.breach_offer is not None and one.breach_offer.key == "send_late" for one in refused)
        )


def load(session: Session, now: datetime, *, meeting: Meeting, case: Case) -> Preparation:
    """Read everything a preparation page or `convening.convene` asks for: a fixed number of statements."""
    return Preparation(
        meeting=meeting,
        case=case,
        before=calling.what_went_before(session, case.id),
        table=inviting.load(session, now, meeting=meeting),
        items=agenda.items_of(session, meeting),
        notices=list(session.scalars(select(FamilyNotice).where(FamilyNotice.meeting_id == meeting.id))),
        relations=relations_of(session, case.id),
        sources=pack_sources.load(session, case=case, meeting=meeting),
        asked_above=gates.verdicts(session, meeting, case, civil_date(now)),
    )


def relations_of(session: Session, case_id: UUID) -> list[Relation]:
    """The people around this child, with their names' rows."""
    return list(
        session.scalars(
            select(Relation)
            .where(Relation.case_id == case_id)
            .options(joinedload(Relation.family_member))
            .order_by(Relation.kind, Relation.id)
        )
    )


def check(prepared: Preparation, now: datetime, *, late_reason: str = "") -> Readiness:
    """Ask every rule at once. `late_reason`: the written reason for sending late, a recorded breach (A8.3, A8.7)."""
    found = Readiness()
    meeting, today = prepared.meeting, civil_date(now)
    if meeting.meeting_on is None or meeting.starts_at is None:
        found.problems.append(("meeting_on", Message("Choose date and place first.")))
        return found
    if meeting.starts_at <= now:
        found.problems.append(("meeting_on", Message("The date is in the past. Choose a coming one.")))
    if all(seat.kind == CHAIR for seat in prepared.table.invited_seats):
        found.problems.append(("invitees", Message("Nobody but the case manager is invited.")))
    late = late_reason.strip() or meeting.late_reason
    found.verdicts = [
        *_people(prepared, today),
        representatives(prepared.case, meeting, prepared.table, today),
        *_agreement(prepared, meeting.meeting_on, today),
        articles.a8_3_notice_in_time(notice_facts(prepared, meeting.meeting_on, late), today),
        articles.a8_6_same_actors_invited(inviting.invited_facts(prepared.table), today),
        articles.a8_7_papers_in_time(pack_facts(prepared, meeting.meeting_on, late), today),
        *_waiver(prepared, today),
        articles.a8_10_family_notified_and_heard(family_facts(prepared, meeting.meeting_on), today),
        *_closing(prepared, today),
        *prepared.asked_above,
        *_agenda(prepared, meeting.meeting_on, today),
    ]
    return found


def _people(prepared: Preparation, today: date) -> list[Verdict]:
    """A4.5 and A10.2 over everyone invited: the refusals, or that all may take part."""
    answers = []
    for seat in prepared.table.invited_seats:
        recused_on = civil_date(seat.recused_at) if seat.recused_at else None
        answers.append(
            articles.a10_2_may_take_part(PersonFacts(str(seat.person_id), recused_on=recused_on), today)
        )
    family = [articles.a4_5_may_take_part(PersonFacts("nobody"), today)]
    for one in prepared.table.invited:
        participant = prepared.table.participants.get(one.participant_id) if one.participant_id else None
        if participant is not None and participant.relation is not None:
            family.append(exclusion.relation_excluded(participant.relation, today))
    return [_worst(family), *([_worst(answers)] if answers else [])]


def _worst(answers: list[Verdict]) -> Verdict:
    return next((one for one in answers if one.refuses), answers[0])


def representatives(case: Case, meeting: Meeting, table: Table, today: date) -> Verdict:
    """Whether a child of one of the four statuses has a representative of A4.6 at the Table."""
    kinds = frozenset(seat.kind for seat in table.candidates() if seat.meeting_id is None)
    facts = StatusFacts(case.flags(), kinds, meeting.asylum_override_reason)
    return articles.a4_6_representatives_added(facts, today)


def _agreement(prepared: Preparation, meeting_on: date, today: date) -> list[Verdict]:
    meeting = prepared.meeting
    extraordinary = meeting.purpose == "extraordinary"
    agreed = meeting.agreed_at if meeting.agreed_on == meeting_on else None
    call = CallFacts(
        called_on=civil_date(meeting.called_at) if extraordinary else None,
        head_agreed_on=civil_date(agreed) if agreed else None,
        head_told_on=civil_date(meeting.head_informed_at) if meeting.head_informed_at else None,
        extraordinary=extraordinary,
    )
    answers = [articles.a6_1_3_called_with_head(call, today)]
    if extraordinary:
        facts = ExtraordinaryFacts(
            meeting_on,
            meeting.stated_risk,
            risk_case=prepared.sources.is_risk_case,
            called_on=call.called_on,
            head_told_on=call.head_told_on,
        )
        answers.append(articles.a14_5_extraordinary(facts, today))
    return answers


def notice_facts(prepared: Preparation, meeting_on: date, late_reason: str) -> NoticeFacts:
    """A8.3 before the deed."""
    meeting = prepared.meeting
    return NoticeFacts(
        meeting_on,
        agreed_for_on=meeting.agreed_on,
        agreed_on=civil_date(meeting.agreed_at) if meeting.agreed_at else None,
        lead_days=meeting.lead_days,
        has_agenda=bool(prepared.items),
        has_information=_has_information(prepared),
        extraordinary=meeting.purpose == "extraordinary",
        risk_stated=meeting.stated_risk,
        late_reason=late_reason,
    )


def _has_information(prepared: Preparation) -> bool:
    sources = prepared.sources
    papers = (
        sources.assessment
        or sources.plan
        or sources.unified
        or sources.minutes
        or sources.files
        or sources.reports
    )
    return bool(papers) or bool(prepared.meeting.no_assessment_reason)


def pack_facts(prepared: Preparation, meeting_on: date, late_reason: str) -> PackFacts:
    """A8.7 before the deed."""
    meeting, sources = prepared.meeting, prepared.sources
    return PackFacts(
        meeting_on,
        has_assessment=sources.assessment is not None,
        has_plan=sources.plan is not None or sources.unified is not None,
        lead_days=meeting.lead_days,
        risk_case=sources.is_risk_case,
        waiver_reason=meeting.no_assessment_reason,
        extraordinary=meeting.purpose == "extraordinary",
        risk_stated=meeting.stated_risk,
        late_reason=late_reason,
    )


def _waiver(prepared: Preparation, today: date) -> list[Verdict]:
    meeting = prepared.meeting
    if not meeting.no_assessment_reason:
        return []
    facts = WaiverFacts(
        used=True,
        risk_case=prepared.sources.is_risk_case,
        reason=meeting.no_assessment_reason,
        meeting_on=meeting.meeting_on,
    )
    return [articles.a8_8_information_in_meeting(facts, today)]


def family_facts(prepared: Preparation, meeting_on: date, *, held: bool = False) -> FamilyFacts:
    """A8.10: the child, and each parent or guardian who may be told."""
    people = [_family_person("child", prepared.notice_of(None))]
    people += [_family_person("parent_guardian", prepared.notice_of(one.id)) for one in prepared.family()]
    return FamilyFacts(
        meeting_on,
        tuple(people),
        no_parent_reason=prepared.meeting.no_parent_reason,
        held=held,
        stopped=prepared.case.family_notices_stopped_at is not None,
    )


def _family_person(kind: str, notice: FamilyNotice | None) -> FamilyPersonFacts:
    if notice is None:
        return FamilyPersonFacts(kind)
    return FamilyPersonFacts(
        kind,
        notified_on=notice.notified_on,
        not_notified_reason=notice.not_notified_reason,
        views=notice.views,
        no_views_reason=notice.no_views_reason,
        considered=notice.considered,
    )


def _closing(prepared: Preparation, today: date) -> list[Verdict]:
    if prepared.meeting.purpose != "closing":
        return []
    return [articles.a8_11_all_invited_to_closing(inviting.invited_facts(prepared.table), today)]


def _agenda(prepared: Preparation, meeting_on: date, today: date) -> list[Verdict]:
    kinds = frozenset(item.kind for item in prepared.items)
    answers = [articles.a10_4_case_presented(AgendaFacts(meeting_on, items=kinds), today)]
    if prepared.before.is_first:
        facts = InitialPlanFacts(meeting_on, on_agenda="initial_plan" in kinds)
        answers.append(articles.a6_1_5_initial_plan_presented(facts, today))
    return answers
