"""What gunicorn loads: `application()` in production, `demonstration()` under `tmr demo`."""

from tmr_app.kernel import logs
from tmr_app.kernel.settings import from_environment
from tmr_app.web.app import TmrFlask, create_app
from tmr_app.web.production import prepare


def application() -> TmrFlask:
    """The production application, from TMR_* settings."""
    logs.configure()
    settings = from_environment()
    return create_app(settings, engine=prepare(settings))


def demonstration() -> TmrFlask:
    """The demonstration: refused over a database that is not marked as one."""
    logs.configure()
    settings = from_environment().but(demonstration=True)
    app = create_app(settings, engine=prepare(settings))
    app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], "localhost", "127.0.0.1"]  # both are typed
    return app
