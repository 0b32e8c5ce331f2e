"""What a pack is made of, read from the case: the values of its documents. A fixed number of statements."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import assessment_paper, information
from tmr_app.cases.information import Piece
from tmr_app.cases.models import (
    Assessment,
    Case,
    CaseFile,
    CaseRisk,
    Child,
    InitialPlan,
    Referral,
    RiskLevel,
)
from tmr_app.cases.paper_values import stored_date
from tmr_app.cases.table_models import Seat
from tmr_app.documents.assessment import AssessmentValues, RiskLevelValues
from tmr_app.documents.content import Language
from tmr_app.documents.plan import InitialPlanValues, UnifiedPlanValues
from tmr_app.documents.report import ReportValues
from tmr_app.documents.texts import translate
from tmr_app.documents.values import (
    ActionValues,
    CaseValues,
    ChildValues,
    MeetingValues,
    ObjectiveValues,
    OfficeValues,
    PersonValues,
    SeatValues,
)
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings import notifications
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting, Paper, ProgressReport, ReportRequest
from tmr_app.meetings.pack_singles import SINGLE
from tmr_app.meetings.report_models import ReportAction
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.plans import plan_papers, reviewing
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow, actions_of, current_version
from tmr_app.regulation.catalogue import language
from tmr_app.regulation.verdicts import Message

GENDERS = {"female": Message("female"), "male": Message("male")}
OBSTACLE, NEEDED = Message("Obstacle"), Message("What is needed")
ONLINE = Message("Online; the link is on the meeting's page after signing in")


@dataclass
class Sources:
    """The case's own papers as they stand now. Keys of the case must be unlocked."""

    case: Case
    municipality: Municipality
    qps: Qps
    case_manager: Person | None
    child: Child | None
    risks: list[CaseRisk]
    levels: list[RiskLevel]
    assessment: Assessment | None
    plan: InitialPlan | None
    referral: Referral | None
    minutes: Minutes | None
    reports: list[tuple[ProgressReport, ReportRequest, Seat]]
    files: list[CaseFile]
    language: Language
    unified: PlanVersion | None = None
    unified_values: UnifiedPlanValues | None = None
    actions: list[ActionNow] = field(default_factory=list)
    monitored: str = ""
    pieces: list[Piece] = field(default_factory=list)
    told: dict[UUID, list[ReportAction]] = field(default_factory=dict)

    @property
    def is_risk_case(self) -> bool:
        return bool(self.risks) or bool(self.case.risk_level)


def load(session: Session, *, case: Case, meeting: Meeting | None) -> Sources:
    """Read everything once; without a meeting, what belongs to the case alone."""
    case_id = case.id
    unified = current_version(session, case_id)
    actions = actions_of(session, case_id, unified) if unified else []
    prepared = reviewing.find(session, case_id, meeting.id) if meeting and unified else None
    reports = filed_reports(session, meeting.id) if meeting else []
    asked = {"case_id": case_id, "meeting_id": meeting.id if meeting else None}
    municipality, qps, child, assessment, plan, referral, minutes = session.execute(SINGLE, asked).one()
    return Sources(
        case=case,
        municipality=municipality,
        qps=qps,
        case_manager=session.get(Person, case.case_manager_id) if case.case_manager_id else None,
        child=child,
        risks=list(
            session.scalars(select(CaseRisk).where(CaseRisk.case_id == case_id).order_by(CaseRisk.risk))
        ),
        levels=list(
            session.scalars(
                select(RiskLevel).where(RiskLevel.case_id == case_id).order_by(RiskLevel.determined_at)
            )
        ),
        assessment=assessment,
        plan=plan,
        referral=referral,
        minutes=minutes,
        reports=reports,
        files=chosen_files(session, meeting.id) if meeting else [],
        language=language(case.language),  # type: ignore[arg-type]
        unified=unified,
        unified_values=(
            plan_papers.values_of(session, case, unified, actions=actions) if unified and meeting else None
        ),
        actions=actions,
        monitored=prepared.monitoring if prepared else "",
        pieces=information.pieces_of(session, case_id),
        told=_told(session, meeting.id) if meeting and reports else {},
    )


def _told(session: Session, meeting_id: UUID) -> dict[UUID, list[ReportAction]]:
    """What the meeting's reports say action by action, by report, in the plan's order."""
    found: dict[UUID, list[ReportAction]] = {}
    for one in session.scalars(
        select(ReportAction)
        .join(ProgressReport, ProgressReport.id == ReportAction.report_id)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .where(ReportRequest.meeting_id == meeting_id)
        .order_by(ReportAction.position)
    ):
        found.setdefault(one.report_id, []).append(one)
    return found


