"""Doors are shut unless opened: every view names its permission, every POST needs the token."""

from uuid import UUID

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

OPEN_ENDPOINTS = {"static"}  # Flask's own files; everything else declares what it asks for
READING = {"GET", "HEAD", "OPTIONS"}


def _guarded(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_ENDPOINTS]


def test_every_route_has_a_permission(bare_app: Flask) -> None:
    missing = [
        f"{rule.endpoint} {rule.rule}"
        for rule in _guarded(bare_app)
        if getattr(bare_app.view_functions[rule.endpoint], "permission", None) is None
    ]
    assert not missing, "no @allows: " + ", ".join(missing)


def test_every_post_needs_the_token(bare_app: Flask) -> None:
    """With the check switched on, as in production, a POST without it is refused before any view runs."""
    app = bare_app
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
            assert answer.status_code == 400, f"{method} {rule.rule}: {answer.status_code}"


def _sample(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    return UUID(int=1) if isinstance(converter, UUIDConverter) else "x"


def test_case_and_municipality_addresses_name_their_subject(bare_app: Flask) -> None:
    """The guard finds the subject in the address: /cases/<uuid:case_id>, .../<municipality_id>."""
    wrong = [
        rule.rule
        for rule in bare_app.url_map.iter_rules()
        if (rule.rule.startswith("/cases/<") and not rule.rule.startswith("/cases/<uuid:case_id>"))
        or (rule.rule.startswith("/municipalities/<") and "municipality_id" not in rule.arguments)
    ]
    assert not wrong
