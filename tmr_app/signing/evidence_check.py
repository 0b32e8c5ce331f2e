"""The evidence of a sealed file judged by itself: each signature under the frozen hashes, each mark, each passkey's assertion."""

from typing import Any

from tmr_app.signing import evidence, passkeys
from tmr_app.signing.container import Altered
from tmr_app.signing.models import PASSKEY, UNDER_IT


def checked_signatures(stored: dict[str, Any]) -> int:
    """How many signatures stand under this very document. Raises Altered when one of them does not hold."""
    frozen, given = stored["frozen"], 0
    for one in stored["signatures"]:
        record = one["record"]
        if (record["code"], record["number"], record["kind"]) != (
            stored["code"],
            stored["number"],
            stored["kind"],
        ):
            raise Altered("a signature of another document")
        if (record["pdf_sha256"], record["content_sha256"]) != (
            frozen["pdf_sha256"],
            frozen["content_sha256"],
        ):
            raise Altered("a signature under other bytes")
        if not evidence.mark_holds(record, bytes.fromhex(one["mark"]), stored["public_key"]):
            raise Altered("a signature's record was changed")
        if record["way"] == PASSKEY and not passkeys.holds(record):
            raise Altered("a passkey's assertion does not hold")
        given += record["deed"] in UNDER_IT
    return given
