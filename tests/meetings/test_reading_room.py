"""The reading room: who opens the pack, for how long, what a copy carries, that reading writes the audit only."""

import io
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.world import work
from tests.meetings.member_kit import Story, declare, story
from tmr_app.access.standing import CaseStanding, Standing
from tmr_app.cases import case_files
from tmr_app.cases.models import Case, CaseFile
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry, hash_of
from tmr_app.kernel.db import Base
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.kernel.web_session import WebSession
from tmr_app.meetings import convening, delivery, packs, personal_copy, preparing, reading_room
from tmr_app.meetings.models import Meeting, PackDocument, window_after
from tmr_app.members.models import Person

LATER = mw.NOW + timedelta(hours=1)


def documents(engine: Engine, told: Story) -> list[UUID]:
    with work(engine) as session:
        return list(
            session.scalars(
                select(PackDocument.id)
                .where(PackDocument.meeting_id == told.meeting_id)
                .order_by(PackDocument.position)
            )
        )


def tags(engine: Engine, told: Story, who: str) -> list[str]:
    with work(engine) as session:
        return list(
            session.scalars(
                select(AuditEntry.tag)
                .where(AuditEntry.actor_id == told.people[who], AuditEntry.object_id == told.meeting_id)
                .order_by(AuditEntry.sequence)
            )
        )


@pytest.mark.duty("A8.7")
def test_a8_7_a_member_reads_the_pack_and_it_shows_as_opened(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        listed = browser.get(f"{told.base}/pack")
        assert listed.status_code == 200
        with work(engine) as session:
            _, meeting = told.open(session)
            assert meeting.pack_sha256 is not None
            assert meeting.pack_sha256 in listed.text
            for row in packs.documents_of(session, meeting):
                assert row.sha256 in listed.text
        for document_id in documents(engine, told):
            page = browser.get(f"{told.base}/pack/{document_id}")
            assert page.status_code == 200
            assert browser.page.select_one("article h1") is not None
        assert "GjetjeKanarine" in browser.get(f"{told.base}/pack/{documents(engine, told)[1]}").text
        again = browser.get(f"{told.base}/pack")
        assert "read:pack:document" in tags(engine, told, "police")
        assert again.text.count("tryeza-tag--done") == listed.text.count("tryeza-tag--done") + 1
    with work(engine) as session:
        _, meeting = told.open(session)
        rows = {row.seat.kind: row for row in delivery.of_meeting(session, LATER, meeting=meeting)}
        assert rows["police"].opened_at == LATER
        assert rows["school"].opened_at is None


def test_before_the_pack_was_sent_nothing_is_shown_or_opened(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine, convened=False)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        assert browser.get(f"{told.base}/pack").status_code == 409
    assert not [tag for tag in tags(engine, told, "police") if tag.startswith("read:pack")]


@pytest.mark.parametrize(
    ("who", "expected"),
    [("police", 200), ("case_manager", 200), ("head", 200), ("stranger", 404)],
)
def test_who_opens_the_pack(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, who: str, expected: int
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), who)
        addresses = [
            f"{told.base}/pack",
            f"{told.base}/pack/{documents(engine, told)[0]}",
            f"{told.base}/pack/copy",
        ]
        assert [browser.get(address).status_code for address in addresses] == [expected] * 3


