"""Conflicts of others, the chair's hand-over, and break-glass: pages of the case."""

from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import break_glass as glass_deeds
from tmr_app.cases import chairing, conflicts, table_queries
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.table_doors import blueprint, deed_page, exists, seat_of, to_table
from tmr_app.cases.table_forms import (
    AssignForm,
    DecideForm,
    DutyForm,
    FlagForm,
    GlassForm,
    HandOverForm,
    ReviewForm,
)
from tmr_app.cases.table_models import BreakGlass, ConflictFlag, HandOver
from tmr_app.cases.table_queries import SeatRow
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import Forbidden, NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.models import Person
from tmr_app.members.signed_in import require_fresh
from tmr_app.regulation.verdicts import Message


@blueprint.route("/cases/<uuid:case_id>/table/seats/<uuid:seat_id>/flag", methods=["GET", "POST"])
@allows(Permission.CONFLICT_FLAG)
def flag(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """Point out a conflict of interest of somebody else at this Table (T02)."""
    row = seat_of(seat_id)
    form = FlagForm()
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            conflicts.flag_conflict(
                db.session(), g.person, clock.now(), case=g.case, seat=row.seat, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("Your note has gone to the one who decides."))
    return deed_page(
        form,
        _("Point out a conflict of interest"),
        _("Send the note"),
        lead=[
            _(
                "The case manager decides; the head of services decides when it concerns the case manager (A10.2)."
            )
        ],
        rows=[(_("Person"), row.person.name)],
        outcome=outcome,
    )


@blueprint.route("/cases/<uuid:case_id>/table/seats/<uuid:seat_id>/recuse", methods=["GET", "POST"])
@allows(Permission.RECUSE)
def recuse(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """The case manager records a member's conflict of interest: excluded from this moment on."""
    row = seat_of(seat_id)
    if row.person.id == g.person.id:
        return Redirect(url_for("table.conflict", case_id=case_id))
    form = FlagForm()
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            conflicts.recuse_member(
                db.session(), g.person, clock.now(), case=g.case, seat=row.seat, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The person is excluded from this case."))
    return deed_page(
        form,
        _("Exclude a person for a conflict of interest"),
        _("Exclude from the case"),
        lead=[
            _("From this moment on the person has no access, gets no mail and is not seated again (A10.2)."),
            _("The institution is asked for another person. What the person contributed before stays."),
        ],
        rows=[(_("Person"), row.person.name)],
        outcome=outcome,
        look="serious",
    )


@blueprint.route("/cases/<uuid:case_id>/table/flags/<uuid:flag_id>", methods=["GET", "POST"])
@allows(Permission.RECUSE)
def decide_flag(case_id: UUID, flag_id: UUID) -> Page | Redirect:
    """The case manager decides about a member."""
    return _decide(flag_id, as_head=False)


@blueprint.route("/cases/<uuid:case_id>/table/flags/<uuid:flag_id>/chair", methods=["GET", "POST"])
@allows(Permission.CONFLICT_DECIDE_CHAIR)
def decide_chair_flag(case_id: UUID, flag_id: UUID) -> Page | Redirect:
    """The head decides about the case manager."""
    return _decide(flag_id, as_head=True)


def _decide(flag_id: UUID, *, as_head: bool) -> Page | Redirect:
    session = db.session()
    found = session.get(ConflictFlag, flag_id)
    if found is None or found.case_id != g.case.id:
        raise NotFound("flag")
    row = seat_of(found.seat_id)
    chairs = conflicts.is_chairs(g.case, row.seat) or g.case.case_manager_id is None
    if chairs is not as_head:
        raise Forbidden(
            Message("The head of services decides about the case manager, the case manager about the others.")
        )
    form = DecideForm()
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=g.case.id) as outcome:
            conflicts.decide_flag(
                session,
                g.person,
                clock.now(),
                case=g.case,
                flag=found,
                upheld=form.answer.data == "upheld",
                decision=form.decision.data or "",
                as_head=as_head,
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("Your decision is recorded."))
    by = session.get_one(Person, found.raised_by_id)
    return deed_page(
        form,
        _("Decide about a conflict of interest"),
        _("Record the decision"),
        rows=[
            (_("Person"), row.person.name),
            (_("Pointed out by"), by.name),
            (_("What was pointed out"), found.reason),
        ],
        outcome=outcome,
    )


def switch_delegation(row: SeatRow) -> Redirect:
    """Turn the assistant's delegation to its other state."""
    chairing.delegate(db.session(), g.person, clock.now(), seat=row.seat, delegated=not row.seat.delegated)
    told = (
        _("The assistant may now prepare and write.")
        if row.seat.delegated
        else _("The assistant now only reads.")
    )
    return Redirect(to_table(), flash=told)


def _colleagues(but: UUID | None) -> list[tuple[UUID, str]]:
    people = table_queries.case_managers(db.session(), g.case.qps_id, clock.civil_today())
    return [(one.id, one.name) for one in people if one.id != but]


@blueprint.route("/cases/<uuid:case_id>/table/hand-over", methods=["GET", "POST"])
@allows(Permission.CASE_HAND_OVER)
def hand_over(case_id: UUID) -> Page | Redirect:
    """The case manager proposes a successor; the head goes to the assignment instead."""
    if g.standing.case is CaseStanding.HEAD:
        return Redirect(url_for("table.assign", case_id=case_id))
    form = HandOverForm()
    form.offer(_colleagues(g.case.case_manager_id))
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            chairing.propose_hand_over(
                db.session(),
                g.person,
                clock.now(),
                case=g.case,
                person_id=form.person,
                note=form.note.data or "",
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The head of services has been asked to decide."))
    return deed_page(
        form,
        _("Hand the case over"),
        _("Ask the head of services"),
        lead=[
            _(
                "The head of services decides (A4.2). Until then you remain the case manager, with all duties."
            ),
            _("The note is read by the head and your successor only."),
        ],
        outcome=outcome,
    )


@blueprint.route("/cases/<uuid:case_id>/table/case-manager", methods=["GET", "POST"])
@allows(Permission.CASE_MANAGER_ASSIGN)
def assign(case_id: UUID) -> Page | Redirect:
    """The head assigns another case manager (A4.2): whoever is named opens the whole case, so with a fresh sign-in."""
    session = db.session()
    form = AssignForm()
    form.offer(_colleagues(g.case.case_manager_id))
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            chairing.reassign(
                session,
                g.person,
                clock.now(),
                case=g.case,
                person_id=form.person,
                note=form.note.data or "",
                conflict=bool(form.conflict.data),
            )
        if not outcome.refused:
            return Redirect(to_table(), flash=_("The case has a new case manager."))
    present = session.get(Person, g.case.case_manager_id) if g.case.case_manager_id else None
    history = table_queries.terms(session, g.case.id)
    return deed_page(
        form,
        _("Assign a case manager"),
        _("Assign"),
        lead=[_("Seat and duties move at once; the history stays (A4.2).")],
        rows=[(_("Present case manager"), present.name if present else _("none"))],
        outcome=outcome,
        history=history,
    )


@blueprint.route("/cases/<uuid:case_id>/table/hand-over/<uuid:proposal_id>", methods=["POST"])
@allows(Permission.CASE_MANAGER_ASSIGN)
def decide_hand_over(case_id: UUID, proposal_id: UUID) -> Redirect:
    """The head accepts the proposed successor; declining is assigning somebody else, or leaving it open."""
    session = db.session()
    proposal = session.get(HandOver, proposal_id)
    if proposal is None or proposal.case_id != case_id:
        raise NotFound("proposal")
    require_fresh()
    chairing.decide_hand_over(session, g.person, clock.now(), case=g.case, proposal=proposal, accepted=True)
    return Redirect(to_table(), flash=_("The case has a new case manager."))


@blueprint.post("/cases/<uuid:case_id>/table/hand-over/<uuid:proposal_id>/decline")
@allows(Permission.CASE_MANAGER_ASSIGN)
def decline_hand_over(case_id: UUID, proposal_id: UUID) -> Redirect:
    """The head declines: the case manager stays."""
    session = db.session()
    proposal = session.get(HandOver, proposal_id)
    if proposal is None or proposal.case_id != case_id:
        raise NotFound("proposal")
    chairing.decide_hand_over(session, g.person, clock.now(), case=g.case, proposal=proposal, accepted=False)
    return Redirect(to_table(), flash=_("The proposal is declined; the case manager stays."))


@blueprint.route("/duty", methods=["GET", "POST"])
@allows(Permission.CASE_LIST)
def duty() -> Page | Redirect:
    """A duty case manager finds a case by its number; everybody else finds no such page."""
    session, now = db.session(), clock.now()
    if not glass_deeds.duty_centres(session, g.person.id, now):
        raise NotFound("no duty")
    return _find_on_duty()


def _find_on_duty() -> Page | Redirect:
    form = DutyForm()
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form) as outcome:
            case = glass_deeds.find_case(db.session(), g.person, clock.now(), number=form.number.data or "")
        if not outcome.refused:
            return Redirect(url_for("table.break_glass", case_id=case.id))
    return deed_page(
        form,
        _("Duty: open a case in an emergency"),
        _("Go on"),
        lead=[
            _("Only when a child is at risk and the case manager cannot be reached."),
            _("Case manager and head are told at once, and a second person reviews it."),
        ],
        outcome=outcome,
        cancel="/",
    )


@blueprint.route("/cases/<uuid:case_id>/break-glass", methods=["GET", "POST"])
@allows(Permission.BREAK_GLASS)
def break_glass(case_id: UUID) -> Page | Redirect:
    """Open the case for four hours, with a written reason and a fresh sign-in."""
    form = GlassForm()
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            glass_deeds.break_glass(
                db.session(), g.person, clock.now(), case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            where = url_for("cases.show", case_id=case_id) if exists("cases.show") else to_table()
            return Redirect(where, flash=_("The case is open to you for four hours. This is recorded."))
    return deed_page(
        form,
        _("Open this case for four hours"),
        _("Open the case"),
        lead=[
            _("Only when a child is at risk and the case manager cannot be reached."),
            _("Case manager and head are told at once, and a second person reviews it."),
        ],
        rows=[(_("Case number"), g.case.number)],
        outcome=outcome,
        look="serious",
        cancel="/",
    )


@blueprint.route("/cases/<uuid:case_id>/break-glass/<uuid:glass_id>/review", methods=["GET", "POST"])
@allows(Permission.BREAK_GLASS_REVIEW)
def review_glass(case_id: UUID, glass_id: UUID) -> Page | Redirect:
    """A second person reviews an emergency opening."""
    session = db.session()
    glass = session.get(BreakGlass, glass_id)
    if glass is None or glass.case_id != case_id:
        raise NotFound("break-glass")
    form = ReviewForm()
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            glass_deeds.review(
                session,
                g.person,
                clock.now(),
                glass=glass,
                justified=form.answer.data == "yes",
                text=form.text.data or "",
            )
        if not outcome.refused:
            return Redirect(url_for("head_office.dashboard"), flash=_("The review is recorded."))
    person = session.get_one(Person, glass.person_id)
    return deed_page(
        form,
        _("Review an emergency opening"),
        _("Record the review"),
        rows=[(_("Person"), person.name), (_("Written reason"), glass.reason)],
        outcome=outcome,
        opened_at=glass.opened_at,
        until_at=glass.until_at,
        cancel=url_for("head_office.dashboard"),
    )
