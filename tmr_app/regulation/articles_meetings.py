"""Articles 8 (who is invited), 9, 10 and 18: the people of a meeting, its course, minutes and secrecy."""

from __future__ import annotations

from datetime import date

from tmr_app.regulation.duties import keeps
from tmr_app.regulation.facts import (
    ActorFacts,
    AgendaFacts,
    AttendanceFacts,
    ConflictFacts,
    DeclarationFacts,
    FamilyFacts,
    FamilyPersonFacts,
    GuestFacts,
    InvitedFacts,
    MinutesFacts,
    OpinionFacts,
    PersonFacts,
    PrivacyFacts,
    StandingFacts,
)
from tmr_app.regulation.judging import (
    TO_PRESENT,
    at_meeting,
    dated,
    met,
    not_met,
    open_duty,
    recorded_breach,
    standing,
    verdict,
    waived,
)
from tmr_app.regulation.verdicts import Message, Status, Verdict, WayOut


@keeps("A8.5")
def a8_5_guest_connected(facts: GuestFacts, today: date) -> Verdict:
    """A guest's institution is directly connected; still no perpetrator, still the declaration."""
    if facts.perpetrator:
        return not_met("A8.5", Message("This person is marked as a perpetrator of violence in the case."))
    if not (facts.institution.strip() and facts.connection.strip()):
        return not_met("A8.5", Message("Write the institution and how it is connected with the case."))
    if facts.declaration_on is None:
        if facts.attended:
            return not_met("A8.5", Message("The guest attended without a signed declaration."))
        return open_duty("A8.5", Message("The declaration is not signed yet."), due_on=facts.meeting_on)
    return met("A8.5", on=facts.declaration_on)


@keeps("A8.6")
def a8_6_same_actors_invited(facts: InvitedFacts, today: date) -> Verdict:
    """The actors of the previous meeting are invited to the review."""
    if not facts.review:
        return waived("A8.6", Message("The meeting is no review."))
    return _actors_invited("A8.6", facts, Message("Actors of the previous meeting not invited: %(count)s."))


@keeps("A8.11")
def a8_11_all_invited_to_closing(facts: InvitedFacts, today: date) -> Verdict:
    """All who ever sat on or attended the case; for an ended seat the institution's present representative."""
    return _actors_invited("A8.11", facts, Message("Members who treated the case not invited: %(count)s."))


def _owed_invitation(actor: ActorFacts) -> bool:
    if actor.invited or actor.recused or actor.perpetrator:
        return False
    return not (actor.ended and actor.successor_invited)


def _actors_invited(duty: str, facts: InvitedFacts, text: Message) -> Verdict:
    left_out = [actor for actor in facts.actors if _owed_invitation(actor)]
    if not left_out:
        return met(duty, on=facts.convened_on)
    reason = Message(text.msgid, count=len(left_out))
    if all(actor.reason.strip() for actor in left_out):
        return recorded_breach(
            duty, reason, "; ".join(dict.fromkeys(actor.reason.strip() for actor in left_out))
        )
    invite = WayOut("invite", Message("Invite them."))
    breach = WayOut("leave_out", Message("Leave them out, with a written reason: shown as not met."))
    return verdict(duty, Status.NOT_MET, reason, invite, due_on=facts.meeting_on, breach_offer=breach)


@keeps("A8.10")
def a8_10_family_notified_and_heard(facts: FamilyFacts, today: date) -> Verdict:
    """Child and parent or guardian: notified; views of the absent told; views considered in the minutes."""
    if facts.stopped:
        return waived("A8.10", Message("The child has died: notices to the family are stopped."))
    people = [person for person in facts.people if not person.perpetrator]
    kinds = {person.kind for person in people}
    if "child" not in kinds:
        return _family_open(facts, Message("Nothing is recorded for the child."))
    if "parent_guardian" not in kinds and not facts.no_parent_reason.strip():
        return _family_open(facts, Message("No parent or guardian is recorded, nor the reason."))
    unnotified = [person for person in people if person.notified_on is None]
    if any(not person.not_notified_reason.strip() for person in unnotified):
        return _family_open(facts, Message("Child, parent or guardian: not notified."))
    if unnotified:
        why = "; ".join(dict.fromkeys(person.not_notified_reason.strip() for person in unnotified))
        return recorded_breach("A8.10", Message("Child, parent or guardian: not notified."), why)
    if facts.held and any(_unheard(person) for person in people):
        return _family_open(
            facts, Message("The views of the absent are missing, or how views were considered.")
        )
    if not facts.held:
        return open_duty(
            "A8.10", Message("Notified; the views are told in the meeting."), due_on=facts.meeting_on
        )
    return met("A8.10", on=facts.meeting_on)


