"""How templates are drawn: Jinja's own environment, with the three things that a page does hundreds of times made short."""

import re
from collections import ChainMap
from collections.abc import MutableMapping, Sequence
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import Template
from jinja2.runtime import Context, Macro
from jinja2.utils import _PassArg
from markupsafe import Markup, escape

_unsafe = re.compile("[&<>'\"]").search
"""The characters that MarkupSafe escapes; most of what a page says has none."""
PLAIN, WITH_ESCAPING = object(), _PassArg.eval_context


class PageContext(Context):
    """A call from a template. What Jinja finds out anew at each call is known for macros and for functions."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(__obj)
        wants = WITH_ESCAPING if kind is Macro else PLAIN
        if kind is FunctionType:
            wants = __obj.__dict__.get("jinja_pass_arg", PLAIN)
        elif kind is MethodType:
            wants = getattr(__obj.__func__, "jinja_pass_arg", PLAIN)
        elif kind is not Macro:
            return super().call(__obj, *args, **kwargs)
        if wants is not PLAIN and wants is not WITH_ESCAPING:
            return super().call(__obj, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs) if wants is PLAIN else __obj(__self.eval_ctx, *args, **kwargs)


def written(value: Any) -> str:
    """What `{{ value }}` puts into the page: MarkupSafe's escaping, without an object made of each piece that is only joined."""
    kind = type(value)
    if kind is Markup or (kind is str and _unsafe(value) is None):
        return str.__str__(value)
    return str(value) if kind is int else escape(value)


def row_form(heads: Sequence[str], numeric: bool = False) -> str:
    """A table's row, to be filled by `%` with what is written already: the cell that names it, then a cell for each head.

    A phone shows the head before the cell (`data-label`); one without a head stands by itself. `numeric`: figures, to the right.
    """
    kind = "govuk-table__cell govuk-table__cell--numeric" if numeric else "govuk-table__cell"
    names = [written(head).replace("%", "%%") for head in heads]
    cells = [f'<td class="{kind}"' + (f' data-label="{name}"' if name else "") + ">%s</td>" for name in names]
    named = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">%s</th>'
    return f"{named}{''.join(cells)}</tr>\n"


class PageTemplate(Template):
    """A template whose compiled code writes by `written`."""

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: MutableMapping[str, Any], globals: Any) -> Any:
        namespace["escape"] = written
        return super()._from_namespace(environment, namespace, globals)


class PageEnvironment(Environment):
    """Templates without names of their own share one mapping of globals: comparing it at each import is then cheap."""

    context_class = PageContext
    template_class = PageTemplate

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals
