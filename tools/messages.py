"""Translations: `python -m tools.messages compile | check | todo --room ROOM`, run from the root of the repository.

Fragments `tmr_app/translations/<locale>/<room>.po` are written by hand, one per room, and merged here.
"""

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ("sq", "sr_Latn")
OWN_DOMAINS = ("flask_security",)
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "Message": None,
}
JINJA_OPTIONS = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
PLURALS = {
    "sq": "nplurals=2; plural=(n != 1);",
    "sr_Latn": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    ),
}

Id = str | tuple[str, ...]


class Wrong(Exception):
    """The catalogues cannot be merged; the text says where."""


@dataclass
class Used:
    """Every message of the program with the places that use it."""

    places: dict[Id, list[str]] = field(default_factory=dict)

    def rooms(self, ident: Id) -> set[str]:
        return {room_of(place) for place in self.places.get(ident, [])}


def room_of(place: str) -> str:
    """`tmr_app/cases/forms.py:3` and `templates/cases/new.html:9` belong to `cases`; layout and components to `ui`."""
    parts = place.split(":")[0].split("/")
    room = parts[1] if len(parts) > 2 else "web"
    return "ui" if room in ("_layout", "components", "errors") else room


def sources(root: Path) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Files to read, with the extraction method and its options."""
    for path in sorted((root / "tmr_app").rglob("*.py")):
        yield path, "python", {}
    for pattern in ("*.html", "*.txt", "*.xml", "*.svg"):
        for path in sorted((root / "templates").rglob(pattern)):
            yield path, "jinja2.ext:babel_extract", JINJA_OPTIONS


def used(root: Path = ROOT) -> Used:
    """All message ids of the source texts."""
    found = Used()
    for path, method, options in sources(root):
        with path.open("rb") as file:
            for line, ident, _comments, _context in extract(method, file, keywords=KEYWORDS, options=options):
                text = tuple(ident) if isinstance(ident, (tuple, list)) else ident
                if not text:
                    continue
                place = f"{path.relative_to(root).as_posix()}:{line}"
                found.places.setdefault(text, []).append(place)
    return found


def fragments(locale: str, root: Path = ROOT) -> Iterator[tuple[Path, Catalog]]:
    """The fragments of a language, each parsed; own domains are left out."""
    for path in sorted((root / "tmr_app" / "translations" / locale).glob("*.po")):
        if path.stem not in OWN_DOMAINS:
            yield path, read(path, locale)


def read(path: Path, locale: str) -> Catalog:
    """One .po file. Raises `Wrong` when it cannot be read or its plural form is another one."""
    try:
        catalog = read_po(io.BytesIO(path.read_bytes()), locale=locale, abort_invalid=True)
    except Exception as error:
        raise Wrong(f"{path.name} ({locale}) cannot be read: {error}") from error
    for message in catalog:
        if message.id and isinstance(message.id, tuple) and any(texts(message)):
            forms = 2 if locale == "sq" else 3
            if len(texts(message)) != forms or not all(texts(message)):
                raise Wrong(f"{path.name} ({locale}): {message.id[0]!r} needs {forms} plural forms")
    return catalog


def idents(message: Message) -> tuple[str, ...]:
    """The message id, one text or singular and plural."""
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def texts(message: Message) -> tuple[str, ...]:
    """The translation, one text or its plural forms."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def merged(locale: str, root: Path = ROOT) -> Catalog:
    """All fragments of a language in one catalogue. Two translations of one message raise `Wrong`."""
    whole = Catalog(locale=locale, fuzzy=False)
    owner: dict[str, tuple[str, Path]] = {}
    clashes: list[str] = []
    for path, catalog in fragments(locale, root):
        for message in catalog:
            if not message.id or not all(texts(message)):
                continue
            key = idents(message)[0]
            spoken = " | ".join(texts(message))
            if key in owner and owner[key][0] != spoken:
                before, where = owner[key]
                clashes.append(f"{key!r}: {where.name} says {before!r}, {path.name} says {spoken!r}")
                continue
            if key not in owner:
                owner[key] = (spoken, path)
                whole.add(message.id, message.string, flags=message.flags - {"python-format"})
    if clashes:
        raise Wrong(f"{locale}: one message, two translations:\n  " + "\n  ".join(clashes))
    return whole


def with_plurals(catalog: Catalog, locale: str) -> Catalog:
    """Fix the plural rule (the library's own differs in writing, not in meaning)."""
    header = catalog.mime_headers
    catalog.mime_headers = [
        (name, PLURALS[locale] if name == "Plural-Forms" else value) for name, value in header
    ]
    return catalog


