"""The page that was shown, as a value its form brings back: one signature a page, for a quarter of an hour, by that person.

Nothing is stored for it: the value carries its own proof. A form sent twice gives the first signature, never a second.
"""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tmr_app.kernel.encryption import keyed_hash
from tmr_app.kernel.errors import BadInput, OutOfOrder
from tmr_app.regulation.verdicts import Message

LIFE = timedelta(minutes=15)


def make(version_id: UUID, person_id: UUID, now: datetime) -> str:
    """A new offer. `now`: the real clock."""
    nonce, until = secrets.token_urlsafe(12), int((now + LIFE).timestamp())
    return f"{nonce}.{until}.{_proof(version_id, person_id, nonce, until)}"


def nonce_of(offer: str, version_id: UUID, person_id: UUID, now: datetime) -> str:
    """The offer's nonce. BadInput for one that is not ours or not this person's, OutOfOrder (409) for an old one."""
    nonce, _, rest = offer.partition(".")
    until, _, proof = rest.partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) < 12 and proof.isascii()):
        raise BadInput("the page's proof is damaged")
    if not hmac.compare_digest(_proof(version_id, person_id, nonce, int(until)), proof):
        raise BadInput("the page's proof is not ours")
    if datetime.fromtimestamp(int(until), UTC) < now:
        raise OutOfOrder(Message("This page is too old to sign from. Open it again, read, then sign."))
    return nonce


def _proof(version_id: UUID, person_id: UUID, nonce: str, until: int) -> str:
    return keyed_hash("signing-offer", f"{version_id}|{person_id}|{nonce}|{until}".encode()).hex()[:32]
