"""Before every view: who is this, what are they to this case, may they. Doors are shut unless opened."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import CaseStanding, Standing
from tmr_app.cases import declaring, standing_loader
from tmr_app.cases.models import Case
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import Forbidden, NotFound
from tmr_app.members.accounts import current_person, current_session_ref
from tmr_app.members.models import Municipality
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import grants
from tmr_app.web import ceiling

READING = ("GET", "HEAD", "OPTIONS")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
LISTS = frozenset(
    {
        Permission.MY_WORK,
        Permission.CASE_LIST,
        Permission.CALENDAR_READ,
        Permission.HEAD_OFFICE,
        Permission.LEDGER_OF_CASES,
        Permission.GENERAL_CONTENT,
    }
)
GENERAL_INSIDE = frozenset({Permission.GENERAL_CONTENT, Permission.GENERAL_WRITE})
"""Behind the declaration for a municipality's general meetings (A18.2)."""
OPEN_ENDPOINTS = frozenset({"static"})
SIGN_FIRST = Message("You have not signed the confidentiality declaration for this case yet (A18.2).")
SIGN_ANEW = Message(
    "The text of the confidentiality declaration has changed since you signed it (A18.2). Please read the new text and "
    "sign it: the case opens again at once."
)


def register(app: Flask) -> None:
    app.before_request(check)


def check() -> ResponseReturnValue | None:
    """Load the standing inside the request's transaction, ask the policy, note a read; None lets the view run."""
    g.request_id = uuid4().hex
    g.standing = Standing()
    person = None if request.endpoint in OPEN_ENDPOINTS else current_person()
    g.person = None  # on public pages and on those that do not exist, only the reader's language is used
    g.case = None
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    _refuse_odd_requests()
    permission = declared(current_app.view_functions[request.endpoint], request.method)
    if permission is None:
        abort(404)
    if (
        permission in (Permission.PUBLIC, Permission.DEMONSTRATION, Permission.MAILBOX)
        and not request.view_args
    ):
        _identify(None)
        return None
    g.person = person
    g.user_language = person.language if person else None
    person_id = person.id if person else None
    _identify(person_id)
    if person_id is None and permission is not Permission.PUBLIC:
        return redirect(
            url_for("security.login", next=request.full_path.rstrip("?") if request.method == "GET" else "/")
        )
    g.standing = _standing(person_id)
    audit.identify(db.session(), actor_id=person_id, standing=_standing_word(g.standing))
    if not may(g.standing, permission):
        _refuse(permission)
    if request.method in ("GET", "HEAD") and (g.case is not None or permission in LISTS):
        if g.case is not None and person_id is not None:
            ceiling.check(db.session(), person_id, g.case)
        _note_read(permission)
    return None


def declared(view: Any, method: str) -> Permission | None:
    """What a view asks for: reading and posting may differ (`allows`). None: it declared nothing, so nobody may."""
    reading: Permission | None = getattr(view, "permission", None)
    return reading if method in READING else getattr(view, "posting", reading)


def _refuse_odd_requests() -> None:
    """Form routes take forms, from this site (ASVS 3.5.1): JSON is 415, a cross-site POST is 403."""
    if request.method in READING:
        return
    if request.headers.get("Sec-Fetch-Site") in ("cross-site",):
        abort(403)
    if request.content_length and request.mimetype not in FORM_TYPES and not _takes_json():
        abort(415)


def _takes_json() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "takes_json", False))


def _identify(person_id: UUID | None) -> None:
    audit.identify(
        db.session(),
        actor_id=person_id,
        session_ref=current_session_ref(),
        network=request.remote_addr,
        request_id=g.request_id,
    )


def _standing(person_id: UUID | None) -> Standing:
    session, now = db.session(), clock.now()
    arguments = request.view_args or {}
    if request.method not in READING:
        _wait_for_turn(arguments)
    if "case_id" in arguments:
        standing, g.case = standing_loader.in_case(session, person_id, arguments["case_id"], now)
        return _with_document(standing, arguments)
    if "municipality_id" in arguments:
        standing = standing_loader.in_municipality(session, person_id, arguments["municipality_id"], now)
        return _with_document(standing, arguments)
    return standing_loader.outside_cases(session, person_id, now)


def _wait_for_turn(arguments: dict[str, Any]) -> None:
    """On PostgreSQL what changes one case, or one municipality, happens one after the other, as on SQLite everything does:
    whoever comes second reads what the first has left. Before anything else is read or locked, so nobody waits in a ring.
    """
    session = db.session()
    if session.get_bind().dialect.name == "sqlite":
        return
    for model, argument in ((Case, "case_id"), (Municipality, "municipality_id")):
        if argument in arguments:
            row = select(model.id).where(model.id == arguments[argument])
            session.execute(row.with_for_update(key_share=True))


def _with_document(standing: Standing, arguments: dict[str, Any]) -> Standing:
    """On the pages of one document to sign: whether it keeps a place for this person."""
    if request.blueprint != "signing" or "version_id" not in arguments:
        return standing
    return grants.with_document(
        db.session(),
        standing,
        version_id=arguments["version_id"],
        case_id=arguments.get("case_id"),
        municipality_id=arguments.get("municipality_id"),
    )


def _standing_word(standing: Standing) -> str:
    if standing.case is not CaseStanding.NONE:
        return f"{standing.case}/{standing.seat_kind or '-'}"
    return "+".join(sorted(standing.offices))[:60] or "none"


def _refuse(permission: Permission) -> None:
    """404 to whoever has no link to the case, 403 with the reason to whoever already knows it; both are logged."""
    case_id = (request.view_args or {}).get("case_id")
    audit.note(
        db.session(),
        "access:refused",
        object_type="endpoint",
        object_id=case_id,
        case_id=case_id if g.case is not None else None,
        rule=permission.value,
        outcome="refused",
    )
    standing: Standing = g.standing
    undeclared = standing.case is CaseStanding.UNDECLARED
    earlier = undeclared and declaring.signed_before(db.session(), g.case.id, g.person.id) is not None
    db.session().commit()
    if undeclared:
        raise Forbidden(
            SIGN_ANEW if earlier else SIGN_FIRST,
            url_for("table.declaration", case_id=case_id),
        )
    if standing.case is CaseStanding.UNANSWERED:
        raise Forbidden(
            Message("Please say first whether you have a conflict of interest (A10.2)."),
            url_for("table.conflict", case_id=case_id),
        )
    if standing.case is CaseStanding.RECUSED:
        raise Forbidden(Message("You take no part in this case because of a conflict of interest (A10.2)."))
    if permission in GENERAL_INSIDE and may(replace(standing, general_declared=True), permission):
        raise Forbidden(
            Message("Please sign the confidentiality declaration for the general meetings first (A18.2)."),
            url_for("general.declaration", municipality_id=(request.view_args or {})["municipality_id"]),
        )
    if case_id is not None and standing.knows_case:
        raise Forbidden(Message("Your seat at this Table does not open this page."))
    raise NotFound(permission.value)


def _note_read(permission: Permission) -> None:
    view = (request.endpoint or "").replace(".", ":")
    audit.note(
        db.session(),
        f"read:{view}"[:80],
        object_type="case" if g.case is not None else "list",
        object_id=_meeting_of(request.view_args or {}) or (g.case.id if g.case is not None else None),
        case_id=g.case.id if g.case is not None else None,
        rule=permission.value,
        outcome="read",
    )


def _meeting_of(arguments: dict[str, Any]) -> UUID | None:
    """The meeting an address names, of a case or a general one."""
    found: UUID | None = arguments.get("meeting_id") or arguments.get("general_id")
    return found
