"""The base of every form: nothing unknown or doubled gets in, all text is cleaned, refusals name their field."""

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import g, request
from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from tmr_app.kernel import db
from tmr_app.kernel.errors import BadInput, FieldRefused
from tmr_app.kernel.text import LINE_LIMIT, LONG_LIMIT, TextRefused, clean, mail_address, mixed_script_words
from tmr_app.regulation.verdicts import Message

FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
LARGEST_VERSION = 2**31 - 1
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TEXT_FIELDS = (StringField, TextAreaField)
_UNTOUCHED = (PasswordField, HiddenField)


def translated(message: Message) -> str:
    """A refusal in the language of the page."""
    return message.render(gettext)


class _Catalogue:
    """WTForms' own messages come from our catalogues: its package has no Serbian in Latin letters."""

    def gettext(self, string: str) -> str:
        return str(gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_domain().get_translations().ngettext(singular, plural, n))


class _Cleaning(DefaultMeta):
    """Binds fields: text gets a cleaner with the general limits unless it has its own; hidden values are checked."""

    def get_translations(self, form: Any) -> _Catalogue:
        return _Catalogue()

    def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
        field = super().bind_field(form, unbound_field, options)
        if isinstance(field, _TEXT_FIELDS) and not isinstance(field, _UNTOUCHED):
            if not any(getattr(one, "cleans", False) for one in field.filters):
                lines = isinstance(field, TextAreaField)
                own = _cleaner(LONG_LIMIT if lines else LINE_LIMIT, lines=lines)
                field.filters = [own, *field.filters]
        elif isinstance(field, HiddenField):
            field.filters = [_hidden, *field.filters]
        return field


class Part(PlainForm):
    """The base of a group of fields inside a form (FormField, FieldList of FormField); it has no token of its own."""

    class Meta(_Cleaning):
        csrf = False


class Form(FlaskForm):
    """Derive every form from this. CSRF is on; names the form does not know, or knows once and gets twice, are 400.

    Values of text fields are cleaned by `kernel.text`; the text typed is kept when a field refuses. Choices are lists of
    (value, label) pairs. Raises BadInput while it is built, before any validation.
    """

    also_sent: frozenset[str] = frozenset()
    """Names a page may send besides the fields: the value of a second submit button."""

    class Meta(_Cleaning, FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Form bodies only: JSON never becomes form data."""
            if formdata is _Auto and form.is_submitted() and request.mimetype not in FORM_TYPES:
                if request.content_length:
                    raise BadInput("a form was expected")
                return None
            return super().wrap_formdata(form, formdata)

    def __init__(self, formdata: Any = _Auto, **options: Any) -> None:
        super().__init__(formdata=formdata, **options)
        g.form_built = True
        if formdata is _Auto and self.is_submitted():
            self.refuse_foreign(request.form.lists(), request.files.lists())

    def refuse_foreign(self, *sent: Iterable[tuple[str, Sequence[Any]]]) -> None:
        """Raise BadInput for an unknown name, or a name sent more often than its field takes (ASVS 15.3.3, B32, B33)."""
        once, many = _names(self)
        once |= self.also_sent | {self.meta.csrf_field_name}
        seen: set[str] = set()
        for name, values in (pair for part in sent for pair in part):
            if name not in once and name not in many:
                raise BadInput("an unknown field was sent")
            if name in seen or (len(values) > 1 and name not in many):
                raise BadInput("a field was sent twice")
            seen.add(name)

    def refuse(self, error: FieldRefused) -> None:
        """Show an operation's refusal at its field, and undo the unit; what was loaded before is loaded anew.

        A field the form does not have gets the message above the form. Build the page's context after this.
        """
        session = db.session()
        session.rollback()
        for loaded in list(session):
            session.refresh(loaded)
        text = translated(error.message) if isinstance(error.message, Message) else str(error.message)
        if error.field in self:
            field = self[error.field]
            field.errors = [*field.errors, text]
        else:
            self.form_errors = [*self.form_errors, text]  # type: ignore[has-type]


def _names(fields: Iterable[Field]) -> tuple[set[str], set[str]]:
    """Names sent once, and names that may be sent several times, groups and lists included."""
    once: set[str] = set()
    many: set[str] = set()
    for field in fields:
        if isinstance(field, FormField) and not isinstance(field.form, Part):
            raise TypeError(
                f"{type(field.form).__name__} must derive from kernel.forms.Part, or its text is not cleaned"
            )
        if isinstance(field, FormField | FieldList):
            inner = _names(field.form if isinstance(field, FormField) else field.entries)
            once, many = once | inner[0], many | inner[1]
        elif isinstance(field, SelectMultipleField | MultipleFileField):
            many.add(field.name)
        else:
            once.update(getattr(field, "input_names", (field.name,)))
    return once, many


class OnceForm(Form):
    """A form whose double submission makes one deed: the operation stores `once.data` under a unique key."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.is_submitted() and not _KEY.fullmatch(self.once.data or ""):
            raise BadInput("the key of the submission is missing or damaged")


class QueryForm(Form):
    """A filter or search by GET: reads the address, has no token, ignores unknown names; wrong values give defaults."""

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, **options: Any) -> None:
        super().__init__(formdata=request.args, **options)

    def values(self) -> dict[str, Any]:
        """Each field's value, or its default where what was sent does not hold."""
        valid = self.validate()
        wrong = set() if valid else set(self.errors)
        return {
            field.short_name: (_default(field) if field.short_name in wrong else field.data) for field in self
        }


