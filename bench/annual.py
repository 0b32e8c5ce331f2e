"""The annual report over ten thousand cases of one municipality; the country's figures over all: each in its own process.

Run as `python -m bench.annual KIND DATABASE KEY_FILE`; prints processor seconds, greatest resident size in MiB, statements.
"""

import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, select

from bench.filling import LEVELS
from bench.measuring import Row, say, watched
from bench.moment import NOW, TODAY
from bench.world import World, _install

CASES = 10_000
BATCH = 5_000
SECONDS, MEBIBYTES = 5.0, 300.0
ROOT = Path(__file__).resolve().parents[1]


def rows(world: World, cases: int = CASES) -> Iterator[Row]:
    """The report, compiled and drawn as PDF; the national tables."""
    with TemporaryDirectory(prefix="tmr-bench-annual-") as name:
        from tmr_app.kernel import encryption

        encryption.keyring().save(Path(name) / "keys.json")
        town = _install(Path(name), "annual", [cases])
        add_what_is_counted(town.engine)
        town.engine.dispose()
        say(f"{cases:,} cases with risks, levels, referrals and meetings")
        yield from _measured(
            "report", town.settings.database_url, town.settings.key_file, f"annual.{cases}", True
        )
    add_what_is_counted(world.large.engine)
    say("the same in the large database")
    large = world.large.settings
    yield from _measured("national", large.database_url, large.key_file, "annual.national", False)


def _measured(kind: str, url: str, key_file: Path, name: str, limited: bool) -> Iterator[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.annual", kind, url, str(key_file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    processor, memory, statements = done.stdout.split()
    yield Row(f"{name}.processor", float(processor), "s", SECONDS if limited else None)
    yield Row(f"{name}.memory", float(memory), "MiB", MEBIBYTES if limited else None)
    yield Row(f"{name}.statements", float(statements), "statements")


def add_what_is_counted(engine: Engine) -> None:
    """Two kinds of risk, two levels, a referral and a held meeting with its invitations for each case that has none yet."""
    from tmr_app.cases.models import Case, CaseRisk
    from tmr_app.cases.table_models import Seat

    chance = random.Random(10)
    bare = Case.id.not_in(select(CaseRisk.case_id))
    with engine.begin() as connection:
        cases = connection.execute(select(Case.id, Case.case_manager_id, Case.referred_on).where(bare)).all()
        seats: dict[UUID, list[UUID]] = {}
        for case_id, seat_id in connection.execute(select(Seat.case_id, Seat.id)):
            seats.setdefault(case_id, []).append(seat_id)
        for start in range(0, len(cases), BATCH):
            found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
            for number, case in enumerate(cases[start : start + BATCH], start):
                _add_of_case(found, chance, case, seats[case.id], number)
            for model, many in found.items():
                connection.execute(insert(model), many)


def _add_of_case(
    found: dict[Any, list[dict[str, Any]]], chance: random.Random, case: Any, seats: list[UUID], number: int
) -> None:
    from tmr_app.cases.models import CaseRisk, Referral, RiskLevel
    from tmr_app.meetings.models import Invitation, Meeting
    from tmr_app.oversight.figure_columns import RISK, SOURCES

    def uuid() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    for risk in chance.sample(RISK.categories, 2):
        found[CaseRisk].append({"id": uuid(), "case_id": case.id, "risk": risk})
    for days in (300, 20):
        found[RiskLevel].append({
            "id": uuid(), "case_id": case.id, "level": chance.choice(LEVELS),
            "determined_at": NOW - timedelta(days), "determined_by_id": case.case_manager_id,
        })  # fmt: skip
    found[Referral].append({
        "id": uuid(), "case_id": case.id, "received_on": case.referred_on, "source": chance.choice(SOURCES),
        "received_by_id": case.case_manager_id, "created_at": NOW,
    })  # fmt: skip
    meeting_id = uuid()
    found[Meeting].append({
        "id": meeting_id, "case_id": case.id, "code": f"B{number:08d}",
        "purpose": chance.choice(("first", "review", "closing")), "status": "held",
        "meeting_on": TODAY - timedelta(chance.randrange(1, 300)), "called_by_id": case.case_manager_id,
        "called_at": NOW,
    })  # fmt: skip
    for seat_id in seats:
        found[Invitation].append({
            "id": uuid(), "case_id": case.id, "meeting_id": meeting_id, "seat_id": seat_id, "uid": str(uuid()),
            "attendance": "present", "handed_over_at": NOW - timedelta(330),
        })  # fmt: skip


def main(kind: str, url: str, key_file: str) -> None:
    from bench.memory import resident
    from tmr_app.kernel import clock, db, encryption
    from tmr_app.members.models import Municipality
    from tmr_app.oversight import annual_figures, annual_papers

    encryption.use(encryption.Keyring.load(Path(key_file)))
    engine = db.make_engine(url)
    start = process_time()
    with clock.fixed_at(NOW), watched(engine) as seen, db.unit(engine) as session:
        if kind == "national":
            annual_figures.of_year(session, None, NOW.year, NOW)
        else:
            place = session.scalars(select(Municipality).order_by(Municipality.key)).first()
            assert place is not None
            prepared = annual_papers.prepare_unwritten(
                session, municipality=place, year=NOW.year, copy="municipality", language="sq", now=NOW
            )
            assert prepared.render("pdf").startswith(b"%PDF")
    print(process_time() - start, resident(), len(seen.statements))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
