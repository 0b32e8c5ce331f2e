"""Forms of a municipality's settings, its Centres and rooms, holidays, and the declaration's texts: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TelField
from wtforms.validators import InputRequired

from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, IfGiven, QueryForm, Required, long_text, mail, text, version

MONTHS = [(number, str(number)) for number in range(1, 13)]
NUMBER = _l("Write a whole number.")


class CentreForm(Form):
    name = text(_l("Name of the Centre for Social Work"))
    case_prefix = text(
        _l("Prefix of case numbers"), description=_l("Two to six letters or digits, for example PR.")
    )
    reply_address = mail(
        _l("Monitored mail address"),
        description=_l(
            "Invitations come from it and answers go to it: somebody must read it every working day."
        ),
    )
    phone = TelField(_l("Phone"), [IfGiven()])


class SettingsForm(Form):
    lead_days = IntegerField(
        _l("Days of notice before a meeting"),
        [InputRequired(NUMBER)],
        description=_l("The Regulation asks for at least 3 (A8.3). More is stricter and allowed."),
    )
    guide_notice = BooleanField(
        _l("Show the guide's 14 days' notice"),
        description=_l("A recommendation: it warns and never refuses."),
    )
    assessment_days = IntegerField(_l("Days for the comprehensive assessment"), [InputRequired(NUMBER)])
    annual_report_due_day = IntegerField(_l("Annual report due: day"), [InputRequired(NUMBER)])
    annual_report_due_month = SelectField(_l("Annual report due: month"), coerce=int, choices=MONTHS)
    table_registered_on = CivilDateField(_l("The Table was established on"), [IfGiven()])


class RoomForm(Form):
    name = text(_l("Name of the room"), limit=120)
    address = text(_l("Address"), limit=300)


class HolidayForm(Form):
    on = CivilDateField(_l("Day"), [Required()])
    is_holiday = RadioField(
        _l("What is it?"),
        [InputRequired(_l("Choose one."))],
        choices=[("yes", _l("a holiday: nobody works")), ("no", _l("no holiday: a working day"))],
    )
    name = text(_l("Name of the holiday"), required=False, limit=120)


class YearFilter(QueryForm):
    year = IntegerField(_l("Year"), [IfGiven()])


class DeclarationForm(Form):
    """A new version; `after` is the version its author saw."""

    also_sent = frozenset({"deed"})
    after = version()
    text_sq = long_text(_l("Text in Albanian"))
    text_sr = long_text(_l("Text in Serbian"))
    text_en = long_text(_l("Text in English"))