def _default(field: Field) -> Any:
    return field.default() if callable(field.default) else field.default


class VersionField(HiddenField):
    """The version of the record a page was made from; `data` is an int. Anything else is BadInput (B31)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            raise BadInput("the version is missing")
        text = valuelist[0]
        if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST_VERSION):
            raise BadInput("the version is not a number")
        self.data = int(text)


def _cleaner(limit: int | None, *, lines: bool) -> Callable[[Any], Any]:
    def cleaned(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return clean(value, limit=limit, lines=lines)
        except TextRefused as refused:
            raise ValueError(translated(refused.message)) from refused

    cleaned.cleans = True  # type: ignore[attr-defined]
    return cleaned


def _hidden(value: Any) -> Any:
    """A hidden value comes from our own page: what is no plain short text was forged."""
    if isinstance(value, str) and (len(value) > 500 or not value.isprintable()):
        raise BadInput("a hidden field was damaged")
    return value


class Required:
    """Something must be given; the message names the field. Runs after cleaning, so blanks alone do not do (B23)."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field, SelectField) and not any(field.raw_data or ()):
            field.errors = []  # WTForms takes no answer for an impossible one
            text = self.message or gettext("%(field)s: please choose an answer.", field=_label(field))
            raise StopValidation(str(text))
        if field.errors:  # what is there was refused already: say that, not that it is missing
            raise StopValidation()
        if isinstance(field, BooleanField) and not field.data:  # an unticked box is False, not missing
            raise StopValidation(
                str(self.message or gettext("%(field)s: please tick the box.", field=_label(field)))
            )
        if field.data in (None, "", [], ()) or (isinstance(field, FileField) and not field.data):
            text = self.message or gettext("%(field)s: please fill this in.", field=_label(field))
            raise StopValidation(str(text))


NOT_BLANK = (IntegerField, RadioField)


class IfGiven:
    """Nothing more is asked of a field left blank. Also of what shows nothing, unlike WTForms' Optional."""

    field_flags = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field, NOT_BLANK) and not any(raw.strip() for raw in field.raw_data or ()):
            field.errors = []  # before any validator is asked WTForms calls a blank no number, no choice
            raise StopValidation()
        if field.errors or field.data in (None, "", [], ()):
            raise StopValidation()


class ByAnswer:
    """Another answer or the button pressed decides whether the field may stay blank: its label does not call it optional."""

    field_flags = {"optional": False}

    def __call__(self, form: Any, field: Field) -> None:
        """Whether it is missing is asked by the operation, which knows the whole."""


class OneScript:
    """No word mixes alphabets: a look-alike letter would make a second person of one (B25)."""

    def __call__(self, form: Any, field: Field) -> None:
        words = mixed_script_words(field.data or "")
        if words:
            raise StopValidation(
                gettext("“%(word)s” mixes letters of two alphabets. Type it in one.", word=words[0][:40])
            )


class MailAddress:
    """One address, written out; the stored domain is in small letters."""

    def __call__(self, form: Any, field: Field) -> None:
        try:
            field.data = mail_address(field.data or "")
        except TextRefused as refused:
            raise StopValidation(translated(refused.message)) from refused


def _label(field: Field) -> str:
    return str(field.label.text).rstrip("?")  # a colon follows


def _validators(required: bool, more: Sequence[Any]) -> list[Any]:
    return [Required() if required else IfGiven(), *more]


def text(
    label: Any,
    *,
    limit: int = LINE_LIMIT,
    required: bool = True,
    validators: Sequence[Any] = (),
    **options: Any,
) -> StringField:
    """One line of at most `limit` characters, in one alphabet per word."""
    rules = _validators(required, [OneScript(), *validators])
    return StringField(label, rules, filters=[_cleaner(limit, lines=False)], **options)


def long_text(
    label: Any,
    *,
    limit: int = LONG_LIMIT,
    required: bool = True,
    validators: Sequence[Any] = (),
    **options: Any,
) -> TextAreaField:
    """Text of several lines, at most `limit` characters."""
    rules = _validators(required, validators)
    return TextAreaField(label, rules, filters=[_cleaner(limit, lines=True)], **options)


def mail(label: Any, *, required: bool = True, **options: Any) -> EmailField:
    """A mail address."""
    rules = _validators(required, [MailAddress()])
    return EmailField(label, rules, filters=[_cleaner(None, lines=False)], **options)


def version() -> VersionField:
    """The hidden version of the record shown."""
    return VersionField()


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """(value, label) pairs as the list WTForms asks for."""
    return list(pairs)


__all__ = [
    "Form",
    "IfGiven",
    "MailAddress",
    "OnceForm",
    "OneScript",
    "Part",
    "QueryForm",
    "Required",
    "VersionField",
    "choices",
    "long_text",
    "mail",
    "text",
    "translated",
    "version",
]
