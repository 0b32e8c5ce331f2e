"""`tmr serve`: the web server and one worker child, for a small office."""

import os
import sys

import click

from tmr_app.kernel.settings import from_environment


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=2, show_default=True, help="Web processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each.")
def command(host: str, port: int, processes: int, threads: int) -> None:
    """Serve web and worker: a child that dies is started again, SIGTERM stops both."""
    from tmr_app.jobs.supervisor import Child, Supervisor, web_command, worker_command
    from tmr_app.kernel import logs
    from tmr_app.web.production import check_production

    logs.configure()
    check_production(from_environment())
    web = Child(
        "web", web_command("application", f"{host}:{port}", processes=processes, threads=threads), os.environ
    )
    worker = Child("worker", worker_command(demonstration=False), os.environ)
    click.echo(f"Serving on http://{host}:{port}", err=True)
    sys.exit(Supervisor([web, worker]).run())
