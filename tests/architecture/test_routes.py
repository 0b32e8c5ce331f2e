"""Doors are shut unless opened: every view names its permission, every POST needs the token."""

import importlib.util
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

# Flask's own files, and what nobody signed in can do: these are opened by name, one by one.
OPEN_ENDPOINTS = {"static"}
OPEN_BLUEPRINTS = {"security"}  # Flask-Security's own views guard themselves
READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    if importlib.util.find_spec("tmr_app.web.app") is None:
        pytest.skip("there is no tmr_app.web.app yet")
    from tmr_app.web.app import create_app

    from tmr_app.kernel.settings import Settings

    folder: Path = tmp_path_factory.mktemp("routes")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'tmr.db'}", key_file=folder / "keys.json", testing=True
    )
    return create_app(settings)


def _guarded(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_ENDPOINTS and rule.endpoint.split(".")[0] not in OPEN_BLUEPRINTS
    ]


def test_every_route_has_a_permission(app: Flask) -> None:
    missing = [
        f"{rule.endpoint} {rule.rule}"
        for rule in _guarded(app)
        if getattr(app.view_functions[rule.endpoint], "permission", None) is None
    ]
    assert not missing, "no @allows: " + ", ".join(missing)


def test_every_post_needs_the_token(app: Flask) -> None:
    """With the check switched on, as in production, a POST without it is refused before any view runs."""
    app.config.update(WTF_CSRF_ENABLED=True, WTF_CSRF_CHECK_DEFAULT=True)
    protection = app.extensions.get("csrf")
    assert protection is not None, "CSRFProtect is not registered"
    assert not protection._exempt_views
    assert not protection._exempt_blueprints
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - READING):
            values = {name: _sample(rule, name) for name in rule.arguments}
            address = app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            answer = client.open(address, method=method, base_url="http://localhost:8000")
            assert answer.status_code in {400, 401, 403, 404, 302, 303}, f"{method} {rule.rule}"


def _sample(rule: Rule, name: str) -> object:
    from uuid import UUID

    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": UUID(int=1), "IntegerConverter": 1}.get(kind, "x")


def test_case_and_municipality_addresses_name_their_subject(app: Flask) -> None:
    """The guard finds the subject in the address: /cases/<uuid:case_id>, .../<municipality_id>."""
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if (rule.rule.startswith("/cases/<") and not rule.rule.startswith("/cases/<uuid:case_id>"))
        or (rule.rule.startswith("/municipalities/<") and "municipality_id" not in rule.arguments)
    ]
    assert not wrong
