"""The app factory: everything a web process is, put together once."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from tmr_app.kernel import db, encryption
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.settings import Settings, shipped
from tmr_app.web import (
    errors,
    guard,
    headers,
    languages,
    navigation,
    panels,
    plan_rows,
    presentation,
    rooms,
    supervision_rows,
    transaction,
)
from tmr_app.web.addresses import Addresses
from tmr_app.web.drawing import PageEnvironment
from tmr_app.web.security import init_security
from tmr_app.web.shift import follow_demonstration_clock


class TmrFlask(Addresses):
    """Flask with one database session a request, settled before anything is rendered."""

    jinja_environment = PageEnvironment
    engine: Engine
    settings: Settings

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Any:
        with transaction.request_session(self.engine):
            return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        answer: ResponseReturnValue = transaction.settle(super().dispatch_request())
        return answer


def create_app(
    settings: Settings, *, engine: Engine | None = None, keyring: encryption.Keyring | None = None
) -> TmrFlask:
    """Build the web app for these settings. Raises SettingsWrong when keys or settings are unusable."""
    encryption.use(keyring or encryption.Keyring.load(settings.key_file))
    app = TmrFlask("tmr_app", template_folder=str(shipped("templates")), static_folder=str(shipped("static")))
    app.settings = settings
    app.engine = engine or db.make_engine(settings.database_url)
    app.extensions["tmr_settings"] = settings
    app.extensions["tmr_files"] = FileStore(settings.file_store)
    app.config.update(_flask_config(settings))
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.trusted_proxies] * 4)  # type: ignore[method-assign]
    languages.register(app)
    presentation.register(app)
    plan_rows.register(app)
    supervision_rows.register(app)
    navigation.register(app)
    CSRFProtect(app)
    init_security(app)
    rooms.register(app)
    panels.register()
    errors.register(app)
    guard.register(app)
    headers.register(app)
    if settings.demonstration:
        follow_demonstration_clock(app.engine)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": encryption.keyring().derived("flask-secret").hex(),
        "TESTING": settings.testing,
        "DEBUG": False,
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "TRUSTED_HOSTS": None if settings.testing else [settings.host.split(":")[0], settings.host],
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TEMPLATES_AUTO_RELOAD": False,
        "EXPLAIN_TEMPLATE_LOADING": False,
    }
