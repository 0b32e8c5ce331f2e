"""A ceiling on how many different cases one person opens in an hour (T24, ASVS 2.4.1): a mass reading is slow and seen.

Which cases this session has opened lately is kept with the session, so that only the first look at a case asks the log.
"""

from datetime import timedelta
from uuid import UUID

from flask import session as web_session
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_notifications import many_cases_opened
from tmr_app.kernel import audit, clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import TooManyCases

CASES = 60
"""Different cases an hour; more than a case manager has (guide: 25) and a head looks at in one sitting."""
WINDOW = timedelta(hours=1)
LOOKED_BACK = 2000
"""Rows of the log looked through: nobody turns more pages in an hour."""
OPENED = "opened"

_LATELY = (
    select(AuditEntry.case_id, AuditEntry.at, AuditEntry.outcome)
    .where(AuditEntry.actor_id == bindparam("person_id"))
    .order_by(AuditEntry.sequence.desc())
    .limit(LOOKED_BACK)
    .subquery()
)
_OTHERS = (
    select(Case.id, Case.qps_id)
    .join(_LATELY, _LATELY.c.case_id == Case.id)
    .where(
        _LATELY.c.at > bindparam("since"),
        _LATELY.c.outcome == "read",
        _LATELY.c.case_id != bindparam("case_id"),
    )
    .distinct()
)


def check(session: Session, person_id: UUID, case: Case) -> None:
    """Let this person look at this case, or raise TooManyCases; then the log has a row and the heads a mail."""
    now = clock.real_now()
    oldest = (now - WINDOW).timestamp()
    lately = {key: at for key, at in web_session.get(OPENED, {}).items() if at > oldest}
    if case.id.hex in lately:
        return
    asked = {"person_id": person_id, "since": now - WINDOW, "case_id": case.id}
    others = session.execute(_OTHERS, asked).all()
    if len(others) >= CASES:
        audit.note(
            session, "case:ceiling", object_type="case", object_id=case.id, case_id=case.id, outcome="refused"
        )
        session.commit()  # the row stands, whatever becomes of the mail
        _tell(session, person_id, {case.qps_id, *(row.qps_id for row in others)})
        raise TooManyCases
    web_session[OPENED] = {**lately, case.id.hex: now.timestamp()}


def _tell(session: Session, person_id: UUID, centres: set[UUID]) -> None:
    try:
        many_cases_opened(session, clock.now(), centres=centres, person_id=person_id)
        session.commit()
    except IntegrityError:  # another of this person's requests told them at the same moment
        session.rollback()
