"""Retention, legal hold, erasure: two persons, keys destroyed, nothing readable, the chain verifies, a restore erases again."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import family, opening, standing_loader
from tmr_app.cases.models import BlindToken, Case, CaseFile, FamilyMember
from tmr_app.closures import erasing, retention
from tmr_app.closures.models import Erasure
from tmr_app.kernel import audit, backups, db, encryption, schema, vault
from tmr_app.kernel.db import Base
from tmr_app.kernel.drafts import Draft, keep
from tmr_app.kernel.errors import FieldRefused, KeyNotUnlocked, OutOfOrder
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.settings import Settings
from tmr_app.kernel.vault import DataKey

YEARS = 5
BEFORE = datetime(2031, 11, 16, 10, 0, tzinfo=UTC)
THEN = datetime(2031, 11, 17, 10, 0, tzinfo=UTC)
"""Closed on 17 November 2026; kept five years."""
FILE = "SkedarKanarine"


def closed(session: Session, store: FileStore | None = None) -> cw.Ending:
    """A closed case with files, a draft, and everything sealed that a closing writes."""
    ended = cw.at_step(session, "end", "moved_abroad")
    case, manager = ended.case, ended.here.town.case_manager
    retention.place_hold(session, manager, cw.LATER, case=case, reason="MbajtjeKanarine")
    retention.lift_hold(session, manager, cw.LATER, case=case)
    if store is not None:
        session.add(
            CaseFile(
                case_id=case.id,
                store_name=store.put(case.id, FILE.encode()),
                media_type="text/plain",
                size_bytes=14,
                sha256="0" * 64,
                added_by_id=manager.id,
                added_at=cw.LATER,
                title=FILE,
            )
        )
        vault.unlock(session, [manager.id])
        keep(session, person_id=manager.id, case_id=case.id, place="x", values={"a": FILE}, now=cw.LATER)
    session.flush()
    return ended


def erase(session: Session, ended: cw.Ending) -> None:
    town = ended.here.town
    retention.propose_erasure(session, town.case_manager, THEN, case=ended.case, years=YEARS)
    erasing.confirm(session, town.head, THEN, case=ended.case, years=YEARS)


@pytest.mark.parametrize(
    ("closed_on", "years", "due"),
    [
        (date(2026, 11, 17), 5, date(2031, 11, 17)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (None, 5, None),
        (date(2026, 11, 17), None, None),
    ],
)
def test_when_a_case_may_be_erased(closed_on: date | None, years: int | None, due: date | None) -> None:
    assert retention.due_on(closed_on, years) == due


def test_erasing_takes_the_time_no_hold_and_two_persons(engine: Engine) -> None:
    with work(engine) as session:
        ended = closed(session)
        case, manager, head = ended.case, ended.here.town.case_manager, ended.here.town.head

        def propose(now: datetime = THEN, years: int | None = YEARS) -> None:
            retention.propose_erasure(session, manager, now, case=case, years=years)

        for now, years in ((BEFORE, YEARS), (THEN, None)):
            with pytest.raises(OutOfOrder):
                propose(now, years)
        with pytest.raises(OutOfOrder):
            erasing.confirm(session, head, THEN, case=case, years=YEARS)
        with pytest.raises(FieldRefused):
            retention.place_hold(session, head, THEN, case=case, reason=" ")
        retention.place_hold(session, head, THEN, case=case, reason="MbajtjeKanarine")
        with pytest.raises(OutOfOrder):
            propose()
        with pytest.raises(OutOfOrder):
            retention.place_hold(session, head, THEN, case=case, reason="x")
        retention.lift_hold(session, head, THEN, case=case)
        with pytest.raises(OutOfOrder):
            retention.lift_hold(session, head, THEN, case=case)
        propose()
        with pytest.raises(OutOfOrder):
            propose()
        with pytest.raises(OutOfOrder):
            erasing.confirm(session, manager, THEN, case=case, years=YEARS)  # who proposed it
        retention.place_hold(session, head, THEN, case=case, reason="x")  # ends the proposal
        retention.lift_hold(session, head, THEN, case=case)
        with pytest.raises(OutOfOrder):
            erasing.confirm(session, head, THEN, case=case, years=YEARS)
        propose()
        retention.refuse_erasure(session, head, THEN, case=case)
        with pytest.raises(OutOfOrder):
            retention.refuse_erasure(session, head, THEN, case=case)
        erase(session, ended)
        assert session.get_one(Case, case.id).erased_at == THEN


def test_the_worker_tells_the_heads_once_of_what_is_due(engine: Engine) -> None:
    with work(engine) as session:
        ended = closed(session)
        assert retention.tell_due(session, BEFORE, YEARS) == 0
        assert retention.tell_due(session, THEN, None) == 0
        assert retention.tell_due(session, THEN, YEARS) == 1
        session.flush()
        assert retention.tell_due(session, THEN + timedelta(days=1), YEARS) == 0
        assert [one.id for one in retention.due_cases(session, THEN.date(), YEARS)] == [ended.case.id]


def _sealed_cells(session: Session) -> list[tuple[str, Any]]:
    """(table.column, row) of every sealed value that is not empty."""
    schema.load_all()
    found = []
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("_enc"):
                rows = session.execute(select(column).where(column.is_not(None))).all()
                found += [(f"{table.name}.{column.name}", row[0]) for row in rows]
    return found


def test_after_erasure_nothing_is_readable_and_the_chain_verifies(engine: Engine, tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    with work(engine) as session:
        ended = closed(session, store)
        case_id, family_id = ended.case.id, ended.case.family_id
        keys = [
            bytes(one.wrapped)
            for one in session.scalars(select(DataKey).where(DataKey.subject_id.in_([case_id, family_id])))
        ]
        assert len(keys) == 2
        assert len(_sealed_cells(session)) > 50
    with work(engine) as session:
        vault.unlock(session, [case_id, family_id])
        ended.here.case = session.get_one(Case, case_id)
        erase(session, ended)
    with work(engine) as session:
        assert (erasing.remove_files(session, store), erasing.leaves_traces(session)) == (1, True)
        assert (erasing.remove_files(session, store), erasing.leaves_traces(session)) == (0, True)
        erasing.settle(session, THEN)
        assert not erasing.leaves_traces(session)
    with work(engine) as session:
        assert not list(store.folder.glob("??/*"))
        assert (
            session.scalars(select(DataKey).where(DataKey.subject_id.in_([case_id, family_id]))).all() == []
        )
        assert session.scalars(select(BlindToken).where(BlindToken.case_id == case_id)).all() == []
        assert session.scalars(select(Draft).where(Draft.case_id == case_id)).all() == []
        left = [name for name, _value in _sealed_cells(session) if not name.startswith(OTHERS)]
        assert left == []
        vault.unlock(session, [case_id, family_id])
        with pytest.raises(KeyNotUnlocked):
            encryption.unseal(case_id, "x", b"")
        assert audit.verify(session) > 20
        found, case = standing_loader.in_case(session, ended.here.town.head.id, case_id, THEN)
        assert (found.case, case) == ("none", None)
    words = (*cw.CANARIES, *hw.CANARIES, *mw.CANARIES, FILE)
    assert readable(engine, words, keys) == []


OTHERS = ("person.", "draft.")
"""Sealed under an official's own key: nothing of a case."""


