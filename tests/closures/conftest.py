"""A database of its own for each test of an operation, on both engines."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tmr_app.kernel import db


@pytest.fixture
def engine(fresh_database_url: str) -> Iterator[Engine]:
    """An engine on an empty migrated database."""
    made = db.make_engine(fresh_database_url)
    yield made
    made.dispose()
