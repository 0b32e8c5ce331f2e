"""`tmr worker`: deliver, remind, escalate."""

import click


@click.command("worker")
def command() -> None:
    """Run the worker until SIGTERM: it drains the outbox, reminds before limits and escalates after them."""
    from tmr_app.jobs import scheduler
    from tmr_app.web.wsgi import application

    scheduler.run(application())
