"""Serious acts at the Table ask who is there: a window somebody left open signs, names and tells nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.cases.table_kit import NOW, Scene, build, inside
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.cases.table_models import AddressGrant, Declaration
from tmr_app.kernel import clock
from tmr_app.members.models import Appointment
from tmr_app.web.app import TmrFlask


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> TmrFlask:
    return make_app(fresh_database_url)


@pytest.fixture
def scene(app: TmrFlask) -> Iterator[Scene]:
    with clock.fixed_at(NOW):
        yield build(app.engine)


def _address(scene: Scene, page: str) -> str:
    return f"/cases/{scene.case}/{page}"


def test_signing_asks_for_a_fresh_sign_in(app: TmrFlask, scene: Scene) -> None:
    police = SignedIn(app, scene.members["police"], fresh=False)
    police.get(_address(scene, "declaration"))
    answer = police.post(_address(scene, "declaration"), agreed="y")
    assert answer.status_code in (302, 303)
    assert "/verify" in answer.location
    with inside(app.engine, scene) as (session, _case, _manager):
        assert not session.scalars(
            select(Declaration).where(Declaration.person_id == scene.members["police"])
        ).all()


@pytest.mark.parametrize("office", ["acting", "duty"])
def test_naming_to_an_office_asks_for_a_fresh_sign_in(app: TmrFlask, scene: Scene, office: str) -> None:
    head = SignedIn(app, scene.head, fresh=False)
    head.get(f"/head-office/{office}")
    today = NOW.date()
    on = {
        f"{name}-{part}": str(getattr(today, part))
        for name in ("from_on", "to_on")
        for part in ("day", "month", "year")
    }
    answer = head.post(f"/head-office/{office}", person_id=str(scene.other), **on)
    assert "/verify" in answer.location
    with inside(app.engine, scene) as (session, _case, _manager):
        named = select(Appointment).where(Appointment.office.in_(("acting_head", "duty_case_manager")))
        assert not session.scalars(named).all()


def test_giving_the_case_to_another_asks_for_a_fresh_sign_in(app: TmrFlask, scene: Scene) -> None:
    head, url = SignedIn(app, scene.head, fresh=False), _address(scene, "table/case-manager")
    head.get(url)
    answer = head.post(url, person_id=str(scene.other), note="Pushim mjekësor")
    assert "/verify" in answer.location
    with inside(app.engine, scene) as (_session, case, manager):
        assert case.case_manager_id == manager.id


def test_giving_out_the_address_asks_for_a_fresh_sign_in(app: TmrFlask, scene: Scene) -> None:
    """Where a child is sheltered is told to nobody by a window somebody left open."""
    url, police = _address(scene, "table/address"), scene.members["police"]
    for fresh, given in ((False, 0), (True, 1)):
        chair = SignedIn(app, scene.manager, fresh=fresh)
        chair.get(url)
        answer = chair.post(url, person_id=str(police), reason="Shoqëron fëmijën")
        assert ("/verify" in answer.location) is not fresh
        with inside(app.engine, scene) as (session, _case, _manager):
            assert len(session.scalars(select(AddressGrant)).all()) == given
