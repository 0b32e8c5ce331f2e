"""The columns of a roster file: how they are called in three languages, and the empty file to fill in."""

import csv
import io
from dataclasses import dataclass

from tmr_app.kernel.text import fold
from tmr_app.members.institutions import INSTITUTION_KINDS, QPS_KINDS
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `en` is also the message for screens, `other` are further headings that are understood."""

    key: str
    sq: str
    sr: str
    en: Message
    required: bool = False
    other: tuple[str, ...] = ()

    def label(self, locale: str) -> str:
        return str(getattr(self, catalogue.language(locale)))


COLUMNS: tuple[Column, ...] = (
    Column("municipality", "Komuna", "Opština", Message("Municipality"), required=True),
    Column(
        "seat_kind",
        "Lloji i ulëses",
        "Vrsta mesta",
        Message("Kind of seat"),
        required=True,
        other=("seat", "vendi", "ulësja", "lloji i vendit"),
    ),
    Column("institution", "Institucioni", "Institucija", Message("Institution"), required=True),
    Column(
        "name",
        "Emri dhe mbiemri",
        "Ime i prezime",
        Message("Name and surname"),
        required=True,
        other=("name", "full name", "emri"),
    ),
    Column("function", "Funksioni", "Funkcija", Message("Function"), other=("pozita", "position")),
    Column(
        "email",
        "E-posta zyrtare",
        "Službena e-pošta",
        Message("Official mail address"),
        required=True,
        other=("e-mail", "official e-mail", "email", "mail", "e-posta", "e-pošta"),
    ),
    Column("phone", "Telefoni", "Telefon", Message("Phone")),
    Column("role", "Roli", "Uloga", Message("Role")),
    Column("language", "Gjuha", "Jezik", Message("Language")),
    Column("from_on", "Prej", "Od", Message("From"), other=("from", "data e fillimit")),
    Column("to_on", "Deri", "Do", Message("To"), other=("to", "data e mbarimit")),
)
BY_KEY = {column.key: column for column in COLUMNS}

ROLES: dict[str, tuple[str, str, str]] = {
    "representative": ("përfaqësues", "predstavnik", "representative"),
    "substitute": ("zëvendës", "zamenik", "substitute"),
    "superior": ("epror", "nadređeni", "superior"),
}
LANGUAGES: dict[str, tuple[str, ...]] = {
    "sq": ("sq", "shqip", "albanski", "albanian", "al"),
    "sr_Latn": ("sr_Latn", "sr", "srpski", "serbisht", "serbian", "srb"),
    "en": ("en", "english", "anglisht", "engleski"),
}
NATIONAL = ("*", "Kosovë", "Kosova", "Kosovo", "e gjithë Kosova", "celo Kosovo", "national", "nacional")


def column_of(heading: str) -> Column | None:
    """The column with this heading in any of the languages, or by its key."""
    return _BY_HEADING.get(fold(heading))


_BY_HEADING = {
    fold(word): column
    for column in COLUMNS
    for word in (column.key, column.sq, column.sr, str(column.en), *column.other)
}


def template_csv(locale: str) -> bytes:
    """The headings as CSV with semicolons, in UTF-8 with the mark that spreadsheet programs look for."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(column.label(locale) for column in COLUMNS)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def template_xlsx(locale: str, title: str, notes: list[tuple[str, str]]) -> bytes:
    """The headings as a workbook; a second sheet, called `title`, explains each column (`notes`) and lists the choices."""
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = "TMR"
    sheet.append([column.label(locale) for column in COLUMNS])
    for place, column in enumerate(COLUMNS, 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 28 if column.required else 16
    sheet.freeze_panes = "A2"
    guide = book.create_sheet(title[:31])
    for row in notes:
        guide.append(row)
    guide.append(())
    for kind in (*QPS_KINDS, *INSTITUTION_KINDS):
        guide.append((kind, catalogue.label(kind, locale)))
    guide.append(())
    for one in catalogue.MUNICIPALITIES:
        guide.append((one.key, f"{one.sq} / {one.sr}"))
    guide.column_dimensions["A"].width = 28
    guide.column_dimensions["B"].width = 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