@pytest.mark.duty("A10.2")
def test_a10_2_recused_or_ended_reads_nothing_at_once(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        app = make_app(fresh_database_url)
        recused, ended = told.browser(app, "police"), told.browser(app, "school")
        document = documents(engine, told)[0]
        assert recused.get(f"{told.base}/pack/{document}").status_code == 200
        with work(engine) as session:
            told.seat(session, "police").recused_at = LATER
            told.seat(session, "school").ended_at = LATER
        for path in ("pack", f"pack/{document}", f"pack/{document}/copy", "pack/copy", "answer", "report"):
            refused = recused.get(f"{told.base}/{path}")
            assert refused.status_code == 403
            assert "GjetjeKanarine" not in refused.text
            assert ended.get(f"{told.base}/{path}").status_code == 404


@pytest.mark.duty("A8.5")
def test_a8_5_a_guest_reads_their_meeting_until_seven_days_after(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with work(engine) as session:
        case, meeting = told.open(session)
        guest = mw.world.person(session, "Mysafir Mysafiri")
        session.flush()
        seat = Seat(
            case_id=case.id,
            kind="guest",
            person_id=guest.id,
            meeting_id=meeting.id,
            seated_at=mw.NOW,
            ends_at=window_after(meeting.ends_at),
            conflict=False,
        )
        other = mw.call(session, _here(session, case), "extraordinary", stated_risk="RreziqeKanarine")
        other.pack_sha256 = "0" * 64
        session.add(seat)
        session.flush()
        declare(session, _here(session, case), guest, mw.NOW)
        told.people["guest"], other_id = guest.id, other.id
    ends = mw.at(date(2026, 11, 24), time(11, 30))
    app = make_app(fresh_database_url)
    for now, expected in ((LATER, 200), (ends - timedelta(seconds=1), 200), (ends, 404)):
        with clock.fixed_at(now):
            browser = told.browser(app, "guest")
            assert browser.get(f"{told.base}/pack").status_code == expected
            assert browser.get(f"/cases/{told.case_id}/meetings/{other_id}/pack").status_code == 404
            assert browser.get(f"{told.base}/reports").status_code in (403, 404)


def _here(session: Session, case: Case) -> mw.CaseWorld:
    manager = session.get_one(Person, case.case_manager_id)
    return mw.CaseWorld(mw.world.Town(None, None, None, manager, None, None, None, None), case, None)  # type: ignore[arg-type]


def test_a_copy_names_reader_and_time_on_every_page_and_can_be_proved(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    from pypdf import PdfReader

    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        got = browser.get(f"{told.base}/pack/copy")
        assert got.mimetype == "application/pdf"
        assert "attachment" in got.headers["Content-Disposition"]
        assert "Kanarin" not in got.headers["Content-Disposition"]
        assert "no-store" in got.headers["Cache-Control"]
        pages = PdfReader(io.BytesIO(got.data)).pages
        assert len(pages) > 1
        assert all("Anëtar police, 02.11.2026 11:00:00" in page.extract_text() for page in pages)
        assert (
            browser.get(f"{told.base}/pack/copy").data == got.data
        )  # same pack, reader, instant: same bytes
    with work(engine) as session:
        case, meeting = told.open(session)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.tag == "pack:downloaded")).first()
        assert entry is not None
        assert entry.changes["content"] == hash_of(meeting.pack_sha256)
        assert entry.changes["printed_at"] == hash_of(LATER.isoformat())
        standing = Standing(
            person_id=told.people["police"], case=CaseStanding.MEMBER, seat_id=told.seat(session, "police").id
        )
        reader = personal_copy.reader_values(
            session, case=case, person=told.person(session, "police"), standing=standing
        )
        made, sha256 = personal_copy.whole(packs.documents_of(session, meeting), reader, LATER)
        assert personal_copy.pdf(made) == got.data
        assert sha256 == meeting.pack_sha256


def test_a_file_of_the_pack_is_handed_out_as_an_attachment_until_it_is_withdrawn(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told, app = story(engine, convened=False), make_app(fresh_database_url)
    with work(engine) as session:
        case, meeting = told.open(session)
        manager = told.person(session, "case_manager")
        upload = FileStorage(io.BytesIO("Shënim i shkollës".encode()), filename="Kanarina Femija.txt")
        kept, _ = case_files.add_file(
            session,
            manager,
            mw.NOW,
            case=case,
            store=app.extensions["tmr_files"],
            upload=upload,
            title="Shënim",
            audience="table",
            largest=1_000_000,
        )
        preparing.choose_files(session, manager, mw.NOW, meeting=meeting, file_ids=[kept.id])
        session.flush()
        convening.convene(session, manager, mw.NOW, meeting_id=meeting.id, case=case)
        file_id = kept.id
    with clock.fixed_at(LATER):
        browser = told.browser(app, "police")
        address = f"{told.base}/pack/{documents(engine, told)[-1]}"
        assert f"{address}/file" in browser.get(f"{told.base}/pack").text
        got = browser.get(f"{address}/file")
        first, *middle, last = got.data.decode().splitlines()
        assert "Shënim i shkollës" in middle
        assert first == last
        assert "Anëtar police" in first
        assert "attachment" in got.headers["Content-Disposition"]
        assert "Kanarina" not in str(got.headers)
        assert browser.get(address).status_code == 404  # a file has no page of its own
        assert browser.get(f"{told.base}/pack/copy").status_code == 200
        with work(engine) as session:
            case_files.withdraw_file(session, manager, LATER, kept=session.get_one(CaseFile, file_id))
        assert browser.get(f"{address}/file").status_code == 404


def test_reading_writes_the_audit_and_nothing_else(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        browser.get("/account")
        before = everything(engine)
        document = documents(engine, told)[1]
        for path in (
            "pack",
            f"pack/{document}",
            f"pack/{document}/copy",
            "pack/copy",
            "answer",
            "report",
            "reports",
        ):
            assert browser.get(f"{told.base}/{path}").status_code == 200, path
            assert browser.client.head(f"{told.base}/{path}").status_code == 200
        assert everything(engine) == before


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but audit and sessions."""
    spared = {AuditEntry.__tablename__, WebSession.__tablename__}
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(map(str, row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in spared
        }


@pytest.mark.parametrize("path", ["pack", "document", "answer", "report", "reports", "substitutes"])
def test_a_page_takes_few_statements(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, path: str
) -> None:
    told = story(engine)
    address = f"pack/{documents(engine, told)[1]}" if path == "document" else path
    with clock.fixed_at(LATER):
        app = make_app(fresh_database_url)
        browser = told.browser(app, "case_manager" if path in ("reports", "substitutes") else "police")
        assert browser.get(f"{told.base}/{address}").status_code == 200
        with mw.counted(app.engine) as statements:
            browser.get(f"{told.base}/{address}")
    assert len(statements()) <= 20, "\n".join(statements())


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_each_page_in_each_language(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, language: str
) -> None:
    told = story(engine)
    with work(engine) as session:
        told.person(session, "police").language = language
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        for path in ("pack", f"pack/{documents(engine, told)[1]}", "answer", "report", "reports"):
            page = browser.get(f"{told.base}/{path}")
            assert page.status_code == 200
            assert browser.page.html["lang"] == {"sr_Latn": "sr-Latn"}.get(language, language)
            title = browser.page.title.text
            assert not [word for word in mw.CANARIES if word in title]


def test_another_meetings_document_is_not_found(engine: Engine) -> None:
    told = story(engine)
    with work(engine) as session:
        _, meeting = told.open(session)
        standing = Standing(case=CaseStanding.MEMBER)
        with pytest.raises(NotFound):
            reading_room.document_of(session, meeting=meeting, document_id=UUID(int=7))
        with pytest.raises(NotFound):
            reading_room.meeting_of(session, case_id=UUID(int=7), meeting_id=meeting.id, standing=standing)
        empty = Meeting(pack_sha256=None)
        with pytest.raises(OutOfOrder):
            reading_room.require_released(empty)
