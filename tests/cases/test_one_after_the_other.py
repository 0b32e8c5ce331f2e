"""Two windows on one case: whoever comes second decides on what the first has left, on both databases."""

import threading

import pytest
from sqlalchemy import select, update

from tests.cases.conftest import Scene
from tests.cases.test_records import desk_of
from tests.fixtures import world
from tmr_app.cases.disclosing import state_of
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Disclosure
from tmr_app.kernel import clock


@pytest.mark.duty("A18.1")
def test_a_refusal_under_way_is_not_overtaken_by_an_approval(fresh_scene: Scene) -> None:
    proposal = {"recipient": "Gjykata", "legal_basis": "Neni 5", "what": "Vlerësimi", "once": "k" * 24}
    assert desk_of(fresh_scene).post(fresh_scene.url("disclosures"), proposal).status_code == 303
    head, answers = fresh_scene.sit(fresh_scene.here.town.head), []
    with world.work(fresh_scene.app.engine) as session:
        found = session.scalars(select(Disclosure.id)).one()

    def approve() -> None:
        with clock.fixed_at(world.NOW):
            url = fresh_scene.url(f"disclosures/{found}/decision")
            answers.append(head.post(url, {"decision": "approve"}).status_code)

    window = threading.Thread(target=approve)
    with world.work(fresh_scene.app.engine) as session:
        case = select(Case.id).where(Case.id == fresh_scene.here.case_id)
        session.execute(case.with_for_update(key_share=True))
        refused = {"refused_at": world.NOW, "approved_by_id": fresh_scene.here.town.head.id}
        session.execute(update(Disclosure).where(Disclosure.id == found).values(refused))
        window.start()
        window.join(timeout=1)
        assert window.is_alive(), "it waits for its turn"
    window.join(timeout=30)
    assert answers == [409]
    with world.work(fresh_scene.app.engine) as session:
        assert state_of(session.get_one(Disclosure, found)) == "refused"
