"""A minimal application that shows the interface kit alone: every component on one page, in three languages."""

from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
from flask import Blueprint, Flask, render_template
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from tmr_app.kernel.fields import CivilDateField, WallTimeField
from tmr_app.regulation.verdicts import Message, Status, Verdict, WayOut
from tmr_app.web import languages, presentation

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 17)
AT = datetime(2026, 11, 17, 13, 30, tzinfo=UTC)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = [("physical", "Dhunë fizike"), ("neglect", "Neglizhencë"), ("trafficking", "Trafikim")]


class SampleForm(FlaskForm):
    class Meta:
        csrf = False

    version = HiddenField(default="3")
    first_name = StringField("Emri", [InputRequired("Shkruani emrin."), Length(max=100)])
    middle_name = StringField("Emri i mesëm", [Optional()])
    email = EmailField("E-posta", [InputRequired("Shkruani adresën.")])
    born_on = CivilDateField("Data e lindjes", [InputRequired("Shkruani datën.")])
    starts = WallTimeField("Ora", [InputRequired("Shkruani orën.")])
    note = TextAreaField("Përshkrimi", [Length(max=2000)], description="Faktet, jo mendimet")
    institution = SelectField("Institucioni", choices=KINDS)
    risk = RadioField("Niveli i rrezikut", [InputRequired("Zgjidhni një.")], choices=KINDS)
    kinds = SelectMultipleField("Llojet e rrezikut", choices=KINDS)
    agreed = BooleanField("Deklaroj se i kam lexuar", [InputRequired("Shënoni kutinë.")])
    paper = FileField("Dokumenti")
    password = PasswordField("Fjalëkalimi", [InputRequired("Shkruani fjalëkalimin.")])
    members = IntegerField("Numri i anëtarëve", [Optional()])


def verdict(status: Status) -> Verdict:
    """A verdict with everything a panel can show."""
    way = WayOut("earliest", Message("Choose the earliest lawful date"), date(2026, 11, 20))
    return Verdict(
        duty="A8.3",
        status=status,
        due_on=DAY,
        reason=Message("Sent on %(on)s, the limit was %(limit)s", on=date(2026, 11, 18), limit=DAY),
        counted=Message("Three calendar days before the date of the meeting"),
        reading=Message("Days are calendar days"),
        ways_out=(way, WayOut("extraordinary", Message("Call an extraordinary meeting"))),
        breach_offer=WayOut("late", Message("Send late and record the breach")),
    )


def typed() -> MultiDict[str, str]:
    """A form filled in wrongly: the texts must come back."""
    return MultiDict(
        {
            "born_on-day": "31",
            "born_on-month": "2",
            "born_on-year": "2015",
            "starts": "25:00",
            "note": "Ëë çÇ <b>",
        }
    )


def create() -> Flask:
    """The application; `/sample?errors=1` shows the form with refusals."""
    app = Flask("kit", static_folder=str(ROOT / "tmr_app" / "static"))
    app.config.update(SECRET_KEY="kit", TESTING=True)
    folders = [str(ROOT / "templates"), str(Path(__file__).parent / "samples")]
    app.jinja_env.loader = jinja2.FileSystemLoader(folders)
    app.jinja_env.undefined = jinja2.Undefined
    CSRFProtect(app)
    languages.register(app)
    presentation.register(app)
    blueprint = Blueprint("web", __name__)
    blueprint.add_url_rule("/language", "set_language", lambda: "", methods=["POST"])
    app.register_blueprint(blueprint)
    verification = Blueprint("verification", __name__)
    verification.add_url_rule("/verify-document", "check", lambda: "")
    app.register_blueprint(verification)

    @app.context_processor
    def frame() -> dict[str, object]:
        entries = [
            ("Puna ime", "/sample", True, 3),
            ("Kalendari", "/c", False, 0),
            ("Rastet", "/r", False, None),
        ]
        account = {"name": "Arta Berisha", "url": "/account", "logout_url": "/logout"}
        return {"navigation": lambda: entries, "account": account, "demonstration": True}

    @app.get("/sample")
    @app.get("/sample/<errors>")
    def sample(errors: str = "") -> str:
        form = SampleForm(typed() if errors else None)
        if errors:
            form.validate()
        verdicts = [verdict(status) for status in Status]
        return render_template("sample.html", form=form, verdicts=verdicts, day=DAY, at=AT)

    @app.get("/error/<name>")
    def error(name: str) -> str:
        return render_template(
            f"errors/{name}.html",
            verdicts=[verdict(Status.NOT_MET)],
            links={"earliest": "/e"},
            back_url="/back",
            mine={"Shënimi": "Teksti im\nme dy rreshta"},
            theirs={"Shënimi": "Teksti tjetër"},
            request_id="K7-204",
            duty="A8.3",
            typed={"note": "Një shënim i gjatë me <b> brenda", "day": "17"},
        )

    @app.after_request
    def policy(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app
