"""Members who do not answer (A14.3.2): what the case manager judges, the letters, the answers; and the superior's own page."""

from uuid import UUID

from flask import g
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.plans import superiors, updating
from tmr_app.plans.doors import blueprint, here
from tmr_app.plans.forms import ReasonForm, SuperiorAnswerForm, SuperiorLetterForm

ADDRESS = "/cases/<uuid:case_id>/plan/cooperation"


@blueprint.get(ADDRESS)
@allows(Permission.COOPERATION_READ)
def cooperation(case_id: UUID) -> Page:
    """Who did not answer after two requests, and what was done about it."""
    session = db.session()
    return Page(
        "plans/cooperation.html",
        offers=superiors.offers(session, g.case, clock.now()),
        notices=superiors.notices_of(session, case_id),
        answer=SuperiorAnswerForm(formdata=None),
        answering=None,
        today=clock.civil_today(),
    )


@blueprint.get(ADDRESS + "/<uuid:seat_id>")
@allows(Permission.MEETING_CONVENE)
def judge(case_id: UUID, seat_id: UUID) -> Page:
    """The letter, or a reason why none is written: the case manager's judgement."""
    return _judge(seat_id)


def _judge(
    seat_id: UUID,
    letter: SuperiorLetterForm | None = None,
    reason: ReasonForm | None = None,
    status: int = 200,
) -> Page:
    session, now = db.session(), clock.now()
    offer = superiors.find_offer(session, g.case, now, seat_id)
    institution = offer.seat.institution
    superior = superiors.superior_of(session, institution.id, now) if institution else None
    if letter is None:
        chosen = "sr" if g.case.language.startswith("sr") else g.case.language
        letter = SuperiorLetterForm(
            formdata=None, data={"language": chosen, "answer_by_on": superiors.answer_until(now)}
        )
    measures = {}
    for one in offer.owed:
        _version, found = updating.find_action(session, g.case.id, one.action_key)
        measures[one.action_key] = found.row.measure
    return Page(
        "plans/judge.html",
        status=status,
        offer=offer,
        measures=measures,
        superior=superior.name if superior else (institution.superior_name if institution else ""),
        letter=letter,
        reason=reason or ReasonForm(formdata=None),
    )


@blueprint.post(ADDRESS + "/<uuid:seat_id>/letter")
@allows(Permission.MEETING_CONVENE)
def write_letter(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """The letter is written and sent, or ready to print."""
    form = SuperiorLetterForm()
    if form.validate():
        with attempt(form, case_id=case_id) as outcome:
            row = superiors.write_letter(
                db.session(),
                g.person,
                clock.now(),
                case=g.case,
                seat_id=seat_id,
                way=form.way.data,
                language=form.language.data,
                answer_by_on=form.answer_by_on.data,
                once=form.once.data,
            )
        if not outcome.refused:
            said = (
                _("The letter is sent: the superior opens it after signing in.")
                if row.way == "mail"
                else _("The letter is ready: print it and hand it over.")
            )
            return Redirect(here("plans.cooperation") + f"#notice-{row.id}", flash=said)
    return _judge(seat_id, letter=form, status=422)


@blueprint.post(ADDRESS + "/<uuid:seat_id>/reason")
@allows(Permission.MEETING_CONVENE)
def give_reason(case_id: UUID, seat_id: UUID) -> Page | Redirect:
    """No letter: why."""
    form = ReasonForm()
    if form.validate():
        superiors.give_reason(
            db.session(),
            g.person,
            clock.now(),
            case=g.case,
            seat_id=seat_id,
            reason=form.reason.data or "",
            once=form.once.data,
        )
        return Redirect(here("plans.cooperation"), flash=_("The reason is kept; the duty is answered."))
    return _judge(seat_id, reason=form, status=422)


@blueprint.post(ADDRESS + "/notices/<uuid:notice_id>/answer")
@allows(Permission.PLAN_WRITE)
def record_answer(case_id: UUID, notice_id: UUID) -> Page | Redirect:
    """What the superior answered, by telephone or on paper."""
    session, form = db.session(), SuperiorAnswerForm()
    if form.validate():
        superiors.record_answer(
            session,
            g.person,
            clock.now(),
            case_id=case_id,
            notice_id=notice_id,
            answer=form.answer.data or "",
        )
        back = here("plans.cooperation") + f"#notice-{notice_id}"
        return Redirect(back, flash=_("The answer is recorded."))
    return Page(
        "plans/cooperation.html",
        status=422,
        offers=superiors.offers(session, g.case, clock.now()),
        notices=superiors.notices_of(session, case_id),
        answer=form,
        answering=notice_id,
        today=clock.civil_today(),
    )
