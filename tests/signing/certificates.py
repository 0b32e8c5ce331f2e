"""Members' own certificates, as a signing program would use them, and the ways in which such files go wrong."""

import io
from datetime import UTC, date, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tmr_app.documents import output
from tmr_app.documents.content import Document, Paragraph


def signed(pdf: bytes, name: str, *, field: str = "Own") -> bytes:
    """The file with one signature by a new self-made certificate of this name."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    key = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = signers.SimpleSigner(
        signing_cert=Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer)
    return bytes(made.getbuffer())


def other_pdf() -> bytes:
    paper = Document(
        kind="x", title="Tjetër", language="sq", created_on=date(2026, 1, 1), office="", reference="", footer="",
        page_label="{page}/{pages}", blocks=(Paragraph("Tjetër tekst"),),
    )  # fmt: skip
    return output.write(paper, "pdf")


def with_script(pdf: bytes) -> bytes:
    """The file with an increment that runs a script when it is opened."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    name = generic.NameObject
    writer.root[name("/OpenAction")] = generic.DictionaryObject(
        {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("app.alert(1)")}
    )
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def encrypted(pdf: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("sekret", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def damaged(data: bytes, after: int) -> bytes:
    """One digit of the signature's value changed."""
    at = data.index(b"/Contents <", after) + 400
    return data[:at] + (b"1" if data[at : at + 1] != b"1" else b"2") + data[at + 1 :]


def picture() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(made, "PNG")
    return made.getvalue()