def filed_reports(session: Session, meeting_id: UUID) -> list[tuple[ProgressReport, ReportRequest, Seat]]:
    """The reports filed for a meeting, in the order they came, each with its request and its author's seat."""
    rows = session.execute(
        select(ProgressReport, ReportRequest, Seat)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(ReportRequest.meeting_id == meeting_id, ProgressReport.filed_at.is_not(None))
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(ProgressReport.filed_at, ProgressReport.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def chosen_files(session: Session, meeting_id: UUID) -> list[CaseFile]:
    """The case files chosen for the pack, in order, without those withdrawn since."""
    return list(
        session.scalars(
            select(CaseFile)
            .join(Paper, Paper.file_id == CaseFile.id)
            .where(
                Paper.meeting_id == meeting_id, CaseFile.withdrawn_at.is_(None), CaseFile.audience == "table"
            )
            .order_by(Paper.position, Paper.id)
        )
    )


def person_values(person: Person | None, institution: str = "") -> PersonValues:
    if person is None:
        return PersonValues(name="", institution=institution)
    return PersonValues(name=person.name, function=person.function or "", institution=institution)


def seat_values(seat: Seat) -> SeatValues:
    """A seat with `person` and `institution` loaded."""
    return SeatValues(
        person=person_values(seat.person, seat.institution.name if seat.institution else ""), kind=seat.kind
    )


def case_values(sources: Sources) -> CaseValues:
    """The case's head on every document; the reporter is never in a pack (T19)."""
    qps = sources.qps
    office = OfficeValues(
        name=qps.name, municipality=sources.municipality.key, phone=qps.phone or "", mail=qps.reply_address
    )
    return CaseValues(
        number=sources.case.number,
        language=sources.language,
        office=office,
        case_manager=person_values(sources.case_manager, qps.name),
        risk_level=sources.case.risk_level or "",
        risk_kinds=tuple(one.risk for one in sources.risks),
        risk_texts={one.risk: one.other_text for one in sources.risks if one.other_text},
    )


def child_values(sources: Sources) -> ChildValues:
    """Annex 1's personal data; the shelter's or foster family's address is not among them."""
    child, gender = sources.child, sources.case.gender or ""
    if child is None:
        return ChildValues(full_name="")
    return ChildValues(
        full_name=child.name,
        born_on=stored_date(child.birth_date),
        gender=GENDERS.get(gender, ""),
        ethnicity=child.ethnicity,
        birthplace=child.birth_place,
        residence=child.residence,
        health=child.health,
        disability=child.disability,
        other=child.other,
    )


def meeting_values(sources: Sources, meeting: Meeting) -> MeetingValues:
    """Raises ValueError for a meeting without a date."""
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date")
    place = notifications.location(meeting.room) or translate(ONLINE, sources.language)
    return MeetingValues(
        code=meeting.code,
        purpose=meeting.purpose,
        on=meeting.meeting_on,
        starts=notifications.clock_time(meeting.starts_at),
        ends=notifications.clock_time(meeting.ends_at),
        place=place,
        chair=person_values(sources.case_manager, sources.qps.name),
    )


def assessment_values(sources: Sources) -> AssessmentValues | None:
    found = sources.assessment
    if found is None or found.completed_at is None:
        return None
    until = found.completed_at
    known = [one for one in sources.pieces if one.row.added_at <= until]
    return AssessmentValues(
        case=case_values(sources),
        child=child_values(sources),
        kind=found.kind,
        version=found.version,
        made_on=found.made_on,
        findings=tuple(assessment_paper.finding_values(one) for one in found.findings),
        situation=found.summary,
        risk_history=tuple(
            RiskLevelValues(on=civil_date(one.determined_at), level=one.level, reason=one.reason)
            for one in sources.levels
            if one.determined_at <= until
        ),
        information=assessment_paper.information_values(known, until),
        contributions=assessment_paper.contribution_values(known),
        best_interest=found.best_interest,
    )


def plan_values(sources: Sources) -> InitialPlanValues | None:
    """The Centre's initial individual plan (A8.7)."""
    found = sources.plan
    if found is None:
        return None
    objective = ObjectiveValues(
        goal=found.goal, actions=(ActionValues(measure=found.measures, service=found.services),)
    )
    return InitialPlanValues(
        case=case_values(sources),
        child=child_values(sources),
        made_on=found.made_on,
        needs=sources.assessment.summary if sources.assessment else "",
        objectives=(objective,),
        services_given=sources.referral.services_before if sources.referral else "",
    )


def report_values(
    sources: Sources, meeting: Meeting, report: ProgressReport, request: ReportRequest, seat: Seat
) -> ReportValues:
    """The part for the Table; the part for the case manager never joins a pack. Raises ValueError when not filed."""
    if report.filed_at is None:
        raise ValueError("a report that was not filed")
    return ReportValues(
        case=case_values(sources),
        meeting=meeting_values(sources, meeting),
        author=seat_values(seat),
        filed_on=civil_date(report.filed_at),
        due_on=request.due_on,
        done=report.done,
        observations=report.child_wellbeing,
        obstacles=report.obstacles,
        proposals=report.needed,
        actions=_reported(sources, report),
    )


def _reported(sources: Sources, report: ProgressReport) -> tuple[ActionValues, ...]:
    """The actions the report speaks of, with what was done, the obstacle and what is needed in one text."""
    planned = {one.key: one.planned_on for one in sources.actions}
    return tuple(
        ActionValues(
            measure=one.measure,
            planned_on=planned.get(one.action_key),
            status=one.status,
            progress="\n".join(
                text
                for text in (
                    one.done,
                    one.obstacle and f"{translate(OBSTACLE, sources.language)}: {one.obstacle}",
                    one.needed and f"{translate(NEEDED, sources.language)}: {one.needed}",
                )
                if text
            ),
        )
        for one in sources.told.get(report.id, ())
        if one.version == report.version
    )
