"""What the administration's views share: the blueprint, and a form tried once."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, current_app

from tmr_app.kernel import db
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.forms import Form
from tmr_app.kernel.settings import Settings

blueprint = Blueprint("administration", __name__)
T = TypeVar("T")


def attempt(form: Form, deed: Callable[[], Any]) -> bool:
    """Whether the form was sent, holds, and the deed was done; an operation's refusal is put at its field."""
    if not form.validate_on_submit():
        return False
    try:
        deed()
    except FieldRefused as refused:
        form.refuse(refused)
        return False
    return True


def status_of(form: Form) -> int:
    """422 for a form sent and not taken."""
    return 422 if form.is_submitted() else 200


def found(kind: type[T], row_id: UUID) -> T:
    """The row, or NotFound."""
    row = db.session().get(kind, row_id)
    if row is None:
        raise NotFound(kind.__name__)
    return row


def public_url() -> str:
    settings: Settings = current_app.extensions["tmr_settings"]
    return settings.public_url
