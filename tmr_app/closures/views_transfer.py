"""The transfer inbox of a head, and the answer to one offer. Of the case: number, municipality and reason, nothing else."""

from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases import table_queries
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.own_standings import headed_qps
from tmr_app.closures import queries, transferring
from tmr_app.closures.forms import AcceptForm, RefuseForm
from tmr_app.closures.queries import Offer
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.signed_in import require_fresh

blueprint = Blueprint("transfers", __name__)


@blueprint.get("/transfers")
@allows(Permission.HEAD_OFFICE)
def inbox() -> Page:
    """Offers to this head's Centre, and what the Centre has offered."""
    session = db.session()
    headed = headed_qps(session, g.person.id, clock.now())
    return Page(
        "transfers/inbox.html",
        incoming=queries.incoming(session, headed),
        outgoing=queries.outgoing(session, headed),
    )


def _offer() -> Offer:
    """The unanswered offer of the case in the address to a Centre of this head; none is 404."""
    headed = headed_qps(db.session(), g.person.id, clock.now())
    found = queries.waiting_offer(db.session(), g.case.id, headed)
    if found is None:
        raise NotFound("transfer")
    return found


@blueprint.get("/cases/<uuid:case_id>/transfer-offer")
@allows(Permission.TRANSFER_ANSWER)
def answer(case_id: UUID) -> Page:
    """Accept and name the case manager, or refuse with a reason."""
    return _page(_offer())


def _page(
    offer: Offer,
    accepting: AcceptForm | None = None,
    refusing: RefuseForm | None = None,
    outcome: Attempt | None = None,
) -> Page:
    accepting = accepting or _accept_form(offer, fresh=True)
    refusing = refusing or RefuseForm(formdata=None)
    refused = bool(accepting.errors or refusing.errors) or (outcome is not None and outcome.refused)
    return Page(
        "transfers/answer.html",
        status=422 if refused else 200,
        offer=offer,
        accepting=accepting,
        refusing=refusing,
        verdicts=outcome.verdicts if outcome else (),
    )


def _accept_form(offer: Offer, *, fresh: bool = False) -> AcceptForm:
    form = AcceptForm(formdata=None) if fresh else AcceptForm()
    session, today = db.session(), clock.civil_today()
    form.offer((one.id, one.name) for one in table_queries.case_managers(session, offer.to_qps_id, today))
    return form


@blueprint.post("/cases/<uuid:case_id>/transfer-offer/accept")
@allows(Permission.TRANSFER_ANSWER)
def accept(case_id: UUID) -> Page | Redirect:
    """The case moves here at once."""
    offer = _offer()
    form, outcome = _accept_form(offer), Attempt()
    if form.validate():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            transferring.accept(
                db.session(),
                g.person,
                clock.now(),
                transfer_id=offer.transfer_id,
                case_manager_id=form.person,
            )
        if not outcome.refused:
            return Redirect(
                url_for("transfers.inbox"), flash=_("The case is yours. Its new case manager has been told.")
            )
    return _page(offer, accepting=form, outcome=outcome)


@blueprint.post("/cases/<uuid:case_id>/transfer-offer/refuse")
@allows(Permission.TRANSFER_ANSWER)
def refuse(case_id: UUID) -> Page | Redirect:
    """The case stays where it is."""
    offer = _offer()
    form, outcome = RefuseForm(), Attempt()
    if form.validate():
        with attempt(form, case_id=case_id) as outcome:
            transferring.refuse(
                db.session(),
                g.person,
                clock.now(),
                transfer_id=offer.transfer_id,
                answer=form.answer.data or "",
            )
        if not outcome.refused:
            return Redirect(
                url_for("transfers.inbox"),
                flash=_("Your refusal is sent with its reason. The case stays there."),
            )
    return _page(offer, refusing=form, outcome=outcome)