def compile_all(root: Path = ROOT) -> int:
    """Write messages.mo and the libraries' own domains for each language."""
    for locale in LOCALES:
        folder = root / "tmr_app" / "translations" / locale
        target = folder / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        catalogs = {"messages": with_plurals(merged(locale, root), locale)}
        for domain in OWN_DOMAINS:
            if (folder / f"{domain}.po").is_file():
                catalogs[domain] = read(folder / f"{domain}.po", locale)
        for domain, catalog in catalogs.items():
            whole = io.BytesIO()
            write_mo(whole, catalog)
            fresh = target / f".{domain}.mo.new"
            fresh.write_bytes(whole.getvalue())
            fresh.replace(target / f"{domain}.mo")
            print(f"{locale}/{domain}: {len(catalog)} messages")
    return 0


_NAMED = re.compile(r"%\((\w+)\)[#0\- +]?\d*(?:\.\d+)?[diouxXeEfFgGcrs]")


def places_in(text: str) -> set[str]:
    """Named places of a text: `%(name)s` and `{name}`."""
    names = {f"%({name})" for name in _NAMED.findall(text)}
    with contextlib.suppress(ValueError):
        names |= {f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name}
    return names


def places_differ(message: Message) -> bool:
    """Whether a translation has other places than its message. A plural form may leave the number out."""
    ident = idents(message)
    wanted = set().union(*(places_in(text) for text in ident))
    for text in texts(message):
        names = places_in(text)
        if names != wanted and not (len(ident) > 1 and names == wanted - {"%(num)"}):
            return True
    return False


def missing(found: Used, catalog: Catalog) -> list[Id]:
    """Messages of the program with no translation in a catalogue."""
    return [ident for ident in found.places if ident not in catalog or not all(texts(catalog[ident]))]


def faults(locale: str, found: Used, root: Path) -> tuple[list[str], list[str]]:
    """What must be mended in one language, and what is only left over."""
    wrong: list[str] = []
    left: list[str] = []
    for path, catalog in fragments(locale, root):
        for message in catalog:
            if not message.id:
                continue
            name = f"{locale}/{path.name}: {message.id!r}"
            if message.fuzzy:
                wrong.append(f"{name} is marked fuzzy")
            if all(texts(message)) and places_differ(message):
                wrong.append(f"{name}: places differ in {texts(message)!r}")
            if message.id not in found.places:
                left.append(name)
    whole = merged(locale, root)
    for ident in missing(found, whole):
        wrong.append(f"{locale}: not translated: {ident!r} ({', '.join(found.places[ident][:3])})")
    return wrong, left


def check(root: Path = ROOT, strict: bool = False) -> int:
    """Print what is missing or wrong; 0 when nothing is. Left-over entries are wrong only when `strict`."""
    found = used(root)
    status = 0
    for locale in LOCALES:
        wrong, left = faults(locale, found, root)
        for line in wrong:
            print(line)
        for line in left:
            print(f"{line} is used nowhere")
        status = status or int(bool(wrong) or (strict and bool(left)))
        print(f"{locale}: {len(found.places)} messages, {len(wrong)} wrong, {len(left)} left over")
    return status


def todo(room: str | None, locale: str | None, root: Path = ROOT) -> int:
    """Print the missing messages of a room as a .po skeleton."""
    found = used(root)
    for one in [locale] if locale else LOCALES:
        whole = merged(one, root)
        skeleton = Catalog(locale=one, fuzzy=False)
        for ident in missing(found, whole):
            if room is None or room in found.rooms(ident):
                where = [
                    (place.rsplit(":", 1)[0], int(place.rsplit(":", 1)[1])) for place in found.places[ident]
                ]
                skeleton.add(ident, locations=where)
        out = io.BytesIO()
        write_po(out, with_plurals(skeleton, one), width=110, omit_header=True)
        print(f"# {one}: {len(skeleton)} missing")
        print(out.getvalue().decode())
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("compile", help="merge the fragments into .mo files")
    checker = commands.add_parser("check", help="every message translated, places equal, none fuzzy")
    checker.add_argument("--strict", action="store_true", help="left-over entries are wrong too")
    asker = commands.add_parser("todo", help="missing messages as a .po skeleton")
    asker.add_argument("--room")
    asker.add_argument("--locale", choices=LOCALES)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "compile":
            return compile_all()
        return check(strict=chosen.strict) if chosen.command == "check" else todo(chosen.room, chosen.locale)
    except Wrong as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
