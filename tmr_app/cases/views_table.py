"""The page of the Table: who sits, who is proposed and why; seating, ending seats, participants, the address."""

from uuid import UUID

from flask import current_app, g
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import (
    participants,
    seat_ending,
    seating,
    table_queries,
    views_chair,
    views_declaration,
    views_paper_declarations,
)
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.exclusion import relation_excluded
from tmr_app.cases.participants import may_be_heard
from tmr_app.cases.seat_checks import ROSTERED_KINDS
from tmr_app.cases.table_doors import blueprint, deed_page, seat_of, to_table
from tmr_app.cases.table_forms import AddressForm, EndSeatForm, OutsideForm, ParticipantForm, SeatForm
from tmr_app.cases.table_models import Participant
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.forms import translated
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import accounts
from tmr_app.members.models import Person
from tmr_app.members.signed_in import require_fresh
from tmr_app.regulation.catalogue import SEATS

__all__ = ["blueprint", "views_chair", "views_declaration", "views_paper_declarations"]

CHOSEN_KINDS = tuple(
    seat.key for seat in SEATS if seat.key in ROSTERED_KINDS or seat.key == "assistant_case_manager"
)


@blueprint.get("/cases/<uuid:case_id>/table")
@allows(Permission.TABLE_READ)
def show(case_id: UUID) -> Page:
    """Seats, proposals with their reason, A4.6, participants; for the decider what waits."""
    decides = may(g.standing, Permission.RECUSE) or may(g.standing, Permission.CASE_MANAGER_ASSIGN)
    view = table_queries.table_view(db.session(), g.case, clock.now(), decides=decides)
    return Page("table/show.html", view=view)


@blueprint.get("/cases/<uuid:case_id>/table/add")
@allows(Permission.TABLE_WRITE)
def kinds(case_id: UUID) -> Page:
    """The kinds of seat of the Regulation, with how many people the roster holds for each."""
    counts = table_queries.roster_counts(db.session(), g.case, clock.civil_today())
    return Page("table/kinds.html", kinds=[(kind, counts[kind]) for kind in CHOSEN_KINDS])


