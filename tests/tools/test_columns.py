"""The table of clear and sealed columns: complete, fresh, and able to refuse."""

from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from tools import columns


def test_the_page_is_not_stale(repository: Path) -> None:
    text = (repository / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert columns.whole(text) == text, "run python -m tools.columns"


def test_a_column_in_no_list_is_refused() -> None:
    table = Table("child", MetaData(), Column("nickname", Text), Column("nickname_enc", Text))
    assert columns.group_of(table, table.c.nickname_enc) == "sealed"
    with pytest.raises(columns.Unlisted, match=r"child\.nickname"):
        columns.group_of(table, table.c.nickname)


def test_a_name_is_clear_only_where_it_is_an_officials() -> None:
    person, child = (Table(name, MetaData(), Column("name", Text)) for name in ("person", "child"))
    assert columns.group_of(person, person.c.name) == "staff"
    with pytest.raises(columns.Unlisted):
        columns.group_of(child, child.c.name)
