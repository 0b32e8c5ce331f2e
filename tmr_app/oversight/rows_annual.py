"""Ledger rows of the annual report: each year since the Table is registered, and each body's request (A5.1.6)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Municipality
from tmr_app.oversight.annual_models import AnnualReport, AnnualRequest
from tmr_app.oversight.annual_reports import FIRST_YEAR, verdict_of
from tmr_app.oversight.annual_words import BODY_WORDS
from tmr_app.oversight.ledger import Row, builds_municipality
from tmr_app.regulation import articles
from tmr_app.regulation.facts import AnnualReportFacts
from tmr_app.regulation.judging import waived
from tmr_app.regulation.verdicts import Message, Verdict

REQUEST_DAYS = 30
"""Reading: the text sets no time for an answer to a body; thirty days are counted so that none is forgotten."""
READING = Message("The Regulation names no date; the municipality's own date in the year after counts.")
REQUEST_READING = Message("The Regulation sets no time for the answer; thirty days are counted.")


@builds_municipality("A5.1.6")
def annual_reports(session: Session, municipality: Municipality, now: datetime) -> Iterator[Row]:
    """Two statements: the versions, the requests."""
    today = civil_date(now)
    registered_on = municipality.table_registered_on
    if registered_on is None:
        yield _row(
            municipality, waived("A5.1.6", Message("The municipality has not established its Table.")), ""
        )
        return
    query = select(AnnualReport).where(AnnualReport.municipality_id == municipality.id)
    versions: dict[int, list[AnnualReport]] = defaultdict(list)
    for report in session.scalars(query.order_by(AnnualReport.year, AnnualReport.version)):
        versions[report.year].append(report)
    years = {*range(max(registered_on.year, FIRST_YEAR), today.year), *versions}
    for year in sorted(years):
        found = versions.get(year, [])
        sent = next((one for one in found if one.submitted_at), None)
        verdict = verdict_of(municipality, year, sent or (found[-1] if found else None), today)
        yield _row(municipality, verdict, str(year), found[-1] if found else None, READING)
    asked = select(AnnualRequest).where(AnnualRequest.municipality_id == municipality.id)
    for request in session.scalars(asked.order_by(AnnualRequest.asked_on, AnnualRequest.id)):
        yield _row(municipality, _answered(request, today), str(request.year), None, REQUEST_READING)


def _answered(request: AnnualRequest, today: date) -> Verdict:
    """A body's request is kept when it is answered with an adopted report."""
    answered_on = civil_date(request.answered_at) if request.answered_at else None
    facts = AnnualReportFacts(
        request.year,
        request.asked_on + timedelta(days=REQUEST_DAYS),
        adopted_on=answered_on,
        submitted_on=answered_on,
        requested_by=request.body,
    )
    return articles.a5_1_6_annual_report(facts, today).because(
        Message("Asked for by: %(body)s", body=BODY_WORDS[request.body])
    )


def _row(
    municipality: Municipality,
    verdict: Verdict,
    subject: str,
    report: AnnualReport | None = None,
    reading: Message | None = None,
) -> Row:
    sent = (
        report if report is not None and report.submitted_at is not None else None
    )  # a draft is not everybody's
    return Row(
        duty="A5.1.6",
        municipality=municipality.key,
        status=verdict.status,
        subject=subject or None,
        due_on=verdict.due_on,
        met_at=(report.submitted_at if report is not None else None) or verdict.met_on,
        reason=verdict.reason,
        counted=verdict.counted,
        reading=verdict.reading or reading,
        endpoint="annual.show" if sent is not None else "annual.index",
        values={"municipality_id": municipality.id, **({"year": sent.year} if sent is not None else {})},
    )
