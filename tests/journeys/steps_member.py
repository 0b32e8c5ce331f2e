"""Steps of a member: from the mail's link to the answer, the papers, the personal copy, the report."""

import io
import re
from email.message import EmailMessage

from pypdf import PdfReader

from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_meeting import Called

REPORT = "RaportiKanarinë: mësimi vazhdon."
FOR_MANAGER = "VetemPerMenaxherinKanarinë"


def link_of(stage: Stage, mail: EmailMessage) -> str:
    """The one link of a mail, as a path of this site; the same in text and HTML."""
    body = mail.get_body(("plain",))
    assert body is not None
    links = re.findall(r"https?://\S+", body.get_content())
    html = mail.get_body(("html",))
    assert html is not None
    assert len(set(links)) == 1, links
    assert links[0] in html.get_content()
    assert links[0].startswith(stage.url + "/")
    return str(links[0]).removeprefix(stage.url)


def answer(stage: Stage, hand: Hand, word: str = "yes") -> None:
    """On the page of the invitation."""
    hand.tick(f"input[name=answer][value={word}]")
    hand.press(button_of("input[name=answer]"))
    stage.see(hand)


def read_papers(stage: Stage, hand: Hand, meeting: Called) -> list[str]:
    """Every document of the pack on screen; returns their headings."""
    stage.go(hand, f"{meeting.base}/pack")
    links = hand.page.locator("main .tryeza-papers h3 a").evaluate_all("all => all.map(a => a.pathname)")
    titles = []
    for path in links:
        stage.go(hand, str(path))
        titles.append(hand.page.inner_text("main h1"))
    return titles


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def write_report(stage: Stage, hand: Hand, meeting: Called) -> None:
    """The written progress report (A8.9)."""
    stage.go(hand, f"{meeting.base}/report")
    hand.write("#done", REPORT)
    hand.write("#needed", "Një pajisje për mësim")
    hand.write("#manager_part", FOR_MANAGER)
    hand.press(button_of("#done"))
    stage.see(hand)
