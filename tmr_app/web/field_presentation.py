"""What the form macros ask about a WTForms field: its kind, its flat errors, the script kit's texts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, ngettext

_KINDS = {
    "HiddenField": "hidden",
    "CSRFTokenField": "hidden",
    "SubmitField": "submit",
    "RadioField": "radios",
    "SelectMultipleField": "checkboxes",
    "SelectField": "select",
    "BooleanField": "boolean",
    "TextAreaField": "textarea",
    "PasswordField": "password",
    "FileField": "file",
    "MultipleFileField": "file",
    "IntegerField": "number",
    "DecimalField": "number",
    "FieldList": "list",
    "FormField": "list",
    "CivilDateField": "date",
    "WallTimeField": "time",
}
_INPUT_TYPES = {"EmailField": "email", "TelField": "tel", "SearchField": "search", "URLField": "url"}


def _known(field: Any, table: dict[str, str], other: str) -> str:
    for ancestor in type(field).__mro__:
        if ancestor.__name__ in table:
            return table[ancestor.__name__]
    return other


def field_kind(field: Any) -> str:
    """Which shape the macro draws; a subclass of a known field is drawn like it."""
    return _known(field, _KINDS, "text")


def input_type(field: Any) -> str:
    """The `type` of a one-line input."""
    return _known(field, _INPUT_TYPES, "text")


def flat_errors(field: Any) -> list[Any]:
    """The field's own messages, also when it holds a form or a list (those show at their parts)."""
    return [error for error in field.errors if not isinstance(error, (dict, list, tuple))]


def error_target(field: Any) -> str:
    """The id of the first control of a field."""
    kind = field_kind(field)
    if kind in ("radios", "checkboxes"):
        return f"{field.id}-0"
    return f"{field.id}-day" if kind == "date" else str(field.id)


def _entries(fields: Iterable[Any]) -> Iterable[tuple[str, str]]:
    from tmr_app.web.presentation import message

    for field in fields:
        if not field.errors:
            continue
        href = "" if field_kind(field) == "hidden" else f"#{error_target(field)}"
        for error in flat_errors(field):
            name, text = message(field.label.text).rstrip("?"), message(error)
            named = not href or not name or text.casefold().startswith(name.casefold())
            yield (text if named else f"{name}: {text}"), href
        if field_kind(field) == "list":
            yield from _entries(field)


def error_entries(form: Any) -> list[tuple[str, str]]:
    """(text with the field's name, link to the field) for each refusal of a form."""
    from tmr_app.web.presentation import message

    whole = [(message(error), "") for error in getattr(form, "form_errors", [])]
    return whole + list(_entries(form))


def extra_attributes(field: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes of the field (`render_kw`) and of the call, without those the macro writes itself."""
    own = {"class", "rows", "id", "name", "type", "value", "required", "style"}
    both = {**(getattr(field, "render_kw", None) or {}), **attributes}
    return {name: value for name, value in both.items() if name not in own and not name.startswith("on")}


def counter_texts() -> dict[str, str]:
    """Texts of the character counter in the plural forms of the page's language."""
    texts = {
        "data-i18n.characters-at-limit": gettext("No characters left"),
        "data-i18n.textarea-description.other": gettext("You can write up to {count} characters"),
    }
    for form, sample in (("one", 1), ("few", 3), ("other", 5)):
        left = ngettext("{count} character left", "{count} characters left", sample)
        over = ngettext("{count} character too many", "{count} characters too many", sample)
        texts[f"data-i18n.characters-under-limit.{form}"] = left
        texts[f"data-i18n.characters-over-limit.{form}"] = over
    return {name: text.replace("{count}", "%{count}") for name, text in texts.items()}


def password_texts() -> dict[str, str]:
    """Texts of the show/hide button of a password."""
    return {
        "data-i18n.show-password": gettext("Show"),
        "data-i18n.hide-password": gettext("Hide"),
        "data-i18n.show-password-aria-label": gettext("Show the password"),
        "data-i18n.hide-password-aria-label": gettext("Hide the password"),
        "data-i18n.password-shown-announcement": gettext("The password is visible"),
        "data-i18n.password-hidden-announcement": gettext("The password is hidden"),
    }


def group_attributes(kind: str, limit: int | None) -> dict[str, Any]:
    """What the script kit needs on the group round a long text with a limit, or a password."""
    if kind == "password":
        return {"data-module": "govuk-password-input", **password_texts()}
    if kind == "textarea" and limit:
        return {"data-module": "govuk-character-count", "data-maxlength": limit, **counter_texts()}
    return {}


FIELD_GLOBALS: dict[str, Any] = {
    "field_kind": field_kind,
    "input_type": input_type,
    "flat_errors": flat_errors,
    "error_entries": error_entries,
    "extra_attributes": extra_attributes,
    "group_attributes": group_attributes,
}
