"""The yearly report from its first draft to the officer's acknowledgement (A5.1.6): the deeds, in their order.

Draft: figures counted, texts written, by whoever compiles for the municipality. Adopted by the Table, then nothing of it
changes; a change is a new version. Submitted to the municipality's officer, acknowledged, published as a public copy.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder, RuleRefused, Stale
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.members.models import Municipality, Person
from tmr_app.oversight import annual_naming, annual_notifications, annual_release
from tmr_app.oversight.annual_models import AnnualReport, AnnualSection
from tmr_app.oversight.annual_release import Figures
from tmr_app.regulation import articles
from tmr_app.regulation.facts import AnnualReportFacts
from tmr_app.regulation.verdicts import Message, Verdict

SECTIONS = ("situation", "work", "obstacles", "needs", "proposals")
"""The written parts, in the order of printing."""
FIRST_YEAR = 2024
"""The Regulation was signed in January 2024: no Table reports an earlier year."""
DUTY = "A5.1.6"


@dataclass(frozen=True, slots=True)
class Adoption:
    """When the Table adopted the report, or at which general meeting, and what else is to be said of it."""

    on: date | None
    meeting_id: UUID | None = None
    note: str = ""
    names_checked: bool = False


def due_on(municipality: Municipality, year: int) -> date:
    """When the report of a year is due: the municipality's own date in the year after (reading: the text has none)."""
    return date(year + 1, municipality.annual_report_due_month, municipality.annual_report_due_day)


def verdict_of(municipality: Municipality, year: int, report: AnnualReport | None, today: date) -> Verdict:
    """What the rule says of a year: `report` is the version submitted first, or the newest one."""
    facts = AnnualReportFacts(
        year,
        due_on(municipality, year),
        report.adopted_on if report else None,
        civil_date(report.submitted_at) if report and report.submitted_at else None,
        civil_date(report.acknowledged_at) if report and report.acknowledged_at else None,
    )
    return articles.a5_1_6_annual_report(facts, today)


def check_year(session: Session, municipality: Municipality, year: int, now: datetime) -> None:
    """Raises FieldRefused for a year to come, before the Regulation, or without anything to tell of."""
    if year > civil_date(now).year:
        raise FieldRefused(
            "year", Message("%(year)s has not begun: there is nothing to report yet.", year=year)
        )
    if year < FIRST_YEAR:
        raise FieldRefused("year", Message("The Regulation is not older than %(year)s.", year=FIRST_YEAR))
    if not annual_release.has_data(session, municipality.id, year, now):
        raise FieldRefused(
            "year",
            Message(
                "Nothing is on record for %(year)s in this municipality. Choose another year.", year=year
            ),
        )


def versions_of(session: Session, municipality_id: UUID, year: int | None = None) -> list[AnnualReport]:
    """All versions, the newest year and version first."""
    query = select(AnnualReport).where(AnnualReport.municipality_id == municipality_id)
    if year is not None:
        query = query.where(AnnualReport.year == year)
    return list(session.scalars(query.order_by(AnnualReport.year.desc(), AnnualReport.version.desc())))


def newest(session: Session, municipality_id: UUID, year: int) -> AnnualReport:
    """The newest version of a year. Raises NotFound without one."""
    found = versions_of(session, municipality_id, year)
    if not found:
        raise NotFound("annual report")
    return found[0]


def sections_of(session: Session, report: AnnualReport) -> dict[str, AnnualSection]:
    """The written parts by key; the report's key is unlocked here."""
    vault.unlock(session, [report.id])
    rows = session.scalars(select(AnnualSection).where(AnnualSection.report_id == report.id))
    return {row.key: row for row in rows}


def compile_draft(
    session: Session, actor: Person, now: datetime, *, municipality: Municipality, year: int
) -> AnnualReport:
    """Begin the year's report, or count the figures of its draft anew.

    After adoption it begins a new version with the same texts. Raises FieldRefused (`check_year`).
    """
    check_year(session, municipality, year, now)
    found = versions_of(session, municipality.id, year)
    report = found[0] if found else None
    if report is None or report.status != "draft":
        report = _begin(session, actor, now, municipality, year, report)
    vault.unlock(session, [report.id])
    report.figures = annual_release.compiled(session, municipality.id, year, now).stored()
    report.compiled_at, report.compiled_by_id = now, actor.id
    _note(session, report, "compiled")
    return report


def _begin(
    session: Session,
    actor: Person,
    now: datetime,
    municipality: Municipality,
    year: int,
    before: AnnualReport | None,
) -> AnnualReport:
    report = AnnualReport(
        municipality_id=municipality.id,
        year=year,
        version=before.version + 1 if before else 1,
        compiled_by_id=actor.id,
        compiled_at=now,
    )
    session.add(report)
    vault.create_key(session, report.id, now)
    session.flush()
    texts = {key: row.text for key, row in sections_of(session, before).items()} if before else {}
    for key in SECTIONS:
        session.add(AnnualSection(report_id=report.id, key=key, version=1, text=texts.get(key, "")))
    session.flush()
    return report


def write_section(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    report: AnnualReport,
    key: str,
    version: int | None,
    text: str,
) -> int:
    """Save one written part of a draft; the new version. Raises Stale when another wrote it meanwhile."""
    _in(report, "draft")
    row = sections_of(session, report).get(key)
    if row is None:
        raise NotFound("annual section")
    if version is None or version > row.version:
        raise BadInput("version")
    if text == row.text:
        return row.version
    if version != row.version:
        raise Stale(mine={key: text}, theirs={key: row.text}, version=row.version)
    if annual_naming.has_case_number(text):
        raise FieldRefused("text", Message("The number of a case stands in this text. Write it without."))
    row.text, row.edited_by_id, row.edited_at = text, actor.id, now
    row.version += 1
    _note(session, report, "written", key)
    return row.version


