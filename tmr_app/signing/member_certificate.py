"""A member's own signature on the frozen PDF: the very bytes as prefix, intact, the whole file covered, one signature.

Whether the certificate is a qualified one is not judged here: that needs the trusted list, and the label says so.
"""

import hashlib
import io
from typing import Any

from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.text import fold
from tmr_app.regulation.verdicts import Message

NOT_FROZEN = Message(
    "This is not the document with your signature added: download the file, sign it, upload it."
)
NOT_SIGNED = Message("The file carries no electronic signature.")
NOT_INTACT = Message("The signature in the file does not hold: it was damaged or changed after signing.")
MORE = Message("The file carries more than one signature: each person uploads their own.")
NOT_WHOLE = Message("The signature does not cover the whole file.")


def judged(data: bytes, frozen: bytes) -> dict[str, Any]:
    """What is kept of the signature: subject, fingerprint of the certificate. FieldRefused says what is wrong."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    if not data.startswith(frozen) or len(data) == len(frozen):
        raise FieldRefused("upload", NOT_FROZEN if not data.startswith(frozen) else NOT_SIGNED)
    try:
        signatures = PdfFileReader(io.BytesIO(data)).embedded_signatures
        if not signatures:
            raise FieldRefused("upload", NOT_SIGNED)
        if len(signatures) > 1:
            raise FieldRefused("upload", MORE)
        one = signatures[0]
        context = ValidationContext(trust_roots=[one.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(one, signer_validation_context=context)
    except FieldRefused:
        raise
    except Exception:  # whatever a damaged signature makes the library say
        raise FieldRefused("upload", NOT_INTACT) from None
    if not (status.intact and status.valid):
        raise FieldRefused("upload", NOT_INTACT)
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise FieldRefused("upload", NOT_WHOLE)
    return {
        "subject": one.signer_cert.subject.human_friendly,
        "certificate_sha256": hashlib.sha256(one.signer_cert.dump()).hexdigest(),
    }


def names(subject: str, person: str) -> bool:
    """Whether every word of the person's name stands in the certificate's subject, accents and case apart."""
    said = set(fold(subject).replace(",", " ").replace(":", " ").replace(";", " ").split())
    return bool(person.strip()) and set(fold(person).split()) <= said
