"""Draft minutes: everything that was written stands in them, in the case's language, by version, in both formats."""

import io
import json

import pytest
from docx import Document as read_docx
from pypdf import PdfReader
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.documents import minutes as paper
from tmr_app.documents import output
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import attendance, discussing, frozen, holding_queries, minutes, pack_sources
from tmr_app.meetings.attendance import Mark
from tmr_app.meetings.holding import NextMeeting
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting


def written(session: Session, language: str = "sq") -> tuple[mw.CaseWorld, Meeting]:
    """A held meeting in which everything happened."""
    here, meeting = hw.running(session, with_family=True)
    here.case.language = language
    hw.write_all(session, here, meeting)
    row = next(one for one in hw.invitations(session, meeting) if one.seat_id == here.seats["school"].id)
    attendance.record(
        session,
        here.town.case_manager,
        hw.DURING,
        meeting=meeting,
        marks={row.id: Mark("absent_with_reason", "MungesaKanarine", row.attendance_version)},
    )
    discussing.add_item(
        session,
        here.town.case_manager,
        hw.DURING,
        meeting_id=meeting.id,
        case_id=here.case.id,
        title="Transporti",
    )
    hw.risk(session, here, meeting, "medium", "Prindi bashkëpunon")
    hw.propose(session, here, meeting, NextMeeting("review", mw.when(here, mw.date(2026, 12, 15))))
    return here, hw.end(session, here, meeting)


def text_of_docx(content: bytes) -> str:
    document = read_docx(io.BytesIO(content))
    cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.duty("A10.1")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sq",
            ("Procesverbal", "me arsye", "15 dhjetor 2026", "Tryeza e miratoi rendin e ditës me ndryshime."),
        ),
        (
            "sr_Latn",
            ("Zapisnik", "sa razlogom", "15. decembar 2026", "Sto je usvojio dnevni red sa izmenama."),
        ),
        ("en", ("Minutes", "with reason", "15 December 2026", "The Table approved the agenda with changes.")),
    ],
)
def test_a10_1_the_draft_prints_everything(engine: Engine, language: str, words: tuple[str, ...]) -> None:
    with work(engine) as session:
        here, meeting = written(session, language)
        row = session.scalars(select(Minutes)).one()
        assert (row.version, row.status) == (1, "draft")
        assert row.sha256 == frozen.fingerprint("minutes", row.content)
        document = paper.build(frozen.decode(row.content))
        number = here.case.number
    docx = text_of_docx(output.write(document, "docx"))
    pdf = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(output.write(document, "pdf"))).pages
    )
    for expected in (*hw.CANARIES, "Kanarina Femija", "Nena Kanarina", "Transporti", meeting.code, number):
        assert expected in docx, expected
        assert expected in pdf.replace("\n", " "), expected
    for expected in words:
        assert expected.casefold() in docx.casefold(), expected


def test_texts_of_the_meeting_stay_out_of_mail_and_audit(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = written(session)
        number = here.case.number
    with work(engine) as session:
        mails = [[one.kind, one.parameters] for one in session.scalars(select(OutboxMessage))]
        rows = [[one.tag, one.rule, one.outcome, one.changes] for one in session.scalars(select(AuditEntry))]
        everything = json.dumps([mails, rows], default=str).casefold()
        assert not [one for one in (*mw.CANARIES, *hw.CANARIES, number) if one.casefold() in everything]
        assert {
            "meeting:started",
            "item:written",
            "attendance:recorded",
            "minutes:drafted",
            "meeting:ended",
        } <= {row[0] for row in rows}


@pytest.mark.duty("A10.1")
def test_a10_1_a_correction_makes_a_new_version_and_the_old_one_stays(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = written(session)
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        same = minutes.write_draft(session, here.town.case_manager, hw.DURING, held=held)
        assert same.version == 1  # nothing changed
        discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="minutes")
        hw.write(session, here, meeting, held.items[0], discussion="Korrigjuar", decision="VendimKanarine")
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        newer = minutes.write_draft(session, here.town.case_manager, hw.DURING, held=held)
        session.flush()
        assert newer.version == 2
        assert [row.version for row, _name in holding_queries.versions_of(session, meeting.id)] == [2, 1]
        first = session.scalars(
            select(Minutes).where(Minutes.meeting_id == meeting.id, Minutes.version == 1)
        ).one()
        assert frozen.decode(first.content).items[0].discussion == "DiskutimKanarine"
        assert frozen.decode(newer.content).items[0].discussion == "Korrigjuar"
        newer.status = "circulated"
        session.flush()
        with pytest.raises(OutOfOrder):
            discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="minutes")
        with pytest.raises(OutOfOrder):
            minutes.write_draft(session, here.town.case_manager, hw.DURING, held=held)


@pytest.mark.duty("A9")
def test_a9_the_list_to_sign_names_everyone_and_has_empty_boxes(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.convened(session, with_family=True)
        held = holding_queries.load(session, mw.NOW, meeting=meeting, case=here.case)
        sources = pack_sources.load(session, case=here.case, meeting=meeting)
        document = minutes.attendance_list(held, sources)
    shown = text_of_docx(output.write(document, "docx"))
    for name in ("Anëtar police", "Anëtar school", "Kanarina Femija", "Nena Kanarina"):
        assert name in shown
    assert "nuk është shënuar" not in shown


def test_the_pack_of_the_next_meeting_takes_the_newest_draft(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = written(session)
        following = session.get_one(Meeting, meeting.next_meeting_id)
        sources = pack_sources.load(session, case=here.case, meeting=following)
        assert sources.minutes is not None
        assert sources.minutes.meeting_id == meeting.id