def adopt(
    session: Session, actor: Person, now: datetime, *, report: AnnualReport, adoption: Adoption
) -> None:
    """The Table adopted the draft: figures and texts are fixed.

    Raises OutOfOrder, FieldRefused (a date that cannot be), RuleRefused where a text may name a child.
    """
    _in(report, "draft")
    on = _adopted_on(session, report, adoption, civil_date(now))
    if civil_date(report.compiled_at).year <= report.year:
        raise OutOfOrder(
            Message("The figures were counted before the year was over. Count them anew, then adopt."), DUTY
        )
    texts = [row.text for row in sections_of(session, report).values()]
    named = any(annual_naming.names_child(session, report.municipality_id, text) for text in texts)
    if named and not adoption.names_checked:
        facts = AnnualReportFacts(report.year, on, identifies_children=True)
        raise RuleRefused(articles.a5_1_6_annual_report(facts, civil_date(now)))
    report.status, report.adopted_on, report.adopted_by_id = "adopted", on, actor.id
    report.meeting_id, report.adoption_note = adoption.meeting_id, adoption.note
    _note(session, report, "adopted")


def general_meetings(session: Session, report: AnnualReport) -> list[GeneralMeeting]:
    """The general meetings held since the year was over: where the Table may have adopted the report."""
    return list(
        session.scalars(
            select(GeneralMeeting)
            .where(
                GeneralMeeting.municipality_id == report.municipality_id,
                GeneralMeeting.status == "held",
                GeneralMeeting.meeting_on > date(report.year, 12, 31),
            )
            .order_by(GeneralMeeting.meeting_on.desc())
        )
    )


def _adopted_on(session: Session, report: AnnualReport, adoption: Adoption, today: date) -> date:
    """The day of adoption: the chosen general meeting's, which a day written beside it must not contradict."""
    held = {one.id: one.meeting_on for one in general_meetings(session, report)}
    on = adoption.on or (held.get(adoption.meeting_id) if adoption.meeting_id else None)
    if on is None:
        raise FieldRefused(
            "adopted_on", Message("Write the day of the meeting, or choose the general meeting.")
        )
    _check_adopted_on(report, on, today)
    if adoption.meeting_id is not None and held.get(adoption.meeting_id) != on:
        raise FieldRefused("meeting", Message("No general meeting was held on this day. Choose its own day."))
    return on


def _check_adopted_on(report: AnnualReport, on: date, today: date) -> None:
    if on > today:
        raise FieldRefused("adopted_on", Message("This day is still to come."))
    if on.year <= report.year:
        raise FieldRefused("adopted_on", Message("The report of a year is adopted once the year is over."))


def submit(session: Session, actor: Person, now: datetime, *, report: AnnualReport) -> None:
    """Submit to the municipality: its officers get a mail with a link. Raises OutOfOrder, RuleRefused."""
    if report.status == "draft":
        raise OutOfOrder(Message("The Table adopts the report first; then it is submitted."), DUTY)
    _in(report, "adopted")
    today = civil_date(now)
    facts = AnnualReportFacts(report.year, today, report.adopted_on, today)
    verdict = articles.a5_1_6_annual_report(facts, today)
    if verdict.refuses:
        raise RuleRefused(verdict)
    report.status, report.submitted_at, report.submitted_by_id = "submitted", now, actor.id
    _note(session, report, "submitted")
    annual_notifications.tell_officers(session, now, report)


def acknowledge(session: Session, actor: Person, now: datetime, *, report: AnnualReport) -> None:
    """The municipality's officer confirms that the report was received. Raises OutOfOrder."""
    _in(report, "submitted")
    report.status, report.acknowledged_at, report.acknowledged_by_id = "acknowledged", now, actor.id
    _note(session, report, "acknowledged")
    annual_notifications.tell_compiler(session, now, report)


def publish(session: Session, actor: Person, now: datetime, *, report: AnnualReport) -> None:
    """Open the public copy to everybody, once the municipality has the report. Raises OutOfOrder."""
    if report.status not in ("submitted", "acknowledged"):
        raise OutOfOrder(
            Message("The municipality gets the report first; then its public copy is published."), DUTY
        )
    if report.published_at is None:
        report.published_at, report.published_by_id = now, actor.id
        _note(session, report, "published")


def figures_of(session: Session, report: AnnualReport) -> Figures:
    return annual_release.figures_of(session, report)


def _in(report: AnnualReport, *statuses: str) -> None:
    """Raises OutOfOrder when the report is at another step."""
    if report.status not in statuses:
        words = {
            "draft": Message("The report is still a draft."),
            "adopted": Message("The Table has adopted this version: a change needs a new version."),
            "submitted": Message("The report has been submitted already."),
            "acknowledged": Message("The municipality has acknowledged the report already."),
        }
        raise OutOfOrder(words[report.status], DUTY)


def _note(session: Session, report: AnnualReport, deed: str, key: str = "") -> None:
    audit.note(
        session,
        f"annual_report:{deed}",
        object_type="annual_report",
        object_id=report.id,
        rule=DUTY,
        changes={"section": key} if key else None,
    )
