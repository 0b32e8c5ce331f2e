"""`tmr limits DATE`: the limits of a meeting on a date. Needs no database and no settings."""

import json
from datetime import date

import click

from tmr_app.regulation.days import limits
from tmr_app.regulation.printing import limits_json


@click.command("limits")
@click.argument("day", metavar="DATE")
@click.option(
    "--lead-days", type=int, default=3, show_default=True, help="Days of notice; never fewer than 3 (A8.3)."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(day: str, lead_days: int, as_json: bool) -> None:
    """For a meeting on DATE (YYYY-MM-DD): the last lawful day, the send-by day, the report day, and how they were counted."""
    try:
        meeting_on = date.fromisoformat(day)
    except ValueError as error:
        raise click.UsageError(f"{day!r} is not a date: write YYYY-MM-DD, for example 2026-11-20.") from error
    try:
        found = limits_json(limits(meeting_on, lead_days))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"Meeting on            {found['meeting_on']}")
    click.echo(
        f"Last lawful day       {found['notice_limit_on']}  (meeting date minus {lead_days} calendar days, A8.3, A8.7)"
    )
    click.echo(f"Send by               {found['send_by_on']}  (last working day on or before it)")
    click.echo(f"Reports due           {found['report_limit_on']}  (A8.9)")
    for day_off in found["non_working"]:
        click.echo(f"  not working         {day_off['on']}  {day_off['name']}")
