"""What closing and transfer add to a case's pages: entries of the timeline, and the line of what is due."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import Standing
from tmr_app.cases.case_record import names_of
from tmr_app.cases.models import Case
from tmr_app.cases.panels import DueLine, Entry, case_panels, timeline_source
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import dossier
from tmr_app.closures.models import Closing, ClosingOpinion, ClosingReview, LegalHold
from tmr_app.regulation.judging import open_duty
from tmr_app.regulation.verdicts import Label, Message


@timeline_source
def entries(session: Session, case: Case) -> Iterator[Entry]:
    """Recommendations, opinions, the head's answers, decisions, ends; offers; holds."""
    found: list[tuple[Message, datetime, Any, str]] = []
    for one in session.scalars(select(Closing).where(Closing.case_id == case.id)):
        found += _of_closing(one)
    for row in session.scalars(select(ClosingReview).where(ClosingReview.case_id == case.id)):
        title = (
            Message("The head of services approved the closing assessment")
            if row.accepted
            else Message("The head of services returned the closing assessment")
        )
        found.append((title, row.decided_at, row.decided_by_id, row.note))
    for asked in session.scalars(select(ClosingOpinion).where(ClosingOpinion.case_id == case.id)):
        found.append(
            (Message("An opinion on closing was recorded"), asked.recorded_at, asked.recorded_by_id, "")
        )
    found += _of_transfers(session, case)
    for hold in session.scalars(select(LegalHold).where(LegalHold.case_id == case.id)):
        found.append((Message("A legal hold was placed"), hold.placed_at, hold.placed_by_id, hold.reason))
        if hold.lifted_at:
            found.append((Message("A legal hold was lifted"), hold.lifted_at, hold.lifted_by_id, ""))
    names = names_of(session, {by for _title, _at, by, _text in found if by})
    for title, at, by, text in found:
        yield Entry(title, at=at, by=names.get(by, ""), text=text)


def _of_closing(one: Closing) -> Iterator[tuple[Message, datetime, Any, str]]:
    ground = Label(one.ground)
    title = Message("Closing recommended: %(ground)s", ground=ground)
    yield title, one.recommended_at, one.assessed_by_id, ""
    if one.decided_at and one.state == "declined":
        yield Message("The Table decided to go on with the case"), one.decided_at, None, ""
    elif one.decided_at:
        yield Message("The Table decided to close the case"), one.decided_at, None, ""
    if one.closed_at:
        yield Message("The Table's work on the case has ended"), one.closed_at, one.closed_by_id, ""
    if one.reopened_at:
        title = Message("The case was reopened by the head of services")
        yield title, one.reopened_at, one.reopened_by_id, one.ended_reason


def _of_transfers(session: Session, case: Case) -> list[tuple[Message, datetime, Any, str]]:
    words = {
        "accepted": Message("The other Centre accepted the transfer"),
        "refused": Message("The other Centre refused the transfer"),
        "withdrawn": Message("The offer of transfer was taken back"),
    }
    found: list[tuple[Message, datetime, Any, str]] = []
    for one in session.scalars(select(CaseTransfer).where(CaseTransfer.case_id == case.id)):
        found.append(
            (Message("The case was offered to another Centre"), one.offered_at, one.offered_by_id, "")
        )
        if one.decided_at:
            found.append((words[one.state], one.decided_at, one.decided_by_id, ""))
    return found


@case_panels
def due(session: Session, case: Case, standing: Standing, now: datetime) -> Iterable[DueLine]:
    """The next step of a closing under way, for whoever sees the guide."""
    if case.status != "open" or not may(standing, Permission.CLOSING_READ):
        return []
    if not dossier.is_under_way(session, case.id):
        return []
    step = dossier.load(session, case, now, closing=dossier.newest(session, case.id)).current()
    if step is None:
        return []
    verdict = open_duty(step.duty, step.missing)
    return [DueLine(verdict, step.title, url_for("closing.guide", case_id=case.id))]