def readable(engine: Engine, words: tuple[str, ...], keys: list[bytes]) -> list[str]:
    """Canaries and wrapped keys in the database's own bytes: SQLite's file, PostgreSQL's whole dump of rows."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        data = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
    else:
        with engine.connect() as connection:
            rows = [
                str(tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)).encode()
                for table in Base.metadata.sorted_tables
                for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
            ]
        data = b"\n".join(rows)
    found = [word for word in words if word.encode() in data]
    return found + [f"key {number}" for number, key in enumerate(keys) if key in data]


def test_a_sibling_keeps_the_familys_record(engine: Engine) -> None:
    with work(engine) as session:
        ended = closed(session)
        case, town = ended.case, ended.here.town
        sibling = opening.open_case(
            session,
            town.case_manager,
            cw.LATER,
            qps_id=town.qps.id,
            referral=opening.ReferralData(date(2026, 11, 2), "school", "Fakte"),
            child=opening.ChildData("Motra", date(2016, 5, 14)),
            risks={"physical_violence": ""},
            sibling=case,
        )
        only_here = family.add_relative(
            session,
            town.case_manager,
            cw.LATER,
            case=case,
            relative=family.RelativeData(name="Xhaxhai", kind="other"),
        )
        session.flush()
        erase(session, ended)
        session.flush()
        assert session.get(DataKey, case.id) is None
        assert session.get(DataKey, sibling.family_id) is not None
        sealed = {one.id: one.name_enc for one in session.scalars(select(FamilyMember))}
        assert sealed.pop(only_here.family_member_id) is None, "named by the erased case alone"
        assert all(sealed.values()), "the sister's case names them too"
        assert session.scalar(select(Erasure.state)) == "erased"


def test_every_sealed_table_is_reached_by_an_erasure() -> None:
    """A new table with sealed columns names its case or owner, or stands in the list with its reason."""
    schema.load_all()
    known = {
        "case_file": "by its own id",
        "case_transfer": "own key, erased with the case",
        "family_member": "by the family",
        "draft": "deleted by case",
    }
    of_no_case = re.compile(r"^(general_|annual_|national_|report_|municipality_)")
    lost = [
        table.name
        for table in Base.metadata.tables.values()
        if any(column.name.endswith("_enc") for column in table.columns)
        and not {"case_id", "owner_id"} & set(table.columns.keys())
        and table.name not in known
        and not of_no_case.match(table.name)
    ]
    assert lost == []


def test_a_restored_backup_is_erased_again(tmp_path: Path, sqlite_template: Path) -> None:
    """The backup was made before the erasure; the list lies beside the key file and is applied after the restore."""
    before, after = tmp_path / "before.db", tmp_path / "after" / "after.db"
    before.write_bytes(sqlite_template.read_bytes())
    settings = Settings(f"sqlite:///{before}", tmp_path / "keys" / "keys.json", file_store=tmp_path / "files")
    assert settings.erasure_list_path == tmp_path / "keys" / "erased-cases.txt"
    engine = db.make_engine(settings.database_url)
    with work(engine) as session:
        ended = closed(session, FileStore(settings.file_store))
        case_id, family_id = ended.case.id, ended.case.family_id
    backups.write(settings, tmp_path / "backup.tar.gz")
    with work(engine) as session:
        vault.unlock(session, [case_id, family_id])
        ended.here.case = session.get_one(Case, case_id)
        erase(session, ended)
    with work(engine) as session:
        assert erasing.write_list(session, settings.erasure_list_path) == 1
        assert erasing.write_list(session, settings.erasure_list_path) == 0
    engine.dispose()
    with settings.erasure_list_path.open("a") as file:
        file.write("cut sho")
    fresh = settings.but(database_url=f"sqlite:///{after}", file_store=tmp_path / "new-files")
    backups.restore(fresh, tmp_path / "backup.tar.gz")
    engine = db.make_engine(fresh.database_url)
    with work(engine) as session:
        assert session.get(DataKey, case_id) is not None, "the backup brought it back"
    with work(engine) as session:
        listed = [one for one, _on in erasing.read_list(fresh.erasure_list_path)]
        assert erasing.apply_list(session, THEN, listed) == 1
        assert erasing.remove_files(session, FileStore(fresh.file_store)) == 1
    with work(engine) as session:
        assert session.get(DataKey, case_id) is None
        assert erasing.apply_list(session, THEN, listed) == 0
        assert audit.verify(session) > 20
    assert readable(engine, (*cw.CANARIES, *mw.CANARIES), []) == []
    engine.dispose()
