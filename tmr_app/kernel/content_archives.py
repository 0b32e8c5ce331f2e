"""Unpack a zip archive with hard limits, trusting none of its numbers (B39, ASVS 5.2.3)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise

from tmr_app.kernel.content_kinds import FileRefused
from tmr_app.regulation.verdicts import Message

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
FREE_OF_RATIO = 10 * 1024 * 1024
HIGHEST_RATIO = 100
STEP = 256 * 1024
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _STRONG = 0x1, 0x40

TOO_MUCH = Message("The file unpacks to far more than it should. It was not opened.")
UNTRUE = Message("The file's own table of contents is untrue. It was not opened.")
LOCKED = Message("The file is encrypted. Save it without a password.")


def unpack(data: bytes) -> dict[str, bytes]:
    """Every entry by name, in order. Raises FileRefused; at most MOST_UNPACKED bytes are ever made."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
        raise FileRefused(UNTRUE) from None
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check_table(entries, len(data))
    room = MOST_UNPACKED
    unpacked: dict[str, bytes] = {}
    taken: list[tuple[int, int]] = []
    for entry in entries:
        start, end = _span(data, entry)
        taken.append((entry.header_offset, end))
        content = b"".join(_pieces(data[start:end], entry, room))
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise FileRefused(UNTRUE)
        room -= len(content)
        unpacked[entry.filename] = content
    taken.sort()
    if any(end > following for (_, end), (following, _) in pairwise(taken)):
        raise FileRefused(UNTRUE)  # entries that share bytes: a bomb that needs no ratio
    return unpacked


def _check_table(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """What the table itself admits is enough to refuse most bombs at once."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_UNPACKED:
        raise FileRefused(TOO_MUCH)
    if total > FREE_OF_RATIO and total > packed * HIGHEST_RATIO:
        raise FileRefused(TOO_MUCH)
    names = [entry.filename.casefold() for entry in entries]
    if len(names) != len(set(names)) or not all(_is_plain(entry.orig_filename) for entry in entries):
        raise FileRefused(UNTRUE)
    if any(entry.flag_bits & (_ENCRYPTED | _STRONG) for entry in entries):
        raise FileRefused(LOCKED)


def _is_plain(name: str) -> bool:
    """No way out of the archive: no root, drive, backslash, NUL or parent folder."""
    bad = name.startswith("/") or "\\" in name or ":" in name or not name.isprintable()
    return not bad and ".." not in name.split("/") and len(name) <= 255


def _span(data: bytes, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Where the packed bytes lie; the local header must agree with the table on the name and the method."""
    fixed = data[entry.header_offset : entry.header_offset + _LOCAL.size]
    if len(fixed) != _LOCAL.size:
        raise FileRefused(UNTRUE)
    mark, _, flags, method, *_, name_length, extra_length = _LOCAL.unpack(fixed)
    start = entry.header_offset + _LOCAL.size + name_length + extra_length
    name = data[entry.header_offset + _LOCAL.size :][:name_length]
    encoding = "utf-8" if flags & 0x800 else "cp437"
    same = name.decode(encoding, "replace") == entry.orig_filename and method == entry.compress_type
    end = start + entry.compress_size
    if mark != b"PK\x03\x04" or not same or end > len(data):
        raise FileRefused(UNTRUE)
    return start, end


def _pieces(packed: bytes, entry: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    """The unpacked bytes step by step, stopping as soon as there are more than the table said."""
    if entry.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise FileRefused(UNTRUE)
    unpacker, made = zlib.decompressobj(-15), 0
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(packed, STEP)
            packed = unpacker.unconsumed_tail
            made += len(piece)
            if made > entry.file_size or made > room:
                raise FileRefused(UNTRUE if made > entry.file_size else TOO_MUCH)
            if not piece and not packed:
                break
            yield piece
    except zlib.error:
        raise FileRefused(UNTRUE) from None


def pack(entries: dict[str, bytes]) -> bytes:
    """The entries as a zip with fixed times: the same entries give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return target.getvalue()
