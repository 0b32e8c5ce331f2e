"""What the signing room says of the closing meeting's minutes and of the closing form: asked in one place."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.closures.models import Closing
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.minutes_models import INCOMPLETE, SEALED, SIGNING, Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.facts import ClosingFormFacts
from tmr_app.signing import queries
from tmr_app.signing.models import FrozenVersion

FORM = "closing_form"
ON_RECORD = "on record"


def minutes_approved_on(session: Session, meeting: Meeting) -> date | None:
    """When the Table approved the minutes of this meeting, at its end or by circulation (A10.1)."""
    return session.scalar(
        select(Minutes.approved_on)
        .where(
            Minutes.meeting_id == meeting.id,
            Minutes.status.in_((SIGNING, SEALED, INCOMPLETE)),
            Minutes.corrects_id.is_(None),
        )
        .order_by(Minutes.version.desc())
        .limit(1)
    )


def form_version(session: Session, closing: Closing) -> FrozenVersion | None:
    """The closing form as it was frozen last."""
    return queries.newest(session, FORM, closing.id)


def form_state(session: Session, closing: Closing) -> tuple[ClosingFormFacts, FrozenVersion | None]:
    """The closing form and its signatures (A17.5), and the version that is signed: the case manager is who made it."""
    version = form_version(session, closing)
    if version is None:
        return ClosingFormFacts(closed_on=closing.closed_on), None
    places = [one for one in queries.places_of(session, version) if one.slot.released_at is None]
    signed = [one for one in places if one.is_signed and one.signature is not None]
    chair = next((one for one in places if one.slot.person_id == version.frozen_by_id), None)
    # Who made the form may have been recused since (A10.2): the others' form is then complete without that signature.
    lacking = version.completed_at is not None and (len(signed) < len(places) or chair is None)
    last = max((one.signature.signed_at for one in signed if one.signature), default=None)
    facts = ClosingFormFacts(
        closed_on=closing.closed_on,
        made_on=civil_date(version.frozen_at),
        signatures=len(signed),
        signers=len(places),
        case_manager_signed=chair is not None and chair.is_signed,
        last_signed_on=civil_date(last) if last else None,
        in_dossier=version.completed_at is not None,
        missing_reason=ON_RECORD if lacking else "",
    )
    return facts, version
