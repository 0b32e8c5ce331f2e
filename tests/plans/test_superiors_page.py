"""The superior's own pages: the letter about own staff, nothing of the case; answered once; another institution's is none."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.fixtures import held_world as hw
from tests.fixtures import plan_world as pw
from tests.fixtures import world
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.kernel import clock
from tmr_app.plans import requesting, superiors
from tmr_app.web.app import TmrFlask

LATE = pw.PLANNED_ON + timedelta(days=5)


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[TmrFlask]:
    with clock.fixed_at(hw.DURING):
        yield make_app(fresh_database_url)


def test_the_superior_reads_and_answers(app: TmrFlask) -> None:
    with world.work(app.engine) as session:
        here, _meeting, _version = pw.adopted(session, ("police",))
        for days in (-7, -1, 1):
            requesting.ask(session, pw.on(pw.PLANNED_ON + timedelta(days=days)))
            session.flush()
        people = [world.person(session, name) for name in ("Epror Policor", "Epror Shkollor")]
        session.flush()
        for person, kind in zip(people, ("police", "school"), strict=True):
            world.appoint(session, person, "superior", institution_id=here.town.institutions[kind].id)
        session.flush()
        row = superiors.write_letter(
            session, here.town.case_manager, pw.on(LATE), case=here.case, seat_id=here.seats["police"].id,
            way="mail", language="sq", answer_by_on=None, once="nj" * 10,
        )  # fmt: skip
        assert row.outbox_id is not None
        institution_id, notice_id, number = here.town.institutions["police"].id, row.id, here.case.number
        own, other = (person.id for person in people)
    base = f"/own-staff/{institution_id}/letters"
    with clock.fixed_at(pw.on(LATE)):
        superior = SignedIn(app, own)
        assert superior.get(base).status_code == 200
        page = superior.get(f"{base}/{notice_id}")
        assert page.status_code == 200
        for secret in (number, "Kanarin", "VeprimKanarine"):
            assert secret not in page.text
        assert superior.client.get(f"{base}/{notice_id}.docx").status_code == 200
        assert superior.post(f"{base}/{notice_id}/answer", hidden=False, answer="").status_code == 422
        sent = superior.post(f"{base}/{notice_id}/answer", hidden=False, answer="E caktova zëvendësin.")
        assert sent.status_code == 303
        again = superior.post(f"{base}/{notice_id}/answer", hidden=False, answer="Dy herë")
        assert again.status_code == 409
        stranger = SignedIn(app, other)
        for path in ("", f"/{notice_id}", f"/{notice_id}.docx"):
            assert stranger.get(base + path).status_code == 404
