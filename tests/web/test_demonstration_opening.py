"""While the demonstration is filled its address says so, in three languages, and opens by itself."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import Client

from tmr_app.kernel import db, migrations
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.web.demonstration import filling
from tmr_app.web.demonstration.opening import STYLE, Opening


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
    engine = db.make_engine(f"sqlite:///{tmp_path / 'demo.sqlite3'}")
    migrations.upgrade(engine, "0013")
    assert migrations.state(engine) == "older"
    filling.bring_up(engine)
    assert migrations.state(engine) == "newest"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsWrong, match="newer program"):
        filling.bring_up(engine)
    engine.dispose()
