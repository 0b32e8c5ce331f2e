"""What is typed on the pages of the plan: shape only; rules and look-ups are the operations'."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)

from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import ByAnswer, Form, IfGiven, OnceForm, Required, long_text, text, version
from tmr_app.plans.drafting import VERSION_TEXTS
from tmr_app.plans.editing import ActionData
from tmr_app.regulation.catalogue import ACTION_STATUSES

TEXT_LIMIT = 10_000
LINE_LIMIT = 300
REASON_LIMIT = 2000
TERM_WORDS = {
    "short": _l("short term"),
    "medium": _l("medium term"),
    "long": _l("long term"),
}


def ident(value: str | None) -> UUID | None:
    """The id a page of ours sent, or None for an empty one. BadInput for anything else (B32)."""
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as error:
        raise BadInput("an id was damaged") from error


class MergedForm(Form):
    """Texts under one version; `merged`: both texts were seen, this is what shall stand."""

    version = version()
    merged = HiddenField()


class PlanTextsForm(MergedForm):
    """What a version says as a whole."""

    goal = long_text(_l("Goal of the plan"), limit=TEXT_LIMIT, required=False)
    aim = long_text(_l("Aim"), limit=TEXT_LIMIT, required=False)
    best_interest = long_text(
        _l("The child's best interest"), limit=TEXT_LIMIT, required=False, validators=[ByAnswer()]
    )
    changes = long_text(_l("What changes against the version before"), limit=TEXT_LIMIT, required=False)
    review_days = IntegerField(_l("Review more often than every month: every how many days"), [IfGiven()])

    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in VERSION_TEXTS}


class ObjectiveForm(MergedForm):
    text = long_text(_l("Objective"), limit=TEXT_LIMIT)
    term = RadioField(_l("Term"), [Required()], choices=list(TERM_WORDS.items()))


class NewObjectiveForm(Form):
    text = long_text(_l("Objective"), limit=TEXT_LIMIT)
    term = RadioField(_l("Term"), [Required()], choices=list(TERM_WORDS.items()), default="short")


class NewActionForm(Form):
    """The first words of an action; the rest is asked on its own page."""

    objective = HiddenField()
    measure = long_text(_l("Action or measure"), limit=TEXT_LIMIT)


class ActionForm(MergedForm):
    """An action with the columns of the annex's table; what is missing is asked before the adoption."""

    measure = long_text(_l("Action or measure"), limit=TEXT_LIMIT)
    service = long_text(_l("Service"), limit=TEXT_LIMIT, required=False, validators=[ByAnswer()])
    institution_ids = SelectMultipleField(_l("Responsible institutions"), choices=[])
    others = text(
        _l("Institutions and organisations outside the directory"), limit=LINE_LIMIT, required=False
    )
    seat_id = SelectField(
        _l("Responsible member of the Table"), [IfGiven(), ByAnswer()], choices=[], validate_choice=False
    )  # who left since the page was opened is refused by A13.2, in its words
    planned_on = CivilDateField(_l("Planned date"), [IfGiven(), ByAnswer()])
    review_on = CivilDateField(_l("Review deadline"), [IfGiven()])
    risk = SelectField(_l("Which risk it lowers"), [IfGiven(), ByAnswer()], choices=[])
    serves = long_text(_l("Which need it serves"), limit=TEXT_LIMIT, required=False, validators=[ByAnswer()])
    for_family = BooleanField(_l("This action supports the family or the guardian"))
    notes = long_text(_l("Notes"), limit=TEXT_LIMIT, required=False)
    objective = SelectField(_l("Objective"), [Required()], choices=[])

    @staticmethod
    def values_of(data: ActionData) -> dict[str, Any]:
        """A stored action as the form's data."""
        return {
            "measure": data.measure,
            "service": data.service,
            "institution_ids": [str(one) for one in data.institution_ids],
            "others": data.others,
            "seat_id": str(data.seat_id or ""),
            "planned_on": data.planned_on,
            "review_on": data.review_on,
            "risk": data.risk or "",
            "serves": data.serves,
            "for_family": data.for_family,
            "notes": data.notes,
        }

    def choose(
        self,
        *,
        institutions: Iterable[tuple[str, str]],
        seats: Iterable[tuple[str, str]],
        risks: Iterable[tuple[str, str]],
        objectives: Iterable[tuple[str, str]],
    ) -> None:
        self.institution_ids.choices = list(institutions)
        self.seat_id.choices = [("", _l("not chosen yet")), *seats]
        self.risk.choices = [("", _l("none of these: a need")), *risks]
        self.objective.choices = list(objectives)

    def action(self) -> ActionData:
        """What was typed; call after validation."""
        return ActionData(
            measure=self.measure.data or "",
            service=self.service.data or "",
            serves=self.serves.data or "",
            others=self.others.data or "",
            notes=self.notes.data or "",
            risk=self.risk.data or None,
            for_family=bool(self.for_family.data),
            seat_id=ident(self.seat_id.data),
            institution_ids=tuple(found for one in self.institution_ids.data or () if (found := ident(one))),
            planned_on=self.planned_on.data,
            review_on=self.review_on.data,
        )


class DeedForm(Form):
    """A button over a version; `direction` for moving."""

    also_sent = frozenset({"direction"})


class RemoveForm(Form):
    version = version()


class AdoptForm(Form):
    """`version` is the number of all savings the page showed."""

    version = version()
    meeting = SelectField(_l("Adopted in"), [Required()], choices=[])


class CommentForm(OnceForm):
    kind = RadioField(
        _l("What do you want to say?"),
        [Required()],
        choices=[("comment", _l("A comment")), ("proposal", _l("A proposal to add or change something"))],
        default="comment",
    )
    about = SelectField(_l("About"), [IfGiven()], choices=[])
    text = long_text(_l("In your words"), limit=TEXT_LIMIT)


class ObjectionForm(OnceForm):
    text = long_text(_l("Why this action is outside the mandate of your institution"), limit=TEXT_LIMIT)


class AnswerForm(Form):
    text = long_text(_l("Answer"), limit=TEXT_LIMIT)


class UpdateForm(OnceForm):
    """What became of an action, in under a minute."""

    status = RadioField(
        _l("Status"),
        [Required(_l("Choose one of the three."))],
        choices=[(one.key, one.key) for one in ACTION_STATUSES],
        validate_choice=False,
    )
    note = long_text(
        _l("What was done, what is missing"), limit=TEXT_LIMIT, required=False, validators=[ByAnswer()]
    )
    done_on = CivilDateField(_l("Done on (only if it was another day than today)"), [IfGiven()])
    upload = FileField(_l("File (if there is one)"))


class GiveForm(Form):
    version = version()
    seat_id = SelectField(_l("New responsible member"), [Required()], choices=[], validate_choice=False)
    reason = long_text(_l("Why another member takes the action"), limit=REASON_LIMIT)


class SuperiorLetterForm(OnceForm):
    way = RadioField(
        _l("How it goes"),
        [Required()],
        choices=[
            ("mail", _l("By mail: a link that opens after signing in")),
            ("paper", _l("Printed and handed over")),
        ],
        default="mail",
    )
    language = SelectField(
        _l("Language of the letter"),
        [Required()],
        choices=[("sq", "Shqip"), ("sr", "Srpski"), ("en", "English")],
    )
    answer_by_on = CivilDateField(_l("Answer asked for by"), [IfGiven()])


class ReasonForm(OnceForm):
    reason = long_text(_l("Why it is no lack of cooperation"), limit=REASON_LIMIT)


class SuperiorAnswerForm(Form):
    answer = long_text(_l("Answer of the institution"), limit=TEXT_LIMIT)
