"""Annual reports of the furnished world: one sent and published, a newer draft, a body's requests, national figures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tests.matrix.people import Cast
from tmr_app.kernel import vault
from tmr_app.members.models import Municipality, Person
from tmr_app.oversight import annual_figures, annual_national, annual_reports, annual_requests
from tmr_app.oversight.annual_models import NationalFigures

YEAR = 2026
SECTION_WORD, NOTE_WORD = "KanarAnnualSectionText", "KanarAnnualReportAdoptionNote"


def furnish(
    session: Session, municipality_id: UUID, head_id: UUID, cast: Cast, now: datetime
) -> dict[str, tuple[Any, ...]]:
    """The steps that the calendar does not allow yet are set by hand. Values of the addresses' arguments."""
    place = session.get_one(Municipality, municipality_id)
    head = session.get_one(Person, head_id)
    sent = annual_reports.compile_draft(session, head, now, municipality=place, year=YEAR)
    for key, row in annual_reports.sections_of(session, sent).items():
        annual_reports.write_section(
            session, head, now, report=sent, key=key, version=row.version, text=SECTION_WORD
        )
    sent.status, sent.adopted_on, sent.adoption_note = "submitted", now.date(), NOTE_WORD
    sent.submitted_at, sent.submitted_by_id, sent.published_at = now, head.id, now
    session.flush()
    reader = cast.people["ministry"]
    assert reader
    for body in ("ministry", "council"):
        asked = annual_requests.ask(
            session, session.get_one(Person, reader), now, municipality=place, body=body, year=YEAR
        )
        if body == "ministry":
            annual_requests.answer(session, head, now, request=asked)
    draft = annual_reports.compile_draft(session, head, now, municipality=place, year=YEAR)
    row = NationalFigures(year=YEAR, compiled_by_id=reader, compiled_at=now)
    session.add(row)
    vault.create_key(session, row.id, now)
    tables = annual_figures.of_year(session, None, YEAR, now)
    row.figures = annual_national.released(tables, YEAR, []).stored()
    session.flush()
    return {"year": (YEAR,), "annual_id": (sent.id, draft.id), "asked_id": (asked.id,)}
