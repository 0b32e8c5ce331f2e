"""`tmr demo`: the furnished demonstration, with a mailbox that shows what was sent."""

import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from tmr_app.kernel.errors import SettingsWrong

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tmr_app.documents.content import Language
    from tmr_app.jobs.supervisor import Child
    from tmr_app.web.demonstration.places import Places

HOST = "127.0.0.1"
THREADS = 8
LOADING_SECONDS = 300
"""How long the web process may wait for a slow machine to fill the database."""


@click.command("demo")
@click.option("--port", default=8000, show_default=True, help="Where to serve, on this machine only.")
@click.option("--seed-only", is_flag=True, help="Fill the database and stop.")
@click.option(
    "--fresh", is_flag=True, help="Throw this demonstration away and fill it anew, counted from today."
)
@click.option(
    "--documents",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the documents of the demonstration's cases into this folder and stop; no server.",
)
@click.option(
    "--lang",
    type=click.Choice(("sq", "sr", "en")),
    default="sq",
    show_default=True,
    help="Language of the documents' own words.",
)
def command(port: int, seed_only: bool, fresh: bool, documents: Path | None, lang: str) -> None:
    """Serve an invented installation: two municipalities, their people, two years of cases.

    The database is that of TMR_DATABASE_URL when set, otherwise a file of the demonstration's own.
    """
    from tmr_app.kernel import db, logs
    from tmr_app.web.demonstration import filling, places, sign_steps

    if not seed_only and documents is None:
        _require_free(port)
    logs.configure()
    here = places.of_environment()
    engine = db.make_engine(here.database_url)
    wanted = filling.is_wanted(engine, fresh=fresh)
    if not wanted:
        filling.bring_up(here, engine)
    if documents is not None:
        _write_documents(here, engine, documents, lang, wanted=wanted)
        return
    if seed_only:
        if wanted:
            _fill(here, engine)
            sign_steps.seal(engine)  # when it is served the worker does it, at once
        engine.dispose()
        click.echo("The demonstration is filled." if wanted else "The demonstration was filled before.")
        return
    sys.exit(_serve(here, engine, port, wanted=wanted))


def _write_documents(here: "Places", engine: "Engine", folder: Path, language: str, *, wanted: bool) -> None:
    """Fill the demonstration when there is none yet, then draw; says how far it is."""
    from tmr_app.kernel import encryption
    from tmr_app.web.app import create_app
    from tmr_app.web.demonstration import paperwork

    if wanted:
        _fill(here, engine)
    encryption.use(here.keyring())
    app = create_app(here.settings(f"http://{HOST}:8000"), engine=engine, keyring=encryption.keyring())
    try:
        written = paperwork.write(
            app, engine, folder, cast("Language", language), lambda text: click.echo(text, err=True)
        )
    except OSError as error:
        raise SettingsWrong(
            f"The folder {folder} cannot be written: {error.strerror}. Name another one."
        ) from error
    finally:
        engine.dispose()
    click.echo(f"{written} files in {folder}")


def _fill(here: "Places", engine: "Engine") -> None:
    """Fill, and say how long it took and what it takes on the disk."""
    from tmr_app.web.demonstration import filling

    click.echo("Demonstrimi po mbushet / Filling the demonstration ...", err=True)
    begun = time.monotonic()
    filling.make(here, engine)
    taken = filling.bytes_taken(here, engine)
    click.echo(
        f"U mbush për / Filled in {time.monotonic() - begun:.0f} s; {taken / 2**20:.0f} MiB: {here.folder}",
        err=True,
    )


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            other = _free_port()
            raise SettingsWrong(
                f"Port {port} is taken or not allowed: choose another one with 'tmr demo --port {other}' "
                f"(or 'make demo PORT={other}')."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _serve(here: "Places", engine: "Engine", port: int, *, wanted: bool) -> int:
    """Post office, web server and worker load as children while the database is filled; SIGTERM stops all."""
    from tmr_app.jobs.supervisor import Supervisor

    address = f"http://{HOST}:{port}"
    here.ready.unlink(missing_ok=True)
    supervisor = Supervisor(_children(here, port))
    failures: list[Exception] = []

    def prepare() -> None:
        try:
            _prepare(here, engine, address, wanted=wanted)
        except Exception as error:
            failures.append(error)
            supervisor.stopping.set()

    threading.Thread(target=prepare, daemon=True).start()
    status = supervisor.run()
    if failures:
        raise failures[0]
    return status


def _children(here: "Places", port: int) -> "list[Child]":
    from tmr_app.jobs.supervisor import Child, web_command, worker_command

    mail_port = _free_port()
    environment = here.environment(here.settings(f"http://{HOST}:{port}", f"smtp://{HOST}:{mail_port}"))
    post_office = [sys.executable, "-m", "tmr_app.web.demonstration.mailbox", str(mail_port), str(here.mail)]
    web = web_command("demonstration", f"{HOST}:{port}", processes=1, threads=THREADS)
    return [
        Child("mail", post_office, os.environ),
        Child("web", [*web, "--timeout", str(LOADING_SECONDS)], environment),
        Child("worker", worker_command(demonstration=True), environment),
    ]


def _prepare(here: "Places", engine: "Engine", address: str, *, wanted: bool) -> None:
    """Fill when wanted, let the children begin, greet when the pages answer."""
    from tmr_app.kernel import clock
    from tmr_app.web.demonstration import filling, greeting

    if wanted:
        click.echo(f"{address}/demonstration hapet vetë sapo të mbushet / opens by itself when it is filled.")
        _fill(here, engine)
    here.mail.mkdir(parents=True, exist_ok=True)
    age = filling.age_in_days(engine, clock.real_now())
    accounts = greeting.accounts_text(engine)
    engine.dispose()
    here.ready.touch()
    greeting.greet(address, accounts)
    if age:
        click.echo(
            f"This demonstration was filled {age} day(s) ago and counts from then: 'tmr demo --fresh' makes it anew."
        )
