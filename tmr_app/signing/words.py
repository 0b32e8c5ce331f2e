"""States, deeds and ways of the signing room in words. The ways are labelled for what they are."""

from tmr_app.regulation.verdicts import Message
from tmr_app.signing.models import (
    CERTIFICATE,
    CIRCULATED,
    INCOMPLETE,
    LEFT_POST,
    PAPER,
    PASSKEY,
    PASSWORD_CODE,
    REFUSED_TO,
    SEALED,
    SIGNING,
    SUPERSEDED,
    UNREACHABLE,
)

STATES: dict[str, Message] = {
    CIRCULATED: Message("circulated"),
    SIGNING: Message("being signed"),
    SEALED: Message("sealed"),
    SUPERSEDED: Message("replaced by a later version"),
    INCOMPLETE: Message("closed without some signatures"),
}
LOOKS: dict[str, str] = {
    CIRCULATED: "calm",
    SIGNING: "due",
    SEALED: "done",
    SUPERSEDED: "outline",
    INCOMPLETE: "dark",
}
WAYS: dict[str, Message] = {
    PASSKEY: Message("in the system, by passkey over this document's fingerprint"),
    PASSWORD_CODE: Message("in the system, by password and code"),
    CERTIFICATE: Message(
        "own certificate on the file; its integrity is checked, not whether it is a qualified one"
    ),
    PAPER: Message("on paper; the scan is attested by two people"),
}
MISSING: dict[str, Message] = {
    LEFT_POST: Message("has left the post"),
    UNREACHABLE: Message("cannot be reached"),
    REFUSED_TO: Message("has refused"),
}
