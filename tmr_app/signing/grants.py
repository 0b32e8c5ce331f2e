"""The one page that opens to whoever has a place to sign, also when the seat has ended (A10.1; guarantees, section 3)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from tmr_app.access.standing import CaseStanding, Standing
from tmr_app.kernel import vault
from tmr_app.signing.models import CIRCULATED, SIGNING, FrozenVersion, SignatureSlot

_VERSION: BindParameter[Any] = bindparam("version_id")
_PERSON: BindParameter[Any] = bindparam("person_id")
_HELD = (
    select(FrozenVersion.case_id, FrozenVersion.municipality_id)
    .join(SignatureSlot, SignatureSlot.version_id == FrozenVersion.id)
    .where(
        FrozenVersion.id == _VERSION,
        FrozenVersion.state.in_((CIRCULATED, SIGNING)),
        SignatureSlot.person_id == _PERSON,
        SignatureSlot.released_at.is_(None),
    )
)


def with_document(
    session: Session,
    standing: Standing,
    *,
    version_id: UUID,
    case_id: UUID | None = None,
    municipality_id: UUID | None = None,
) -> Standing:
    """The standing with this document among its own, when it has a place for this person's signature until it is sealed.

    A recused person gets none. The owner's key is unlocked with the grant.
    """
    if standing.person_id is None or standing.case is CaseStanding.RECUSED:
        return standing
    row = session.execute(_HELD, {"version_id": version_id, "person_id": standing.person_id}).first()
    if row is None or (row[0], row[1]) != (case_id, municipality_id):
        return standing
    found = replace(standing, document_ids=frozenset({version_id}))
    owner_id = case_id or municipality_id
    if found.holds_document and owner_id is not None:
        vault.unlock(session, [owner_id])
    return found
