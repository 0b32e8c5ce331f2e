"""The baseline page: a bare Flask view, a plain Jinja template, one SELECT of fifty rows; as big as the page beside it.

No session, no guard, no forms, no audit, no translation: what Flask, SQLAlchemy and Jinja cost by themselves.
"""

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case

ROWS = 50
PAGE = """<!DOCTYPE html>
<html lang="sq"><head><meta charset="utf-8"><title>Rastet</title></head><body><main><h1>Rastet</h1>
<table>{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.opened_on }}</td><td>{{ row.phase }}</td>
<td>{{ row.risk_level }}</td><td>{{ row.birth_year }}</td><td>{{ row.next_duty_on }}</td></tr>
{% endfor %}</table>
FILLING</main></body></html>
"""


def baseline(engine: Engine, size: int) -> Flask:
    """An app whose one page has `size` bytes; at least those of the fifty rows."""
    spare = size - len(_rendered(_app(engine, "")))
    return _app(engine, "<p>" + "x" * (spare - 8) + "</p>" if spare > 8 else "")


def _app(engine: Engine, filling: str) -> Flask:
    app = Flask("bench.baseline")
    app.jinja_env.loader = DictLoader({"page.html": PAGE.replace("FILLING", filling)})

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            rows = session.scalars(select(Case).where(Case.status == "open").limit(ROWS)).all()
            return render_template("page.html", rows=rows)

    return app


def _rendered(app: Flask) -> bytes:
    return app.test_client().get("/").data
