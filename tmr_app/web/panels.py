"""What the rooms above hang onto the pages and deeds of rooms below, registered once at start-up."""

from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.cases import office_panels
from tmr_app.cases.panels import case_panels
from tmr_app.kernel import clock
from tmr_app.meetings import general_figures as asked_figures
from tmr_app.oversight import annual_release, general_figures, next_duties, panels, tally
from tmr_app.web import transaction


def register() -> None:
    """Tell cases and head's office what the ledger says; keep each case's next duty with each deed. May be called again."""
    case_panels(panels.next_duty)
    office_panels.register(panels.overdue_cases)
    office_panels.register(panels.general_meetings_owed)
    asked_figures.provide(general_figures.counted)
    annual_release.quarterly_source(general_figures.quarters)
    if keep_next_duties not in transaction.before_commit_of_case:
        transaction.before_commit_of_case.append(keep_next_duties)


def keep_next_duties(session: Session, case_ids: set[UUID]) -> None:
    """After each deed in a case, in its transaction."""
    next_duties.refresh(session, case_ids, clock.now())
    tally.mark(session, case_ids)
