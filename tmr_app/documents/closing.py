"""The closing form of a case (A17): ground, assessment, approval, opinions, signatures (A17.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import Block, CheckItem, CheckList, Document, Fields, Heading, Narrative
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import CaseValues, ChildValues, SignerValues, ViewValues
from tmr_app.documents.wording import case_fields, child_fields, paper, signers_table, views_blocks
from tmr_app.regulation.catalogue import GROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingValues:
    """`ground` is a key of the five grounds. `approval` names the head and the day in words (A17.3);
    `destination` the municipality with its Centre, or the country, for 17.3.3 and 17.3.4.
    """

    case: CaseValues
    child: ChildValues
    ground: str
    closed_on: date
    assessment: str
    best_interest: str
    approval: Text = ""
    services: str = ""
    destination: str = ""
    after_eighteen: str = ""
    other_circumstances: str = ""
    opinions: tuple[ViewValues, ...] = ()
    signers: tuple[SignerValues, ...] = ()


def build(values: ClosingValues) -> Document:
    _ = Words(values.case.language)
    return paper(
        _,
        kind="closing",
        title=_("Form for closing the case"),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.closed_on,
        subtitle=_("Article 17 of Regulation (QRK) No. 23/2023"),
        blocks=(
            case_fields(_, values.case, (_("Closed on"), _.day(values.closed_on))),
            Heading(_("The child")),
            child_fields(_, values.child),
            *_ground(_, values),
            Narrative(_("Assessment and recommendation of the case manager"), values.assessment),
            Narrative(_("Measures, actions and services given"), values.services),
            Narrative(_("The child's best interest"), values.best_interest),
            *_after(_, values),
            *views_blocks(_, values.opinions),
            Heading(_("Signatures")),
            signers_table(_, values.signers),
        ),
    )


def _ground(_: Words, values: ClosingValues) -> tuple[Block, ...]:
    boxes = tuple(CheckItem(_.label(ground.key), ground.key == values.ground) for ground in GROUNDS)
    rows = (
        (_("Approved beforehand by the head of social services"), _.text(values.approval)),
        (_("Moves to"), values.destination),
        (_("Other circumstances"), values.other_circumstances),
    )
    kept = tuple(row for row in rows if row[1])
    blocks: list[Block] = [Heading(_("Ground for closing")), CheckList(boxes)]
    return (*blocks, Fields(kept)) if kept else tuple(blocks)


def _after(_: Words, values: ClosingValues) -> tuple[Block, ...]:
    if not values.after_eighteen:
        return ()
    return (
        Narrative(
            _("Services recommended after the age of eighteen (Article 17, paragraph 4)"),
            values.after_eighteen,
        ),
    )
