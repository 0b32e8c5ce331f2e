"""What a form of the guide is made of, and the sections that most of them begin with."""

from __future__ import annotations

from dataclasses import dataclass

from tmr_app.regulation.verdicts import Message

Labels = tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True)
class FieldPart:
    labels: Labels


@dataclass(frozen=True, slots=True)
class TickPart:
    boxes: Labels


@dataclass(frozen=True, slots=True)
class TextPart:
    key: str
    label: Message


@dataclass(frozen=True, slots=True)
class TablePart:
    """`empty` rows are printed when nothing is filled in; `high` leaves room to sign."""

    key: str
    columns: tuple[Message, ...]
    empty: int = 3
    high: bool = False


Part = FieldPart | TickPart | TextPart | TablePart


@dataclass(frozen=True, slots=True)
class Section:
    """`sub`: numbered under the section before ("1.1")."""

    title: Message
    parts: tuple[Part, ...]
    sub: bool = False


@dataclass(frozen=True, slots=True)
class GuideForm:
    code: str
    title: Message
    sections: tuple[Section, ...]


GENERAL = Section(
    Message("General data of the case"),
    (
        FieldPart(
            (
                ("category", Message("Category")),
                ("service_code", Message("Service code")),
                ("office", Message("Office of the case")),
                ("case_manager", Message("Case manager")),
                ("case_number", Message("Case no.")),
                ("first_name", Message("Child's first name")),
                ("surname", Message("Child's surname")),
                ("opened_on", Message("Date of opening the case")),
                ("registered_on", Message("Date of registration in the information system")),
                ("identifier", Message("Identification no.")),
            )
        ),
    ),
)
PARENT = Section(
    Message("Parent/guardian"),
    (
        FieldPart(
            (("parent_first_name", Message("First name")), ("parent_surname", Message("Surname"))),
        ),
    ),
    sub=True,
)
