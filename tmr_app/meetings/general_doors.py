"""The blueprint of the general meetings' pages, and what each of them opens first: municipality, meeting, key."""

from uuid import UUID

from flask import Blueprint, g, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.kernel import db, vault
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import allows
from tmr_app.meetings import general_queries
from tmr_app.meetings.general_forms import ButtonForm
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.members.models import Municipality

blueprint = Blueprint("general", __name__)

CHAIR = allows(Permission.GENERAL_WRITE)
"""The door of whoever prepares and holds the meetings."""
BASE = "/municipalities/<uuid:municipality_id>/general-meetings"
ONE = f"{BASE}/<uuid:general_id>"


def opened(municipality_id: UUID) -> Municipality:
    """The municipality; its key unlocked for whoever signed the declaration. Raises NotFound."""
    session = db.session()
    municipality = session.get(Municipality, municipality_id)
    if municipality is None:
        raise NotFound("municipality")
    if inside():
        vault.unlock(session, [municipality_id])
    return municipality


def inside() -> bool:
    """Whether the reader may see what is said and counted in general meetings (A18.2)."""
    return may(g.standing, Permission.GENERAL_CONTENT)


def chairs() -> bool:
    """Whether the reader may prepare and hold them."""
    return may(g.standing, Permission.GENERAL_WRITE)


def meeting_of(municipality_id: UUID, general_id: UUID) -> GeneralMeeting:
    """The meeting of the address, the municipality's key unlocked."""
    opened(municipality_id)
    return general_queries.find(db.session(), municipality_id, general_id)


def pressed(municipality_id: UUID, general_id: UUID) -> None:
    """A deed of one button: nothing else was sent, and the meeting is this municipality's. Raises BadInput, NotFound."""
    ButtonForm().validate_on_submit()
    meeting_of(municipality_id, general_id)


def to(meeting: GeneralMeeting, endpoint: str = "general.show", **more: object) -> str:
    return url_for(
        endpoint,
        municipality_id=meeting.municipality_id,
        general_id=meeting.id,
        **more,  # type: ignore[arg-type]
    )
