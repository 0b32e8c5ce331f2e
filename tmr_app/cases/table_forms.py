"""What is typed on the pages of the Table and of the head's office: shape only."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, RadioField

from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, OnceForm, Required, choices, long_text, mail, text, version

REASON_LIMIT = 1000
NOTE_LIMIT = 4000


def ident(value: str | None) -> UUID:
    """The id a page of ours sent. BadInput for anything else (B32)."""
    try:
        return UUID(value or "")
    except ValueError as error:
        raise BadInput("an id was damaged") from error


class _Chooser:
    """Chooses one of the people the page lists; the operation decides whether it may be."""

    person_id = RadioField(_l("Person"), [Required()], choices=[], validate_choice=False)

    def offer(self, people: Iterable[tuple[Any, str]]) -> None:
        self.person_id.choices = choices((str(key), name) for key, name in people)

    @property
    def person(self) -> UUID:
        return ident(self.person_id.data)


class SeatForm(_Chooser, OnceForm):
    reason = long_text(_l("Why this person is needed at the Table"), limit=REASON_LIMIT)
    same_name_checked = BooleanField(
        _l("I have checked: this is not the person marked as a perpetrator of violence")
    )


class OutsideForm(OnceForm):
    name = text(_l("Name and surname"), limit=200)
    email = mail(_l("Official e-mail address"))
    function = text(_l("Function"), limit=200, required=False)
    institution = text(_l("Institution or organisation"), limit=200)
    reason = long_text(_l("Why this person is needed at the Table"), limit=REASON_LIMIT)
    works_for_child_protection = BooleanField(_l("This person works for the protection of children"))
    same_name_checked = BooleanField(
        _l("I have checked: this is not the person marked as a perpetrator of violence")
    )


class EndSeatForm(Form):
    reason = RadioField(
        _l("Why the seat ends"),
        [Required()],
        choices=[
            ("no_longer_needed", _l("The person is no longer needed in this case")),
            ("left_post", _l("The person has left the post")),
            ("replaced", _l("The institution has named another person")),
            ("other", _l("Another reason")),
        ],
    )
    note = long_text(_l("Note"), limit=REASON_LIMIT, required=False)


class ParticipantForm(OnceForm):
    who = RadioField(_l("Who takes part"), [Required()], choices=[], validate_choice=False)

    @property
    def relation(self) -> UUID | None:
        return None if self.who.data == "child" else ident(self.who.data)


class DeclarationForm(Form):
    text_version = version()
    agreed = BooleanField(
        _l("I have read the declaration and I sign it"), [Required(_l("Tick the box to sign."))]
    )


class PaperDeclarationForm(OnceForm):
    """A sheet signed by hand. `guardian`: who signed, where the child may sign or the guardian for it."""

    text_version = version()
    signed_on = CivilDateField(_l("Date on the sheet"), [Required()])
    language = RadioField(
        _l("Language of the sheet"),
        [Required()],
        choices=[("sq", "Shqip"), ("sr", "Srpski"), ("en", "English")],
    )
    guardian = RadioField(_l("Who signed"), choices=[], default="", validate_choice=False)
    upload = FileField(_l("Scan or photograph of the signed sheet"), validators=[Required()])
    attested = BooleanField(
        _l("I attest: the signature is this person's, and the sheet carries the text version named above"),
        [Required(_l("Tick the box to attest the signature."))],
    )

    @property
    def guardian_id(self) -> UUID | None:
        return ident(self.guardian.data) if self.guardian.data else None


class ConflictForm(Form):
    answer = RadioField(
        _l("Do you have a conflict of interest in this case?"),
        [Required()],
        choices=[
            ("no", _l("No, I have no conflict of interest")),
            ("yes", _l("Yes, I have a conflict of interest")),
        ],
    )
    reason = long_text(_l("What the conflict is"), limit=REASON_LIMIT, required=False)


class FlagForm(OnceForm):
    reason = long_text(_l("What the conflict of interest is"), limit=REASON_LIMIT)


class DecideForm(Form):
    answer = RadioField(
        _l("Your decision"),
        [Required()],
        choices=[
            ("upheld", _l("There is a conflict of interest: the person is excluded at once")),
            ("dismissed", _l("There is no conflict of interest")),
        ],
    )
    decision = long_text(_l("Why you decide so"), limit=REASON_LIMIT)


class AddressForm(_Chooser, OnceForm):
    reason = long_text(_l("Why this person needs the address"), limit=REASON_LIMIT)


class HandOverForm(_Chooser, OnceForm):
    note = long_text(_l("Hand-over note"), limit=NOTE_LIMIT)


class AssignForm(_Chooser, OnceForm):
    note = long_text(_l("Why the case moves, and what the successor needs to know"), limit=NOTE_LIMIT)
    conflict = BooleanField(_l("The present case manager has a conflict of interest and is excluded at once"))


class GlassForm(OnceForm):
    reason = long_text(_l("Why the case must be opened now"), limit=REASON_LIMIT)


class ReviewForm(Form):
    answer = RadioField(
        _l("Was opening the case justified?"),
        [Required()],
        choices=[("yes", _l("Yes, it was justified")), ("no", _l("No, it was not justified"))],
    )
    text = long_text(_l("What the review found"), limit=REASON_LIMIT)


class DutyForm(Form):
    number = text(_l("Case number"), limit=30)


class PeriodForm(_Chooser, OnceForm):
    from_on = CivilDateField(_l("First day"), [Required()])
    to_on = CivilDateField(_l("Last day"), [Required()])
