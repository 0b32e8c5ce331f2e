"""Seals with a time stamp (B-T): the service is asked once, the stamp is in the file, every flipped bit of it is found."""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlalchemy import Engine, select, update

from tests.fixtures.apart import finished
from tests.fixtures.unavailable import cannot_run
from tests.fixtures.world import work
from tests.signing import kit, stamp_service
from tests.signing.test_sealing import signed
from tmr_app.kernel import clock, db, vault
from tmr_app.signing import queries, sealed_file, sealing, time_stamps
from tmr_app.signing.container import Altered
from tmr_app.signing.models import FrozenVersion, SealJob


@pytest.fixture
def sqlite_engine(clone_database: Callable[[str], AbstractContextManager[str]]) -> Iterator[Engine]:
    """The file's bytes are what is asked about: one engine is enough."""
    with clone_database("sqlite") as url:
        engine = db.make_engine(url)
        yield engine
        engine.dispose()


def sealed_with(engine: Engine, url: str) -> tuple[bytes, list[bytes]]:
    here, version = signed(engine)
    assert sealing.run(engine, worker="w", timestamp_url=url) == 1
    return kept(engine, here.case.id, version)


def kept(engine: Engine, case_id: UUID, version: FrozenVersion) -> tuple[bytes, list[bytes]]:
    with work(engine) as session:
        vault.unlock(session, [case_id])
        again = session.get_one(FrozenVersion, version.id)
        return queries.bytes_of(session, again, "sealed"), sealing.certificates(session)


def test_a_stamped_seal_is_genuine_and_says_its_time(engine: Engine, tmp_path: Path) -> None:
    with stamp_service.running() as (url, asked):
        data, certificates = sealed_with(engine, url)
    assert len(asked) == 1
    found = sealed_file.verify(data, certificates)
    assert found.signatures == 4
    assert found.stamped_at == stamp_service.AT
    tool = shutil.which("pdfsig")
    if tool is None:
        cannot_run("pdfsig (poppler-utils) is not on this machine")
    (tmp_path / "a.pdf").write_bytes(data)
    said = subprocess.run([tool, str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said


def test_every_flipped_bit_of_the_stamp_is_found(sqlite_engine: Engine, rounds: Callable[[int], int]) -> None:
    with stamp_service.running() as (url, _asked):
        data, certificates = sealed_with(sqlite_engine, url)
    start, end = sealed_file._covered(data)
    used = len(data[start:end].rstrip(b">").rstrip(b"0"))
    dice = random.Random(3161)
    places = (start + dice.randrange(used) for _ in range(rounds(1000)))
    assert not kit.missed(data, certificates, places, dice)


def test_a_stamp_of_another_seal_does_not_fit(sqlite_engine: Engine) -> None:
    from asn1crypto.cms import ContentInfo

    with stamp_service.running() as (url, _asked):
        data, certificates = sealed_with(sqlite_engine, url)
        client = time_stamps.stamper(url)
        other = finished(client.async_timestamp(b"\x01" * 32, "sha256"))
    start, end = sealed_file._covered(data)
    container = ContentInfo.load(bytes.fromhex(data[start + 1 : end - 1].decode()))
    container["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"] = [other]
    raw = container.dump(force=True).hex().encode()
    bad = data[: start + 1] + raw.ljust(end - start - 2, b"0") + data[end - 1 :]
    assert len(bad) == len(data)
    with pytest.raises(Altered):
        sealed_file.verify(bad, certificates)


def test_a_certificate_for_something_else_makes_no_stamp(engine: Engine) -> None:
    signed(engine)
    with (
        stamp_service.running(usage=ExtendedKeyUsageOID.CODE_SIGNING) as (url, _asked),
        pytest.raises(time_stamps.NoStamp),
    ):
        sealing.run(engine, worker="w", timestamp_url=url)


def test_a_service_that_fails_holds_a_seal_up_for_an_hour_and_no_longer(engine: Engine) -> None:
    here, version = signed(engine)
    with stamp_service.running(broken=True) as (url, _asked):
        with pytest.raises(OSError, match="timestamp"):
            sealing.run(engine, worker="w", timestamp_url=url)
        with work(engine) as session:
            job = session.scalars(select(SealJob)).one()
            assert (job.state, job.attempts) == ("claimed", 1)
            session.execute(
                update(SealJob).values(attempts=sealing.ASK_FOR_STAMP, lease_until=clock.real_now())
            )
        assert sealing.run(engine, worker="w", timestamp_url=url) == 1
    data, certificates = kept(engine, here.case.id, version)
    assert sealed_file.verify(data, certificates).stamped_at is None
