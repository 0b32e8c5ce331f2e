"""What is typed on the pages of closing, transfer and retention: shape only."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField

from tmr_app.cases.table_forms import ident
from tmr_app.closures.hearing import Opinion
from tmr_app.closures.models import Closing, ClosingOpinion
from tmr_app.closures.recommending import Recommendation
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import Form, IfGiven, OnceForm, Required, choices, long_text, text, version
from tmr_app.regulation.catalogue import GROUND_KEYS

REASON_LIMIT = 2000


class RecommendForm(Form):
    """The closing assessment; the page shows the fields of the chosen ground only."""

    version = version()
    ground = HiddenField()
    assessment = long_text(_l("Assessment and recommendation"))
    services = long_text(_l("Measures, actions and services given"), required=False)
    best_interest = long_text(_l("Why closing is in the child's best interest"), limit=REASON_LIMIT)
    out_of_danger = BooleanField(_l("The child is out of danger"))
    no_risk = BooleanField(_l("There is no risk any more"))
    undone = long_text(
        _l("Actions of the plan that are not done, and why"), limit=REASON_LIMIT, required=False
    )
    services_needed = RadioField(
        _l("Are services still needed after eighteen?"),
        [IfGiven()],
        choices=[("yes", _l("Yes")), ("no", _l("No"))],
        validate_choice=False,
    )
    after_eighteen = long_text(
        _l("Which suitable services are recommended"), limit=REASON_LIMIT, required=False
    )
    to_qps_id = SelectField(
        _l("Centre for Social Work that takes the case over"), [IfGiven()], choices=[], validate_choice=False
    )
    country = text(_l("Country"), limit=100, required=False)
    authority = text(_l("Authority that takes over there"), limit=200, required=False)
    death_on = CivilDateField(_l("Date of death"), [IfGiven()])
    death_source = text(_l("Where the information comes from"), limit=200, required=False)
    other = long_text(_l("Other circumstances (a remark)"), limit=REASON_LIMIT, required=False)
    monitored_since_on = CivilDateField(_l("Monitored since"), [IfGiven()])
    family_told = BooleanField(_l("Child and family were told why the case is closed"))

    def offer(self, centres: Iterable[tuple[Any, str]]) -> None:
        self.to_qps_id.choices = choices([("", _l("Choose")), *((str(key), name) for key, name in centres)])

    def recommendation(self) -> Recommendation:
        """BadInput for a ground that is none of the page's."""
        if self.ground.data not in GROUND_KEYS:
            raise BadInput("no such ground")
        needed = {"yes": True, "no": False}.get(self.services_needed.data or "")
        return Recommendation(
            ground=self.ground.data,
            assessment=self.assessment.data or "",
            best_interest=self.best_interest.data or "",
            services=self.services.data or "",
            other=self.other.data or "",
            undone=self.undone.data or "",
            out_of_danger=bool(self.out_of_danger.data),
            no_risk=bool(self.no_risk.data),
            services_needed=needed,
            after_eighteen=self.after_eighteen.data or "",
            to_qps_id=ident(self.to_qps_id.data) if self.to_qps_id.data else None,
            country=self.country.data or "",
            authority=self.authority.data or "",
            death_on=self.death_on.data,
            death_source=self.death_source.data or "",
            monitored_since_on=self.monitored_since_on.data,
            family_told=bool(self.family_told.data),
        )


def stored(one: Closing | None, ground: str) -> dict[str, Any]:
    """What the form starts with."""
    if one is None:
        return {"version": 0, "ground": ground}
    needed = {True: "yes", False: "no"}.get(one.services_needed) if one.services_needed is not None else ""
    plain = (
        "assessment", "services", "best_interest", "out_of_danger", "no_risk", "undone", "after_eighteen", "country",
        "authority", "death_source", "other", "monitored_since_on", "family_told", "version",
    )  # fmt: skip
    values = {name: getattr(one, name) for name in plain}
    died_on = date.fromisoformat(one.death_on) if one.death_on[:4].isdecimal() else None
    return {
        **values,
        "ground": ground,
        "services_needed": needed,
        "to_qps_id": str(one.to_qps_id or ""),
        "death_on": died_on,
    }


class OpinionForm(Form):
    version = version()
    asked_on = CivilDateField(_l("When the person was asked"), [IfGiven()])
    how = SelectField(
        _l("How"),
        [IfGiven()],
        choices=[
            ("", _l("Choose")),
            ("in_person", _l("in person")),
            ("telephone", _l("by telephone")),
            ("letter", _l("by letter")),
            ("online", _l("online")),
        ],
        validate_choice=False,
    )
    opinion = long_text(_l("What the person thinks of the progress and of closing"), required=False)
    no_opinion_reason = long_text(
        _l("Why there is no opinion, and what was tried"), limit=REASON_LIMIT, required=False
    )

    def opinion_data(self) -> Opinion:
        return Opinion(
            self.asked_on.data,
            self.how.data or "",
            self.opinion.data or "",
            self.no_opinion_reason.data or "",
        )


def opinion_stored(row: ClosingOpinion | None) -> dict[str, Any]:
    if row is None:
        return {"version": 0}
    names = ("version", "asked_on", "how", "opinion", "no_opinion_reason")
    return {name: getattr(row, name) for name in names}


class ReasonForm(Form):
    reason = long_text(_l("Reason"), limit=REASON_LIMIT)


class OfferForm(OnceForm):
    reason = long_text(_l("Reason, as the other Centre will read it"), limit=REASON_LIMIT)


class ApprovalForm(Form):
    version = version()
    answer = RadioField(
        _l("Your decision"),
        [Required()],
        choices=[
            ("approved", _l("I approve the assessment: the Table may meet to close the case")),
            ("returned", _l("I return the assessment to the case manager")),
        ],
    )
    note = long_text(_l("Note (needed when you return it)"), limit=REASON_LIMIT, required=False)


class DecisionForm(Form):
    answer = RadioField(
        _l("What the Table decided"),
        [Required()],
        choices=[
            ("closes", _l("The Table closes the case")),
            ("goes_on", _l("The Table goes on with the case")),
        ],
    )


class AcceptForm(Form):
    case_manager_id = RadioField(
        _l("Case manager of your Centre"), [Required()], choices=[], validate_choice=False
    )

    def offer(self, people: Iterable[tuple[Any, str]]) -> None:
        self.case_manager_id.choices = choices((str(key), name) for key, name in people)

    @property
    def person(self) -> UUID:
        return ident(self.case_manager_id.data)


class RefuseForm(Form):
    answer = long_text(_l("Why your Centre does not take the case over"), limit=REASON_LIMIT)


class DeedForm(Form):
    """A button alone."""


class CallForm(OnceForm):
    """A button that calls the meeting once."""


class ErasureForm(Form):
    """Three buttons: propose, refuse, confirm."""

    also_sent = frozenset({"deed"})
