"""Preparing: who is invited, guests, the family's notice and views, and the head's exception of A4.6."""

from uuid import UUID

from flask import g
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases import exclusion
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound, RuleRefused
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import family_notices, guests, inviting, preparing, queries, readiness
from tmr_app.meetings.doors import blueprint, deed_page, to_meeting
from tmr_app.meetings.forms import (
    GuestForm,
    InviteesForm,
    NoticeForm,
    ReasonForm,
    WaiverForm,
    ident,
    with_reasons,
)
from tmr_app.meetings.inviting import CHAIR, Table, is_invited
from tmr_app.meetings.models import FamilyNotice
from tmr_app.meetings.views_preparing import being_prepared


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/invitees", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def invitees(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Pre-selected by A8.6 or A8.11; leaving one of those out needs a reason."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    table = inviting.load(session, now, meeting=meeting)
    form, outcome = _invitees_form(table), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            inviting.set_invitees(
                session,
                g.person,
                now,
                meeting=meeting,
                seat_ids=[ident(one) for one in form.seats.data or []],
                participant_ids=[ident(one) for one in form.participants.data or []],
                reasons=form.reasons(),
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.prepare"), flash=_("The invitees are saved."))
    return Page(
        "meetings/invitees.html",
        status=422 if outcome.refused or form.errors else 200,
        meeting=meeting,
        form=form,
        verdicts=outcome.verdicts,
        owed=[key.hex for key, _name in _owed_people(table)],
        past_guests=queries.past_guests(table),
        flags=sorted(g.case.flags()),
    )


def _owed_people(table: Table) -> list[tuple[UUID, str]]:
    """Those whom A8.6 or A8.11 wants invited and who can be left out with a reason."""
    found = []
    for subject in table.owed:
        seat = table.seats.get(subject)
        if seat is None or seat.kind == CHAIR or seat.recused_at is not None:
            continue
        if seat.id in table.running or table.meeting.purpose == "closing" or seat.meeting_id is not None:
            found.append((subject, seat.person.name))
    return found


def _invitees_form(table: Table) -> InviteesForm:
    invited = {str(one.seat_id or one.participant_id) for one in table.invitations if is_invited(one)}
    reasons = {
        (one.seat_id or one.participant_id): one.left_out_reason for one in table.invitations if one.left_out
    }
    owed = _owed_people(table)
    data = {f"reason_{key.hex}": reasons.get(key, "") for key, _name in owed}
    form = with_reasons(owed)(data={"seats": list(invited), "participants": list(invited), **data})
    form.seats.choices = [
        (str(one.id), f"{one.person.name} – {one.institution.name}" if one.institution else one.person.name)
        for one in table.candidates()
        if one.kind != CHAIR
    ]
    form.participants.choices = [
        (str(one.id), one.relation.family_member.name if one.relation else _("The child"))
        for one in table.participants.values()
        if one.withdrawn_at is None
        and (one.relation is None or not exclusion.relation_excluded(one.relation).refuses)
    ]
    return form


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/guest", methods=["GET", "POST"])
@allows(Permission.TABLE_WRITE)
def guest(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Invite a representative of an institution directly connected with the case, for this meeting only (A8.5)."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    form, outcome = GuestForm(), Attempt()
    form.person.choices = [("", "–"), *guests.choices(session, g.case, clock.civil_today())]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            person_id, _colon, institution_id = (form.person.data or "").partition(":")
            guests.invite_guest(
                session,
                g.person,
                now,
                meeting=meeting,
                case=g.case,
                person_id=ident(person_id),
                institution_id=ident(institution_id),
                reason=form.reason.data or "",
            )
        if not outcome.refused:
            return Redirect(
                to_meeting(meeting_id, "meetings.invitees"), flash=_("The guest is invited to this meeting.")
            )
    return deed_page(
        form,
        meeting,
        _("Invite a guest"),
        _("Invite the guest"),
        back=to_meeting(meeting_id, "meetings.invitees"),
        lead=[
            _(
                "A representative of an institution directly connected with the case may be invited to one meeting "
                "(Article 8, paragraph 5). The guest signs the declaration and answers for conflicts like a member."
            )
        ],
        outcome=outcome,
    )


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/family")
@allows(Permission.MEETING_PREPARE)
def family(case_id: UUID, meeting_id: UUID) -> Page:
    """Child, parents, guardian: who was told how, and their views; who may not be told (A4.5)."""
    session = db.session()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    prepared = readiness.load(session, clock.now(), meeting=meeting, case=g.case)
    people = [{"id": "child", "name": _("The child"), "kind": "child", "notice": prepared.notice_of(None)}]
    people += [
        {
            "id": str(one.id),
            "name": one.family_member.name,
            "kind": one.kind,
            "notice": prepared.notice_of(one.id),
        }
        for one in prepared.family()
    ]
    barred = [one.family_member.name for one in prepared.relations if one.is_suspected_perpetrator]
    return Page(
        "meetings/family.html",
        meeting=meeting,
        people=people,
        barred=barred,
        no_parent=len(people) == 1,
        no_parent_reason=meeting.no_parent_reason,
    )


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/family/<who>", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def notice(case_id: UUID, meeting_id: UUID, who: str) -> Page | Redirect:
    """How one of the family was told, and the views. A suspected perpetrator is refused (A4.5)."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    relation_id = None if who == "child" else _relation_id(who)
    relations = {one.id: one for one in readiness.relations_of(session, case_id)}
    if relation_id is not None and relation_id not in relations:
        raise NotFound("relation")
    if relation_id is not None:
        verdict = exclusion.relation_excluded(relations[relation_id])
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=case_id)
    row = queries.family_notice(session, meeting_id, relation_id)
    form, outcome = NoticeForm(data=_notice_data(row)), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            family_notices.record_family_notice(
                session,
                g.person,
                now,
                meeting=meeting,
                relation_id=relation_id,
                notice=form.notice(),
                version=form.version.data if row else None,
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.family"), flash=_("Saved."))
    name = relations[relation_id].family_member.name if relation_id else _("The child")
    return Page(
        "meetings/notice.html",
        status=422 if outcome.refused or form.errors else 200,
        meeting=meeting,
        form=form,
        name=name,
        verdicts=outcome.verdicts,
    )


def _relation_id(who: str) -> UUID:
    try:
        return UUID(who)
    except ValueError as error:
        raise NotFound("relation") from error


def _notice_data(row: FamilyNotice | None) -> dict[str, object]:
    if row is None:
        return {"version": 0}
    names = ("version", "notified_on", "how", "not_notified_reason", "views", "no_views_reason")
    return {name: getattr(row, name) for name in names}


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/no-parent", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def no_parent(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Why there is no parent or guardian who can be told (A8.10)."""
    session = db.session()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    form = WaiverForm(data={"reason": meeting.no_parent_reason})
    form.reason.label.text = _("Why can no parent or guardian be told?")
    if form.validate_on_submit():
        family_notices.give_no_parent_reason(
            session, g.person, clock.now(), meeting=meeting, reason=form.reason.data or ""
        )
        return Redirect(to_meeting(meeting_id, "meetings.family"), flash=_("Saved."))
    return deed_page(
        form,
        meeting,
        _("No parent or guardian to tell"),
        _("Save"),
        back=to_meeting(meeting_id, "meetings.family"),
        lead=[_("The ledger shows it with its reason (Article 8, paragraph 10).")],
    )


@blueprint.route(
    "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/without-representative", methods=["GET", "POST"]
)
@allows(Permission.MEETING_AGREE)
def without_representative(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The head's written reason to convene without a representative of A4.6: shown as not met."""
    session = db.session()
    meeting = being_prepared(case_id, meeting_id)
    form, outcome = ReasonForm(data={"reason": meeting.asylum_override_reason}), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.allow_without_representative(
                session, g.person, clock.now(), meeting=meeting, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id), flash=_("Your reason is recorded."))
    return deed_page(
        form,
        meeting,
        _("Convene without a representative of Article 4, paragraph 6"),
        _("Record the reason"),
        back=to_meeting(meeting_id),
        lead=[
            _(
                "The Regulation has no exception here: the ledger will show the duty as not met, with your reason."
            )
        ],
        outcome=outcome,
        look="serious",
    )
