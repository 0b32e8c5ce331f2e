"""Texts in the language of the page being made, for what a page's Python asks dozens of times.

Flask-Babel looks for the page, its locale and its catalogue anew at each text; the web layer knows them for the page.
"""

from collections.abc import Callable
from typing import Any

from flask_babel import get_domain
from flask_babel.speaklater import LazyString


def _of_this_context() -> Any:
    """Flask-Babel's own answer: for processes that make no pages."""
    return get_domain().get_translations()


_catalogue: Callable[[], Any] = _of_this_context


def use(catalogue: Callable[[], Any]) -> None:
    """Where to find the catalogue of the page being made (the web layer, at start-up)."""
    global _catalogue
    _catalogue = catalogue


def gettext(text: str, /, **values: Any) -> str:
    """As Flask-Babel's."""
    found = str(_catalogue().ugettext(text))
    return found % values if values else found


def ngettext(one: str, many: str, number: int, /, **values: Any) -> str:
    """As Flask-Babel's; `num` is given to the text."""
    found = str(_catalogue().ungettext(one, many, number))
    return found % {"num": number, **values}


def lazy_gettext(text: str, /, **values: Any) -> LazyString:
    """As Flask-Babel's: translated when it is shown."""
    return LazyString(gettext, text, **values)
