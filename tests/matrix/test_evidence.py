"""Every row of the ledger leads to the thing it speaks of: the link is there, and opens for who reads the row."""

from types import SimpleNamespace

import pytest

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix import furnished
from tmr_app.kernel import clock
from tmr_app.members.models import Municipality
from tmr_app.oversight import ledger
from tmr_app.oversight.forms import LedgerFilter
from tmr_app.oversight.ledger_lines import lines_of
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix


@pytest.fixture(scope="module")
def stage(app: TmrFlask) -> SimpleNamespace:
    with clock.fixed_at(furnished.SEEN_AT):
        return SimpleNamespace(app=app, world=furnished.furnish(app))


def test_the_evidence_of_every_row_is_one_click_away(stage: SimpleNamespace) -> None:
    cast, now = stage.world.cast, furnished.SEEN_AT
    with clock.fixed_at(now):
        with work(stage.app.engine) as session, stage.app.test_request_context("/"):
            cases = list(ledger.rows_of_cases(session, [cast.cases["own"]], now))
            place = session.get_one(Municipality, cast.municipalities["own"])
            general = list(ledger.rows_of_municipality(session, place, now))
            lines = lines_of([*cases, *general], LedgerFilter())
        assert len({line.row.duty for line in lines}) > 55
        itself = [line.row.duty for line in lines if "/ledger" in line.url]
        assert not itself, "the ledger is no evidence of itself"
        manager = SignedIn(stage.app, cast.people["case_manager"])
        shut = {}
        for url in sorted({line.url.split("#")[0] for line in lines}):
            code = manager.client.get(url).status_code
            if code not in (200, 302, 303):
                shut[url] = (
                    code,
                    sorted({line.row.duty for line in lines if line.url.startswith(url)}),
                )
        assert not shut, shut
