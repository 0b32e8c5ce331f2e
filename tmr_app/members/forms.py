"""Forms of institutions, people, appointments, accounts, proposals and the roster file: shape only."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TelField

from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, IfGiven, OnceForm, QueryForm, Required, mail, text
from tmr_app.members.forms_account import LANGUAGES
from tmr_app.members.office_words import END_REASON_WORDS, STAFF_WORDS

ACCOUNT_STATES = [
    ("", _l("all")),
    ("none", _l("without an account")),
    ("invited", _l("invited")),
    ("active", _l("in use")),
    ("disabled", _l("disabled")),
]


class InstitutionForm(Form):
    """A new institution: kind and place are chosen once."""

    seat_kind = SelectField(_l("Kind of seat"), [Required()])
    municipality_id = SelectField(_l("Municipality"))
    name = text(_l("Name of the institution"))
    address = text(_l("Address"), required=False, limit=300)
    superior_name = text(_l("Superior: name"), required=False)
    superior_title = text(_l("Superior: function"), required=False)
    superior_email = mail(_l("Superior: mail address"), required=False)


class InstitutionChangeForm(Form):
    name = text(_l("Name of the institution"))
    address = text(_l("Address"), required=False, limit=300)
    superior_name = text(_l("Superior: name"), required=False)
    superior_title = text(_l("Superior: function"), required=False)
    superior_email = mail(_l("Superior: mail address"), required=False)


class InstitutionFilter(QueryForm):
    text = text(_l("Name contains"), required=False)
    municipality = SelectField(_l("Municipality"), default="", validate_choice=False)
    kind = SelectField(_l("Kind of seat"), default="", validate_choice=False)
    due = BooleanField(_l("Only lists to be confirmed"))


class PersonForm(Form):
    name = text(_l("Name and surname"))
    function = text(_l("Function"), required=False)
    email = mail(_l("Official mail address"))
    phone = TelField(_l("Phone"), [IfGiven()])
    language = SelectField(_l("Language of pages and mail"), choices=LANGUAGES)


class PersonFilter(QueryForm):
    text = text(_l("Name, function or mail address contains"), required=False)
    account = SelectField(_l("Account"), choices=ACCOUNT_STATES, default="", validate_choice=False)
    idle = BooleanField(_l("Only people without an appointment"))


class AppointForm(OnceForm):
    """Appoint somebody, known by the mail address or new. The offices to choose from belong to the unit."""

    office = SelectField(_l("Office"), [Required()])
    name = text(_l("Name and surname"))
    email = mail(_l("Official mail address"))
    function = text(_l("Function"), required=False)
    language = SelectField(_l("Language of pages and mail"), choices=LANGUAGES)
    from_on = CivilDateField(_l("First day"), [Required()])
    to_on = CivilDateField(_l("Last day"), [IfGiven()])


class EndForm(Form):
    to_on = CivilDateField(_l("Last day"), [IfGiven()])
    at_once = BooleanField(_l("At once: the last day was yesterday"))
    reason = SelectField(_l("Reason"), choices=list(END_REASON_WORDS.items()))


class ReplaceForm(OnceForm):
    name = text(_l("Name and surname of the successor"))
    email = mail(_l("Official mail address of the successor"))
    function = text(_l("Function"), required=False)
    from_on = CivilDateField(_l("First day of the successor"), [Required()])


class ProposeForm(OnceForm):
    """A superior proposes somebody of the own institution."""

    office = SelectField(_l("Office"), choices=list(STAFF_WORDS.items()))
    name = text(_l("Name and surname"))
    function = text(_l("Function"), required=False)
    email = mail(_l("Official mail address"))
    on = CivilDateField(_l("First day"), [Required()])


class ProposeEndForm(OnceForm):
    on = CivilDateField(_l("Last day"), [Required()])


class RosterFileForm(Form):
    file = FileField(_l("Roster file (.xlsx or .csv)"), [Required(_l("Choose a file."))])


class ConfirmImportForm(Form):
    skip_bad = BooleanField(_l("Import the good rows and leave the bad ones out"))
    invite = BooleanField(_l("Invite the new people by mail at once"))
