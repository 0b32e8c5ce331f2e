"""Invented files, made on the spot: genuine ones, disguised ones, hostile ones."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject

AUTHOR = "Autor I Fshehtë"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(change: Callable[[PdfWriter], None] | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    writer.add_metadata({"/Author": AUTHOR, "/Title": "Raport"})
    if change:
        change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def pdf_with_script() -> bytes:
    def script(writer: PdfWriter) -> None:
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )

    return pdf(script)


def pdf_with_file() -> bytes:
    return pdf(lambda writer: writer.add_attachment("x.exe", b"MZ") and None)


def pdf_locked() -> bytes:
    return pdf(lambda writer: writer.encrypt("secret", algorithm="AES-256"))


def pdf_that_launches() -> bytes:
    def launch(writer: PdfWriter) -> None:
        writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
        )

    return pdf(launch)


def pdf_that_submits() -> bytes:
    def submit(writer: PdfWriter) -> None:
        action = DictionaryObject(
            {NameObject("/S"): NameObject("/SubmitForm"), NameObject("/Flags"): NumberObject(4)}
        )
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})

    return pdf(submit)


def pdf_commented() -> bytes:
    return pdf(lambda writer: writer.add_annotation(0, FreeText(text="x", rect=(1, 1, 9, 9))) and None)


def word(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    document = docx.Document()
    document.add_paragraph("Raport i progresit: Çlirimi shkon në shkollë.")
    document.core_properties.author = AUTHOR
    document.core_properties.comments = AUTHOR
    document.core_properties.last_modified_by = AUTHOR
    target = io.BytesIO()
    document.save(target)
    return rezipped(target.getvalue(), change)


def excel(change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "Prishtinë"  # type: ignore[index]
    book.properties.creator = AUTHOR
    target = io.BytesIO()
    book.save(target)
    return rezipped(target.getvalue(), change)


def entries_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(data: bytes, change: Callable[[dict[str, bytes]], None] | None) -> bytes:
    if change is None:
        return data
    entries = entries_of(data)
    change(entries)
    return zipped(entries)


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_entry(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda entries: entries.update({name: content})


def replacing(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        assert old in entries[name]
        entries[name] = entries[name].replace(old, new, 1)

    return change


def relation(kind: str, target: str) -> Callable[[dict[str, bytes]], None]:
    link = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return replacing("word/_rels/document.xml.rels", b"</Relationships>", link.encode())


def paragraph(inside: str) -> Callable[[dict[str, bytes]], None]:
    return replacing("word/document.xml", b"<w:body>", f"<w:body><w:p>{inside}</w:p>".encode())


def field(*codes: str) -> Callable[[dict[str, bytes]], None]:
    return paragraph("".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes))


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """A picture that names a place, a camera and an author."""
    image = Image.new(mode, size, 128 if mode in {"L", "P"} else (200, 30, 30, 128)[: len(mode)])
    exif = Image.Exif()
    exif[0x013B], exif[0x0110], exif[0x0112] = AUTHOR, "Camera", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 39.0, 48.0), 3: "E", 4: (21.0, 9.0, 44.0)})
    target = io.BytesIO()
    image.save(target, kind, exif=exif)
    return target.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A well-formed PNG of any claimed size, a few hundred bytes long."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def lying(data: bytes, name: str, claimed: int) -> bytes:
    """The zip with the size of one entry understated in the table and in the local header."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        real = archive.getinfo(name).file_size
    changed = data.replace(struct.pack("<L", real), struct.pack("<L", claimed))
    assert changed != data
    return changed


def overlapping(count: int = 50) -> bytes:
    """A table whose entries all point at the same packed bytes (a bomb without a high ratio)."""
    content = zipped({"a0.xml": b"<a/>" * 20_000})
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack("<L", content[end + 16 : end + 20])[0]
    one = content[start:end]
    table = b"".join(one.replace(b"a0.xml", f"{number:02}.xml".encode()) for number in range(count))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), start, 0)
    return content[:start] + table + tail


def bomb(megabytes: int = 50) -> dict[str, bytes]:
    entries = entries_of(word())
    entries["word/media/image1.xml"] = b"\x00" * (megabytes * 1024 * 1024)
    return entries


def entity_bomb() -> bytes:
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "aaaaaaaaaa">{layers}]><w>&a9;</w>'.encode()
