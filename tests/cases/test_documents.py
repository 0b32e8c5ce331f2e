"""Documents of a case, and what lies in the database: everything personal is sealed."""

import io
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.engine import Engine

from tests.cases.conftest import Scene
from tests.cases.desk import Desk, opened
from tests.cases.test_records import assessment, desk_of, seat
from tests.fixtures import world
from tmr_app.cases.models import (
    CaseFile,
    Child,
)
from tmr_app.kernel import vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.schema import load_all

# Documents


def upload(desk: Desk, scene: Scene, data: bytes, name: str, **changes: str) -> Any:
    desk.get(scene.url("documents"))
    form = {
        "upload": (io.BytesIO(data), name),
        "title": "Raport",
        "audience": "table",
        "once": desk.value("once"),
    }
    return desk.post(scene.url("documents"), form | changes)


def test_a_document_is_kept_sealed_and_handed_out(scene: Scene) -> None:
    desk = desk_of(scene)
    assert upload(desk, scene, "Përmbajtje Kanarine".encode(), "Çlirim.txt").status_code == 303
    with world.work(scene.app.engine) as session:
        kept = session.scalars(select(CaseFile).where(CaseFile.case_id == scene.here.case_id)).all()[-1]
    folder = scene.app.settings.file_store
    stored = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert stored
    assert not [data for data in stored if b"Kanarine" in data]
    answer = desk.get(scene.url(f"documents/{kept.id}"))
    assert answer.data.decode() == "Përmbajtje Kanarine"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="document-{kept.id.hex[:8]}.txt"'
    assert desk.get(f"/cases/{scene.there.case_id}/documents/{kept.id}").status_code == 404
    assert desk.post(scene.url(f"documents/{kept.id}/withdraw")).status_code == 303
    assert desk.get(scene.url(f"documents/{kept.id}")).status_code == 404


def test_a_document_for_the_case_manager_is_not_the_tables(scene: Scene) -> None:
    desk = desk_of(scene)
    assert (
        upload(desk, scene, b"vetem", "a.txt", audience="case_manager", title="Vetëm menaxheri").status_code
        == 303
    )
    with world.work(scene.app.engine) as session:
        kept = session.scalars(select(CaseFile).where(CaseFile.audience == "case_manager")).one()
    member = seat(scene, "police")
    assert "Vetëm menaxheri" not in member.get(scene.url("documents")).text
    assert member.get(scene.url(f"documents/{kept.id}")).status_code == 404
    assert upload_refused(member, scene)


def upload_refused(desk: Desk, scene: Scene) -> bool:
    """A reader sends no file: the page has no form, and a forged one stores nothing."""
    before = desk.get(scene.url("documents")).text.count("/documents/")
    desk.post(scene.url("documents"), {"upload": (io.BytesIO(b"x"), "x.txt"), "once": "a" * 24})
    return desk.get(scene.url("documents")).text.count("/documents/") == before


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.txt"), (b"MZ\x90\x00", "a.pdf"), (b"<html><script>", "a.txt")],
    ids=["B37", "exe", "html"],
)
def test_bad_uploads_are_told_at_the_field(scene: Scene, data: bytes, name: str) -> None:
    answer = upload(desk_of(scene), scene, data, name)
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.text


def test_too_large_an_upload_is_413(scene: Scene) -> None:
    """B37: over the limit, and 1,001 form parts."""
    desk = desk_of(scene)
    assert upload(desk, scene, b"x" * (22 * 1024 * 1024), "a.txt").status_code == 413
    parts = {f"part{number}": "x" for number in range(1001)} | {"upload": (io.BytesIO(b"x"), "a.txt")}
    assert desk.post(scene.url("documents"), parts).status_code == 413


# What lies in the database


def test_sealed_columns_hold_no_clear_word(fresh_scene: Scene) -> None:
    """Every text and byte of every table, raw: the canaries of the personal fields are nowhere."""
    scene = fresh_scene
    desk = desk_of(scene)
    desk.post(scene.url("assessment/edit"), assessment(summary="Kanarina1"))
    desk.post(
        scene.url("assessment/initial-plan"), {"version": "0", "goal": "Kanarina2", "services": "Kanarina3"}
    )
    desk.get(scene.url("family"))
    person = {"name": "Kanarina4", "kind": "mother", "contact": "Kanarina5", "note": "Kanarina6"}
    desk.post(scene.url("family"), person | {"once": desk.value("once")})
    desk.get(scene.url("disclosures"))
    told = {"recipient": "Kanarina7", "legal_basis": "Kanarina8", "what": "Kanarina9"}
    desk.post(scene.url("disclosures"), told | {"once": desk.value("once")})
    upload(desk, scene, b"Kanarina10", "Kanarina11.txt", title="Kanarina12")
    desk.post("/cases/new", {"qps": str(scene.here.town.qps.id), "name": "Kanarina13", "birth_year": "2014"})
    raw = _everything(scene.app.engine)
    for canary in ("Kanarin", "Çlirim", "Krasniqi", "clirim", "FaktKanarine"):
        assert canary not in raw, canary
    with world.work(scene.app.engine) as session:
        vault.unlock(session, [scene.here.case_id])
        child = session.scalars(select(Child).where(Child.case_id == scene.here.case_id)).one()
        assert child.name == "Çlirim Krasniqi"


def _everything(engine: Engine) -> str:
    load_all()
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        cells = [
            cell
            for table in metadata.sorted_tables
            for row in connection.execute(table.select())
            for cell in row
        ]
    return "\n".join(
        bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
        for cell in cells
    )


def test_numbers_have_no_gap(fresh_scene: Scene) -> None:
    """A unit that is undone gives its number back."""
    scene = fresh_scene
    town = scene.here.town
    with world.work(scene.app.engine) as session:
        lost = opened(session, town, "Humbur").number
        session.rollback()
    with world.work(scene.app.engine) as session:
        assert opened(session, town, "Mbajtur").number == lost


def test_the_audit_names_nobody(scene: Scene) -> None:
    with world.work(scene.app.engine) as session:
        rows = session.scalars(select(AuditEntry)).all()
        assert rows
        text = " ".join(
            f"{row.tag} {row.rule} {row.standing} {row.object_type} {row.changes}" for row in rows
        )
        assert "Krasniqi" not in text
