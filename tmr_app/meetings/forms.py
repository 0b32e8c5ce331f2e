"""What is typed on the pages of a meeting: shape only; rules and look-ups are the operations'."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField, WallTimeField
from tmr_app.kernel.forms import ByAnswer, Form, IfGiven, OnceForm, Required, long_text, text, version
from tmr_app.meetings.family_notices import HOW, Notice
from tmr_app.meetings.preparing import When

REASON_LIMIT = 2000
VIEWS_LIMIT = 5000


def ident(value: str | None) -> UUID:
    """The id a page of ours sent. BadInput for anything else (B32)."""
    try:
        return UUID(value or "")
    except ValueError as error:
        raise BadInput("an id was damaged") from error


class CallForm(OnceForm):
    purpose = RadioField(_l("What is the meeting for?"), [Required()], choices=[])


class ExtraordinaryForm(OnceForm):
    stated_risk = long_text(_l("The risk that makes the meeting urgent"), limit=REASON_LIMIT)


class RequestForm(OnceForm):
    reason = long_text(_l("Why is a meeting needed?"), limit=REASON_LIMIT)


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
    room = SelectField(_l("Room"), [IfGiven()], choices=[])
    video_link = text(_l("Video link"), limit=500, required=False)

    def when(self) -> When:
        """The values as the operation takes them; call after validation."""
        if self.meeting_on.data is None or self.starts.data is None or self.ends.data is None:
            raise BadInput("a date without its parts")
        return When(
            on=self.meeting_on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=ident(self.room.data) if self.room.data else None,
            video_link=self.video_link.data or "",
            fold=int(self.fold.data) if self.fold.data in ("0", "1") else None,
        )


class AgreeForm(Form):
    meeting_on = CivilDateField(_l("The date you agree to"), [Required()])


class OtherDateForm(Form):
    proposed_on = CivilDateField(_l("Another date"), [Required()])
    note = long_text(_l("Note to the case manager"), limit=500, required=False)


class InviteesForm(Form):
    """`reason-<id>` fields for those left out are made per page by `with_reasons`."""

    seats = SelectMultipleField(_l("Members and guests"), choices=[])
    participants = SelectMultipleField(_l("Child, parent, guardian"), choices=[])

    def reasons(self) -> dict[UUID, str]:
        """What was written for each of those left out."""
        found = {}
        for one in self:
            if one.short_name.startswith("reason_"):
                found[ident(one.short_name.removeprefix("reason_"))] = one.data or ""
        return found


def with_reasons(people: list[tuple[UUID, str]]) -> type[InviteesForm]:
    """The form with one reason for each of these people (A8.6): id and name."""
    fields: dict[str, Any] = {
        f"reason_{key.hex}": long_text(
            _l("If not invited: why? %(name)s", name=name), limit=500, required=False
        )
        for key, name in people
    }
    return type("InviteesWithReasons", (InviteesForm,), fields)


class GuestForm(Form):
    person = SelectField(_l("Whom do you invite?"), [Required()], choices=[])
    reason = long_text(_l("How is the institution connected with the case?"), limit=REASON_LIMIT)


class ItemForm(Form):
    title = text(_l("New item"), limit=200)


class MoveForm(Form):
    item = SelectField(validators=[Required()], choices=[], validate_choice=False)
    deed = SelectField(validators=[Required()], choices=[(one, one) for one in ("up", "down", "remove")])


class PapersForm(Form):
    files = SelectMultipleField(_l("Files of the case"), choices=[])


class WaiverForm(Form):
    reason = long_text(_l("Why was no assessment possible before?"), limit=REASON_LIMIT, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reason.flags.optional = False  # the page asks for nothing else; empty takes the reason back
        self.reason.description = _l("Left empty, a reason given before is taken back.")


class ReasonForm(Form):
    reason = long_text(_l("Reason"), limit=REASON_LIMIT)


class NoticeForm(Form):
    version = version()
    notified_on = CivilDateField(_l("Told on"), [IfGiven(), ByAnswer()])
    how = RadioField(
        _l("How"),
        [IfGiven(), ByAnswer()],
        choices=list(
            zip(HOW, (_l("in person"), _l("by telephone"), _l("by letter"), _l("by video call")), strict=True)
        ),
        validate_choice=False,
    )
    not_notified_reason = long_text(
        _l("If not told: why?"), limit=REASON_LIMIT, required=False, validators=[ByAnswer()]
    )
    views = long_text(
        _l("Views, in the person's own words"), limit=VIEWS_LIMIT, required=False, validators=[ByAnswer()]
    )
    no_views_reason = long_text(
        _l("If there are no views: why?"), limit=REASON_LIMIT, required=False, validators=[ByAnswer()]
    )

    def notice(self) -> Notice:
        """The values as the operation takes them."""
        return Notice(
            notified_on=self.notified_on.data,
            how=self.how.data or "",
            not_notified_reason=self.not_notified_reason.data or "",
            views=self.views.data or "",
            no_views_reason=self.no_views_reason.data or "",
        )


class ConveneForm(Form):
    version = version()
    late_reason = long_text(_l("Why is it sent late?"), limit=REASON_LIMIT, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.late_reason.flags.optional = (
            False  # asked only where it is needed: the operation refuses without it
        )


class HandOverForm(Form):
    note = text(_l("To whom and how"), limit=300, required=False)
    confirmed = BooleanField(_l("Invitation and papers were handed over on paper"), [Required()])
