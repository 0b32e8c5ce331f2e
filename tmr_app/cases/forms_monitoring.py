"""The shapes of input of information, changes of circumstances, comparison, visits and the head's remarks."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, IfGiven, OnceForm, QueryForm, Required, long_text, version
from tmr_app.kernel.forms import text as line

STATES: dict[str, Any] = {
    "to_verify": _l("to verify"),
    "verified": _l("verified"),
    "disproved": _l("disproved"),
}


class InformationForm(OnceForm):
    """A piece of information for the assessment."""

    text = long_text(_l("Information"), limit=4000)
    source = line(_l("Where it comes from"))


class VerificationForm(Form):
    """The chair's decision on a piece of information."""

    version = version()
    state = RadioField(_l("Decision"), choices=list(STATES.items()), validators=[Required()])
    note = long_text(_l("How it was verified or disproved"), limit=2000)


class ChangeForm(OnceForm):
    """A change in the child's state or circumstances."""

    what = long_text(_l("What has changed"), limit=4000)
    changed_on = CivilDateField(_l("Changed on"), [Required()])

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        if not self.is_submitted() and today is not None:
            self.changed_on.data = today


class CompareForm(QueryForm):
    """Two versions, by address."""

    before = SelectField(_l("Earlier version"), default="", validators=[IfGiven()])
    after = SelectField(_l("Later version"), default="", validators=[IfGiven()])
