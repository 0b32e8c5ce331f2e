"""What a view returns and how it says its permission. Thin: the web layer does the work.

A view never renders: it returns a `Page`, the web layer commits, closes the session, and only then renders. So nothing is
shown that was not committed, and a template cannot reach the database.
"""

from collections.abc import Callable
from typing import Any

from tmr_app.access.permissions import Permission
from tmr_app.kernel.media import MEDIA_TYPES

View = Callable[..., Any]


class Page:
    """A template and what it shows. `status` is the HTTP status."""

    def __init__(self, template: str, *, status: int = 200, **context: Any) -> None:
        self.template = template
        self.status = status
        self.context = context


class Redirect:
    """See Other (303) to `url`, with an optional message already translated.

    `look`: "done", "warning" for a deed that is done and yet not well, "refused".
    """

    def __init__(self, url: str, *, flash: str | None = None, look: str = "done") -> None:
        self.url = url
        self.flash = flash
        self.look = look


class Download:
    """A file made after the commit: `render` runs outside the transaction and returns bytes.

    `name` carries no personal data; its ending says what the file is (KeyError for one we do not hand out). Always answered
    as an attachment, nosniff, sandboxed, no-store.
    """

    def __init__(self, render: Callable[[], bytes], *, name: str) -> None:
        self.render = render
        self.media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        self.name = name


Answer = Page | Redirect | Download


def allows(permission: Permission, *, posting: Permission | None = None) -> Callable[[View], View]:
    """Declare who may reach a view; the guard asks `access.policy`. A view without it fails a test and answers 404.

    `posting`: who may send its form, where reading and writing share one address; the same as `permission` otherwise.
    """

    def mark(view: View) -> View:
        setattr(view, "permission", permission)  # noqa: B010 -- a function's own attribute, read by the guard
        setattr(view, "posting", posting or permission)  # noqa: B010
        return view

    return mark
