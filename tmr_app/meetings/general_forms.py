"""What is typed on the pages of general meetings: shape only; rules and look-ups are the operations'."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from tmr_app.cases.table_forms import DeclarationForm
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField, WallTimeField
from tmr_app.kernel.forms import Form, IfGiven, OnceForm, Required, choices, long_text, text, version
from tmr_app.meetings.forms import ident
from tmr_app.meetings.forms_member import NamesSubstitute
from tmr_app.meetings.general_calling import GeneralWhen

__all__ = ["DeclarationForm", "ident"]

PRESENCE: dict[str, Any] = {
    "present": _l("present"),
    "substitute": _l("a substitute came"),
    "absent_with_reason": _l("absent, with a reason"),
    "absent": _l("absent"),
}


class ChairForm(Form):
    person = SelectField(_l("Case manager"), [Required()], choices=[])


class CallForm(OnceForm):
    """Open the preparation: a button."""


class DateForm(Form):
    version = version()
    meeting_on = CivilDateField(_l("Date of the meeting"), [Required()])
    starts = WallTimeField(_l("Begins at"), [Required()])
    ends = WallTimeField(_l("Ends at"), [Required()])
    fold = RadioField(
        _l("The hour comes twice this night: which one?"),
        [IfGiven()],
        choices=[("0", _l("the first (summer time)")), ("1", _l("the second (winter time)"))],
        validate_choice=False,
    )
    room = SelectField(_l("Room"), [Required()], choices=[])

    def when(self) -> GeneralWhen:
        """The values as the operation takes them; call after validation."""
        if self.meeting_on.data is None or self.starts.data is None or self.ends.data is None:
            raise BadInput("a date without its parts")
        return GeneralWhen(
            on=self.meeting_on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=ident(self.room.data) if self.room.data else None,
            fold=int(self.fold.data) if self.fold.data in ("0", "1") else None,
        )


class ItemForm(Form):
    title = text(_l("New item"), limit=200)


class ConveneForm(Form):
    version = version()
    late_reason = long_text(_l("Why do the invitations go out so late?"), limit=2000, required=False)


class ReasonForm(Form):
    reason = long_text(_l("Reason"), limit=2000)


class AnswerForm(NamesSubstitute):
    answer = RadioField(
        _l("Do you come?"),
        [Required(_l("Choose an answer."))],
        choices=choices(
            (
                ("yes", _l("I come")),
                ("no", _l("I cannot come")),
                ("substitute", _l("Somebody shall come in my place")),
            )
        ),
    )
    substitute = RadioField(
        _l("Who shall come in your place"),
        choices=[],
        validate_choice=False,
        description=_l("This person is invited at once and signs an own declaration."),
    )


class WrittenForm(Form):
    version = version()
    discussion = long_text(_l("Discussion"), limit=10_000, required=False)
    decision = long_text(_l("Decision"), limit=5_000, required=False)


class TaskForm(OnceForm):
    owner = SelectField(_l("Who does it?"), [Required()], choices=[])
    text = long_text(_l("What is to be done?"), limit=2000)
    due_on = CivilDateField(_l("Until"), [Required()])


class DoneForm(Form):
    outcome = long_text(_l("What came of it?"), limit=2000)


class ButtonForm(Form):
    """Start, end, approve, take back: a button."""


class AttendanceForm(Form):
    rest_present = BooleanField(_l("Everybody else is present"))


def attendance_form(rows: list[tuple[UUID, str, list[tuple[str, str]]]]) -> type[AttendanceForm]:
    """One group of fields for each invitee: id, name, who may have come instead."""
    fields: dict[str, Any] = {}
    for invitee_id, name, substitutes in rows:
        key = invitee_id.hex
        fields[f"presence_{key}"] = SelectField(
            _l("Presence of %(name)s", name=name),
            [IfGiven()],
            choices=[("", _l("not noted")), *PRESENCE.items()],
            default="",
        )
        fields[f"instead_{key}"] = SelectField(
            _l("Who came instead of %(name)s", name=name),
            [IfGiven()],
            choices=[("", _l("nobody in their place")), *substitutes],
            default="",
        )
        fields[f"reason_{key}"] = text(
            _l("Reason of the absence of %(name)s", name=name), limit=500, required=False
        )
    return type("AttendanceOfInvitees", (AttendanceForm,), fields)
