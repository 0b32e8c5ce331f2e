"""The shapes of input of information, changes of circumstances, comparison, visits and the head's remarks."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import Regexp

from tmr_app.cases.timeline import KINDS, Wanted
from tmr_app.cases.visiting import MONITORING_TEXTS, TEXTS, VisitData, VisitFilter
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import (
    ByAnswer,
    Form,
    IfGiven,
    OnceForm,
    QueryForm,
    Required,
    long_text,
    translated,
    version,
)
from tmr_app.kernel.forms import text as line

STATES: dict[str, Any] = {
    "to_verify": _l("to verify"),
    "verified": _l("verified"),
    "disproved": _l("disproved"),
}

NUMBER = Regexp(r"\d{1,4}$", message=_l("Write the minutes as a number from 1 to 1440."))


class InformationForm(OnceForm):
    """A piece of information for the assessment."""

    text = long_text(_l("Information"), limit=4000)
    source = line(_l("Where it comes from"))


class VerificationForm(Form):
    """The chair's decision on a piece of information."""

    version = version()
    state = RadioField(_l("Decision"), choices=list(STATES.items()), validators=[Required()])
    note = long_text(_l("How it was verified or disproved"), limit=2000)


class ChangeForm(OnceForm):
    """A change in the child's state or circumstances."""

    what = long_text(_l("What has changed"), limit=4000)
    changed_on = CivilDateField(_l("Changed on"), [Required()])

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        if not self.is_submitted() and today is not None:
            self.changed_on.data = today


class CompareForm(QueryForm):
    """Two versions, by address."""

    before = SelectField(_l("Earlier version"), default="", validators=[IfGiven(), ByAnswer()])
    after = SelectField(_l("Later version"), default="", validators=[IfGiven(), ByAnswer()])


VISIT_KINDS: dict[str, Any] = {
    "home_visit": _l("Home visit"),
    "office": _l("Talk at the Centre"),
    "service": _l("Visit to a school or service"),
    "telephone": _l("Telephone call"),
    "online": _l("Online talk"),
    "other": _l("Other contact"),
}
WITH: dict[str, Any] = {"child": _l("the child"), "family": _l("the family"), "services": _l("a service")}


class VisitForm(OnceForm):
    """A contact or visit (E-6), or the head's monitoring visit (A16); `version` stays 0 for a new one."""

    version = version()
    kind = SelectField(_l("Kind of contact"), choices=list(VISIT_KINDS.items()), validators=[Required()])
    visited_on = CivilDateField(_l("Date"), [Required()])
    minutes = line(_l("Duration in minutes"), required=False, limit=4, validators=[NUMBER])
    who = SelectMultipleField(_l("With whom"), choices=list(WITH.items()))
    place = line(_l("Place"), required=False)
    present = long_text(_l("Persons present"), required=False, limit=1000)
    purpose = long_text(_l("Purpose"), required=False, limit=2000)
    summary = long_text(_l("Summary of the talk"), required=False, validators=[ByAnswer()])
    child_words = long_text(_l("The child's own words"), required=False, limit=4000)
    observations = long_text(_l("Your observations"), required=False)
    agreed = long_text(_l("Agreement reached"), required=False, limit=4000)
    next_step = long_text(_l("What comes next"), required=False, limit=2000)
    next_on = CivilDateField(_l("Date of the next activity"), [IfGiven()])
    findings = long_text(_l("Findings"), required=False, validators=[ByAnswer()])
    follow_up = long_text(_l("What the case manager shall do"), required=False, limit=4000)
    follow_up_on = CivilDateField(_l("To be done by"), [IfGiven()])

    def __init__(self, *, monitoring: bool, visit: Any = None) -> None:
        """`visit`: the stored record that is corrected."""
        self.texts = MONITORING_TEXTS if monitoring else TEXTS
        stored: dict[str, Any] = {"version": 0}
        if visit is not None:
            plain = ("kind", "visited_on", "next_on", "follow_up_on", "version")
            stored = {name: getattr(visit, name) for name in (*plain, *self.texts)}
            stored["who"] = [one for one in WITH if getattr(visit, f"with_{one}")]
            stored["minutes"] = str(visit.minutes or "")
        self._left_out = {*MONITORING_TEXTS, *TEXTS} - {*self.texts}
        self._left_out |= {"next_on"} if monitoring else {"follow_up_on"}
        super().__init__(data=stored)

    def refuse_foreign(self, *sent: Any) -> None:
        """What belongs to the other sort of record is unknown here."""
        for name in self._left_out:
            if name in self:
                del self[name]
        super().refuse_foreign(*sent)

    def data_of(self) -> VisitData:
        who = self.who.data or []
        return VisitData(
            kind=self.kind.data,
            visited_on=self.visited_on.data,
            texts={name: self[name].data or "" for name in self.texts},
            with_child="child" in who,
            with_family="family" in who,
            with_services="services" in who,
            minutes=int(self.minutes.data) if self.minutes.data else None,
            next_on=self.next_on.data if "next_on" in self else None,
            follow_up_on=self.follow_up_on.data if "follow_up_on" in self else None,
        )


class FollowUpForm(Form):
    """What was done after a monitoring visit."""

    followed_up = long_text(_l("What was done"), limit=4000)


class SupervisionForm(OnceForm):
    """The head's remark; the button says which."""

    also_sent = frozenset({"kind"})
    note = long_text(_l("What you found"), limit=4000)


class VisitFilterForm(QueryForm):
    """The list's filter."""

    kind = SelectField(_l("Kind of contact"), default="")
    who = SelectField(_l("With whom"), default="")
    from_on = CivilDateField(_l("From"), [IfGiven()])
    to_on = CivilDateField(_l("Until"), [IfGiven()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        monitoring = ("monitoring", _("Monitoring visits of the head"))
        self.kind.choices = [("", _("All")), *VISIT_KINDS.items(), monitoring]
        self.who.choices = [("", _("All")), *WITH.items()]

    def wanted(self) -> VisitFilter:
        values = self.values()
        monitoring = values["kind"] == "monitoring"
        return VisitFilter(
            kind="" if monitoring else values["kind"] or "",
            who=values["who"] or "",
            from_on=values["from_on"],
            to_on=values["to_on"],
            monitoring=True if monitoring else None,
        )


class TimelineFilterForm(QueryForm):
    """What of the timeline is shown."""

    kind = SelectField(_l("Kind of entry"), default="")
    from_on = CivilDateField(_l("From"), [IfGiven()])
    to_on = CivilDateField(_l("Until"), [IfGiven()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        kinds = [(key, translated(label)) for key, label in KINDS.items()]
        self.kind.choices = [("", _("Everything")), *kinds]

    def wanted(self) -> Wanted:
        values = self.values()
        return Wanted(values["kind"] or "", values["from_on"], values["to_on"])
