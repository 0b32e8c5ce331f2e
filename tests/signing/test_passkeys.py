"""The passkey's assertion belongs to one document, one page, one person, one key; and it verifies later from the record alone."""

import base64
import hashlib
import json
from types import SimpleNamespace
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fixtures.world import use_test_keys
from tmr_app.kernel.errors import BadInput, OutOfOrder
from tmr_app.signing import evidence, passkeys

RP, ORIGIN = "localhost", "https://localhost"
NONCE = "nonce-of-the-page"


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """A security key as the browser speaks for it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        self.stored: Any = SimpleNamespace(
            credential_id=hashlib.sha256(public[-2]).digest(),  # type: ignore[arg-type]
            public_key=cbor2.dumps(public),
            sign_count=0,
            transports=["internal"],
            lastuse_datetime=None,
        )

    def answer(self, challenge: bytes, *, origin: str = ORIGIN, count: int = 1, rp: str = RP) -> str:
        client = json.dumps({"type": "webauthn.get", "challenge": text(challenge), "origin": origin}).encode()
        device = hashlib.sha256(rp.encode()).digest() + b"\x05" + count.to_bytes(4, "big")
        signature = self.private.sign(device + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": text(self.stored.credential_id),
                "rawId": text(self.stored.credential_id),
                "type": "public-key",
                "response": {
                    "authenticatorData": text(device),
                    "clientDataJSON": text(client),
                    "signature": text(signature),
                    "userHandle": "",
                },
            }
        )


def record(**other: Any) -> dict[str, Any]:
    return {
        "kind": "minutes", "version_id": "v1", "code": "C", "number": 1, "content_sha256": "a" * 64,
        "pdf_sha256": "b" * 64, "statement_sha256": "c" * 64, "position": 1, "person_id": "p", "deed": "signed",
        "way": "passkey", **other,
    }  # fmt: skip


def judged(device: Device, answer: str, wanted: bytes) -> dict[str, Any]:
    return passkeys.judge([device.stored], answer, wanted=wanted, nonce=NONCE, rp_id=RP, origin=ORIGIN)


def test_an_answer_over_this_documents_hash_is_kept_and_holds() -> None:
    use_test_keys()
    device, about = Device(), record()
    wanted = passkeys.challenge(about, NONCE)
    assert len(wanted) == 32
    kept = judged(device, device.answer(wanted), wanted)
    assert device.stored.sign_count == 1
    whole = {**about, "passkey": kept}
    assert passkeys.holds(whole)
    assert evidence.mark_holds(whole, evidence.mark(whole), evidence.public_key_hex())
    for name in passkeys.BOUND:  # moved to another document, person or deed it holds no more
        assert not passkeys.holds({**whole, name: "x"}), name
    for name in ("signature", "client_data", "authenticator_data", "public_key"):
        changed = {**kept, name: ("A" if kept[name][0] != "A" else "B") + kept[name][1:]}
        assert not passkeys.holds({**whole, "passkey": changed}), name
    assert not passkeys.holds(about)


@pytest.mark.parametrize(
    "about",
    [record(number=2), record(pdf_sha256="d" * 64), record(person_id="q"), record(deed="signed_absent")],
)
def test_an_answer_for_another_document_person_or_deed_is_refused(about: dict[str, Any]) -> None:
    device = Device()
    with pytest.raises(OutOfOrder):
        judged(device, device.answer(passkeys.challenge(about, NONCE)), passkeys.challenge(record(), NONCE))


def test_replays_strangers_and_rubbish_are_refused() -> None:
    device, wanted = Device(), passkeys.challenge(record(), NONCE)
    good = device.answer(wanted)
    judged(device, good, wanted)
    with pytest.raises(OutOfOrder):  # sent again: the counter does not move back
        judged(device, good, wanted)
    with pytest.raises(OutOfOrder):  # of another page
        judged(device, device.answer(wanted, count=9), passkeys.challenge(record(), "another page"))
    with pytest.raises(OutOfOrder):  # another site
        judged(device, device.answer(wanted, count=9, origin="https://evil.example"), wanted)
    with pytest.raises(OutOfOrder):
        judged(device, device.answer(wanted, count=9, rp="evil.example"), wanted)
    with pytest.raises(OutOfOrder):  # somebody else's key
        judged(device, Device().answer(wanted), wanted)
    for rubbish in ("", "{}", "[]", '{"rawId": 1}', "x" * 30_000, '{"rawId": "AA", "response": {}}'):
        with pytest.raises(BadInput):
            judged(device, rubbish, wanted)
