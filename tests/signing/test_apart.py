"""The last signature's request makes a job and no seal: sealing is the worker's alone, however long it takes."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.fixtures import minutes_world as mins
from tests.fixtures.world import work
from tests.signing import kit
from tmr_app.signing import sealed_file, sealing
from tmr_app.signing.models import FrozenVersion, SealJob, SigningFile


@pytest.mark.duty("A10.1")
def test_a10_1_no_request_ever_seals(scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    *others, last = mins.signers(scene.here)
    with work(scene.app.engine) as session:
        mw.unlock(session, scene.here.case)
        version = session.get_one(FrozenVersion, scene.version.id)
        for person in others:
            kit.sign(session, version, person)
    with monkeypatch.context() as no_seal:
        no_seal.setattr(sealed_file, "seal", lambda *_a, **_k: pytest.fail("sealed inside a request"))
        browser = scene.browser(last)
        browser.get(scene.url)
        assert browser.post(scene.url, agreed="y").status_code == 303
        assert browser.get(scene.url).status_code == 200
        assert browser.get(scene.url + "/sealed.pdf").status_code == 404
    with work(scene.app.engine) as session:
        assert session.scalars(select(SealJob.state)).all() == ["waiting"]
        assert session.scalars(select(SigningFile.id).where(SigningFile.role == "sealed")).all() == []
    assert sealing.run(scene.app.engine, worker="w") == 1
    assert browser.get(scene.url + "/sealed.pdf").status_code == 200
