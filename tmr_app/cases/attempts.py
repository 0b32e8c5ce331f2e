"""A deed tried in a savepoint: when it is refused, the page comes back with the text kept and the refusal shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, request
from sqlalchemy import inspect

from tmr_app.kernel import audit, db, drafts
from tmr_app.kernel.errors import FieldRefused, RuleRefused
from tmr_app.kernel.forms import Form


@dataclass
class Attempt:
    """What became of it: `refused`, and the verdicts when a rule of the Regulation said no."""

    refused: bool = False
    verdicts: tuple[Any, ...] = ()


@contextmanager
def attempt(form: Form | None, *, case_id: UUID | None = None) -> Iterator[Attempt]:
    """Run a deed. FieldRefused goes to the form's field, RuleRefused to `verdicts` and into the audit log; what the deed
    wrote is undone, what the page has loaded stays loaded.
    """
    session = db.session()
    outcome = Attempt()
    queued = len(session.info.get("audit_queue", ()))
    savepoint = session.begin_nested()
    try:
        yield outcome
        savepoint.commit()
        drafts.drop(session, person_id=g.person.id, place=request.path)
    except (FieldRefused, RuleRefused) as error:
        savepoint.rollback()
        for loaded in [one for one in session if inspect(one).expired_attributes]:
            session.refresh(loaded)  # what the deed had touched: the page shows it as it stands
        del session.info.get("audit_queue", [])[queued:]
        outcome.refused = True
        if isinstance(error, RuleRefused):
            outcome.verdicts = error.verdicts
            for verdict in error.verdicts:
                audit.note(
                    session,
                    "rule:refused",
                    object_type="case",
                    object_id=case_id,
                    case_id=error.case_id or case_id,
                    rule=verdict.duty,
                    outcome="refused",
                )
        elif form is not None and error.field in form:
            field = form[error.field]
            field.errors = [*field.errors, error.message]
        elif form is not None:
            form.form_errors.append(error.message)
        else:
            raise
