"""The three-box date and the wall-clock time: B01, B04, and what was typed comes back."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, time

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from tmr_app.kernel.fields import CivilDateField, WallTimeField, civil_date


class Sample(Form):
    on = CivilDateField("Date", [InputRequired("required")])
    until = CivilDateField("Until", [Optional()])
    at = WallTimeField("Time", [InputRequired("required")])


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    app = Flask("fields")
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def filled(day: str = "17", month: str = "11", year: str = "2026", at: str = "14:30") -> Sample:
    data = {"on-day": day, "on-month": month, "on-year": year, "at": at}
    form = Sample(MultiDict(data))
    form.validate()
    return form


def test_a_date_and_a_time() -> None:
    form = filled()
    assert form.errors == {}
    assert (form.on.data, form.until.data, form.at.data) == (date(2026, 11, 17), None, time(14, 30))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "02", "2015"), "does not exist"),
        (("0", "1", "2015"), "does not exist"),
        (("1", "13", "2015"), "does not exist"),
        (("14", "05", "15"), "four digits"),
        (("14", "05", "0215"), "between 1900"),
        (("14", "", "2015"), "day, the month"),
        (("x", "5", "2015"), "in numbers"),
        (("-1", "5", "2015"), "in numbers"),
        (("١", "5", "2015"), "in numbers"),
        (("1" * 5000, "5", "2015"), "in numbers"),
        (("\x00", "5", "2015"), "in numbers"),
        (("", " ", ""), "required"),
    ],
)
def test_refused_date(typed: tuple[str, str, str], words: str) -> None:
    form = filled(*typed)
    assert len(form.on.errors) == 1
    assert words in str(form.on.errors[0])
    assert form.on.data is None
    assert [box.value for box in form.on.boxes()] == list(typed)


@pytest.mark.parametrize(
    "at", ["24:00", "12:60", "1230", "12:3", "noon", "12:30:00", "-1:30", "١٢:30", ":30", "1" * 999]
)
def test_refused_time(at: str) -> None:
    form = filled(at=at)
    assert ["hours and minutes" in str(error) for error in form.at.errors] == [True]
    assert form.at._value() == at


@pytest.mark.parametrize("at", ["9:05", "09:05", "09.05", " 9:05 "])
def test_times_people_write(at: str) -> None:
    assert filled(at=at).at.data == time(9, 5)


def test_blank_time_is_missing_not_malformed() -> None:
    assert filled(at="").at.errors == ["required"]
    assert filled(at=" ").at.errors == ["required"]


def test_stored_value_fills_the_boxes() -> None:
    form = Sample(data={"on": date(2014, 3, 9), "at": time(8, 0)})
    assert [box.value for box in form.on.boxes()] == ["9", "3", "2014"]
    assert form.at._value() == "08:00"


def test_a_form_sent_without_the_boxes_clears_the_date() -> None:
    form = Sample(MultiDict({"at": "08:00"}), data={"until": date(2014, 3, 9)})
    assert form.validate() is False
    assert form.until.data is None


def test_names_of_the_inputs() -> None:
    assert Sample(prefix="a").on.input_names == ("a-on-day", "a-on-month", "a-on-year")


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_no_text_gives_a_date_out_of_range(day: str, month: str, year: str) -> None:
    found: date | None = None
    with suppress(ValueError):
        found = civil_date(day, month, year)
    assert found is None or 1900 <= found.year <= 2199


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_comes_back(on: date) -> None:
    assert civil_date(f"{on.day:02}", f" {on.month}. ", str(on.year)) == on
