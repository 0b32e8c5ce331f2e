"""Progress reports (A8.9): the borders of lateness, the addition to the pack, corrections, drafts, two parts by right."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.meetings.member_kit import ON, Story, story
from tmr_app.kernel import clock
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, Stale
from tmr_app.meetings import convening, delivery, frozen, packs, report_queries, reporting
from tmr_app.meetings.models import PackDocument, ProgressReport, ReportRequest
from tmr_app.meetings.reporting import ReportTexts

LATER = mw.NOW + timedelta(hours=1)
TABLE, ALONE = "PjesaTryezesKanarine", "PjesaMenaxheritKanarine"
TEXTS = ReportTexts(
    done=f"Tri vizita. {TABLE}",
    obstacles="Transporti",
    needed="Autobusi",
    child_wellbeing="Më mirë",
    manager_part=ALONE,
)
DAY = date(2026, 11, 14)
"""The last day: three days before Tuesday the 17th."""


def file(
    engine: Engine, told: Story, now: datetime = LATER, texts: ReportTexts = TEXTS, version: int = 0
) -> ProgressReport:
    with work(engine) as session:
        case, _ = told.open(session)
        report = reporting.file_report(
            session,
            told.person(session, "police"),
            now,
            case=case,
            meeting_id=told.meeting_id,
            texts=texts,
            version=version,
        )
        session.flush()
        session.expunge_all()
    return report


def additions(engine: Engine, told: Story) -> list[PackDocument]:
    with work(engine) as session:
        _, meeting = told.open(session)
        rows = [row for row in packs.documents_of(session, meeting) if row.addition]
        assert all(row.sha256 == frozen.fingerprint(row.kind, row.values) for row in rows)
        assert ALONE not in str([row.values for row in rows])
        session.expunge_all()
        return rows


@pytest.mark.duty("A8.9")
@pytest.mark.parametrize(
    ("now", "late"),
    [
        (mw.at(DAY - timedelta(days=1), time(12, 0)), False),
        (mw.at(DAY, time(0, 0)), False),
        (mw.at(DAY, time(23, 59)), False),
        (mw.at(DAY + timedelta(days=1), time(0, 0)), True),
        (mw.at(date(2026, 11, 15), time(9, 0)), True),  # B18: two days before the meeting
        (mw.at(ON, time(8, 0)), True),
    ],
)
def test_a8_9_late_is_accepted_and_marked(engine: Engine, now: datetime, late: bool) -> None:
    told = story(engine)
    report = file(engine, told, now)
    assert (report.is_late, report.is_addition) == (late, not late)
    (row,) = additions(engine, told)
    assert (row.kind, row.late, row.report_id) == ("report", late, report.id)
    with work(engine) as session:
        _, meeting = told.open(session)
        states = {
            one.seat.kind: one.state
            for one in report_queries.of_meeting(session, clock.civil_date(now), meeting=meeting)
        }
        assert states["police"] == ("late" if late else "addition")
        assert states["school"] == ("missing" if late else "due")
        shown = {one.seat.kind: one for one in delivery.of_meeting(session, now, meeting=meeting)}
        assert (shown["police"].report_filed_at, shown["police"].report_is_late) == (now, late)


@pytest.mark.duty("A8.9")
def test_a8_9_filed_before_the_freeze_is_part_of_the_pack_as_sent(engine: Engine) -> None:
    told = story(engine, convened=False)
    report = file(engine, told)
    assert not report.is_late
    assert not report.is_addition
    with work(engine) as session:
        case, _ = told.open(session)
        manager = told.person(session, "case_manager")
        meeting = convening.convene(session, manager, LATER, meeting_id=told.meeting_id, case=case)
        session.flush()
        rows = packs.documents_of(session, meeting)
        assert [row.kind for row in rows if not row.addition] == [
            "invitation",
            "assessment",
            "initial-plan",
            "report",
        ]
        assert meeting.pack_sha256 == frozen.pack_fingerprint([row.sha256 for row in rows])
        assert TABLE in str(rows[-1].values)
        assert ALONE not in str(rows[-1].values)


@pytest.mark.duty("A8.9")
def test_a8_9_an_addition_leaves_the_sent_pack_as_it_was(engine: Engine) -> None:
    told = story(engine)
    with work(engine) as session:
        _, meeting = told.open(session)
        sent = meeting.pack_sha256
        before = [row.sha256 for row in packs.documents_of(session, meeting)]
    file(engine, told)
    file(engine, told)  # a double submission
    with work(engine) as session:
        _, meeting = told.open(session)
        rows = packs.documents_of(session, meeting)
        assert [row.sha256 for row in rows[: len(before)]] == before
        assert len(rows) == len(before) + 1
        assert meeting.pack_sha256 == sent == frozen.pack_fingerprint(before)


@pytest.mark.duty("A8.9")
def test_a8_9_none_is_owed_before_the_first_meeting(engine: Engine) -> None:
    told = story(engine, purpose="first", held_first=False)
    with pytest.raises(OutOfOrder):
        file(engine, told)


@pytest.mark.duty("A8.9")
def test_a8_9_not_enforced_for_an_extraordinary_meeting_but_taken(engine: Engine) -> None:
    told = story(engine, purpose="extraordinary")
    with work(engine) as session:
        assert (
            session.scalar(select(ReportRequest).where(ReportRequest.meeting_id == told.meeting_id)) is None
        )
    report = file(engine, told, mw.at(ON, time(9, 0)))
    assert not report.is_late


def test_a_correction_is_a_new_version_until_the_meeting_begins(engine: Engine) -> None:
    told = story(engine)
    first = file(engine, told)
    better = ReportTexts(done="Katër vizita", manager_part=ALONE)
    second = file(engine, told, LATER + timedelta(hours=1), better, version=1)
    assert (second.id, second.version, second.filed_at) == (first.id, 2, LATER)
    assert len(additions(engine, told)) == 2
    only_manager = ReportTexts(done="Katër vizita", manager_part="Tjetër")
    third = file(engine, told, LATER + timedelta(hours=2), only_manager, version=2)
    assert third.version == 3
    assert len(additions(engine, told)) == 2  # the Table's part is the same
    with pytest.raises(OutOfOrder):
        file(engine, told, mw.at(ON, time(10, 0)), TEXTS, version=3)
    with work(engine) as session:
        told.open(session)
        kept = report_queries.versions(session, session.get_one(ProgressReport, first.id))
        assert [(one.version, one.done) for one in kept] == [(2, "Katër vizita"), (1, TEXTS.done)]


def test_two_writers_get_both_texts(engine: Engine) -> None:
    told = story(engine)
    file(engine, told)
    with pytest.raises(Stale) as stale:
        file(engine, told, texts=ReportTexts(done="Teksti i dritares së dytë", manager_part=ALONE), version=0)
    label = reporting.LABELS["done"].msgid
    assert stale.value.mine[label] == "Teksti i dritares së dytë"
    assert stale.value.theirs[label] == TEXTS.done
    assert stale.value.version == 1


def test_nobody_reports_who_was_not_asked(engine: Engine) -> None:
    told = story(engine)
    with pytest.raises(FieldRefused):
        file(engine, told, texts=ReportTexts(done="  "))
    with work(engine) as session:
        case, _ = told.open(session)
        for who in ("case_manager", "head", "stranger"):
            with pytest.raises(OutOfOrder):
                reporting.file_report(
                    session,
                    told.person(session, who),
                    LATER,
                    case=case,
                    meeting_id=told.meeting_id,
                    texts=TEXTS,
                )
        told.open(session)[1].status = "held"
        session.flush()
        with pytest.raises(OutOfOrder):
            reporting.file_report(
                session,
                told.person(session, "police"),
                LATER,
                case=case,
                meeting_id=told.meeting_id,
                texts=TEXTS,
            )
