"""A contact or visit as the guide's contact sheet (E-6) prints it."""

from tmr_app.cases.monitoring_models import Visit
from tmr_app.documents.content import Language
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


def filled(visit: Visit, spoken: Language) -> tuple[dict[str, str], frozenset[str]]:
    """The sheet's fields and boxes; the child's own words stand apart in the summary, as said."""
    place = f", {visit.place}" if visit.place else ""
    words = f"{translate(OWN_WORDS, spoken)}: “{visit.child_words}”" if visit.child_words else ""
    lasted = translate(Message(MINUTES.msgid, count=visit.minutes), spoken) if visit.minutes else ""
    ticked = {"supervision"} if visit.is_monitoring else {"service"} if visit.with_services else set()
    return {
        "activity": translate(KINDS[visit.kind], spoken) + place,
        "activity_on": short_day(visit.visited_on),
        "activity_time": lasted,
        "present": visit.present,
        "aims": visit.purpose,
        "talks": "\n\n".join(text for text in (visit.summary, words) if text),
        "observations": visit.findings if visit.is_monitoring else visit.observations,
        "agreement": visit.follow_up if visit.is_monitoring else visit.agreed,
        "next_on": short_day(visit.follow_up_on if visit.is_monitoring else visit.next_on),
        "next_aim": visit.next_step,
    }, frozenset(ticked)
