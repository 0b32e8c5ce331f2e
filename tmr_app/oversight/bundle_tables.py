"""The tables the rules read, each as one statement built once: whoever reads them gives the cases and the day.

Written reasons are not decrypted: `WRITTEN` stands where one is on record, unless `narratives` is asked for (one case on
screen, its key unlocked by the guard).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
)

from tmr_app.cases.models import (
    Assessment,
    Case,
    CaseRisk,
    Finding,
    InitialPlan,
    Relation,
    RiskLevel,
    TakeOver,
)
from tmr_app.cases.table_models import Declaration, Disclosure, Participant, Seat
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import (
    AgendaItem,
    FamilyNotice,
    Invitation,
    Meeting,
    PackDocument,
)
from tmr_app.members.models import Appointment, Municipality
from tmr_app.oversight.bundle_columns import (
    WRITTEN,
    first,
    how_many,
    packed,
    signed,
    spans_of,
    told,
)

AT_THE_DOOR = ("declaration_sign", "conflict_answer", "invitation_answer")
"""Reads that show nothing of a case: the declaration, the conflict question, the answer to an invitation."""

IDS: BindParameter[Any] = bindparam("case_ids", expanding=True)
TODAY: BindParameter[Any] = bindparam("today", type_=Date())


class Table(NamedTuple):
    """How one table is read. `texts`: sealed columns of `model`, in clear where narratives are asked for."""

    query: Select[Any]
    model: Any = None
    texts: tuple[str, ...] = ()


Read = Callable[["Tables"], Table]

_more: dict[str, Read] = {}


def read_as(name: str) -> Callable[[Read], Read]:
    """Register a table that a module of this room adds: `@read_as("actions")` makes `bundle.actions` and `view.actions`.

    The function is called once a process, and builds the statement that reads the cases asked for (`tables.by_case`).
    """

    def mark(read: Read) -> Read:
        _more[name] = read
        return read

    return mark


class Tables:
    """Builds the statements. `ids` and `today` are parameters: they get their values when a bundle reads."""

    ids, today = IDS, TODAY

    def __init__(self, *, narratives: bool) -> None:
        self.narratives = narratives

    def case_rows(self) -> Table:
        """Case, its municipality's settings, its take-over from paper, its plan, risks and disclosures."""
        made = and_(Disclosure.case_id == Case.id, Disclosure.disclosed_at.is_not(None))
        grounded = and_(
            Disclosure.recipient_enc.is_not(None),
            Disclosure.legal_basis_enc.is_not(None),
            Disclosure.approved_at.is_not(None),
        )
        plan = select(InitialPlan.case_id, func.min(InitialPlan.made_on).label("made_on"))
        plan_of = plan.where(InitialPlan.case_id.in_(self.ids)).group_by(InitialPlan.case_id).subquery()
        query = (
            select(
                Case.id,
                Case.id.label("case_id"),
                Case.number,
                Case.qps_id,
                Case.phase,
                Case.case_manager_id,
                Case.status.label("state"),
                Case.referred_on,
                Case.opened_on,
                Case.closed_on,
                Case.family_notices_stopped_at,
                Case.risk_level,
                Case.is_asylum_seeker,
                Case.is_stateless,
                Case.is_refugee,
                Case.is_migrant,
                Municipality.key.label("municipality"),
                Municipality.assessment_days,
                TakeOver.taken_over_on,
                TakeOver.last_meeting_on.label("paper_meeting_on"),
                plan_of.c.made_on.label("initial_plan_on"),
                told(CaseRisk.risk, CaseRisk.case_id == Case.id, Case).label("risks"),
                told(
                    CaseRisk.risk,
                    and_(CaseRisk.case_id == Case.id, CaseRisk.other_text_enc.is_not(None)),
                    Case,
                ).label("risks_with_text"),
                how_many(made).label("disclosures"),
                how_many(and_(made, not_(grounded))).label("ungrounded"),
            )
            .join(Municipality, Municipality.id == Case.municipality_id)
            .outerjoin(TakeOver, TakeOver.case_id == Case.id)
            .outerjoin(plan_of, plan_of.c.case_id == Case.id)
        )
        return self.by_case(query, Case.id)

    def relations(self) -> Table:
        return self.by_case(
            select(
                Relation.id,
                Relation.case_id,
                Relation.kind,
                Relation.has_parental_care,
                Relation.is_suspected_perpetrator,
                Relation.marked_at,
            ),
            Relation.case_id,
        )

    def assessments(self) -> Table:
        """One row per finding; an assessment without a finding has one with `indicator` None."""
        query = (
            select(
                Assessment.id,
                Assessment.case_id,
                Assessment.kind,
                Assessment.version,
                Assessment.made_on,
                Assessment.completed_at,
                Assessment.risk_level,
                Finding.indicator,
            )
            .outerjoin(Finding, Finding.assessment_id == Assessment.id)
            .order_by(Assessment.made_on, Assessment.version)
        )
        return self.by_case(query, Assessment.case_id)

    def seats(self) -> Table:
        """`runs`: neither ended nor recused, in its time, its appointment running today."""
        appointed = and_(
            Appointment.from_on <= self.today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= self.today),
        )
        query = (
            select(
                Seat.id,
                Seat.case_id,
                Seat.kind,
                Seat.person_id,
                Seat.institution_id,
                Seat.meeting_id,
                Seat.substitute_for_id,
                self.mark(Seat.reason_enc).label("reason"),
                Seat.seated_at,
                Seat.ends_at,
                Seat.ended_at,
                Seat.recused_at,
                Seat.substitute_asked_at,
                or_(Seat.appointment_id.is_(None), appointed).label("appointed"),
                signed(Declaration.person_id == Seat.person_id, Declaration.case_id == Seat.case_id).label(
                    "signed_at"
                ),
            )
            .outerjoin(Appointment, Appointment.id == Seat.appointment_id)
            .order_by(Seat.seated_at, Seat.id)
        )
        return self.by_case(query, Seat.case_id)

    def participants(self) -> Table:
        """Child, parents and guardian, with the first signature of their declaration."""
        of_child = and_(Participant.relation_id.is_(None), Declaration.for_child)
        own = or_(Declaration.relation_id == Participant.relation_id, of_child)
        return self.by_case(
            select(
                Participant.id,
                Participant.case_id,
                Participant.kind,
                Participant.relation_id,
                Participant.added_at,
                Participant.withdrawn_at,
                signed(Declaration.case_id == Participant.case_id, own).label("signed_at"),
            ),
            Participant.case_id,
        )

    def meetings(self) -> Table:
        """All meetings, by date, undated ones last; `items` and `said`: the agenda's kinds, and those with a text."""
        on_agenda = and_(AgendaItem.meeting_id == Meeting.id, AgendaItem.dropped_at.is_(None))
        said = or_(AgendaItem.discussion_enc.is_not(None), AgendaItem.decision_enc.is_not(None))
        columns = [
            Meeting.id, Meeting.case_id, Meeting.code, Meeting.purpose, Meeting.status.label("state"),
            Meeting.meeting_on, Meeting.lead_days, Meeting.called_at, Meeting.called_by_id,
            Meeting.agreed_on, Meeting.agreed_at, Meeting.head_informed_at, Meeting.convened_at,
            Meeting.convened_by_id, Meeting.started_at, Meeting.ended_at, Meeting.chaired_by_id,
            Meeting.agenda_approved_at,
            Meeting.information_given_enc.is_not(None).label("information_given"),
            Meeting.dissent_enc.is_not(None).label("dissent"),
            first(Minutes.made_at, Minutes.meeting_id).label("drafted_at"),
            exists()
            .where(RiskLevel.case_id == Meeting.case_id, RiskLevel.meeting_id == Meeting.id)
            .label("risk_redetermined"),
            told(AgendaItem.kind, on_agenda, Meeting).label("items"),
            told(AgendaItem.kind, and_(on_agenda, said), Meeting).label("said"),
            packed("assessment").label("packed_assessment"),
            or_(packed("initial-plan"), packed("plan")).label("packed_plan"),
            exists()
            .where(PackDocument.meeting_id == Meeting.id, PackDocument.kind != "invitation")
            .label("packed_any"),
        ]  # fmt: skip
        texts = ("late_reason", "no_assessment_reason", "asylum_override_reason")
        marks = [
            self.mark(Meeting.stated_risk_enc).label("stated_risk"),
            self.mark(Meeting.no_parent_reason_enc).label("no_parent_reason"),
        ]
        query = select(*columns, *marks, *self.texts(Meeting, texts)).order_by(
            Meeting.meeting_on.is_(None), Meeting.meeting_on, Meeting.called_at
        )
        return self.by_case(query, Meeting.case_id, Meeting, texts)

    def invitations(self) -> Table:
        """With the instant that counts as sent (A8.3): the mail server's acceptance, or the paper hand-over."""
        sent = case(
            (Invitation.handed_over_at.is_not(None), Invitation.handed_over_at),
            (OutboxMessage.state == ACCEPTED, OutboxMessage.accepted_at),
        )
        texts = ("left_out_reason",)
        query = (
            select(
                Invitation.id,
                Invitation.case_id,
                Invitation.meeting_id,
                Invitation.seat_id,
                Invitation.participant_id,
                Invitation.preselected,
                Invitation.left_out,
                Invitation.withdrawn_at,
                Invitation.attendance,
                Invitation.substitute_confirmed_at,
                sent.label("sent_at"),
                *self.texts(Invitation, texts),
            )
            .outerjoin(OutboxMessage, OutboxMessage.id == Invitation.outbox_id)
            .order_by(Invitation.id)
        )
        return self.by_case(query, Invitation.case_id, Invitation, texts)

    def notices(self) -> Table:
        texts = ("not_notified_reason",)
        query = select(
            FamilyNotice.id,
            FamilyNotice.case_id,
            FamilyNotice.meeting_id,
            FamilyNotice.relation_id,
            FamilyNotice.notified_on,
            self.mark(FamilyNotice.views_enc).label("views"),
            self.mark(FamilyNotice.no_views_reason_enc).label("no_views_reason"),
            self.mark(FamilyNotice.considered_enc).label("considered"),
            *self.texts(FamilyNotice, texts),
        )
        return self.by_case(query, FamilyNotice.case_id, FamilyNotice, texts)

    def spans(self) -> Table:
        """Three small tables of the same shape in one statement: chairs' terms, requests for meetings, asked reports."""
        found = spans_of(self.ids).subquery()
        return self.by_case(select(found).order_by(found.c.from_at), found.c.case_id)

    def traces(self) -> Table:
        """From the audit: refusals by rule, and each person's first and last read of the case's content."""
        by_office = or_(AuditEntry.standing.like("head/%"), AuditEntry.standing.like("break_glass/%"))
        content = and_(
            AuditEntry.outcome == "read",
            AuditEntry.rule.not_in(AT_THE_DOOR),
            or_(AuditEntry.standing.is_(None), not_(by_office)),
        )
        query = (
            select(
                AuditEntry.case_id,
                AuditEntry.actor_id,
                AuditEntry.rule,
                AuditEntry.outcome,
                func.min(AuditEntry.at).label("first_at"),
                func.max(AuditEntry.at).label("last_at"),
                func.count().label("times"),
            )
            .where(or_(AuditEntry.outcome == "refused", content))
            .group_by(AuditEntry.case_id, AuditEntry.actor_id, AuditEntry.rule, AuditEntry.outcome)
        )
        return self.by_case(query, AuditEntry.case_id)

    def texts(self, model: Any, names: tuple[str, ...]) -> list[ColumnElement[Any]]:
        """Sealed columns for `by_case`: in clear where narratives are asked for, else only whether one is on record."""
        columns = [(name, getattr(model, f"{name}_enc")) for name in names]
        return [(column if self.narratives else self.mark(column)).label(name) for name, column in columns]

    @staticmethod
    def mark(column: Any) -> ColumnElement[str]:
        """`WRITTEN` where a sealed text is on record."""
        return case((column.is_(None), ""), else_=WRITTEN)

    def by_case(self, query: Any, case_id: Any, model: Any = None, texts: tuple[str, ...] = ()) -> Table:
        """A statement limited to the cases asked for (its rows must have `case_id`)."""
        return Table(query.where(case_id.in_(self.ids)), model, texts if self.narratives else ())


OWN = (
    "case_rows", "relations", "assessments", "seats", "participants", "meetings", "invitations", "notices", "spans",
    "traces",
)  # fmt: skip


@cache
def table(name: str, narratives: bool) -> Table:
    """One table by its name. KeyError for a name nobody has registered."""
    tables = Tables(narratives=narratives)
    if name in OWN:
        built: Table = getattr(tables, name)()
        return built
    return _more[name](tables)


def names() -> tuple[str, ...]:
    """Every table that is known."""
    return (*OWN, *_more)
