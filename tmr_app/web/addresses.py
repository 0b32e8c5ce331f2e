"""Addresses of our own pages: built once, as a page links the same few dozen again and again; numbers in them bounded."""

from typing import Any

from flask import Flask
from flask.globals import request_ctx
from werkzeug.routing import IntegerConverter, Map

MOST = 20_000
MOST_NUMBER = 2**31 - 1
"""What an Integer column holds on PostgreSQL; a larger number names nothing that is kept (B32)."""


class Number(IntegerConverter):
    """A number in an address: one that fits no column is no such page, before any statement is asked with it."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": MOST_NUMBER, **options})


class Addresses(Flask):
    """Flask whose `url_for` remembers what it built. What depends on more than the request's root is built anew."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.url_map.converters["int"] = Number

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        try:
            adapter = request_ctx._get_current_object().url_adapter  # type: ignore[attr-defined]
        except RuntimeError:  # no request is under way
            adapter = None
        if adapter is None or endpoint.startswith(".") or self.url_default_functions:
            return super().url_for(endpoint, **values)
        built: dict[Any, str] = self.extensions.setdefault("tmr_addresses", {})
        try:
            key = (
                adapter.script_name,
                adapter.default_method,
                endpoint,
                *values,
                *values.values(),
                *map(type, values.values()),
            )
            found = built.get(key)
        except TypeError:  # a value that cannot be a key
            return super().url_for(endpoint, **values)
        if found is None:
            found = super().url_for(endpoint, **values)
            if not values.get("_external") and not values.get("_scheme"):
                if len(built) >= MOST:
                    built.clear()
                built[key] = found
        return found
