"""The measured figures stand on a valid database: what was filled in bulk is read by the product as any other case."""

from pathlib import Path

import pytest

from bench import deeds, measuring, world
from bench.filling import LAST
from bench.furnished import furnish
from bench.measuring import Row
from bench.moment import NOW
from bench.reader import Reader
from tmr_app.kernel import clock, encryption


@pytest.fixture
def installation(tmp_path: Path) -> world.Installation:
    keyring = encryption.Keyring.generate()
    before = encryption.keyring() if encryption._keyring else keyring
    encryption.use(keyring)
    keyring.save(tmp_path / "keys.json")
    with clock.fixed_at(NOW):
        made = world._install(tmp_path, "cases", [90, 45])
        yield made
    made.engine.dispose()
    encryption.use(before)


def test_bulk_cases_are_listed_with_their_sealed_names(installation: world.Installation) -> None:
    with measuring.watched(installation.engine) as seen:
        status, page = installation.head.get("/cases")
    assert status.startswith("200")
    assert page.decode().count('<th scope="row"') == 25
    assert sum(page.decode().count(name) for name in LAST) >= 25
    assert len([one for one in seen.statements if not one.startswith(("INSERT", "UPDATE"))]) <= 20
    assert "90" in page.decode()


def test_a_case_manager_holds_forty_of_them(installation: world.Installation) -> None:
    assert "40" in installation.manager(0).get("/cases")[1].decode().partition('role="status"')[2][:80]


def test_the_measured_centre_has_2600_of_100000() -> None:
    sizes = world.sizes(100_000)
    assert (sum(sizes) + 1, sizes[0] + 1, len(sizes)) == (100_000, 2_600, 38)


def test_convening_takes_at_most_forty_statements_with_all_of_its_request(
    installation: world.Installation,
) -> None:
    """Session, guard, deed, next duty and the word of success: nothing of the request is left out of the count."""
    centre = installation.centres[-1]
    chair = Reader.signed_in(installation.app, installation.engine, centre.managers[0].person_id)
    meetings = [
        furnish(installation.engine, centre, centre.managers[0], members=14, send=False) for _ in range(2)
    ]
    rows = {row.name: row for row in deeds.convening(installation, chair, 15, meetings)}
    assert (rows["convene.15"].limit, rows["convene.15"].holds) == (40, True), rows["convene.15"].value


def test_a_row_says_whether_its_limit_holds() -> None:
    assert Row("page.case", 3.2, "x baseline", 3.0).as_json() == {
        "name": "page.case", "value": 3.2, "unit": "x baseline", "limit": 3.0, "holds": False,
    }  # fmt: skip
    assert Row("memory.web", 100.0, "MiB").as_json()["holds"] is None
