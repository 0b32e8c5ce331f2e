"""The shapes of input of the case's pages."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import Regexp

from tmr_app.cases import words
from tmr_app.cases.assessing import FIVE, OTHER, AssessmentData, FindingData
from tmr_app.cases.opening import CHILD_LINES, ChildData
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import (
    ByAnswer,
    Form,
    IfGiven,
    OnceForm,
    Part,
    QueryForm,
    Required,
    long_text,
    text,
    version,
)
from tmr_app.regulation.catalogue import RISKS_OF_GROUP

LEVELS = ("low", "medium", "high")
GROUPS = tuple(RISKS_OF_GROUP)
YEAR = Regexp(r"\s*(19|20|21)\d\d\s*$", message=_l("Write the year with four digits, for example 2014."))
NUMBER = Regexp(r"[0-9A-Za-z /-]{4,30}$", message=_l("Write the personal number in figures."))


def _year(value: str | None) -> int | None:
    return int(value) if value and value.strip().isdecimal() else None


class EmptyForm(Form):
    """A button."""


class FilterForm(QueryForm):
    """The list's filter, by address: no word of a search may stand there."""

    status = SelectField(
        _l("Status"), choices=[("open", _l("Open")), ("closed", _l("Closed"))], default="open"
    )
    level = SelectField(_l("Level of risk"), default="")
    mine = BooleanField(_l("Only cases I manage"))
    after = text("", required=False, limit=60)
    before = text("", required=False, limit=60)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.level.choices = [("", _("All")), *words.labels(LEVELS)]


class SearchForm(Form):
    """The search, by POST: names stay out of addresses and histories."""

    q = text(_l("Case number, name or year of birth"), required=False, limit=100)
    status = SelectField(
        _l("Status"), choices=[("open", _l("Open")), ("closed", _l("Closed"))], default="open"
    )
    after = text("", required=False, limit=60)
    before = text("", required=False, limit=60)


class LookUpForm(Form):
    """Who is looked for before a case is opened: a few fields only."""

    qps = SelectField(_l("Centre for Social Work"), default="")
    name = text(_l("Name and surname of the child"), limit=120)
    birth_on = CivilDateField(_l("Date of birth"), [IfGiven()])
    birth_year = text(_l("Year of birth, when the date is not known"), required=False, validators=[YEAR])
    personal_number = text(_l("Personal number"), required=False, limit=30, validators=[NUMBER])

    @property
    def given_year(self) -> int | None:
        return _year(self.birth_year.data)

    @property
    def year(self) -> int | None:
        return self.birth_on.data.year if self.birth_on.data else self.given_year


CHOOSE = ("", _l("Choose"))
"""The first answer where the most frequent one would else be taken by oversight."""


class ReferralFields(Form):
    """How the case came: before the child's fields, so that errors are listed as the page goes."""

    received_on = CivilDateField(_l("Referral received on"), [Required()])
    source = SelectField(
        _l("Referred by"), choices=[CHOOSE, *words.SOURCES.items()], default="", validators=[Required()]
    )
    reporter = text(_l("Who reported"), required=False)
    facts = long_text(_l("Facts and risk as reported"))
    services_before = long_text(_l("Services given before, with dates"), required=False)


