"""The quarter's figures for a general meeting, after disclosure control (A8.2): the same cells as the annual report's.

What was printed once is part of every later release: the figures of earlier quarters, and of the same quarter when its
meeting was put off.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases.models import Assessment, Case, Finding
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock, vault
from tmr_app.meetings.general_figures import Counted, FigureTable, Quarter
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.oversight import annual_figures, annual_release, disclosure_control
from tmr_app.oversight.annual_spans import Span, table_of
from tmr_app.oversight.disclosure_cells import Cell, Release, Sum, Table
from tmr_app.oversight.disclosure_control import SMALL_MUNICIPALITY
from tmr_app.oversight.figure_columns import SEAT
from tmr_app.plans.models import Action, ActionUpdate, PlanVersion

HIDDEN = "*"
"""What stands for every hidden figure, whether it is small itself or only protects another."""
SERIOUS = ("medium", "high")
SCHOOL = "school_signal"
LATE = "late_actions"
TOTAL_ONLY = "few"


def counted(session: Session, municipality_id: UUID, quarter: Quarter) -> Counted:
    """The tables of the quarter as they may be shown, and the release to keep with them."""
    span = Span.of_quarter(municipality_id, quarter.from_on.year, quarter.number, clock.now())
    tables = [
        *annual_figures.of_quarter(
            session, municipality_id, quarter.from_on.year, quarter.number, clock.now()
        ),
        _late_actions(session, span),
        _school(session, span),
    ]
    few = next(table.counts[table.total] for table in tables) < SMALL_MUNICIPALITY
    before = [*earlier(session, municipality_id), *_reports(session, municipality_id, quarter)]
    release = disclosure_control.municipality_copy(
        disclosure_control.only_totals(tables) if few else tables,
        sums=_sums(quarter),
        earlier=before,
    )
    same = [one for one in before if Cell("referred", span.period) in one.printed]
    if same:
        release = disclosure_control.second_release(release, same[-1])
    return Counted(_shown(tables, release, few), release.stored())


def earlier(session: Session, municipality_id: UUID) -> list[Release]:
    """What general meetings of this municipality were shown before, the oldest first. Unlocks the municipality's key."""
    meetings = session.scalars(
        select(GeneralMeeting)
        .where(GeneralMeeting.municipality_id == municipality_id, GeneralMeeting.figures_enc.is_not(None))
        .order_by(GeneralMeeting.convened_at)
    ).all()
    if meetings:
        vault.unlock(session, [municipality_id])
    kept = [meeting.figures.get("release") for meeting in meetings]
    return [Release.read(one) for one in kept if one]


def quarters(session: Session, municipality_id: UUID, year: int) -> list[Release]:
    """What general meetings were shown of this year's quarters: the annual report must not give it away."""
    return [
        one
        for one in earlier(session, municipality_id)
        if any(cell.period.startswith(f"{year}-Q") for cell in one.printed)
    ]


def _reports(session: Session, municipality_id: UUID, quarter: Quarter) -> list[Release]:
    """The annual reports adopted that can be set beside this quarter."""
    year = quarter.from_on.year
    found = [annual_release.adopted(session, municipality_id, one) for one in (year - 1, year)]
    return [one.municipality for one in found if one is not None]


def _sums(quarter: Quarter) -> Sequence[Sum]:
    return annual_figures.sums_of(quarter.from_on.year)


def _late_actions(session: Session, span: Span) -> Table:
    """Actions of the plan in force that were to be done in the quarter and were not by its end, by kind of seat."""
    later = aliased(PlanVersion)
    superseded = exists().where(
        later.case_id == PlanVersion.case_id,
        later.adopted_on.is_not(None),
        later.adopted_on <= span.last_on,
        later.number > PlanVersion.number,
    )
    done = exists().where(
        ActionUpdate.case_id == Action.case_id,
        ActionUpdate.action_key == Action.action_key,
        ActionUpdate.status == "done",
        ActionUpdate.done_on <= span.last_on,
    )
    rows = session.execute(
        select(Seat.kind, func.count())
        .select_from(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .join(Case, Case.id == Action.case_id)
        .join(Seat, Seat.id == Action.seat_id)
        .where(
            PlanVersion.adopted_on <= span.last_on,
            ~superseded,
            Action.removed_at.is_(None),
            span.done_on(Action.planned_on),
            ~done,
            Seat.kind.in_(SEAT.categories),
        )
        .group_by(Seat.kind)
    )
    return table_of(LATE, LATE, span.period, [SEAT], rows)


def _school(session: Session, span: Span) -> Table:
    """Children referred in the quarter for whom an assessment found a medium or high risk in education (A12.3.3)."""
    found = exists().where(
        Finding.case_id == Case.id,
        Finding.indicator == "education",
        Finding.level.in_(SERIOUS),
        Assessment.id == Finding.assessment_id,
        Assessment.completed_at.is_not(None),
    )
    total = session.scalar(select(func.count()).select_from(Case).where(span.referred, found)) or 0
    return table_of("signals", SCHOOL, span.period, [], [(total,)])


def _shown(tables: Sequence[Table], release: Release, few: bool) -> list[FigureTable]:
    made = [
        FigureTable("referrals", (("total", _figure(release, tables[0].total)),)),
        *(
            FigureTable({"ages": "ages", "risks": "risks", LATE: LATE}[table.key], _rows(table, release))
            for table in tables
            if table.dimensions and not few
        ),
        FigureTable(
            "signals",
            (
                ("school", _figure(release, Cell(SCHOOL, tables[0].period))),
                *(
                    ()
                    if few
                    else (("labour", _figure(release, tables[1].total.narrowed("risk", "hazardous_work"))),)
                ),
            ),
        ),
    ]
    if few:
        made[0] = FigureTable(made[0].key, made[0].rows, TOTAL_ONLY)
    return made


def _rows(table: Table, release: Release) -> tuple[tuple[str, int | str], ...]:
    """The total, then each category that is not a printed zero."""
    (dimension,) = table.dimensions
    cells = [(name, table.total.narrowed(dimension.name, name)) for name in dimension.categories]
    rows = [(f"{dimension.name}:{name}", _figure(release, cell)) for name, cell in cells]
    return (("total", _figure(release, table.total)), *(row for row in rows if row[1] != 0))


def _figure(release: Release, cell: Cell) -> int | str:
    figure = release.printed.get(cell)
    return HIDDEN if figure is None else figure
