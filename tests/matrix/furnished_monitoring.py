"""What monitoring gathers in the furnished case: information, changes, visits, remarks, reviews of the plan."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tmr_app.cases import information
from tmr_app.cases.monitoring_models import SupervisionNote, Visit, VisitVersion
from tmr_app.meetings.models import ProgressReport
from tmr_app.meetings.report_models import ReportAction, ReportLink
from tmr_app.plans.queries import actions_of, current_version
from tmr_app.plans.review_models import PlanReview, ReviewItem


def monitored(session: Session, here: mw.CaseWorld) -> None:
    """Information to verify and decided, a change of circumstances, visits with a correction, the head's remarks."""
    manager, head, case, now = here.town.case_manager, here.town.head, here.case, mw.NOW
    seat_id = here.seats["police"].id
    for _ in range(2):
        row = information.add_information(
            session, here.town.members["police"], now, case=case, text="x", source="y", seat_id=seat_id
        )
    information.decide_information(
        session, manager, now, information=row, state="verified", note="z", version=row.version
    )
    information.note_change(session, manager, now, case=case, what="x", changed_on=now.date())
    for by, monitoring in ((manager, False), (head, True)):
        visit = Visit(
            case_id=case.id, kind="home_visit", is_monitoring=monitoring, visited_on=now.date(), author_id=by.id,
            created_at=now, saved_at=now, version=2, followed_up_at=now, followed_up_by_id=manager.id,
        )  # fmt: skip
        session.add(visit)
        session.flush()
        session.add(
            VisitVersion(case_id=case.id, visit_id=visit.id, version=1, replaced_at=now, replaced_by_id=by.id)
        )
    for kind in ("looked", "visit_needed"):
        session.add(SupervisionNote(case_id=case.id, kind=kind, noted_by_id=head.id, noted_at=now))


def reviewed(session: Session, here: mw.CaseWorld, meetings: dict[str, UUID]) -> None:
    """A review completed in the first meeting, one prepared for the others; a plan to review where there is none."""
    on = mw.NOW.date()
    version = current_version(session, here.case.id)
    if version is None:
        version = plan_rows.adopted(
            session, here, on, planned=[on + timedelta(days=9), on - timedelta(days=1)]
        )
    for place, meeting_id in enumerate(meetings.values()):
        review = PlanReview(
            case_id=here.case.id, meeting_id=meeting_id, version_id=version.id, begun_at=mw.NOW, saved_at=mw.NOW,
            saved_by_id=here.town.case_manager.id, monitored_at=mw.NOW, course="same", asks_reassessment=True,
            reviewed_at=None if place else mw.NOW, reviewed_on=None if place else on,
        )  # fmt: skip
        session.add(review)
        session.flush()
        for action in actions_of(session, here.case.id, version):
            session.add(
                ReviewItem(
                    case_id=here.case.id,
                    review_id=review.id,
                    action_key=action.key,
                    status_before="in_process",
                    status="in_process",
                )
            )
    session.flush()
    _reported(session, here)


def _reported(session: Session, here: mw.CaseWorld) -> None:
    """A report action by action, and one that came in through a personal link."""
    report = session.scalars(select(ProgressReport).where(ProgressReport.case_id == here.case.id)).first()
    assert report
    version = current_version(session, here.case.id)
    assert version
    for position, action in enumerate(actions_of(session, here.case.id, version)):
        session.add(
            ReportAction(
                case_id=here.case.id,
                report_id=report.id,
                version=report.version,
                action_key=action.key,
                position=position,
                status="done",
            )
        )
    session.add(
        ReportLink(
            case_id=here.case.id,
            request_id=report.request_id,
            person_id=report.filed_by_id,
            issued_by_id=here.town.case_manager.id,
            issued_at=mw.NOW,
            code_hash=b"x" * 32,
            tries=0,
            sent_at=mw.NOW,
        )
    )
    session.flush()