class ChildFields(Form):
    """The child's data of Annex 1, statuses, and the reason when grown up."""

    name = text(_l("Name and surname of the child"), limit=120)
    birth_on = CivilDateField(_l("Date of birth"), [IfGiven()])
    birth_year = text(_l("Year of birth, when the date is not known"), required=False, validators=[YEAR])
    adult_reason = long_text(_l("Reason to treat a person of 18 or older"), required=False, limit=1000)
    gender = RadioField(_l("Gender"), validators=[Required()], choices=list(words.GENDERS.items()))
    personal_number = text(_l("Personal number"), required=False, limit=30, validators=[NUMBER])
    ethnicity = text(_l("Nationality or ethnicity"), required=False, limit=80)
    birth_place = text(_l("Place of birth"), required=False, limit=120)
    residence = text(_l("Residence or stay"), required=False)
    school = text(_l("School or nursery"), required=False)
    health = long_text(_l("State of health"), required=False, limit=4000)
    disability = long_text(_l("Disability"), required=False, limit=2000)
    other = long_text(_l("Other information"), required=False, limit=4000)
    flags = SelectMultipleField(_l("Statuses and marks"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.flags.choices = words.flag_choices()

    def child(self) -> ChildData:
        return ChildData(
            name=self.name.data or "",
            birth_on=self.birth_on.data,
            birth_year=_year(self.birth_year.data),
            gender=self.gender.data or None,
            **{one: getattr(self, one).data or "" for one in CHILD_LINES},
        )


class ReferralForm(ReferralFields, ChildFields):
    """How the case came, and the child."""

    case_manager = SelectField(_l("Case manager"), default="", validators=[IfGiven()])
    language = SelectField(_l("Language of the case's documents"), choices=words.LANGUAGES, default="sq")


class ChildForm(ChildFields):
    """A correction of the child's data."""

    version = version()


class RelativeForm(OnceForm):
    """A person around the child."""

    name = text(_l("Name and surname"), limit=120)
    kind = SelectField(
        _l("What this person is to the child"),
        choices=[CHOOSE, *words.RELATIONS.items()],
        default="",
        validators=[Required()],
    )
    contact = text(_l("Address and telephone"), required=False)
    has_parental_care = BooleanField(_l("Has parental care: is notified of meetings and heard"))
    note = long_text(_l("Note"), required=False, limit=4000)
    is_perpetrator = BooleanField(_l("Perpetrator or suspected perpetrator of violence"))
    perpetrator_reason = long_text(
        _l("What the mark rests on, or why it is taken back"), required=False, limit=2000
    )


class RiskFields(OnceForm):
    """Kinds of risk by the groups of Annex 1, each "other" with its text, and the level."""

    group_maltreatment = SelectMultipleField()
    maltreatment_other = text("", required=False)
    group_sexual_abuse = SelectMultipleField()
    sexual_abuse_other = text("", required=False)
    group_emotional_abuse = SelectMultipleField()
    emotional_abuse_other = text("", required=False)
    group_neglect = SelectMultipleField()
    neglect_other = text("", required=False)
    level = RadioField(_l("Level of risk"), validators=[IfGiven()])
    reason = long_text(_l("What the level rests on"), required=False, limit=4000)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for group in GROUPS:
            self[group].choices = words.labels(RISKS_OF_GROUP[group])
            self[group].label.text = words.label(group).capitalize()
            self[_other_of(group)].label.text = _("Other: which")
        self.level.choices = words.labels(LEVELS)

    def pairs(self) -> list[tuple[Any, Any]]:
        """(checkboxes, text of "other") of each group, in the order of Annex 1."""
        return [(self[group], self[_other_of(group)]) for group in GROUPS]

    def risks(self) -> dict[str, str]:
        """Kind of risk to its text."""
        chosen = [key for group in GROUPS for key in self[group].data or []]
        return {key: (self[key].data or "") if key.endswith("_other") else "" for key in chosen}


def _other_of(group: str) -> str:
    return f"{group.removeprefix('group_')}_other"


class RiskForm(RiskFields):
    """A change of the risk."""

    version = version()
    labour_sector = SelectField(_l("Sector of hazardous work"), default="", validators=[IfGiven()])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.labour_sector.choices = [("", _("Not recorded")), *words.SECTORS.items()]


class PlacementForm(Form):
    """Where the child is placed."""

    is_placed = BooleanField(_l("The child is placed outside the family"))
    institution = SelectField(_l("Institution or foster family"), default="", validators=[IfGiven()])
    address = text(_l("Address, shown only to whom it is granted"), required=False)


class FindingPart(Part):
    """What was found for one of the five indicators."""

    findings = long_text(_l("Findings"), required=False, validators=[ByAnswer()])
    level = SelectField(_l("Level of risk"), default="", validators=[IfGiven(), ByAnswer()])
    source = text(_l("Source"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.level.choices = [("", _("not determined")), *words.labels(LEVELS)]


class FurtherPart(FindingPart):
    """A further indicator, with its own title."""

    title = text(_l("Indicator"), required=False, limit=120)


class AssessmentForm(Form):
    """The initial assessment (A12.3); a button `complete` ends the version."""

    also_sent = frozenset({"complete"})
    version = version()
    safety = FormField(FindingPart)
    essential_needs = FormField(FindingPart)
    education = FormField(FindingPart)
    parental_care = FormField(FindingPart)
    social_inclusion = FormField(FindingPart)
    further = FieldList(FormField(FurtherPart), min_entries=2, max_entries=8)
    summary = long_text(_l("Summary of the assessment"), required=False)
    risk_level = SelectField(_l("Level of risk of the case"), default="", validators=[IfGiven(), ByAnswer()])
    best_interest = long_text(
        _l("How the child's best interest is served"), required=False, validators=[ByAnswer()]
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.risk_level.choices = [("", _("not determined")), *words.labels(LEVELS)]
        for key in FIVE:
            self[key].label.text = words.label(key)

    def five(self) -> list[Any]:
        return [self[key] for key in FIVE]

    def assessment(self) -> AssessmentData:
        findings = [
            FindingData(key, part.findings.data or "", part.level.data or None, part.source.data or "")
            for key, part in ((key, self[key].form) for key in FIVE)
        ]
        further = [entry.form for entry in self.further if entry.form.title.data or entry.form.findings.data]
        findings += [
            FindingData(
                OTHER,
                part.findings.data or "",
                part.level.data or None,
                part.source.data or "",
                part.title.data or "–",
            )
            for part in further
        ]
        return AssessmentData(
            self.summary.data or "", self.best_interest.data or "", self.risk_level.data or None, findings
        )

    @staticmethod
    def values_of(data: AssessmentData) -> dict[str, Any]:
        """The form's values for a stored version."""
        parts = {
            one.indicator: {"findings": one.findings, "level": one.level or "", "source": one.source}
            for one in data.findings
            if one.indicator != OTHER
        }
        further = [
            {"title": one.title, "findings": one.findings, "level": one.level or "", "source": one.source}
            for one in data.findings
            if one.indicator == OTHER
        ]
        whole = {
            "summary": data.summary,
            "best_interest": data.best_interest,
            "risk_level": data.risk_level or "",
        }
        return parts | whole | {"further": further}


class InitialPlanForm(Form):
    """The QPS's initial individual plan."""

    version = version()
    goal = long_text(_l("Goal"))
    services = long_text(_l("Services"))
    measures = long_text(_l("Measures and who takes them"), required=False)


class UploadForm(OnceForm):
    """A file of the case."""

    upload = FileField(_l("File"), validators=[Required()])
    title = text(_l("Title, as the Table shall see it"), required=False, limit=120)
    audience = RadioField(_l("Who may read it"), choices=list(words.AUDIENCES.items()), default="table")


class DisclosureForm(OnceForm):
    """A disclosure the law requires."""

    recipient = text(_l("To whom"))
    legal_basis = text(_l("Law and article, number of the order"))
    what = long_text(_l("What is disclosed"), limit=4000)


class DecisionForm(Form):
    """The head's answer; the button says which."""

    also_sent = frozenset({"decision"})


class TakeOverForm(Form):
    """The state of a paper file."""

    taken_over_on = CivilDateField(_l("Taken over on"), [Required()])
    last_meeting_on = CivilDateField(_l("Last meeting of the Table"), [IfGiven()])
    plan_adopted_on = CivilDateField(_l("Unified plan adopted on"), [IfGiven()])
    last_review_on = CivilDateField(_l("Last review of the plan"), [IfGiven()])
    next_meeting_on = CivilDateField(_l("Next meeting agreed for"), [IfGiven()])
    plan = long_text(_l("The plan in force, in short"), required=False)
    minutes = long_text(_l("What the last meeting decided"), required=False)


def stored(form: Form) -> dict[str, Any]:
    """A form's values for an encrypted draft: dates as text, no token."""
    skipped = {"csrf_token", "once", "version"}
    return {
        one.short_name: one.data.isoformat() if isinstance(one.data, date) else one.data
        for one in form
        if one.short_name not in skipped
    }


def restored(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values of a draft, as a form's `data`."""
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value
        for name, value in (values or {}).items()
    }
