"""`tmr --help` and the help of every command below it: whole sentences, none cut off."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tmr_app.web.cli import COMMANDS, tmr

PROMISED = {
    "admin create", "audit verify", "backup", "db upgrade", "demo", "doctor", "duties", "erasure apply", "erasure due",
    "erasure list", "import roster", "keys init", "keys rotate", "keys show", "ledger", "limits", "mail receive",
    "report annual", "restore", "serve", "verify", "worker",
}  # fmt: skip
"""What the product's documents name."""


def walked(
    command: click.Command = tmr, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from walked(found, (*path, name))


EVERY = [pytest.param(path, command, id=" ".join(path) or "tmr") for path, command in walked()]


def test_every_promised_command_is_there() -> None:
    assert {" ".join(path) for path, _command in walked()} >= PROMISED


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_help_is_whole_sentences(path: tuple[str, ...], command: click.Command) -> None:
    assert (command.help or "").strip().endswith((".", ")"))
    for one in command.params:
        if isinstance(one, click.Option):
            assert (one.help or "").strip().endswith((".", ")")), one.name
    shown = CliRunner().invoke(tmr, [*path, "--help"], terminal_width=80)
    assert shown.exit_code == 0
    assert "..." not in shown.output.replace("[ARGS]...", "")


def test_the_list_says_what_each_command_is_for() -> None:
    shown = " ".join(CliRunner().invoke(tmr, ["--help"]).output.split())
    assert [said for said in COMMANDS.values() if said not in shown] == []
