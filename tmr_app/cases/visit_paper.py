"""A contact or visit on the guide's contact sheet (E-6); guidance, it blocks nothing."""

from datetime import date

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.paper_values import case_values, child_values
from tmr_app.documents.guide_form import GuideFormValues
from tmr_app.documents.texts import short_day, translate
from tmr_app.regulation.verdicts import Message

KINDS = {
    "home_visit": Message("Home visit"),
    "office": Message("Talk at the Centre"),
    "service": Message("Visit to a school or service"),
    "telephone": Message("Telephone call"),
    "online": Message("Online talk"),
    "other": Message("Other contact"),
}
OWN_WORDS = Message("The child's own words")
MINUTES = Message("%(count)s minutes")


def values_of(session: Session, case: Case, visit: Visit, today: date) -> GuideFormValues:
    """The sheet's fields; the child's own words stand apart in the summary, as said."""
    head = case_values(session, case)
    spoken = head.language
    place = f", {visit.place}" if visit.place else ""
    words = f"{translate(OWN_WORDS, spoken)}: “{visit.child_words}”" if visit.child_words else ""
    return GuideFormValues(
        form="E-6",
        case=head,
        made_on=today,
        ticked=frozenset(
            {"supervision"} if visit.is_monitoring else {"service"} if visit.with_services else ()
        ),
        filled={
            "child_name": child_values(session, case).full_name,
            "activity": translate(KINDS[visit.kind], spoken) + place,
            "activity_on": short_day(visit.visited_on),
            "activity_time": translate(Message(MINUTES.msgid, count=visit.minutes), spoken)
            if visit.minutes
            else "",
            "present": visit.present,
            "aims": visit.purpose,
            "talks": "\n\n".join(text for text in (visit.summary, words) if text),
            "observations": visit.findings if visit.is_monitoring else visit.observations,
            "agreement": visit.follow_up if visit.is_monitoring else visit.agreed,
            "next_on": short_day(visit.follow_up_on if visit.is_monitoring else visit.next_on),
            "next_aim": visit.next_step,
        },
    )
