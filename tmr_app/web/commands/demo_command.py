"""`tmr demo`: the furnished demonstration, with a mailbox that shows what was sent."""

import os
import socket
import sys
from typing import TYPE_CHECKING

import click

from tmr_app.kernel.errors import SettingsWrong

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tmr_app.web.demonstration.places import Places

HOST = "127.0.0.1"
THREADS = 8


@click.command("demo")
@click.option("--port", default=8000, show_default=True, help="Where to serve, on this machine only.")
@click.option("--seed-only", is_flag=True, help="Fill the database and stop.")
@click.option(
    "--fresh", is_flag=True, help="Throw this demonstration away and fill it anew, counted from today."
)
def command(port: int, seed_only: bool, fresh: bool) -> None:
    """Serve an invented installation: two municipalities, their people, two years of cases.

    The database is that of TMR_DATABASE_URL when set, otherwise a file of the demonstration's own.
    """
    from tmr_app.kernel import clock, db, logs
    from tmr_app.web.demonstration import filling, places

    if not seed_only:
        _require_free(port)
    logs.configure()
    here = places.of_environment()
    engine = db.make_engine(here.database_url)
    made = filling.fill_when_empty(here, engine, fresh=fresh)
    age = filling.age_in_days(engine, clock.real_now())
    if not made and age:
        click.echo(
            f"This demonstration was filled {age} day(s) ago; its dates count from then. "
            "'tmr demo --fresh' makes it anew.",
            err=True,
        )
    if seed_only:
        click.echo("The demonstration is filled." if made else "The demonstration was filled before.")
        engine.dispose()
        return
    sys.exit(_serve(here, engine, port))


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise SettingsWrong(
                f"Port {port} is taken or not allowed: choose another one with 'tmr demo --port {_free_port()}' "
                f"(or 'make demo PORT={_free_port()}')."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _serve(here: "Places", engine: "Engine", port: int) -> int:
    """Post office, web server and worker as children; all stop with SIGTERM."""
    from tmr_app.jobs.supervisor import Child, Supervisor, web_command, worker_command
    from tmr_app.web.demonstration import greeting

    mail_port = _free_port()
    settings = here.settings(f"http://{HOST}:{port}", f"smtp://{HOST}:{mail_port}")
    environment = here.environment(settings)
    here.mail.mkdir(parents=True, exist_ok=True)
    post_office = [sys.executable, "-m", "tmr_app.web.demonstration.mailbox", str(mail_port), str(here.mail)]
    children = [
        Child("mail", post_office, os.environ),
        Child(
            "web", web_command("demonstration", f"{HOST}:{port}", processes=1, threads=THREADS), environment
        ),
        Child("worker", worker_command(demonstration=True), environment),
    ]
    greeting.greet_when_ready(settings.public_url, greeting.accounts_text(engine))
    engine.dispose()
    return Supervisor(children).run()
