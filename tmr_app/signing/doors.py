"""The blueprint of the signing room, its addresses under cases and municipalities, and what each page needs first."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import get_locale

from tmr_app.access.permissions import Permission
from tmr_app.kernel import db, vault
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import allows
from tmr_app.members.signed_in import current_session_ref
from tmr_app.signing import queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import FrozenVersion

blueprint = Blueprint("signing", __name__)
P = Permission
GENERAL = {
    P.DOCUMENT_READ: P.GENERAL_DOCUMENT_READ,
    P.DOCUMENT_SIGN: P.GENERAL_DOCUMENT_SIGN,
    P.DOCUMENT_KEEP: P.GENERAL_DOCUMENT_KEEP,
}
"""What a municipality's document asks for, where a case's asks for the first."""

View = Callable[..., Any]


def page(
    path: str,
    permission: Permission,
    *,
    posting: Permission | None = None,
    methods: tuple[str, ...] = ("GET",),
) -> Callable[[View], View]:
    """Put a view at /cases/<id>/sign/<version>... and at /municipalities/<id>/sign/<version>...; it gets the version."""

    def mark(view: View) -> View:
        @wraps(view)
        def of_case(case_id: UUID, version_id: UUID, **more: Any) -> Any:
            return view(_opened(version_id, case_id=case_id), **more)

        @wraps(view)
        def of_municipality(municipality_id: UUID, version_id: UUID, **more: Any) -> Any:
            return view(_opened(version_id, municipality_id=municipality_id), **more)

        own, general = (
            allows(permission, posting=posting),
            allows(GENERAL[permission], posting=GENERAL[posting] if posting else None),
        )
        rule = f"/sign/<uuid:version_id>{path}"
        blueprint.add_url_rule(
            f"/cases/<uuid:case_id>{rule}", view.__name__, own(of_case), methods=list(methods)
        )
        blueprint.add_url_rule(
            f"/municipalities/<uuid:municipality_id>{rule}",
            f"general_{view.__name__}",
            general(of_municipality),
            methods=list(methods),
        )
        return view

    return mark


def _opened(version_id: UUID, **owner: UUID) -> FrozenVersion:
    """The version, its owner's key unlocked, and the kind's own word on who may open it."""
    session = db.session()
    if "municipality_id" in owner:
        vault.unlock(session, [owner["municipality_id"]])
    version = queries.find(session, version_id, **owner)
    if not kind_of(version.kind).gate(session, version, g.standing):
        raise NotFound("version")
    if not g.standing.holds_document and not kind_of(version.kind).may_open(session, version, g.standing):
        raise NotFound("version")
    return version


def address(version: FrozenVersion, view: str = "show", **more: Any) -> str:
    """Where a page of this version lies."""
    if version.case_id is not None:
        return url_for(f"signing.{view}", case_id=version.case_id, version_id=version.id, **more)
    return url_for(
        f"signing.general_{view}", municipality_id=version.municipality_id, version_id=version.id, **more
    )


def keeps(version: FrozenVersion) -> Permission:
    return P.DOCUMENT_KEEP if version.case_id is not None else P.GENERAL_DOCUMENT_KEEP


def signs(version: FrozenVersion) -> Permission:
    return P.DOCUMENT_SIGN if version.case_id is not None else P.GENERAL_DOCUMENT_SIGN


def reader_language() -> str:
    """sq, sr or en: of the page, and so of the statement that is signed."""
    return str(get_locale()).split("_")[0]


def trace() -> Trace:
    """Where this request came from."""
    return Trace(
        session_ref=current_session_ref(),
        request_id=g.request_id,
        network=request.remote_addr,
        browser=(request.user_agent.string or "")[:200],
    )
