"""The demonstration: filled on both databases, marked, told in many stages; refused by production and refusing others."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.web.conftest import FILLED_AT as NOW
from tests.web.conftest import Filled
from tmr_app.cases.models import Case, LinkedCase, Relation, TakeOver
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import BreakGlass, Declaration, Seat
from tmr_app.kernel import audit, clock, db, encryption, migrations, outbox
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Invitation, Meeting, MeetingRequest, ProgressReport
from tmr_app.meetings.report_models import ReportLink
from tmr_app.members.models import Institution, Municipality, Person, Qps
from tmr_app.oversight import annual_release, ledger
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.plans import superiors
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation.catalogue import SEATS_4_1, SEATS_4_6
from tmr_app.regulation.verdicts import Status
from tmr_app.signing import work as signing_work
from tmr_app.web.app import create_app
from tmr_app.web.cli import main
from tmr_app.web.demonstration import filling, paperwork, people
from tmr_app.web.demonstration.places import Places
from tmr_app.web.production import DEMONSTRATION_FACT, check_production, installation_facts

pytestmark = [pytest.mark.db, pytest.mark.together("demonstration"), pytest.mark.weight(8)]


@pytest.fixture(autouse=True)
def own_keys(filled: Filled) -> None:
    encryption.use(filled.places.keyring())


def test_it_is_marked_and_is_filled_only_once(filled: Filled) -> None:
    assert DEMONSTRATION_FACT in installation_facts(filled.engine)
    assert not filling.is_wanted(filled.engine)
    assert filling.is_wanted(filled.engine, fresh=True)
    assert filling.age_in_days(filled.engine, NOW) == 0


def test_production_refuses_it(filled: Filled) -> None:
    with pytest.raises(SettingsWrong, match="demonstration"):
        check_production(filled.places.settings("https://tryeza.example"))


def test_tmr_serve_ends_with_one_sentence(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMR_DATABASE_URL", filled.places.database_url)
    monkeypatch.setenv("TMR_KEY_FILE", str(filled.places.key_file))
    monkeypatch.setattr("sys.argv", ["tmr", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code != 0
    assert "tmr demo" in capsys.readouterr().err


def test_everybody_has_an_address_that_leads_nowhere(filled: Filled) -> None:
    with db.unit(filled.engine) as session:
        addresses = [
            *session.scalars(select(Person.email)),
            *session.scalars(select(Qps.reply_address)),
            *session.scalars(
                select(Institution.superior_email).where(Institution.superior_email.is_not(None))
            ),
            *session.scalars(select(OutboxMessage.address)),
        ]
    assert len(addresses) > 300
    assert [one for one in addresses if not one.endswith(".example")] == []


def test_both_municipalities_fill_every_seat(filled: Filled) -> None:
    kinds = {seat.key for seat in SEATS_4_1} - {"case_manager", "assistant_case_manager"}
    with db.unit(filled.engine) as session:
        for spec in people.TOWNS:
            filled_kinds = set(
                session.scalars(
                    select(Institution.seat_kind)
                    .join(Municipality, Municipality.id == Institution.municipality_id)
                    .where(Municipality.key == spec.key)
                )
            )
            assert kinds <= filled_kinds, spec.key
        nationwide = set(
            session.scalars(select(Institution.seat_kind).where(Institution.municipality_id.is_(None)))
        )
    assert {seat.key for seat in SEATS_4_6} <= nationwide


def test_each_town_has_met_in_both_calendar_years(filled: Filled) -> None:
    with db.unit(filled.engine) as session:
        rows = session.execute(
            select(Municipality.key, Meeting.meeting_on)
            .join(Case, Case.municipality_id == Municipality.id)
            .join(Meeting, Meeting.case_id == Case.id)
            .where(Meeting.status == "held")
        )
        years = {(key, on.year) for key, on in rows if on is not None}
    assert years >= {(spec.key, year) for spec in people.TOWNS for year in (2025, 2026)}


def test_cases_stand_in_every_stage(filled: Filled) -> None:
    with db.unit(filled.engine) as session:

        def number(model: type, *where: object) -> int:
            return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]

        statuses = set(session.scalars(select(Meeting.status)))
        purposes = set(session.scalars(select(Meeting.purpose)))
        answers = set(session.scalars(select(Invitation.answer)))
        assert {"preparing", "convened", "held"} <= statuses
        assert {"first", "review", "extraordinary"} <= purposes
        assert {"yes", "no", "substitute", None} <= answers
        assert number(Meeting, Meeting.status == "convened", Meeting.meeting_on == NOW.date()) == 1
        assert number(Meeting, Meeting.status == "preparing", Meeting.agreed_at.is_(None)) >= 1
        assert number(Meeting, Meeting.late_reason_enc.is_not(None)) == 1
        assert number(Seat, Seat.recused_at.is_not(None)) == 1
        assert number(Seat, Seat.kind == "guest") == 1
        assert number(Relation, Relation.is_suspected_perpetrator) >= 3
        assert number(Case, Case.is_asylum_seeker) == 1
        assert number(Case, Case.status == "closed") >= 8
        for model in (LinkedCase, TakeOver, MeetingRequest, BreakGlass, Minutes, ProgressReport):
            assert number(model) >= 1, model
        mail = Counter(session.scalars(select(OutboxMessage.state)))
    assert mail[outbox.QUEUED] >= 5
    assert mail[outbox.DEAD] >= 1
    assert mail[outbox.ACCEPTED] > 200


def test_the_ledger_shows_every_status(filled: Filled) -> None:
    with db.unit(filled.engine) as session:
        rows = list(ledger.rows_of_cases(session, list(session.scalars(select(Case.id))), NOW))
    found = Counter(row.status for row in rows)
    assert set(found) == set(Status)
    assert found[Status.MET] > sum(found[one] for one in (Status.NOT_MET, Status.MET_LATE, Status.OVERDUE))


def test_the_past_reads_as_if_it_had_happened(filled: Filled) -> None:
    with db.unit(filled.engine) as session:
        assert audit.verify(session) > 500
        told = list(session.scalars(select(audit.AuditEntry.at).order_by(audit.AuditEntry.sequence)))
    assert told == sorted(told)


def test_its_first_day_sends_few_reminders_to_sign(filled: Filled) -> None:
    """Whoever has not signed for weeks was reminded then: the mailbox a visitor opens is not full of it."""
    with db.unit(filled.engine) as session:
        sent = session.scalar(
            select(func.count()).where(
                OutboxMessage.kind == "signature_reminder", OutboxMessage.state == outbox.ACCEPTED
            )
        )
        assert sent
        assert signing_work.remind(session, NOW) <= 15
        session.rollback()


def test_reviews_paper_and_a_link_are_there_to_be_seen(filled: Filled) -> None:
    """Reviews completed and a plan changed by one; a sheet signed by a carer, by a child's guardian, by a professional
    without account, whose report came by a personal link and waits; visits of the head.
    """
    with db.unit(filled.engine) as session:
        reviews = list(session.scalars(select(PlanReview).where(PlanReview.reviewed_at.is_not(None))))
        assert len(reviews) >= 10
        assert sum(one.monitored_at is not None for one in reviews) >= 10
        versions = select(func.count()).select_from(PlanVersion).where(PlanVersion.status == "adopted")
        assert session.scalar(versions.where(PlanVersion.number == 2)) >= 2
        closed = select(Case.id).where(Case.status == "closed")
        left = select(PlanVersion.id).where(PlanVersion.status == "draft", PlanVersion.case_id.in_(closed))
        assert not session.scalars(left).all()  # nobody reads of a draft in a closed dossier
        offered = [
            case.id
            for case in session.scalars(select(Case).where(Case.status == "open"))
            if superiors.offers(session, case, NOW)
        ]
        assert offered  # a letter to a superior that can be written at once
        signed = Counter(session.scalars(select(Declaration.method)))
        assert signed["paper"] >= 2
        assert signed["paper_guardian"] == 1
        waiting = session.scalars(select(ReportLink).where(ReportLink.decided_at.is_(None))).one()
        assert waiting.sent_at is not None
        assert session.scalar(select(func.count()).select_from(Visit).where(Visit.is_monitoring)) >= 3


def test_last_years_report_is_divided_and_hides_small_counts(filled: Filled) -> None:
    with db.unit(filled.engine) as session:
        reports = dict(
            session.execute(
                select(Municipality.key, AnnualReport)
                .join(Municipality, Municipality.id == AnnualReport.municipality_id)
                .where(AnnualReport.year == NOW.year - 1)
            ).all()
        )
        large, little = (
            annual_release.figures_of(session, reports[key]) for key in ("prishtine", "novoberde")
        )
    assert not large.small
    assert large.municipality.hidden
    assert any(value for value in large.municipality.printed.values())
    assert little.small


def test_it_never_touches_another_database(
    clone_database: Callable[[str], AbstractContextManager[str]], engine_name: str
) -> None:
    with clone_database(engine_name) as url:
        engine = db.make_engine(url)
        with pytest.raises(SettingsWrong, match="never touches it"):
            filling.is_wanted(engine)
        with pytest.raises(SettingsWrong, match="never touches it"):
            filling.is_wanted(engine, fresh=True)
        engine.dispose()


def test_a_filling_that_was_cut_off_starts_anew(tmp_path: Path) -> None:
    places = Places(tmp_path, f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    engine = db.make_engine(places.database_url)
    migrations.upgrade(engine)
    with db.unit(engine) as session:
        session.add(filling.InstallationFact(name=DEMONSTRATION_FACT, value="tmr demo"))
    assert filling.is_wanted(engine)
    engine.dispose()


KINDS_OF_DOCUMENTS = {
    "invitation", "pack", "annex1", "assessment", "initial-plan", "plan", "review", "report", "declaration", "attendance",
    "minutes", "closing", "superior-letter", "family-notice",
}  # fmt: skip


KEEP_THEIR_LANGUAGE = ("declaration", "superior-letter")
"""What was signed, or written to somebody, stays in the language it was written in."""


@pytest.fixture(scope="module")
def sheets(filled: Filled) -> list[paperwork.Sheet]:
    """The documents of the demonstration's cases, described and not drawn."""
    with clock.fixed_at(NOW), db.unit(filled.engine) as session:
        found = list(paperwork.sheets_of(session, "sr"))
        session.rollback()
    return found


