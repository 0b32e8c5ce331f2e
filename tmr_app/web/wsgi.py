"""What gunicorn loads: `application()` in production, `demonstration()` under `tmr demo`.

The product is imported in the factories: the demonstration answers before that, while it is being filled.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tmr_app.kernel import logs
from tmr_app.web.demonstration.opening import Opening

if TYPE_CHECKING:
    from tmr_app.web.app import TmrFlask


def application() -> "TmrFlask":
    """The production application, from TMR_* settings."""
    from tmr_app.kernel.settings import from_environment
    from tmr_app.web.app import create_app
    from tmr_app.web.production import prepare

    logs.configure()
    settings = from_environment()
    return create_app(settings, engine=prepare(settings))


def demonstration() -> Opening:
    """The demonstration as a web server: says "not yet" until `tmr demo` has filled it."""
    logs.configure()
    return Opening(Path(os.environ["TMR_DEMO_READY"]), filled_demonstration)


def filled_demonstration() -> "TmrFlask":
    """The demonstration's application: refused over a database that is not marked as one."""
    from tmr_app.kernel.settings import from_environment
    from tmr_app.web.app import create_app
    from tmr_app.web.production import prepare

    settings = from_environment().but(demonstration=True)
    app = create_app(settings, engine=prepare(settings))
    app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], "localhost", "127.0.0.1"]  # both are typed
    return app
