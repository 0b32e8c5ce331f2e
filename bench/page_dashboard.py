"""The head's dashboard over 2,600 open cases: every fourth review past its date, meetings to come, plans with late actions."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, insert, select, update

from bench.moment import NOW, TODAY
from bench.reader import Asking
from bench.world import Installation, World
from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db
from tmr_app.meetings.models import Invitation, Meeting, ReportRequest
from tmr_app.oversight import action_tally
from tmr_app.plans.models import Action, ActionUpdate, Objective, PlanVersion

NAME = "page.dashboard"
VISITED, REVIEWED, PLANNED, MEETING = 2, 4, 10, 20
"""Every so many cases have a visit, a review past its date, a plan in force, a meeting to come."""
ACTIONS = 3
MODELS = (Visit, Meeting, Invitation, ReportRequest, PlanVersion, Objective, Action, ActionUpdate)
Rows = dict[Any, list[dict[str, Any]]]


def page(world: World) -> tuple[Installation, Asking]:
    """All that the head sees of the Centre's cases."""
    where = world.large
    fill(where.engine, where.centres[0].qps_id)
    return where, where.head.asking("/head-office/supervision")


def fill(engine: Engine, qps_id: UUID) -> None:
    """Rows as the operations would have left them; nothing sealed, as the page opens nothing."""
    with engine.begin() as connection:
        cases = connection.execute(
            select(Case.id, Case.case_manager_id).where(Case.qps_id == qps_id, Case.status == "open")
        ).all()
        seats = _seats(connection, qps_id)
        rows: Rows = {model: [] for model in MODELS}
        for place, (case_id, manager_id) in enumerate(cases):
            if place % VISITED == 0:
                rows[Visit].append(_visit(case_id, manager_id))
            if place % PLANNED == 0:
                _plan(rows, case_id, manager_id, seats[case_id], place)
            if place % MEETING == 0:
                _meeting(rows, case_id, manager_id, seats[case_id], place)
        for model, many in rows.items():
            connection.execute(insert(model), many)
        late = [case_id for case_id, _manager in cases[::REVIEWED]]
        for start in range(0, len(late), 500):
            connection.execute(
                update(Case)
                .where(Case.id.in_(late[start : start + 500]))
                .values(review_due_on=TODAY - timedelta(days=3))
            )
    with db.unit(engine) as session:
        action_tally.refresh(session, [case_id for case_id, _manager in cases])


def _seats(connection: Connection, qps_id: UUID) -> dict[UUID, UUID]:
    """The member of an institution in each case."""
    rows = connection.execute(
        select(Seat.case_id, Seat.id)
        .join(Case, Case.id == Seat.case_id)
        .where(Case.qps_id == qps_id, Seat.institution_id.is_not(None))
    )
    return {case_id: seat_id for case_id, seat_id in rows}


def _visit(case_id: UUID, by_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid4(), "case_id": case_id, "visited_on": TODAY - timedelta(days=5), "kind": "visit",
        "author_id": by_id, "created_at": NOW, "saved_at": NOW,
    }  # fmt: skip


def _plan(rows: Rows, case_id: UUID, by_id: UUID, seat_id: UUID, place: int) -> None:
    version_id, objective_id = uuid4(), uuid4()
    edited = {"case_id": case_id, "revision": 1, "edited_at": NOW, "edited_by_id": by_id}
    rows[PlanVersion].append({
        **edited, "id": version_id, "number": 1, "status": "adopted", "drafted_at": NOW, "drafted_by_id": by_id,
        "adopted_at": NOW, "adopted_on": TODAY, "adopted_by_id": by_id,
    })  # fmt: skip
    rows[Objective].append({
        **edited, "id": objective_id, "version_id": version_id, "objective_key": uuid4(), "position": 0, "term": "short",
    })  # fmt: skip
    for number in range(ACTIONS):
        key = uuid4()
        rows[Action].append({
            **edited, "id": uuid4(), "version_id": version_id, "objective_id": objective_id, "action_key": key,
            "position": number, "seat_id": seat_id, "planned_on": TODAY + timedelta(days=30 * (number - 1) - 1),
            "for_family": False,
        })  # fmt: skip
        if (place + number) % 2:
            rows[ActionUpdate].append({
                "id": uuid4(), "case_id": case_id, "version_id": version_id, "action_key": key, "number": 1,
                "status": "in_process", "source": "member", "seat_id": seat_id, "updated_at": NOW, "updated_by_id": by_id,
            })  # fmt: skip


def _meeting(rows: Rows, case_id: UUID, by_id: UUID, seat_id: UUID, place: int) -> None:
    meeting_id = uuid4()
    rows[Meeting].append({
        "id": meeting_id, "case_id": case_id, "code": f"D{place:08d}", "purpose": "review", "status": "convened",
        "meeting_on": TODAY + timedelta(days=place % 14), "called_by_id": by_id, "called_at": NOW,
    })  # fmt: skip
    rows[Invitation].append({
        "id": uuid4(), "case_id": case_id, "meeting_id": meeting_id, "seat_id": seat_id, "uid": uuid4().hex,
        "handed_over_at": NOW if place % 3 else None,
    })  # fmt: skip
    rows[ReportRequest].append({
        "id": uuid4(), "case_id": case_id, "meeting_id": meeting_id, "seat_id": seat_id, "requested_at": NOW,
        "due_on": TODAY + timedelta(days=1 if place % 3 else -1),
    })  # fmt: skip
