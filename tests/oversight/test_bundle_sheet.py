"""The tables of a case's own ledger in one statement: each keeps the order its own statement asks for."""

from sqlalchemy import Integer, column, select, table

from tmr_app.oversight.bundle_sheet import _numbered

ROWS = table("rows", column("id", Integer), column("on", Integer))


def test_the_place_of_a_row_is_counted_in_the_statements_own_order() -> None:
    made = str(select(_numbered(select(ROWS).order_by(ROWS.c.on.desc(), ROWS.c.id))))
    assert 'row_number() OVER (ORDER BY rows."on" DESC, rows.id)' in made
    assert made.count("ORDER BY") == 1, "the order stands in the count alone"


def test_without_an_order_every_row_has_the_same_place() -> None:
    assert "ORDER BY" not in str(select(_numbered(select(ROWS))))
