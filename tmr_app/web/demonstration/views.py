"""The demonstration's own pages: who to be, what was sent, which day it is. Registered only over a marked database."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tmr_app.access.permissions import Permission
from tmr_app.cases import standing_loader
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.account_models import Account
from tmr_app.members.accounts import current_person
from tmr_app.members.models import InstallationFact
from tmr_app.web import shift
from tmr_app.web.demo_sign_in import current_totp_code
from tmr_app.web.demonstration import accounts, mailbox, places, roles

blueprint = Blueprint("demonstration", __name__)

FURTHEST_DAYS = 366
MAIL_POLICY = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@blueprint.app_context_processor
def demonstration_day() -> dict[str, Any]:
    """For the banner: the civil date the demonstration has reached."""
    return {"demonstration_today": clock.civil_today()}


@blueprint.get("/demonstration")
@allows(Permission.DEMONSTRATION)
def start() -> Page:
    """The roles to try, what each sees, and a way through the main job."""
    _know_reader()
    listed = accounts.listed_people(db.session())
    found = _accounts([person_id for _group, _role, person_id in listed])
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    by_role: dict[str, Account] = {}
    for group, role, person_id in listed:
        groups[group].append({"role": role, "text": roles.text_of(group, role), "account": found[person_id]})
        by_role.setdefault(role, found[person_id])
    steps = [(by_role[role], text) for role, text in roles.STEPS if role in by_role]
    return Page(
        "demonstration/start.html",
        groups=[(roles.GROUPS[key], people) for key, people in groups.items()],
        steps=steps,
        password=accounts.PASSWORD,
        real_today=clock.civil_date(clock.real_now()),
    )


@blueprint.get("/demonstration/mail")
@allows(Permission.MAILBOX)
def mail() -> Page:
    """What the mail server accepted, newest first; of one recipient when asked. And everybody's present code."""
    _know_reader()
    wanted = request.args.get("to", "").strip().lower()
    everything = mailbox.received(_folder())
    counts: dict[str, int] = defaultdict(int)
    for one in everything:
        counts[one.recipient] += 1
    listed = [person_id for _group, _role, person_id in accounts.listed_people(db.session())]
    codes = [
        {"account": account, "code": current_totp_code(account), "count": counts.get(account.email, 0)}
        for account in _accounts(listed).values()
    ]
    return Page(
        "demonstration/mail.html",
        messages=[one for one in everything if not wanted or one.recipient == wanted],
        recipients=sorted(counts.items()),
        wanted=wanted,
        codes=codes,
        password=accounts.PASSWORD,
    )


@blueprint.get("/demonstration/mail/message")
@allows(Permission.MAILBOX)
def message() -> Page:
    """One message: its text, its calendar part."""
    _know_reader()
    found = _message()
    account = db.session().scalar(select(Account).where(Account.email == found.recipient))
    return Page(
        "demonstration/message.html",
        mail=found,
        text=found.part("text/plain"),
        has_html=bool(found.part("text/html")),
        calendar=found.part("text/calendar"),
        reader_account=account,
    )


@blueprint.get("/demonstration/mail/html")
@allows(Permission.MAILBOX)
def html() -> Response:
    """The HTML part as a mail program shows it: no scripts, nothing loaded from anywhere."""
    return Response(
        _message().part("text/html"),
        mimetype="text/html",
        headers={"Content-Security-Policy": MAIL_POLICY},
    )


@blueprint.get("/demonstration/mail/calendar")
@allows(Permission.MAILBOX)
def calendar() -> Response:
    """The calendar part, to open it in a calendar of one's own."""
    return Response(
        _message().part("text/calendar"),
        mimetype="text/calendar",
        headers={"Content-Disposition": 'attachment; filename="invitation.ics"'},
    )


@blueprint.post("/demonstration/date")
@allows(Permission.DEMONSTRATION)
def next_day() -> Redirect:
    """Move the civil date one day forward; the worker then sends what that day owes."""
    fact = db.session().get(InstallationFact, shift.FACT)
    if fact is None:
        fact = InstallationFact(name=shift.FACT, value="0")
        db.session().add(fact)
    fact.value = str(min(int(fact.value) + 1, FURTHEST_DAYS))
    db.session().flush()
    shift.forget()
    return Redirect(url_for("demonstration.start"), flash=_("The date moved one day forward."))


def _know_reader() -> None:
    """These pages are open to all; the frame still shows who is signed in."""
    person = current_person()
    if person is not None:
        g.person = person
        g.user_language = person.language
        g.standing = standing_loader.outside_cases(db.session(), person.id, clock.now())


def _accounts(person_ids: list[UUID]) -> dict[UUID, Account]:
    rows = db.session().scalars(
        select(Account).options(joinedload(Account.person)).where(Account.person_id.in_(person_ids))
    )
    found = {one.person_id: one for one in rows}
    return {person_id: found[person_id] for person_id in person_ids}


def _folder() -> Any:
    return places.mail_folder(current_app.extensions["tmr_settings"].file_store)


def _message() -> mailbox.Received:
    found = mailbox.find(_folder(), request.args.get("name", ""))
    if found is None:
        raise NotFound("message")
    return found
