"""The case-management guide for child-labour cases: recommended limits. Advice warns and never refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tmr_app.regulation.days import add_months, minus_days
from tmr_app.regulation.verdicts import Message

INTERVIEW_MINUTES = 45
INVITATION_DAYS = 14
FORMS = ("E-1", "E-2", "E-3", "E-4", "E-4/1", "E-4/2", "E-5", "E-6", "E-7")
# G3d: protection at once, without a risk assessment.
PROTECT_AT_ONCE = frozenset({"pornography", "trafficking", "sexual_abuse", "sexual_violence"})


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation. `limit` is a civil date, or an aware instant where the guide counts hours."""

    id: str
    text: Message
    warns: bool
    limit: date | datetime | None = None


def _until(
    id_: str, text: Message, limit: date | datetime, done: date | datetime | None, now: date | datetime
) -> Advice:
    reached = done if done is not None else now
    return Advice(id_, text, reached > limit, limit)


def g1_case_presented(identified_at: datetime, presented_at: datetime | None, now: datetime) -> Advice:
    """24 hours from identification (E-1)."""
    text = Message("An identified case is presented to the Centre within 24 hours.")
    return _until("G1", text, identified_at + timedelta(hours=24), presented_at, now)


def g2_case_manager_appointed(referred_at: datetime, appointed_at: datetime | None, now: datetime) -> Advice:
    """24 hours from referral (E-2)."""
    text = Message("The case manager is appointed within 24 hours of the referral.")
    return _until("G2", text, referred_at + timedelta(hours=24), appointed_at, now)


def g2b_guardian_appointed(start_on: date, appointed_on: date | None, today: date) -> Advice:
    """14 days; the guide does not say from when, the caller chooses the start."""
    text = Message("A child without parental care has a legal guardian within 14 days.")
    return _until("G2b", text, start_on + timedelta(days=14), appointed_on, today)


def g2c_family_informed(registered_on: date, informed_on: date | None, consent: bool) -> Advice:
    """At registration: child and family informed, consent asked."""
    text = Message("At registration child and family are informed and consent is asked.")
    return Advice(
        "G2c", text, informed_on is None or informed_on > registered_on or not consent, registered_on
    )


def g3a_initial_assessment(started_at: datetime, made_at: datetime | None, now: datetime) -> Advice:
    """2 hours; the guide does not say from when, the caller chooses the start."""
    text = Message(
        "The initial assessment is made within 2 hours; at high risk the child is removed from it first."
    )
    return _until("G3a", text, started_at + timedelta(hours=2), made_at, now)


def g3b_comprehensive_assessment(opened_on: date, completed_on: date | None, today: date) -> Advice:
    """7 days from opening (E-3)."""
    text = Message("The comprehensive assessment is completed within 7 days of opening.")
    return _until("G3b", text, opened_on + timedelta(days=7), completed_on, today)


def g3c_interview_length(minutes: int) -> Advice:
    """45 minutes at most."""
    text = Message("An interview with the child lasts 45 minutes at most.")
    return Advice("G3c", text, minutes > INTERVIEW_MINUTES)


def g3d_protect_at_once(risk_kinds: frozenset[str], illicit_activities: bool = False) -> Advice:
    """Illicit activities, pornography, prostitution, trafficking: protection before any assessment of risk."""
    text = Message("Protection comes at once, without waiting for a risk assessment.")
    return Advice("G3d", text, illicit_activities or bool(risk_kinds & PROTECT_AT_ONCE))


def g4_plan_of_services(assessed_on: date, planned_on: date | None, today: date) -> Advice:
    """14 days from the completed assessment (E-4)."""
    text = Message("The plan of services is made within 14 days of the completed assessment.")
    return _until("G4", text, assessed_on + timedelta(days=14), planned_on, today)


def g5a_home_visit(referred_on: date, first_visit_on: date | None, today: date) -> Advice:
    """At least one home visit within 7 days of the referral."""
    text = Message("The case manager visits the home within 7 days of the referral.")
    return _until("G5a", text, referred_on + timedelta(days=7), first_visit_on, today)


def g5b_family_contact(last_contact_on: date, today: date) -> Advice:
    """Contact with the family at least monthly."""
    text = Message("The family is contacted at least monthly.")
    return _until("G5b", text, add_months(last_contact_on, 1), None, today)


def g5c_monitoring_visit(last_visit_on: date, today: date) -> Advice:
    """After reintegration a monitoring visit at least every 6 months."""
    text = Message("After reintegration a monitoring visit is made at least every 6 months.")
    return _until("G5c", text, add_months(last_visit_on, 6), None, today)


def g5d_contact_sheet(contacts: int, sheets: int) -> Advice:
    """Every visit, talk and meeting on a contact sheet (E-6)."""
    text = Message("Every visit, talk and meeting has its contact sheet (E-6).")
    return Advice("G5d", text, sheets < contacts)


def g6_plan_evaluated(last_evaluated_on: date, today: date) -> Advice:
    """A formal evaluation at least every 3 months; the law's review (A5.1.5) is monthly."""
    text = Message("The plan is formally evaluated at least every 3 months; the law's review is monthly.")
    return _until("G6", text, add_months(last_evaluated_on, 3), None, today)


def g6b_invitation(meeting_on: date, sent_on: date | None, today: date) -> Advice:
    """14 days before the evaluation meeting; the law's minimum is 3 (A8.3)."""
    text = Message("The guide recommends 14 days' notice; the law asks for at least 3.")
    return _until("G6b", text, minus_days(meeting_on, INVITATION_DAYS), sent_on, today)


def g7_medium_or_high_risk(risk_level: str) -> Advice:
    """The Table treats cases of medium or high risk."""
    return Advice(
        "G7", Message("The guide brings cases of medium or high risk before the Table."), risk_level == "low"
    )


def g8_after_monitoring(monitored_since_on: date | None, family_told: bool, signed: bool) -> Advice:
    """Closing after a monitoring period; child and family told why; E-7 signed, else why not."""
    text = Message("Closing follows a monitoring period; child and family are told why and sign form E-7.")
    return Advice("G8", text, monitored_since_on is None or not (family_told and signed))
