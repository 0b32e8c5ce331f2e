"""WTForms' own refusals, named here so that our catalogues must translate them; its package has no Serbian in Latin."""

from flask_babel import lazy_gettext, lazy_ngettext

WTFORMS_TEXTS = (
    lazy_gettext("This field is required."),
    lazy_gettext("Invalid input."),
    lazy_gettext("Invalid email address."),
    lazy_gettext("Invalid UUID."),
    lazy_gettext("Field must be equal to %(other_name)s."),
    lazy_ngettext(
        "Field must be at least %(min)d character long.",
        "Field must be at least %(min)d characters long.",
        1,
        min=1,
    ),
    lazy_ngettext(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
        1,
        max=1,
    ),
    lazy_gettext("Field must be between %(min)d and %(max)d characters long."),
    lazy_gettext("Number must be at least %(min)s."),
    lazy_gettext("Number must be at most %(max)s."),
    lazy_gettext("Number must be between %(min)s and %(max)s."),
    lazy_gettext("Not a valid choice."),
    lazy_gettext("Invalid Choice: could not coerce."),
    lazy_gettext("Invalid choice(s): one or more data inputs could not be coerced."),
    lazy_ngettext(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
        1,
        value="",
    ),
    lazy_gettext("Not a valid date value."),
    lazy_gettext("Not a valid integer value."),
    lazy_gettext("Not a valid decimal value."),
)