def test_its_documents_are_of_every_kind_and_named_by_kind_and_case(sheets: list[paperwork.Sheet]) -> None:
    names = [one.name for one in sheets]
    assert len(set(names)) == len(names) > 100
    kinds = {re.sub(r"-[A-Z]{2}-\d{4}-\d+$", "", name) for name in names}
    assert kinds >= KINDS_OF_DOCUMENTS
    assert {one.document.language for one in sheets if not one.name.startswith(KEEP_THEIR_LANGUAGE)} == {"sr"}
    packs = [one.document for one in sheets if one.name.startswith("pack-")]
    assert all(one.watermark is not None for one in packs)


def test_documents_are_written_as_pdf_and_word_with_a_first_invitation(
    filled: Filled, sheets: list[paperwork.Sheet], tmp_path: Path
) -> None:
    said: list[str] = []
    assert paperwork.draw(sheets[:2], tmp_path, said.append) == 4
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".docx", ".pdf", ".pdf"]
    assert said == ["  4 of 4 files"]
    app = create_app(
        filled.places.settings("http://127.0.0.1:8000"), engine=filled.engine, keyring=filled.places.keyring()
    )
    with db.unit(filled.engine) as session:
        mails = dict(paperwork.first_invitation(app, session))
        session.rollback()
    assert sorted(Path(name).suffix for name in mails) == [".eml", ".ics"]
    entry = next(data for name, data in mails.items() if name.endswith(".ics")).decode()
    assert "SEQUENCE:0" in entry
    assert "METHOD:REQUEST" in entry
    assert b"text/calendar" in next(data for name, data in mails.items() if name.endswith(".eml"))


def test_documents_of_a_real_database_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], filled: Filled
) -> None:
    url = f"sqlite:///{tmp_path / 'real.sqlite3'}"
    engine = db.make_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    monkeypatch.setenv("TMR_DATABASE_URL", url)
    monkeypatch.setenv("TMR_DEMO_FOLDER", str(tmp_path / "demo"))
    monkeypatch.setattr("sys.argv", ["tmr", "demo", "--documents", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code != 0
    assert "not a demonstration" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob("*.demo")), "nothing is laid beside a real database"
