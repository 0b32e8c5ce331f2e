"""Lists in pages by number: the part that is shown, and the addresses of the parts before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

SIZE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list: `page` counts from 1, `count` is of all that was found."""

    rows: Sequence[Any]
    count: int
    page: int
    size: int = SIZE

    @property
    def has_next(self) -> bool:
        return self.page * self.size < self.count


def paged(rows: Sequence[Any], page: int, size: int = SIZE) -> Shown:
    """The rows of this page; a number beyond the list means its last page."""
    last = max(1, -(-len(rows) // size))
    page = min(max(page, 1), last)
    return Shown(rows[(page - 1) * size : page * size], len(rows), page, size)


def page_number() -> int:
    """The page the address asks for; anything else than a number means the first."""
    number = request.args.get("page", "1")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1


def turn(endpoint: str) -> Callable[[int], str]:
    """Addresses of other pages of the same filtered list."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return lambda number: f"{url_for(endpoint)}?{urlencode([*kept, ('page', number)])}"
