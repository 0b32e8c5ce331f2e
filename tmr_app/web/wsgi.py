"""What gunicorn loads: `application()` in production, `demonstration()` under `tmr demo`."""

import os
import time
from pathlib import Path

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
    """The demonstration: refused over a database that is not marked as one. Waits until `tmr demo` has filled it."""
    logs.configure()
    _wait_for_filling()
    settings = from_environment().but(demonstration=True)
    app = create_app(settings, engine=prepare(settings))
    app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], "localhost", "127.0.0.1"]  # both are typed
    return app


def _wait_for_filling() -> None:
    """The modules are loaded by now; the parent sets the mark when the data are there, and ends us when it cannot."""
    mark = os.environ.get("TMR_DEMO_READY")
    while mark and not Path(mark).exists():
        time.sleep(0.1)