def _family_open(facts: FamilyFacts, reason: Message) -> Verdict:
    return at_meeting("A8.10", False, facts.held, facts.meeting_on, reason)


def _unheard(person: FamilyPersonFacts) -> bool:
    if not person.views.strip():
        return not person.present and not person.no_views_reason.strip()
    return not person.considered.strip()


@keeps("A9")
def a9_members_take_part(facts: AttendanceFacts, today: date) -> Verdict:
    """Everyone invited is there or has a substitute; an absence is recorded, the meeting stands."""
    if not facts.held:
        return open_duty("A9", Message("The meeting has not been held yet."), due_on=facts.meeting_on)
    if any(not one.attendance for one in facts.invitees):
        return not_met("A9", Message("The attendance is not recorded for everyone."))
    absent = [one for one in facts.invitees if one.attendance.startswith("absent")]
    if absent:
        unexcused = sum(one.attendance == "absent" for one in absent)
        reason = Message(
            "Absent: %(count)s, without reason: %(unexcused)s.", count=len(absent), unexcused=unexcused
        )
        return not_met("A9", reason)
    return met("A9", on=facts.meeting_on)


@keeps("A10.1")
def a10_1_minutes_approved_and_signed(facts: MinutesFacts, today: date) -> Verdict:
    """Drafted, approved at the next meeting (a closing one: at its end or by circulation), signed by all."""
    if facts.meeting_on > today:
        return open_duty("A10.1", Message("The meeting has not been held yet."), due_on=facts.meeting_on)
    if facts.drafted_on is None:
        return open_duty("A10.1", Message("There are no minutes yet."))
    if facts.approved_on is None:
        if facts.next_meeting_on is None:
            where = (
                Message("Approved by circulation.")
                if facts.closing
                else Message("Approved at the next meeting.")
            )
            return open_duty("A10.1", Message("The minutes are not approved. %(where)s", where=where))
        return dated("A10.1", facts.next_meeting_on, None, today)
    signatures = Message("Signatures: %(done)s of %(total)s.", done=facts.signatures, total=facts.signers)
    if facts.signatures < facts.signers and facts.closed_incomplete_on:
        return not_met("A10.1", signatures)
    if facts.signatures < facts.signers:
        return open_duty("A10.1", signatures)
    if facts.next_meeting_on:
        return dated(
            "A10.1", facts.next_meeting_on, facts.approved_on, max(today, facts.approved_on)
        ).because(signatures)
    return met("A10.1", signatures, facts.last_signed_on or facts.approved_on)


@keeps("A10.2")
def a10_2_recused_stays_away(facts: ConflictFacts, today: date) -> Verdict:
    """From the declaration on, no part in the case; a case manager in conflict hands over; a substitute is asked for."""
    if facts.declared_on is None:
        return met("A10.2", Message("No conflict of interest is declared."))
    if facts.took_part_on and facts.took_part_on > facts.declared_on:
        return not_met(
            "A10.2", Message("Took part on %(on)s in spite of the conflict.", on=facts.took_part_on)
        )
    if facts.is_case_manager:
        appoint = WayOut("appoint", Message("The head of services assigns one case manager."))
        return dated("A10.2", facts.declared_on, facts.handed_over_on, today, None, appoint)
    if facts.substitute_asked_on is None:
        return open_duty("A10.2", Message("The institution is to be asked for a substitute."))
    return met("A10.2", on=facts.declared_on)