@blueprint.route("/cases/<uuid:case_id>/table/add/<kind>", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def add(case_id: UUID, kind: str) -> Page | Redirect:
    """Choose a person of the roster for one kind of seat, with the reason (A4.3)."""
    if kind not in CHOSEN_KINDS:
        raise NotFound("kind")
    session, now = db.session(), clock.now()
    form = SeatForm()
    rostered = table_queries.roster(session, g.case, kind, clock.civil_today())
    form.offer(
        (one.person.id, f"{one.person.name} – {one.institution.name}" if one.institution else one.person.name)
        for one in rostered
    )
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            seating.seat_member(
                session,
                g.person,
                now,
                case=g.case,
                kind=kind,
                person_id=form.person,
                reason=form.reason.data or "",
                once=form.once.data,
                same_name_checked=bool(form.same_name_checked.data),
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The person is seated and is being informed by mail."))
    if not form.is_submitted():
        proposed = table_queries.proposed_reason(session, g.case, kind, clock.civil_date(now))
        form.reason.data = form.reason.data or (translated(proposed) if proposed else "")
    return Page(
        "table/add.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        kind=kind,
        empty=not rostered,
        verdicts=outcome.verdicts,
        ask_name=_asks_name(outcome),
    )


def _asks_name(outcome: Attempt) -> bool:
    """Whether the refusal was about a name that needs a second look (A4.5)."""
    return any(verdict.duty == "A4.5" for verdict in outcome.verdicts)


@blueprint.route("/cases/<uuid:case_id>/table/outside", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def add_outside(case_id: UUID) -> Page | Redirect:
    """Invite another relevant professional who works for child protection (A4.4)."""
    session, now = db.session(), clock.now()
    form = OutsideForm()
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            seat = seating.seat_outside_professional(
                session,
                g.person,
                now,
                case=g.case,
                name=form.name.data or "",
                email=form.email.data or "",
                function=form.function.data or "",
                institution_name=form.institution.data or "",
                reason=form.reason.data or "",
                works_for_child_protection=bool(form.works_for_child_protection.data),
                language=g.case.language,
                once=form.once.data,
                same_name_checked=bool(form.same_name_checked.data),
            )
            _invite(seat.person_id)
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The person is seated and is being informed by mail."))
    return Page(
        "table/outside.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        verdicts=outcome.verdicts,
        ask_name=_asks_name(outcome),
    )


def _invite(person_id: UUID) -> None:
    """Somebody new gets an invitation to an account; who has one is left alone."""
    session = db.session()
    if accounts.of_person(session, person_id) is None:
        person = session.get_one(Person, person_id)
        public_url = current_app.extensions["tmr_settings"].public_url
        accounts.invite(session, g.person, clock.real_now(), person=person, public_url=public_url)


@blueprint.route("/cases/<uuid:case_id>/table/seats/<uuid:seat_id>/end", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def end_seat(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """End a seat, with the reason: from then on no access and no mail."""
    row = seat_of(seat_id)
    form = EndSeatForm()
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            seat_ending.end_seat(
                db.session(),
                g.person,
                clock.now(),
                seat=row.seat,
                reason=form.reason.data,
                note=form.note.data or "",
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The seat has ended."))
    return deed_page(
        form,
        _("End a seat"),
        _("End the seat"),
        lead=[
            _(
                "The person can no longer open the case, and mail not yet sent is stopped. What they wrote stays."
            )
        ],
        rows=[(_("Person"), row.person.name)],
        outcome=outcome,
        look="serious",
    )


@blueprint.post("/cases/<uuid:case_id>/table/seats/<uuid:seat_id>/delegation")
@allows(Permission.TABLE_WRITE)
def delegation(case_id: UUID, seat_id: UUID) -> Redirect:
    """Switch the assistant's delegation on or off."""
    return views_chair.switch_delegation(seat_of(seat_id))


@blueprint.route("/cases/<uuid:case_id>/table/participants", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def add_participant(case_id: UUID) -> Page | Redirect:
    """The child, a parent or the guardian takes part, without account (A4.5)."""
    session = db.session()
    form = ParticipantForm()
    offered, barred = [("child", _("The child"))], []
    for party in table_queries.parties(session, g.case):
        if party.relation is None or not may_be_heard(party.relation):
            continue
        verdict = relation_excluded(party.relation, clock.civil_today())
        if verdict.refuses:
            barred.append((party.name, verdict))
        else:
            offered.append((str(party.relation.id), party.name))
    form.who.choices = offered
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            participants.add_participant(
                session, g.person, clock.now(), case=g.case, relation_id=form.relation
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The person takes part."))
    return Page(
        "table/participant.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        barred=barred,
        verdicts=outcome.verdicts,
    )


def _participant(participant_id: UUID) -> Participant:
    found = db.session().get(Participant, participant_id)
    if found is None or found.case_id != g.case.id:
        raise NotFound("participant")
    return found


@blueprint.post("/cases/<uuid:case_id>/table/participants/<uuid:participant_id>/remove")
@allows(Permission.TABLE_WRITE)
def remove_participant(case_id: UUID, participant_id: UUID) -> Redirect:
    """The person no longer takes part."""
    participants.remove_participant(
        db.session(), g.person, clock.now(), participant=_participant(participant_id)
    )
    return Redirect(to_table(), flash=_("The person no longer takes part."))


@blueprint.route("/cases/<uuid:case_id>/table/address", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def grant_address(case_id: UUID) -> Page | Redirect:
    """Let one person by name see the shelter's or foster family's address: with the reason and a fresh sign-in."""
    session, now = db.session(), clock.now()
    form = AddressForm()
    rows = table_queries.table_view(session, g.case, now, decides=False).live
    form.offer(
        (row.person.id, row.person.name)
        for row in rows
        if row.seat.meeting_id is None and row.seat.kind not in ("case_manager", "assistant_case_manager")
    )
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            participants.grant_address(
                session, g.person, now, case=g.case, person_id=form.person, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The person may now see the address."))
    return deed_page(
        form,
        _("Who may see the shelter's address"),
        _("Allow this person"),
        lead=[
            _("The address is seen by you, the assistant, the shelter itself, and whom you name here."),
            _("No kind of seat brings it; each leave has its written reason and is recorded."),
        ],
        outcome=outcome,
    )


@blueprint.post("/cases/<uuid:case_id>/table/address/<uuid:person_id>/revoke")
@allows(Permission.TABLE_WRITE)
def revoke_address(case_id: UUID, person_id: UUID) -> Redirect:
    """Take the leave back."""
    participants.revoke_address(db.session(), g.person, clock.now(), case=g.case, person_id=person_id)
    return Redirect(to_table(), flash=_("The person may no longer see the address."))
