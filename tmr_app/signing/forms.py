"""The shape of what is sent in the signing room."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField

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
        [Required(_l("Say that you have read the text and agree with the statement."))],
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


class DeedForm(Form):
    """A button without input."""
