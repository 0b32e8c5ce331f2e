"""What is typed about the annual report: shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField

from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, IfGiven, OnceForm, Required, long_text, translated, version
from tmr_app.oversight.annual_words import BODY_WORDS

TEXT_LIMIT = 20_000


def own_id(field: Any, name: str) -> None:
    """Two forms of a page may both ask for a year: each field gets an id of its own, its name stays."""
    field.id = field.label.field_id = name


class DeedForm(Form):
    """One button."""


class SectionForm(Form):
    """One written part under its version."""

    version = version()
    text = long_text(_l("Text"), limit=TEXT_LIMIT, required=False)

    def mark(self, key: str, label: str) -> None:
        """An id and a label of its own: five of these stand on one page."""
        for field in self:
            own_id(field, f"{key}-{field.short_name}")
        self.text.label.text = label


class YearForm(Form):
    year = SelectField(_l("Year"), coerce=int, choices=[])

    def offer(self, years: list[int]) -> "YearForm":
        self.year.choices = [(year, str(year)) for year in years]
        own_id(self.year, "offered-year")
        return self


class AdoptForm(Form):
    meeting = SelectField(_l("Adopted at"), default="", validators=[IfGiven()], choices=[])
    adopted_on = CivilDateField(
        _l("Day of the meeting"),
        validators=[IfGiven()],
        description=_l("Not needed when a general meeting is chosen."),
    )
    note = long_text(_l("What the Table said of it"), limit=2000, required=False)
    names_checked = BooleanField(_l("I have looked through the text: it names no child"))


class LetterForm(OnceForm):
    """A body's letter, recorded by whoever compiles."""

    year = IntegerField(_l("Year"), validators=[Required()])
    body = SelectField(_l("Who asks"), validators=[Required()], choices=[])
    asked_on = CivilDateField(_l("Day of the letter"), validators=[Required()])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.body.choices = [(key, translated(word)) for key, word in BODY_WORDS.items()]


class BodyForm(OnceForm):
    """A body's reader asks."""

    year = IntegerField(_l("Year"), validators=[Required()])
    municipality = SelectField(_l("Municipality"), validators=[Required()], choices=[])
