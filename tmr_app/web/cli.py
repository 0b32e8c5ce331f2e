"""The command `tmr`: each command lives in its own module under `web/commands`, loaded only when it is called."""

import sys
from importlib import import_module

import click

from tmr_app.kernel.errors import TmrError
from tmr_app.web.commands import Group

COMMANDS = {
    "admin": "Administrators: create.",
    "audit": "The audit log: verify its chain, sign a checkpoint.",
    "backup": "Write a consistent backup of database and files; keys are not in it.",
    "db": "The database: upgrade.",
    "demo": "Serve the furnished demonstration.",
    "doctor": "Check settings, database, files, mail, keys, clock, checkpoints and backups.",
    "duties": "The register of the Regulation's duties.",
    "erasure": "Closed cases: due, list, apply the list of erased cases.",
    "import": "Import a roster from a spreadsheet.",
    "keys": "The installation's keys: init, rotate, show.",
    "ledger": "The compliance ledger.",
    "limits": "The limits of a meeting on a date.",
    "mail": "Incoming mail: receive a calendar reply or a bounce.",
    "report": "The annual report as a file.",
    "restore": "Restore a backup on an empty machine.",
    "serve": "Serve the web application and one worker.",
    "verify": "Whether a sealed PDF is genuine.",
    "worker": "Run the worker: deliver, remind, escalate.",
}


class Lazily(Group):
    """Loads `tmr_app.web.commands.<name>` only for the command that was asked for: `tmr limits` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tmr_app.web.commands.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def short_help_of(self, ctx: click.Context, name: str) -> str:
        return COMMANDS[name]


@click.group(cls=Lazily)
@click.version_option(package_name="tmr-app")
def tmr() -> None:
    """Tryeza: multidisciplinary tables under Regulation (QRK) No. 23/2023."""


def main() -> None:
    """Run the command; an error is one sentence on stderr with a way out, exit status 1 (usage: 2)."""
    try:
        tmr(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except TmrError as error:
        click.echo(f"tmr: {error}", err=True)
        sys.exit(1)
    except Exception as error:
        if type(error).__module__.startswith("sqlalchemy"):
            click.echo(
                "tmr: the database did not answer: check TMR_DATABASE_URL, then run 'tmr doctor'.", err=True
            )
            sys.exit(1)
        raise


if __name__ == "__main__":
    main()
