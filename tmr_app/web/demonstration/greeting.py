"""What `tmr demo` prints: address and accounts, in Albanian and English, once the pages answer."""

import time
import urllib.error
import urllib.request

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tmr_app.members.models import Person
from tmr_app.web.demonstration.accounts import PASSWORD, listed_people

WAIT_SECONDS = 60


def accounts_text(engine: Engine) -> str:
    """One line per account offered on the start page: name, function, mail address."""
    with Session(engine) as session:
        listed = listed_people(session)
        people = {
            one.id: one
            for one in session.scalars(select(Person).where(Person.id.in_([row[2] for row in listed])))
        }
    width = max((len(people[row[2]].name) for row in listed), default=0)
    lines = [
        f"  {people[person_id].name:<{width}}  {people[person_id].email}  ({people[person_id].function})"
        for _group, _role, person_id in listed
    ]
    return "\n".join(lines)


def greet(address: str, accounts: str) -> None:
    """Wait until the pages answer, then print."""
    if not answers(address):
        return
    click.echo(
        f"""
Demonstrimi është gati / The demonstration is ready:

  {address}/demonstration

Hyni me një klikim sipas rolit, ose me e-mail, fjalëkalim dhe kod (kodi është në kutinë postare).
Sign in with one click per role, or with mail address, password and code (the code is on the mailbox page).

  Fjalëkalimi për të gjithë / Password of everybody: {PASSWORD}
  Kutia postare / Mailbox: {address}/demonstration/mail

Llogaritë / Accounts:
{accounts}

Të gjithë njerëzit dhe rastet janë të shpikur. / All people and cases are invented.
Ndaleni me Ctrl+C. / Stop with Ctrl+C."""
    )


def answers(address: str) -> bool:
    """Whether the start page answers within a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/demonstration", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False
