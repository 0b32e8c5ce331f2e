"""The shape of what is sent in the signing room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.forms import Form, Required, choices, long_text, version
from tmr_app.signing.models import LEFT_POST, REFUSED_TO, UNREACHABLE

HEX64 = frozenset("0123456789abcdef")


class SignForm(Form):
    """What was seen (version and hash), the page it was seen on, and the deed. `way`: the button that was pressed."""

    also_sent = frozenset({"way", "credential"})
    offer = HiddenField()
    seen_number = version()
    seen_sha256 = HiddenField()
    agreed = BooleanField(
        _l("I have read the whole text and agree with the statement."),
        [InputRequired(_l("Say that you have read the text and agree with the statement."))],
    )

    def check_hash(self) -> str:
        """The hash that was seen. BadInput for what is none."""
        text = self.seen_sha256.data or ""
        if len(text) != 64 or not set(text) <= HEX64:
            raise BadInput("the hash is no hash")
        return text


class RefuseForm(Form):
    """A refusal needs its reason."""

    reason = long_text(_l("Why you do not sign"), limit=2000)


class MissingForm(Form):
    """Why one signature will not come."""

    kind = RadioField(
        _l("Why the signature is missing"),
        [Required()],
        choices=choices(
            [
                (LEFT_POST, _l("has left the post")),
                (UNREACHABLE, _l("cannot be reached")),
                (REFUSED_TO, _l("has refused")),
            ]
        ),
    )
    reason = long_text(_l("What was done to get the signature"), limit=2000)


class PaperForm(Form):
    """The scan of a signed sheet, and whose signatures it shows."""

    people = SelectMultipleField(
        _l("Whose signatures the sheet shows"),
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    upload = FileField(_l("The scan (PDF, PNG or JPEG)"), [Required()])


class CertificateForm(Form):
    """The frozen file, signed by the member."""

    upload = FileField(_l("The signed PDF"), [Required()])


class DecideForm(Form):
    """What a second person says of an uploaded file."""

    decision = RadioField(
        _l("I have compared the file with the people it names"),
        [Required()],
        choices=[("accept", _l("the signatures are theirs")), ("decline", _l("the file does not show them"))],
    )


class DeedForm(Form):
    """A button without input."""
