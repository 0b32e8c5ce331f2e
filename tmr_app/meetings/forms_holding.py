"""What is typed while a meeting runs, and when its draft is corrected. Shape only."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField

from tmr_app.kernel.errors import BadInput, FieldRefused
from tmr_app.kernel.fields import CivilDateField, WallTimeField
from tmr_app.kernel.forms import Form, IfGiven, Part, Required, long_text, text, version
from tmr_app.meetings.attendance import Mark
from tmr_app.meetings.discussing import ITEM_TEXTS, NOTE_TEXTS, VIEW_TEXTS
from tmr_app.meetings.forms import ident
from tmr_app.meetings.holding import NextMeeting
from tmr_app.meetings.preparing import When

TEXT_LIMIT = 20_000
REASON_LIMIT = 2000


class OwnIds:
    """Many forms on one page: each field gets an id of its own, its name stays."""

    def mark(self, block: str) -> None:
        for field in self:  # type: ignore[attr-defined]
            field.id = field.label.field_id = f"{block}-{field.short_name}"


class TextForm(OwnIds, Form):
    """Texts under one version; `merged`: both texts were seen, this is what shall stand."""

    names: tuple[str, ...] = ()
    version = version()
    merged = HiddenField()

    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in self.names}

    @classmethod
    def of(cls, block: str, texts: Mapping[str, str], version: int, *, merged: bool = False) -> Any:
        """The form as it is shown first."""
        form = cls(formdata=None, data={**texts, "version": version, "merged": "yes" if merged else ""})
        form.mark(block)
        return form


class ItemForm(TextForm):
    names = ITEM_TEXTS
    discussion = long_text(_l("Discussion"), limit=TEXT_LIMIT, required=False)
    decision = long_text(_l("Decision"), limit=TEXT_LIMIT, required=False)


class ViewsForm(TextForm):
    names = VIEW_TEXTS
    views = long_text(_l("View, in their own words"), limit=TEXT_LIMIT, required=False)
    no_views_reason = long_text(_l("If there is no view: why"), limit=REASON_LIMIT, required=False)
    considered = long_text(_l("How it was taken into account"), limit=TEXT_LIMIT, required=False)


class NotesForm(TextForm):
    names = NOTE_TEXTS
    information_given = long_text(
        _l("Information given in the meeting (Article 8, paragraph 8)"), limit=TEXT_LIMIT, required=False
    )
    dissent = long_text(_l("Differing opinions"), limit=TEXT_LIMIT, required=False)


class MarkPart(Part):
    """One line of the attendance list."""

    invitation = HiddenField()
    version = version()
    presence = SelectField(_l("Present"), choices=[], validate_choice=False)
    reason = text(_l("Reason"), limit=500, required=False)


class AttendanceForm(Form):
    also_sent = frozenset({"rest_present"})
    rows = FieldList(FormField(MarkPart), max_entries=300)

    def marks(self) -> dict[UUID, Mark]:
        """By invitation. BadInput for a damaged or doubled id (B32)."""
        found: dict[UUID, Mark] = {}
        for row in self.rows:
            part = row.form
            invitation_id = ident(part.invitation.data)
            if invitation_id in found:
                raise BadInput("an invitation was sent twice")
            found[invitation_id] = Mark(
                part.presence.data or "", part.reason.data or "", part.version.data or 0
            )
        return found

    def blame(self, error: FieldRefused) -> None:
        """Show a refusal at the line it is about: the operation names it "<field>:<invitation>"."""
        name, _sep, ident_text = error.field.partition(":")
        for row in self.rows:
            if row.form.invitation.data == ident_text:
                row.form[name].errors = [*row.form[name].errors, error.message]


class CameForm(OwnIds, Form):
    who = SelectField(
        _l("Somebody came who is not on the list"), [Required()], choices=[], validate_choice=False
    )


class ApproveForm(OwnIds, Form):
    note = long_text(_l("What the Table said about the agenda"), limit=REASON_LIMIT, required=False)


class AddItemForm(OwnIds, Form):
    title = text(_l("Add an item"))


class DeedForm(Form):
    """A button; `direction` for moving."""

    also_sent = frozenset({"direction", "afterwards"})


class RiskForm(OwnIds, Form):
    level = RadioField(_l("Level of risk"), [Required(_l("Choose low, medium or high."))], choices=[])
    reason = long_text(_l("What it rests on"), limit=REASON_LIMIT)


class NextForm(OwnIds, Form):
    also_sent = frozenset({"none"})
    purpose = SelectField(_l("What is the meeting for?"), [Required()], choices=[])
    meeting_on = CivilDateField(_l("Date of the meeting"), [Required()])
    starts = WallTimeField(_l("Begins at"), [Required()])
    ends = WallTimeField(_l("Ends at"), [Required()])
    room = SelectField(_l("Room"), [IfGiven()], choices=[])
    video_link = text(_l("Video link"), limit=500, required=False)

    def proposal(self) -> NextMeeting:
        """Call after validation."""
        if self.meeting_on.data is None or self.starts.data is None or self.ends.data is None:
            raise BadInput("a date without its parts")
        when = When(
            on=self.meeting_on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            room_id=ident(self.room.data) if self.room.data else None,
            video_link=self.video_link.data or "",
        )
        return NextMeeting(self.purpose.data, when)
