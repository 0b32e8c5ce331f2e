"""The Table's work form, Annex 1 of the Regulation (A20): label for label, in the annex's order.

The annex has no column for the objective or the responsible member (A13.2 asks for both): the
objective stands under the goal, the member under the notes (reading).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import (
    Block,
    CheckItem,
    CheckList,
    Document,
    Fields,
    Heading,
    Narrative,
    SignatureTable,
    Table,
)
from tmr_app.documents.texts import Words, short_day
from tmr_app.documents.values import ActionValues, CaseValues, ChildValues, ParticipantValues
from tmr_app.documents.wording import paper, presence
from tmr_app.regulation.annex1 import annex_part, annex_text

_PLAN_WIDTHS = (2.5, 1.8, 1.8, 1.4, 1.6, 1.4, 2)
_EMPTY_ROWS = 3  # as the annex prints them
_ROWS_OF_PART = {9: 3, 12: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex1Values:
    """What is not known yet stays empty, as on the printed form. `ground`: a key of Article 17.3, or empty."""

    case: CaseValues
    child: ChildValues
    meeting_on: date
    chair: str
    situation: str = ""
    services_before: str = ""
    information_shared: str = ""
    actions: tuple[ActionValues, ...] = ()
    objectives: tuple[str, ...] = ()
    aim: str = ""
    participants: tuple[ParticipantValues, ...] = ()
    review_on: date | None = None
    reviewed: tuple[ActionValues, ...] = ()
    ground: str = ""
    other_circumstances: str = ""
    closing_participants: tuple[ParticipantValues, ...] = ()


def build(values: Annex1Values) -> Document:
    _ = Words(values.case.language)
    return paper(
        _,
        kind="annex1",
        title=annex_text("title", _.language),
        office=values.case.office,
        reference=values.case.number,
        created_on=values.meeting_on,
        subtitle=annex_text("internal_use", _.language),
        landscape=True,
        blocks=(
            _header(_, values),
            _heading(_, 4),
            *_risks(_, values.case),
            _heading(_, 5),
            _personal(_, values.child),
            _heading(_, 6),
            *_narratives(_, 6, (values.situation, values.services_before, values.information_shared)),
            _heading(_, 7),
            _coordination(_, values.actions),
            _heading(_, 8),
            *_narratives(_, 8, ("\n".join(values.objectives), values.aim)),
            _participants(_, 9, values.participants),
            _heading(_, 10),
            Fields(((annex_text("review_date", _.language), short_day(values.review_on)),)),
            _review(_, values.reviewed),
            _heading(_, 11),
            *_closing(_, values),
            _participants(_, 12, values.closing_participants),
        ),
    )


def _heading(_: Words, part: int) -> Heading:
    return Heading(annex_part(part)[0].text(_.language))


def _labels(_: Words, part: int, kind: str) -> tuple[str, ...]:
    return tuple(label.text(_.language) for label in annex_part(part) if label.kind == kind)


def _header(_: Words, values: Annex1Values) -> Fields:
    case = values.case
    filled = (
        case.number,
        short_day(values.meeting_on),
        case.office.name,
        values.chair,
        _.text(case.referred_by),
    )
    return Fields(tuple(zip(_labels(_, 3, "field"), filled, strict=True)))


def _personal(_: Words, child: ChildValues) -> Fields:
    filled = (
        child.full_name,
        short_day(child.born_on),
        _.text(child.gender),
        child.ethnicity,
        child.birthplace,
        child.residence,
        child.health,
        child.disability,
        child.other,
    )
    return Fields(tuple(zip(_labels(_, 5, "field"), filled, strict=True)))


def _risks(_: Words, case: CaseValues) -> Iterable[CheckList]:
    """The four groups; what was typed after a "tjera:" stands beside its box."""
    title = ""
    items: list[CheckItem] = []
    for label in annex_part(4):
        if label.kind == "group":
            if items:
                yield CheckList(tuple(items), title, columns=3)
            title, items = label.text(_.language), []
        elif label.kind == "box":
            checked = label.key in case.risk_kinds
            items.append(CheckItem(label.text(_.language), checked, case.risk_texts.get(label.key, "")))
    yield CheckList(tuple(items), title, columns=3)


def _narratives(_: Words, part: int, texts: tuple[str, ...]) -> Iterable[Narrative]:
    labels = [label.text(_.language) for label in annex_part(part)[1:]]
    for label, text in zip(labels, texts, strict=True):
        name, bracket, instruction = label.partition(" (")
        yield Narrative(name, text, f"({instruction}" if bracket else "")


def _coordination(_: Words, actions: tuple[ActionValues, ...]) -> Table | SignatureTable:
    rows = tuple(
        (
            one.measure,
            one.service,
            one.institutions,
            short_day(one.planned_on),
            _.label(one.status),
            short_day(one.review_on),
            _notes(one),
        )
        for one in actions
    )
    return _plan_table(_labels(_, 7, "column"), rows)


def _review(_: Words, actions: tuple[ActionValues, ...]) -> Table | SignatureTable:
    rows = tuple(
        (
            one.measure,
            one.service,
            one.institutions,
            short_day(one.planned_on),
            _.label(one.status),
            one.progress,
            _notes(one),
        )
        for one in actions
    )
    return _plan_table(_labels(_, 10, "column"), rows)


def _plan_table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table | SignatureTable:
    if rows:
        return Table(columns, rows, _PLAN_WIDTHS)
    return SignatureTable(columns, (("",) * 7,) * _EMPTY_ROWS, _PLAN_WIDTHS)  # room to write by hand


def _notes(one: ActionValues) -> str:
    return "\n".join(part for part in (one.member, one.notes) if part)


def _closing(_: Words, values: Annex1Values) -> tuple[Block, ...]:
    boxes = tuple(
        CheckItem(label.text(_.language), label.key == values.ground)
        for label in annex_part(11)
        if label.kind == "box"
    )
    other = annex_text("other_circumstances", _.language)
    return (CheckList(boxes), Fields(((other, values.other_circumstances),)))


def _participants(_: Words, part: int, participants: tuple[ParticipantValues, ...]) -> SignatureTable:
    rows = [
        (str(number), one.person.name, one.person.institution, presence(_, one), _.text(one.signature))
        for number, one in enumerate(participants, 1)
    ]
    rows += [(str(number), "", "", "", "") for number in range(len(rows) + 1, _ROWS_OF_PART[part] + 1)]
    return SignatureTable(("", *_labels(_, part, "column")), tuple(rows), (0.4, 3, 3, 1.4, 2.6))
