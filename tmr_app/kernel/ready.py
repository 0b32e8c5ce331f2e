"""Statements made ready once: for what every page asks, and for what is too long to be looked up anew each time.

SQLAlchemy keeps the text of a statement it has seen, and finds it again by comparing the whole statement; for a long one
that costs more than the database takes to answer it. Here the text, the order of the values and the way each value is
written and read are kept beside the statement itself, for each database; and the rows are taken from the driver as they
are, without the result that SQLAlchemy describes anew for each text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from tmr_app.kernel.db import LOOKING

Process = Callable[[Any], Any] | None


class _Value(NamedTuple):
    """One value of the text: given under `name` (for a list, its `place` in it), or `fixed` by the statement itself."""

    key: str
    name: str | None
    place: int | None
    process: Process
    fixed: Any


class _Made(NamedTuple):
    text: str
    values: list[_Value]
    positional: bool
    readers: Sequence[tuple[int, Callable[[Any], Any]]]


class Ready:
    """A select of plain columns: `rows` gives them as tuples; a list is given to a `bindparam(expanding=True)`.

    Or the insert of one row, every column of it given: `run`.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._lists = tuple(
            name for name, bind in _binds(statement).items() if bind.expanding and bind.required
        )
        self._made: dict[tuple[str, tuple[int, ...]], _Made] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows, each value as the column's type reads it. `values` may hold more than is asked. Raises KeyError for less."""
        made, given = self._given(connection.dialect, values)
        found: Sequence[Any] = _taken(connection, made.text, given, lambda cursor: cursor.fetchall())
        if not found:
            return []
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for place, read in made.readers:  # a whole column at once
            columns[place] = map(read, columns[place])
        return list(zip(*columns, strict=True))

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Insert the row, each value as the column's type writes it. Raises as `rows`."""
        made, given = self._given(connection.dialect, values)
        _taken(connection, made.text, given, lambda _cursor: None)

    def _given(self, dialect: Dialect, values: Mapping[str, Any]) -> tuple[_Made, Any]:
        key = (dialect.name, tuple([len(values[name]) for name in self._lists]))
        made = self._made.get(key) or self._make(key, dialect, values)
        written = [_written(one, values) for one in made.values]
        given: Any = (
            tuple(written)
            if made.positional
            else {one.key: value for one, value in zip(made.values, written, strict=True)}
        )
        return made, given

    def _make(self, key: Any, dialect: Dialect, values: Mapping[str, Any]) -> _Made:
        compiled = self._statement.compile(dialect=dialect)
        asked = {name: values[name] for name, bind in compiled.binds.items() if bind.required}
        state = compiled.construct_expanded_state(asked)
        places = {
            single: (name, place)
            for name, singles in state.parameter_expansion.items()
            for place, single in enumerate(singles)
        }
        made = []
        for single in state.positiontup if compiled.positional else state.parameters:
            name, place = places.get(single, (single, None))
            bind = compiled.binds[name]
            process = _implementation(bind.type, dialect).bind_processor(dialect)
            fixed = state.parameters[single]
            made.append(
                _Value(
                    single,
                    name if bind.required else None,
                    place,
                    process,
                    process(fixed) if process and not bind.required else fixed,
                )
            )
        readers = [
            (place, read)
            for place, column in enumerate(getattr(self._statement, "selected_columns", ()))
            if (read := _implementation(column.type, dialect).result_processor(dialect, None)) is not None
        ]
        self._made[key] = _Made(state.statement, made, compiled.positional, readers)
        return self._made[key]


def _taken(connection: Connection, text: str, given: Any, take: Callable[[Any], Any]) -> Any:
    """What `take` finds at the driver's cursor. Whoever watches statements sees it too; errors are SQLAlchemy's, as ever."""
    dialect, watched = connection.dialect, connection.dispatch.before_cursor_execute
    runs = connection.in_transaction() or connection.get_execution_options().get(LOOKING)
    if watched or not runs or dialect.loaded_dbapi is None:
        return take(connection.exec_driver_sql(text, given))
    driven = connection.connection
    try:
        with closing(driven.cursor()) as cursor:
            cursor.execute(text, given)
            return take(cursor)
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, driven.dbapi_connection, None)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(  # the values stay out of it: they may be somebody's
            text, None, error, dialect.loaded_dbapi.Error, True, gone, dialect
        ) from error


def _binds(statement: Any) -> dict[str, Any]:
    binds: dict[str, Any] = statement.compile().binds
    return binds


def _implementation(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """What a column's type is on this database."""
    return kind.dialect_impl(dialect)


def _written(one: _Value, values: Mapping[str, Any]) -> Any:
    if one.name is None:
        return one.fixed
    value = values[one.name] if one.place is None else values[one.name][one.place]
    return one.process(value) if one.process is not None else value
