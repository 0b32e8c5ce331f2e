"""While the demonstration is filled its address says so, in three languages, and opens by itself."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from tmr_app.kernel import db, migrations
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.web.demonstration import filling, places
from tmr_app.web.demonstration.opening import STYLE, Opening
from tmr_app.web.demonstration.places import Places


def _real(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"the real one"]


def test_it_says_not_yet_and_opens_when_the_mark_is_there(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "ready", lambda: _real)
    client = Client(opening)
    early = client.get("/demonstration")
    assert early.status_code == 503
    assert early.headers["Retry-After"]
    assert early.headers["Refresh"]
    assert "no-store" in early.headers["Cache-Control"]
    for word in ("po mbushet", "se puni", "is being filled"):
        assert word in early.text
    assert client.get(STYLE).mimetype == "text/css"
    assert client.post("/login").status_code == 503

    (tmp_path / "ready").touch()
    opening.opener.join(timeout=30)
    assert client.get("/demonstration").text == "the real one"


def test_what_an_earlier_program_filled_is_brought_up(tmp_path: Path) -> None:
    here = Places(tmp_path, f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    here.keyring()
    engine = db.make_engine(here.database_url)
    migrations.upgrade(engine, "0013")
    assert migrations.state(engine) == "older"
    filling.bring_up(here, engine)
    assert migrations.state(engine) == "newest"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsWrong, match="newer program"):
        filling.bring_up(here, engine)
    here.key_file.unlink()
    with pytest.raises(SettingsWrong, match="keys of this demonstration are not in"):
        filling.bring_up(here, engine)
    engine.dispose()


def _places_of(monkeypatch: pytest.MonkeyPatch, url: str | None) -> Places:
    if url is None:
        monkeypatch.delenv("TMR_DATABASE_URL", raising=False)
    else:
        monkeypatch.setenv("TMR_DATABASE_URL", url)
    return places.of_environment()


def test_two_demonstrations_never_touch_each_others_files_and_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMR_DEMO_FOLDER", str(tmp_path / "demo"))
    server = "postgresql+psycopg://mira:secret@db.example"
    urls = [None, f"sqlite:///{tmp_path / 'a.sqlite3'}", f"sqlite:///{tmp_path / 'b.sqlite3'}"]
    urls += [f"{server}/one", f"{server}/two", f"{server}:5433/one"]
    all_of_them = [_places_of(monkeypatch, url) for url in urls]
    for one in all_of_them:
        one.keyring()
        for folder in (one.files, one.mail):
            folder.mkdir()
            (folder / "kept").write_text("x")
    assert len({one.key_file.read_bytes() for one in all_of_them}) == len(urls)
    for forgotten, one in enumerate(all_of_them, 1):
        one.forget_files()
        assert not one.files.exists()
        assert not one.mail.exists()
        assert all((other.files / "kept").exists() for other in all_of_them[forgotten:])
        assert all((other.mail / "kept").exists() for other in all_of_them[forgotten:])
    assert all(one.key_file.exists() for one in all_of_them)


def test_the_folder_lies_beside_a_file_and_is_named_without_user_and_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMR_DEMO_FOLDER", str(tmp_path / "demo"))
    beside = _places_of(monkeypatch, f"sqlite:///{tmp_path / 'a.sqlite3'}")
    assert beside.folder == tmp_path.resolve() / "a.sqlite3.demo"
    assert beside.own_database is None
    first = _places_of(monkeypatch, "postgresql://mira:secret@db.example/one")
    again = _places_of(monkeypatch, "postgresql+psycopg://other:changed@db.example/one")
    assert first.folder == again.folder
    assert first.folder.parent == (tmp_path / "demo").resolve()
    own = _places_of(monkeypatch, None)
    assert own.own_database == (tmp_path / "demo").resolve() / "demo.sqlite3"


def test_what_is_said_to_be_taken_counts_the_database_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _places_of(monkeypatch, f"sqlite:///{tmp_path / 'a.sqlite3'}")
    (tmp_path / "a.sqlite3").write_bytes(b"x" * 5000)
    here.folder.mkdir()
    (here.folder / "letter").write_bytes(b"x" * 70)
    engine = db.make_engine(here.database_url)
    assert filling.bytes_taken(here, engine) == 5070
