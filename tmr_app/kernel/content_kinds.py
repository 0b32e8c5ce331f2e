"""The kinds of file that may be kept, the ones that are named when refused, and the refusal itself."""

from dataclasses import dataclass
from enum import StrEnum

from tmr_app.kernel import media
from tmr_app.regulation.verdicts import Message


class Kind(StrEnum):
    """What an upload may be, by its content."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "text"


MEDIA_TYPES = {
    Kind.PDF: media.MEDIA_TYPES["pdf"],
    Kind.DOCX: media.MEDIA_TYPES["docx"],
    Kind.XLSX: media.MEDIA_TYPES["xlsx"],
    Kind.PNG: media.MEDIA_TYPES["png"],
    Kind.JPEG: media.MEDIA_TYPES["jpg"],
    Kind.TEXT: media.MEDIA_TYPES["txt"],
}

KIND_OF_EXTENSION = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".xlsx": Kind.XLSX,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".txt": Kind.TEXT,
}

NAME_OF_KIND = {
    Kind.PDF: Message("a PDF document"),
    Kind.DOCX: Message("a Word document (.docx)"),
    Kind.XLSX: Message("an Excel workbook (.xlsx)"),
    Kind.PNG: Message("a PNG picture"),
    Kind.JPEG: Message("a JPEG picture"),
    Kind.TEXT: Message("plain text"),
}


class FileRefused(Exception):
    """The file is not kept; `message` says why and what can be done."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes fit to be kept, and what the uploader should know about them."""

    data: bytes
    warnings: tuple[Message, ...] = ()


def damaged(kind: Kind) -> FileRefused:
    """The content claims a kind it does not keep to."""
    return FileRefused(
        Message(
            "The file is damaged: it is not readable as %(kind)s. Save it again.", kind=NAME_OF_KIND[kind]
        )
    )


def named(found: Message) -> FileRefused:
    """A kind that is never kept, named (B38)."""
    return FileRefused(
        Message(
            "This is %(found)s. Allowed are PDF, .docx, .xlsx, PNG, JPEG and plain text (.txt).", found=found
        )
    )
