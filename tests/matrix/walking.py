"""The walk of every reader over every page of a furnished world: what was shown, and what was changed by looking."""

import io
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from werkzeug.routing import Rule

from tests.documents.reading import squeezed
from tests.matrix import furnished
from tests.matrix.addresses import opens
from tests.matrix.people import ROLES
from tests.matrix.visiting import Visit, visit
from tmr_app.kernel.logs import AllowListed
from tmr_app.web.app import TmrFlask

LIKE = {"other_member": "member"}
"""Whom the matrix lists under another name."""
MOST = {
    **dict.fromkeys(("case_manager", "head", "member", "administrator"), 6),
    **dict.fromkeys(("assistant", "other_member", "guest"), 2),
}
"""At how many addresses of a route that opens to them these roles look: the same page in several states."""
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ADDRESS = re.compile(r"""\s(?:href|action|src|formaction)=["']([^"']*)["']""")


@dataclass
class Harvest:
    """What one run over every page gave: texts by sink, and page texts by role."""

    sinks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class Lines(logging.Handler):
    """Every record as the product's own formatter prints it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(AllowListed())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @contextmanager
    def of(self, *names: str) -> Iterator[None]:
        """Hear these loggers with statements and their values, as if somebody had switched them on to find a fault."""
        loggers = [logging.getLogger(name) for name in names]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.addHandler(self)
            logger.setLevel(logging.INFO)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.removeHandler(self)
                logger.setLevel(level)


@dataclass
class Walked:
    """The application and its world; what all readers were shown; by role, what their looking did; every log line."""

    app: TmrFlask
    world: furnished.Furnished
    lines: Lines
    harvest: Harvest = field(default_factory=Harvest)
    visits: dict[str, Visit] = field(default_factory=dict)

    def walk(self, role: str, client: Any) -> None:
        listed = LIKE.get(role, role)

        def let_in(rule: Rule) -> bool:
            return listed in ROLES and opens(rule, listed)

        self.visits[role] = visit(
            self.app,
            self.world,
            client,
            let_in,
            MOST.get(role, 1),
            lambda answer: _take(self.harvest, role, answer),
        )


def _take(harvest: Harvest, role: str, answer: Any) -> None:
    sinks = harvest.sinks
    sinks["file name"].append(answer.headers.get("Content-Disposition", ""))
    sinks["address"].append(answer.headers.get("Location", ""))
    if answer.mimetype == "text/calendar":
        sinks["calendar"].append(answer.text.replace("\r\n ", ""))
    text = _text(answer)
    harvest.pages[role].append(text)
    if answer.status_code >= 400:
        sinks["error page"].append(text)
    if answer.mimetype != "text/html":
        return
    sinks["title"] += TITLE.findall(answer.text)
    sinks["address"] += [one for one in ADDRESS.findall(answer.text) if not _is_video(one)]


def _is_video(address: str) -> bool:
    """The way into the meeting itself, typed by the case manager, is a link by nature; it names nobody."""
    return address.startswith("https://KanarMeetingVideoLink")


def _text(answer: Any) -> str:
    if answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF"):
        return "".join(squeezed(one.extract_text()) for one in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.mimetype in ("text/html", "text/plain", "text/calendar", "application/json", "text/csv"):
        return str(answer.get_data(as_text=True))
    if "wordprocessing" in answer.mimetype:
        import docx

        made = docx.Document(io.BytesIO(answer.data))
        return "\n".join(node.text or "" for node in made.element.iter() if node.text)
    return str(answer.data.decode(errors="replace"))  # a planted scan is its marker, no real file