@keeps("A10.2")
def a10_2_may_take_part(person: PersonFacts, today: date) -> Verdict:
    """No access, invitation or signature for a recused person."""
    if person.recused_on is not None and person.recused_on <= today:
        return not_met(
            "A10.2", Message("Recused on %(on)s for a conflict of interest.", on=person.recused_on)
        )
    return met("A10.2")


@keeps("A10.3")
def a10_3_agenda_approved(facts: AgendaFacts, today: date) -> Verdict:
    """The Table approves the agenda first; changes are recorded."""
    done = facts.approved and facts.changes_recorded
    missing = Message("The agenda is not approved, or its changes are not recorded.")
    return at_meeting("A10.3", done, facts.held, facts.meeting_on, missing)


STANDING_ITEMS = ("information", "needs_assessment", "services_given", "proposed_plan")


@keeps("A10.4")
def a10_4_case_presented(facts: AgendaFacts, today: date) -> Verdict:
    """The four standing items of a case meeting: on the agenda before; kept by presenting them, so only when it was held."""
    if not facts.case_meeting:
        return waived("A10.4", Message("It is no meeting on a case."))
    there = facts.presented if facts.held else facts.items
    count = sum(item not in there for item in STANDING_ITEMS)
    missing = Message("Standing items missing: %(count)s of 4.", count=count) if count else TO_PRESENT
    return at_meeting("A10.4", facts.held and not count, facts.held, facts.meeting_on, missing)


@keeps("A10.5")
def a10_5_opinion_heard(facts: OpinionFacts, today: date) -> Verdict:
    """Family and child may be invited (never a perpetrator); an opinion given is recorded in their words."""
    if facts.perpetrator and facts.invited:
        return not_met("A10.5", Message("This person is marked as a perpetrator of violence in the case."))
    if not facts.invited:
        return waived("A10.5", Message("Not invited; the text leaves it open."))
    if not facts.held:
        return open_duty("A10.5", Message("Invited; the meeting has not been held yet."))
    if facts.attended and not facts.opinion.strip():
        return not_met("A10.5", Message("The opinion is not recorded."))
    return met("A10.5")


@keeps("A10.6")
def a10_6_secrecy_kept(facts: StandingFacts, today: date) -> Verdict:
    """The standing row of a case: closed meetings, need to know; refusals are the evidence."""
    return standing("A10.6", facts)


@keeps("A18.1")
def a18_1_privacy_kept(facts: PrivacyFacts, today: date) -> Verdict:
    """Private, except a disclosure by legal obligation, which is registered: to whom, what, which law."""
    if facts.without_legal_basis:
        count = facts.without_legal_basis
        return not_met(
            "A18.1", Message("Disclosures without recipient or legal basis: %(count)s.", count=count)
        )
    if facts.disclosures and not facts.breaches:
        reason = Message(
            "Kept. Disclosures required by law on record: %(count)s. Refusals logged: %(refusals)s.",
            count=facts.disclosures,
            refusals=facts.refusals,
        )
        return met("A18.1", reason)
    return standing("A18.1", StandingFacts(facts.refusals, facts.breaches))


@keeps("A18.2")
def a18_2_declaration_signed(facts: DeclarationFacts, today: date) -> Verdict:
    """Signed, and before anything of the case was shown."""
    early = facts.shown_on is not None and (facts.signed_on is None or facts.shown_on < facts.signed_on)
    if early or facts.shown_before_signing:
        return not_met("A18.2", Message("Content was shown before the declaration was signed."))
    if facts.signed_on is None or facts.signed_on > today:
        return open_duty("A18.2", Message("The declaration is not signed yet."))
    return met("A18.2", on=facts.signed_on)


@keeps("A18.2")
def a18_2_may_be_shown(person: PersonFacts, today: date) -> Verdict:
    """Nothing of a case is shown to a person who has not signed the declaration for it."""
    if person.declaration_on is None or person.declaration_on > today:
        sign = WayOut("sign_declaration", Message("Sign the confidentiality declaration for this case."))
        return not_met("A18.2", Message("The declaration is not signed yet."), sign)
    return met("A18.2", on=person.declaration_on)
