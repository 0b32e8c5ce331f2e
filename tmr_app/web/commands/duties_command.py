"""`tmr duties`: the register of the Regulation's duties, from the package. Needs no database and no settings."""

import json
from importlib.resources import files

import click


@click.command("duties")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """Every duty of Regulation 23/2023 with its state: kept, or what is still missing (planned)."""
    register = json.loads(files("tmr_app.regulation").joinpath("register.json").read_text())
    if as_json:
        click.echo(json.dumps(register, ensure_ascii=False))
        return
    for entry in register:
        click.echo(f"{entry['duty']:<10} {entry['state']:<8} {entry['title']}")
