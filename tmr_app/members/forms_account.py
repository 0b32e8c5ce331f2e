"""Forms of one's own account."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, EqualTo, Length

from tmr_app.kernel.forms import Form
from tmr_app.members.passwords import refusals

LANGUAGES = [("sq", "Shqip"), ("sr_Latn", "Srpski"), ("en", "English")]


class NewPasswordForm(Form):
    """The code from the mail and the new password, twice."""

    code = StringField(
        _l("Code from the mail"), validators=[DataRequired(_l("Type the code from the mail."))]
    )
    password = PasswordField(_l("New password"), validators=[DataRequired(_l("Choose a password."))])
    password_again = PasswordField(
        _l("The same password again"),
        validators=[EqualTo("password", message=_l("The two passwords are not the same."))],
    )

    def __init__(self, *arguments: Any, own_words: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_words = own_words

    def validate_password(self, field: Any) -> None:
        for refusal in refusals(field.data or "", self.own_words):
            raise ValidationError(refusal)


class AskResetForm(Form):
    """Whose password."""

    email = StringField(
        _l("Your official mail address"),
        validators=[DataRequired(_l("Type your official mail address.")), Length(max=254)],
    )


class SettingsForm(Form):
    """Language and what may be mailed besides what the law demands."""

    language = SelectField(_l("Language of pages and mail"), choices=LANGUAGES)
    extra_reminders = BooleanField(_l("Remind me once more the day before something is due"))
    confirmations = BooleanField(_l("Confirm by mail what I have filed"))


class EmptyForm(Form):
    """Only the token: for a deed of one button."""
