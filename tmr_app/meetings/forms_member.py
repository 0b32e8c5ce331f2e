"""What a member types before a meeting: the answer and the progress report. Shape only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField

from tmr_app.cases import words
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.forms import Form, Part, Required, choices, long_text, version
from tmr_app.meetings.models import ProgressReport
from tmr_app.meetings.report_actions import ActionReport
from tmr_app.meetings.reporting import LABELS, ReportTexts
from tmr_app.members.models import Person
from tmr_app.plans.models import STATUSES
from tmr_app.plans.queries import ActionNow

REASON_LIMIT = 1000
REPORT_LIMIT = 10_000
ACTION_LIMIT = 4000
ACTION_PARTS = ("status", "done", "obstacle", "needed")


class NamesSubstitute(Form):
    """An answer that may name somebody of the same institution; each kind of meeting words its own fields."""

    answer: RadioField
    substitute: RadioField

    def offer(self, people: Iterable[Person]) -> None:
        """The rostered people of the member's institution; without any, the third answer is not offered."""
        self.substitute.choices = choices((str(person.id), person.name) for person in people)
        if not self.substitute.choices:
            self.answer.choices = [one for one in self.answer.choices if one[0] != "substitute"]

    @property
    def substitute_id(self) -> UUID | None:
        """None when nobody was chosen; BadInput for a damaged id (B32)."""
        if not self.substitute.data:
            return None
        try:
            return UUID(self.substitute.data)
        except ValueError as error:
            raise BadInput("an id was damaged") from error


class AnswerForm(NamesSubstitute):
    """Yes, no with the reason, or a substitute; `seen` is the sequence of the date and place shown."""

    answer = RadioField(
        _l("Will you come?"),
        [Required(_l("Choose an answer."))],
        choices=choices(
            (
                ("yes", _l("Yes, I will come")),
                ("no", _l("No")),
                ("substitute", _l("Somebody shall come in my place")),
            )
        ),
    )
    reason = long_text(
        _l("Reason"), limit=REASON_LIMIT, required=False, description=_l("Needed when you cannot come.")
    )
    substitute = RadioField(
        _l("Who shall come in your place"),
        choices=[],
        validate_choice=False,
        description=_l("The case manager confirms. Until then your own duty stays."),
    )
    seen = version()


class ReportActionPart(Part):
    """One of the member's own actions in the report."""

    key = HiddenField()
    status = SelectField(_l("Status"))
    done = long_text(_l("What was done"), limit=ACTION_LIMIT, required=False)
    obstacle = long_text(_l("Obstacle"), limit=ACTION_LIMIT, required=False)
    needed = long_text(_l("What is needed"), limit=ACTION_LIMIT, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.status.choices = words.labels(STATUSES)


class ReportForm(Form):
    """The written progress report in its two parts; `version` is 0 until one was filed."""

    done = long_text(_l("What was done since the last meeting"), limit=REPORT_LIMIT)
    obstacles = long_text(_l("Obstacles met"), limit=REPORT_LIMIT, required=False)
    needed = long_text(_l("What is needed; proposals to the Table"), limit=REPORT_LIMIT, required=False)
    child_wellbeing = long_text(
        _l("The child's well-being, as you see it"), limit=REPORT_LIMIT, required=False
    )
    manager_part = long_text(_l("What only the case manager should know"), limit=REPORT_LIMIT, required=False)
    actions = FieldList(FormField(ReportActionPart), max_entries=100)
    version = version()

    @classmethod
    def of(
        cls,
        report: ProgressReport | None,
        draft: dict[str, Any] | None,
        actions: Sequence[ActionNow] = (),
        told: Mapping[UUID, ActionReport] | None = None,
    ) -> "ReportForm":
        """The form with the draft kept for this person, else what was filed; the own `actions` with what was `told`."""
        stored = {name: getattr(report, name) for name in LABELS} if report else {}
        kept = {name: str(value) for name, value in (draft or {}).items() if name in LABELS}
        number = report.version if report else 0
        based_on = str((draft or {}).get("version", number))
        values: dict[str, Any] = {**stored, **kept}
        values["version"] = int(based_on) if based_on.isdecimal() else number
        values["actions"] = cls._of_actions(actions, told or {}, (draft or {}).get("actions"))
        return cls(formdata=None, data=values)

    @staticmethod
    def _of_actions(
        actions: Sequence[ActionNow], told: Mapping[UUID, ActionReport], drafted: Any
    ) -> list[dict[str, str]]:
        """A draft's words first, then what was filed, else the action's present status and empty texts."""
        kept = drafted if isinstance(drafted, dict) else {}
        found = []
        for one in actions:
            filed = told.get(one.key) or ActionReport(one.status)
            stored = {name: getattr(filed, name) for name in ACTION_PARTS}
            typed = kept.get(str(one.key))
            typed = typed if isinstance(typed, dict) else {}
            found.append(
                {
                    "key": str(one.key),
                    **stored,
                    **{name: str(typed[name]) for name in ACTION_PARTS if name in typed},
                }
            )
        return found

    def reported(self) -> dict[UUID, ActionReport]:
        """Action by action. BadInput for a damaged key or one sent twice."""
        found: dict[UUID, ActionReport] = {}
        for entry in self.actions:
            part = entry.form
            try:
                key = UUID(part.key.data or "")
            except ValueError as error:
                raise BadInput("an action's key was damaged") from error
            if key in found:
                raise BadInput("an action was sent twice")
            found[key] = ActionReport(**{name: part[name].data or "" for name in ACTION_PARTS})
        return found

    def texts(self) -> ReportTexts:
        return ReportTexts(**{name: self[name].data or "" for name in LABELS})

    def typed(self) -> dict[str, Any]:
        """What was typed as it came, for the draft: nothing is checked and nothing lost."""
        plain: dict[str, Any] = {name: (self[name].raw_data or [""])[0] for name in (*LABELS, "version")}
        actions = {
            (entry.form.key.raw_data or [""])[0]: {
                name: (entry.form[name].raw_data or [""])[0] for name in ACTION_PARTS
            }
            for entry in self.actions
        }
        return plain | {"actions": actions}


class DecisionForm(Form):
    """A button: confirm or decline a proposed substitute."""
