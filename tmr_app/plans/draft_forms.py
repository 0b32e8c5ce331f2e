"""The forms of the draft with what is stored and what may be chosen; two texts of one place brought together."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField

from tmr_app.cases.models import Case, CaseRisk
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, translated
from tmr_app.kernel.two_writers import merged
from tmr_app.plans import editing, queries
from tmr_app.plans.forms import ActionForm, CommentForm, MergedForm
from tmr_app.plans.models import Action, Objective, PlanVersion
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message


def comment(actions: list[ActionNow], form: CommentForm | None = None) -> CommentForm:
    """What a member says, on the whole or on one action."""
    form = form or CommentForm(formdata=None)
    form.about.choices = [("", _("The plan as a whole"))] + [
        (str(one.key), f"{number}. {one.row.measure[:80]}") for number, one in enumerate(actions, 1)
    ]
    return form


def action(session: Session, now: datetime, case: Case, version: PlanVersion, row: Action) -> ActionForm:
    """The action's form with the case's risks, the Table's members and the municipality's institutions to choose from."""
    data = ActionForm.values_of(editing.stored(session, row))
    form = ActionForm(data=data | {"version": row.revision, "objective": str(row.objective_id)})
    seats = queries.live_seats(session, case.id, now)
    objectives = session.scalars(
        select(Objective)
        .where(Objective.version_id == version.id, Objective.removed_at.is_(None))
        .order_by(Objective.position)
    )
    form.choose(
        institutions=[(str(one.id), one.name) for one in editing.institutions_for(session, case)],
        seats=[(str(seat.id), seat_words(seat)) for seat in seats],
        risks=[(one, label(one, str(get_locale() or "sq"))) for one in _risks(session, case)],
        objectives=[(str(one.id), f"{place}. {one.text[:90]}") for place, one in enumerate(objectives, 1)],
    )
    return form


def seat_words(seat: Any) -> str:
    """The member and whom they represent: "Agim Berisha, Stacioni policor"."""
    if seat.institution is None:
        return str(seat.person.name)
    return f"{seat.person.name}, {seat.institution.name}"


def _risks(session: Session, case: Case) -> list[str]:
    return list(
        session.scalars(select(CaseRisk.risk).where(CaseRisk.case_id == case.id).order_by(CaseRisk.risk))
    )


@dataclass(slots=True)
class Said:
    """What a refusal said, in the page's language."""

    said: str = ""


@contextmanager
def refused_aloud(_form: Form) -> Iterator[Said]:
    """A deed by one button: a refusal or a change by somebody else comes back as one sentence."""
    outcome = Said()
    try:
        yield outcome
    except FieldRefused as error:
        message = error.message
        outcome.said = translated(message) if isinstance(message, Message) else str(message)
    except Stale:
        outcome.said = _("Somebody else wrote on this meanwhile: look at it again, then take it off.")


def together(
    form: MergedForm, mine: Mapping[str, str], *, theirs: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Fill the form so that it holds every word of both; returns what the page shows side by side."""
    stored = dict(theirs) if theirs is not None else {name: _word(form, name) for name in mine}
    sides = [
        (form[name].label.text, _shown(form, name, text), _shown(form, name, stored.get(name, "")))
        for name, text in mine.items()
        if name in form and text != stored.get(name, "")
    ]
    for name, text in mine.items():
        if name in form:
            _put(form, name, text, stored.get(name, ""))
    return {"sides": sides}


def _word(form: MergedForm, name: str) -> str:
    """A field's value as the word `editing.said` has for it."""
    if name not in form:
        return ""
    value = form[name].data
    if isinstance(value, list | tuple):
        return " ".join(sorted(value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _shown(form: MergedForm, name: str, word: str) -> str:
    """The word for a reader: names instead of ids."""
    field = form[name]
    if isinstance(field, SelectField | SelectMultipleField):
        labels = {str(value): str(words) for value, words in field.choices or []}
        return "; ".join(labels.get(one, one) for one in word.split()) if word else ""
    if isinstance(field, BooleanField):
        return str(_("yes") if word else _("no"))
    return word


def _put(form: MergedForm, name: str, mine: str, theirs: str) -> None:
    """Texts stand one under the other; of a choice or a date the own one is shown, the stored one stands beside it."""
    field = form[name]
    if isinstance(field, SelectMultipleField):
        field.data = sorted({*mine.split(), *theirs.split()})
    elif isinstance(field, BooleanField):
        field.data = bool(mine)
    elif isinstance(field, CivilDateField):
        field.process(None, date.fromisoformat(mine) if mine else None)
    elif isinstance(field, StringField):
        field.data = merged(mine, theirs)
    else:
        field.data = mine or None
