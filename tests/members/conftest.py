"""A whole app over an empty database, on each engine, with the clock held."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.members.kit import Hand, House
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.settings import Settings
from tmr_app.web.app import create_app


@pytest.fixture
def hand() -> Iterator[Hand]:
    with ExitStack() as stack:
        yield Hand(stack)


@pytest.fixture
def house(fresh_database_url: str, tmp_path: Path, hand: Hand) -> Iterator[House]:
    settings = Settings(
        database_url=fresh_database_url,
        key_file=tmp_path / "keys",
        file_store=tmp_path / "files",
        public_url="http://localhost",
        testing=True,
    )
    app = create_app(settings, keyring=Keyring.generate())
    yield House(app, hand)
    app.engine.dispose()
