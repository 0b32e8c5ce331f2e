"""Fills a form of the case-management guide (GF). Guidance: nothing here blocks anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from tmr_app.documents.guide_shapes import FieldPart, Part, TablePart, TextPart, TickPart
from tmr_app.documents.guide_spec import FORMS
from tmr_app.documents.texts import Words
from tmr_app.documents.values import CaseValues
from tmr_app.documents.wording import paper


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideFormValues:
    """`filled` by the keys of `guide_spec` (what stands after a ticked box too); `ticked` names boxes;
    `rows` the tables. What is missing stays empty, as on the printed form.
    """

    form: str
    case: CaseValues
    made_on: date
    filled: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = frozenset()
    rows: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


def build(values: GuideFormValues) -> Document:
    """KeyError for a form the guide does not have."""
    form = FORMS[values.form]
    case = values.case
    _ = Words(case.language)
    known = {
        "office": case.office.name,
        "case_manager": case.case_manager.name,
        "case_number": case.number,
    }
    blocks: list[Block] = []
    number = 0
    for section in form.sections:
        number += not section.sub
        place = f"{number}.1" if section.sub else f"{number}."
        blocks.append(Heading(f"{place} {_.text(section.title)}", 2 if section.sub else 1))
        blocks += [_part(_, part, values, known) for part in section.parts]
    return paper(
        _,
        kind="guide-form",
        title=f"{form.code}  {_.text(form.title)}",
        office=case.office,
        reference=case.number,
        created_on=values.made_on,
        subtitle=_("Form of the guide for managing the cases of children in work"),
        blocks=blocks,
    )


def _part(_: Words, part: Part, values: GuideFormValues, known: Mapping[str, str]) -> Block:
    filled = {**known, **values.filled}
    if isinstance(part, FieldPart):
        return Fields(tuple((_.text(label), filled.get(key, "")) for key, label in part.labels))
    if isinstance(part, TickPart):
        boxes = tuple(
            CheckItem(_.text(label), key in values.ticked, filled.get(key, "")) for key, label in part.boxes
        )
        return CheckList(boxes)
    if isinstance(part, TextPart):
        return Narrative(_.text(part.label), filled.get(part.key, ""))
    return _table(_, part, values.rows.get(part.key, ()))


def _table(_: Words, part: TablePart, rows: tuple[tuple[str, ...], ...]) -> Block:
    columns = tuple(_.text(one) for one in part.columns)
    shown = rows or (("",) * len(columns),) * part.empty
    kind = SignatureTable if part.high or not rows else Table  # empty rows need room to write
    return kind(columns, shown, (1.0,) * len(columns))
