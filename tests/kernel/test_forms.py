"""What every form refuses, cleans and keeps: B22-B25, B30-B34 of the bad-input catalogue."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange

from tmr_app.kernel import paging
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.fields import CivilDateField
from tmr_app.kernel.forms import (
    Form,
    IfGiven,
    OnceForm,
    Part,
    QueryForm,
    Required,
    choices,
    long_text,
    mail,
    text,
    version,
)
from tmr_app.web.field_presentation import error_entries


class ActionPart(Part):
    what = StringField()
    due_on = CivilDateField()


class PersonForm(Form):
    name = text("Emri", limit=40)
    nickname = text("Nofka", required=False)
    notes = long_text("Shënime", limit=100, required=False)
    address = mail("Posta", required=False)
    plain = StringField()
    area = TextAreaField()
    born_on = CivilDateField("Lindur")
    kind = SelectField("Lloji", choices=choices([("a", "A"), ("b", "B")]))
    risks = SelectMultipleField("Rreziqet", choices=choices([("x", "X"), ("y", "Y")]))
    urgent = BooleanField("Urgjent")
    actions = FieldList(FormField(ActionPart), max_entries=5)
    place = HiddenField()


class VersionedForm(Form):
    version = version()


class DeedForm(OnceForm):
    name = text("Emri")


class SearchForm(QueryForm):
    q = text("Kërko", required=False, limit=20)
    page = IntegerField(default=1, validators=[NumberRange(1, 1000)])
    sort = SelectField(choices=choices([("due", "Due"), ("name", "Name")]), default="due")


GOOD = {"name": "Arta", "kind": "a"}


@pytest.fixture
def app() -> Flask:
    app = Flask("forms")
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    Babel(app)
    return app


def posted(app: Flask, form: type[Form], data: Any, **options: Any) -> Form:
    with app.test_request_context("/", method="POST", data=data, **options):
        built = form()
        built.validate()
        return built


def test_a_good_form_is_cleaned_and_valid(app: Flask) -> None:
    sent = MultiDict(
        [
            ("name", "  Arta\u200b  Krasniqi "), ("notes", "Një\r\ndy  \r\n"), ("address", "Arta@KS.example"),
            ("plain", " x\u00a0 y "), ("area", "a\r\nb"), ("born_on-day", "14"), ("born_on-month", "5"),
            ("born_on-year", "2015"), ("kind", "b"), ("risks", "x"), ("risks", "y"), ("urgent", "y"),
            ("actions-0-what", " vizitë "), ("actions-0-due_on-day", "1"), ("actions-0-due_on-month", "2"),
            ("actions-0-due_on-year", "2027"),
        ]
    )  # fmt: skip
    form = posted(app, PersonForm, sent)
    assert not form.errors
    assert form.data["name"] == "Arta Krasniqi"
    assert form.data["notes"] == "Një\ndy"
    assert form.data["address"] == "Arta@ks.example"
    assert (form.data["plain"], form.data["area"]) == ("x y", "a\nb")
    assert form.data["born_on"] == date(2015, 5, 14)
    assert form.data["risks"] == ["x", "y"]
    assert form.data["actions"][0]["due_on"] == date(2027, 2, 1)


@pytest.mark.parametrize(
    "extra",
    [
        [("role", "administrator")],  # B33
        [("municipality_id", "1")],
        [("name", "Tjetër")],  # B32: the key twice
        [("kind", "b")],
        [("born_on", "2015-05-14")],
        [("born_on-day", "1"), ("born_on-day", "2")],
        [("actions-x-what", "1")],
        [("name[]", "x")],
        [("name.x", "x")],
        [("", "x")],
        [("place", "a" * 501)],
        [("place", "a\r\nb")],
    ],
)
def test_forged_names_and_doubles_are_bad_input(app: Flask, extra: list[tuple[str, str]]) -> None:
    with pytest.raises(BadInput):
        posted(app, PersonForm, MultiDict([*GOOD.items(), *extra]))


def test_an_unknown_file_is_bad_input(app: Flask) -> None:
    import io

    with pytest.raises(BadInput):
        posted(app, PersonForm, {**GOOD, "attached": (io.BytesIO(b"x"), "x.txt")})


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
def test_a_body_that_is_no_form_is_bad_input(app: Flask, kind: str) -> None:
    """B34."""
    with pytest.raises(BadInput):
        posted(app, PersonForm, b'{"name": "Arta", "kind": "a"}', content_type=kind)


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("name", "", "Emri"),  # the message names its field
        ("name", " \u200b\u2800 ", "Emri"),  # B23
        ("name", "a" * 41, "40"),  # B22
        ("name", "a" * 10_000, "10000"),
        ("name", "Ar\x00ta", "control"),  # B24
        ("name", "Ar\u202eta", "direction"),  # B25
        ("name", "Аrta", "alphabets"),  # B25, Cyrillic А
        ("name", "Arta\nKrasniqi", "one line"),
        ("nickname", "a\x1bb", "control"),
        ("notes", "a" * 101, "100"),
        ("plain", "a" * 201, "200"),  # a field that asked for nothing is cleaned too
        ("area", "a\x00", "control"),
        ("address", "arta@@ks.example", "mail address"),  # B30
        ("address", "arta@ks.example\r\nBcc: x@y.example", "one line"),
        ("kind", "c", "choice"),  # B17
        ("risks", "z", "choice"),
        ("actions-0-what", "a\x00", "control"),
    ],
)
def test_a_refused_field_says_why_and_keeps_the_text(app: Flask, field: str, value: str, part: str) -> None:
    form = posted(app, PersonForm, {**GOOD, field: value})
    assert part in str(form.errors)
    if field in {"name", "notes", "plain"} and value.strip():
        assert form[field].data == value or form[field].data == ""


def test_one_reason_at_a_time(app: Flask) -> None:
    form = posted(app, PersonForm, {**GOOD, "name": "\x00"})
    assert len(form.errors["name"]) == 1


def test_a_blank_optional_field_asks_for_nothing(app: Flask) -> None:
    assert not posted(app, PersonForm, {**GOOD, "address": " \u200b", "nickname": "\u2060"}).errors


@pytest.mark.parametrize("bad", ["-1", "abc", "", "1.0", "²", "99999999999", str(2**63), "1 "])
def test_a_damaged_version_is_bad_input(app: Flask, bad: str) -> None:
    """B31, B32."""
    with pytest.raises(BadInput):
        posted(app, VersionedForm, {"version": bad})


def test_a_version_is_a_number(app: Flask) -> None:
    assert posted(app, VersionedForm, {"version": "7"}).data["version"] == 7
    with app.test_request_context("/"):
        assert 'value="3"' in str(VersionedForm(data={"version": 3}).version())


@pytest.mark.parametrize("key", ["", "short", "a" * 65, "a b c d e f g h i j", "<script>aaaaaaaaaaaa"])
def test_a_damaged_submission_key_is_bad_input(app: Flask, key: str) -> None:
    with pytest.raises(BadInput):
        posted(app, DeedForm, {"name": "Arta", "once": key})


def test_a_page_gets_a_new_key_and_keeps_it_when_refused(app: Flask) -> None:
    with app.test_request_context("/"):
        first, second = DeedForm().once.data, DeedForm().once.data
    assert first != second
    assert posted(app, DeedForm, {"name": "", "once": first}).data["once"] == first


def test_a_group_that_would_not_be_cleaned_is_a_mistake(app: Flask) -> None:
    class Loose(PlainForm):
        what = StringField()

    class Holder(Form):
        group = FormField(Loose)

    with pytest.raises(TypeError, match="Part"):
        posted(app, Holder, {"group-what": "x"})


def test_the_token_is_known_even_where_it_is_not_asked(app: Flask) -> None:
    assert not posted(app, VersionedForm, {"version": "1", "csrf_token": "x"}).errors


def test_the_token_is_asked(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    form = posted(app, VersionedForm, {"version": "1"})
    assert "csrf_token" in form.errors


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", {"q": None, "page": 1, "sort": "due"}),
        ("?q=Arta&page=3&sort=name", {"q": "Arta", "page": 3, "sort": "name"}),
        ("?page=-1&sort=drop", {"q": None, "page": 1, "sort": "due"}),  # B35
        ("?page=1000000000&unknown=1", {"q": None, "page": 1, "sort": "due"}),
        ("?page=abc&q=%00", {"q": None, "page": 1, "sort": "due"}),
    ],
)
def test_a_search_falls_back_to_defaults(app: Flask, query: str, values: dict[str, Any]) -> None:
    with app.test_request_context("/" + query):
        found = SearchForm().values()
    assert {**found, "q": found["q"] or None} == values


class AnswerForm(Form):
    answer = RadioField("Gjinia", validators=[Required()], choices=[("a", "A"), ("b", "B")])


def test_no_answer_is_said_to_be_missing_not_impossible(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = AnswerForm(formdata=MultiDict(), meta={"csrf": False})
        assert not form.validate()
        assert form.answer.errors == ["Gjinia: please choose an answer."]
        wrong = AnswerForm(formdata=MultiDict({"answer": "c"}), meta={"csrf": False})
        assert not wrong.validate()
        assert wrong.answer.errors == ["Not a valid choice."]


class AttestForm(Form):
    attested = BooleanField("Dorëzuar", validators=[Required()])


@pytest.mark.parametrize(
    ("sent", "valid"), [({}, False), ({"attested": ""}, False), ({"attested": "y"}, True)]
)
def test_a_box_that_must_be_ticked_is_ticked(app: Flask, sent: dict[str, str], valid: bool) -> None:
    """An unticked box is False, not missing: a hand-over on paper was recorded without its confirmation."""
    with app.test_request_context("/", method="POST"):
        form = AttestForm(formdata=MultiDict(sent), meta={"csrf": False})
        assert form.validate() is valid
        assert list(form.attested.errors) == ([] if valid else ["Dorëzuar: please tick the box."])


class IntervalForm(Form):
    days = IntegerField("Ditë", [IfGiven()])


@pytest.mark.parametrize(
    ("typed", "valid", "days"), [("", True, None), ("  ", True, None), ("14", True, 14), ("x", False, None)]
)
def test_a_number_that_may_be_left_blank(app: Flask, typed: str, valid: bool, days: int | None) -> None:
    with app.test_request_context(method="POST", data={"days": typed}):
        form = IntervalForm(MultiDict({"days": typed}))
        assert (form.validate(), form.days.data) == (valid, days)


def test_the_next_page_keeps_whatever_was_asked(app: Flask) -> None:
    """Words that mean something to the builder of addresses are somebody's text like any other (B35)."""
    asked = "q=a&q=b&_external=1&_scheme=javascript&_anchor=x&endpoint=y"
    app.add_url_rule("/list", "list", lambda: "")
    with app.test_request_context(f"/list?{asked}&page=1"):
        assert paging.turn("list")(2) == f"/list?{asked}&page=2"


class OpenChoiceForm(Form):
    level = RadioField("Niveli", [IfGiven()], choices=[("low", "low"), ("high", "high")])


@pytest.mark.parametrize(
    ("sent", "valid", "level"),
    [
        ({}, True, None),
        ({"level": ""}, True, ""),
        ({"level": "low"}, True, "low"),
        ({"level": "x"}, False, "x"),
    ],
)
def test_a_choice_that_may_be_left_open(
    app: Flask, sent: dict[str, str], valid: bool, level: str | None
) -> None:
    with app.test_request_context(method="POST", data=sent):
        form = OpenChoiceForm(MultiDict(sent))
        assert (form.validate(), form.level.data) == (valid, level)


class AskingForm(Form):
    why = text("Pse nevojitet takimi?")


def test_no_colon_follows_a_question_mark(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = AskingForm(MultiDict())
        assert not form.validate()
        assert form.why.errors == ["Pse nevojitet takimi: please fill this in."]
        assert error_entries(form) == [("Pse nevojitet takimi: please fill this in.", "#why")]
