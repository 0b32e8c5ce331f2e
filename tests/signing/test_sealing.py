"""The seal: one file, made once, genuine to the last byte, found again after a killed worker."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, update

from tests.documents.reading import squeezed
from tests.fixtures import meeting_world as mw
from tests.fixtures.unavailable import cannot_run
from tests.fixtures.world import work
from tests.signing import kit
from tmr_app.kernel import clock, db
from tmr_app.signing import queries, seal_keys, sealed_file, sealing
from tmr_app.signing.container import Altered
from tmr_app.signing.models import FrozenVersion, SealJob, SigningFile
from tmr_app.web.commands.verify_command import command

DUTY = pytest.mark.duty("A10.1")


def signed(engine: Engine) -> tuple[mw.CaseWorld, FrozenVersion]:
    """A version with all its signatures, its job waiting."""
    with work(engine) as session:
        here = mw.case_world(session)
        signers = kit.people(session, here)
        version = kit.opened(session, here, signers, absent=(signers[-1],))
        for person in signers:
            kit.sign(session, version, person)
    return here, version


def sealed(engine: Engine) -> tuple[FrozenVersion, bytes, bytes, list[bytes]]:
    """Version, frozen bytes, sealed bytes, certificates."""
    here, version = signed(engine)
    assert sealing.run(engine, worker="w") == 1
    with work(engine) as session:
        mw.unlock(session, here.case)
        again = session.get_one(FrozenVersion, version.id)
        return (
            again,
            queries.bytes_of(session, again, "frozen"),
            queries.bytes_of(session, again, "sealed"),
            sealing.certificates(session),
        )


@DUTY
def test_the_sealed_copy_begins_with_the_frozen_bytes_and_is_genuine(engine: Engine) -> None:
    kit.heard.clear()
    version, frozen, data, certificates = sealed(engine)
    assert version.state == "sealed"
    assert kit.heard[-1] == ("sealed", version.id)
    assert data.startswith(frozen)
    found = sealed_file.verify(data, certificates)
    assert (found.code, found.number, found.signatures, found.expected) == (version.code, 1, 4, 4)
    assert found.sha256 == version.seal_sha256
    assert sealing.run(engine, worker="w") == 0
    with pytest.raises(Altered):
        sealed_file.verify(data, [])
    with pytest.raises(Altered):  # the frozen document alone is no sealed one
        sealed_file.verify(frozen, certificates)


@pytest.mark.parametrize("part", ["pdf_sha256", "content_sha256"])
def test_a_seal_of_ours_over_another_document_is_not_genuine(engine: Engine, part: str) -> None:
    """The signature holds; the frozen document it is put over is not the one the evidence speaks of."""
    _version, frozen, data, certificates = sealed(engine)
    evidence = sealed_file.verify(data, certificates).evidence
    wrong = {**evidence, "frozen": {**evidence["frozen"], part: "0" * 64}}
    with work(engine) as session:
        current = seal_keys.current(session)
        assert current
        key = seal_keys.opened(current)
    assert sealed_file.verify(sealed_file.seal(frozen, evidence, key), certificates)
    with pytest.raises(Altered, match="frozen"):
        sealed_file.verify(sealed_file.seal(frozen, wrong, key), certificates)


def test_every_flipped_bit_is_found(
    clone_database: Callable[[str], AbstractContextManager[str]], rounds: Callable[[int], int]
) -> None:
    """1,000 in a full proof; and every other digit of the container once, where ordinary validation is lax."""
    with clone_database("sqlite") as url:
        engine = db.make_engine(url)
        _version, _frozen, data, certificates = sealed(engine)
        engine.dispose()
    dice = random.Random(20231)
    start, end = sealed_file._covered(data)
    places = [dice.randrange(len(data)) for _ in range(rounds(1000))]
    places += [dice.randrange(start - 2, start + 2000) for _ in range(rounds(300))]
    places += [end - 1, end, len(data) - 1, 0]
    assert not kit.missed(data, certificates, places, dice)
    for longer in (data + b"\n", data + b"%%EOF\n", data[:-1], data[: start + 5], b"", b"%PDF-1.7"):
        with pytest.raises(Altered):
            sealed_file.verify(longer, certificates)


def test_another_seal_key_or_forged_evidence_is_not_genuine(engine: Engine) -> None:
    _version, frozen, data, certificates = sealed(engine)
    with work(engine) as session:
        other = seal_keys.make(session, clock.real_now())
        key = seal_keys.opened(other)
        evidence = sealed_file.verify(data, certificates).evidence
    forged = sealed_file.seal(frozen, evidence, key)
    with pytest.raises(Altered):  # sealed with a key that is not pinned
        sealed_file.verify(forged, certificates)
    assert sealed_file.verify(forged, [key.certificate]).signatures == 4
    for change in ("name", "pdf_sha256", "code"):
        one = evidence["signatures"][0]
        altered = {**one, "record": {**one["record"], change: "x" * 64}}
        bad = sealed_file.seal(frozen, {**evidence, "signatures": [altered]}, key)
        with pytest.raises(Altered):
            sealed_file.verify(bad, [key.certificate])


@pytest.mark.parametrize("step", ["claimed", "prepared", "sealed"])
def test_a_worker_killed_on_the_way_loses_nothing(engine: Engine, step: str) -> None:
    """The lease runs out, another worker makes the one copy."""
    here, version = signed(engine)

    class Killed(BaseException):
        pass

    def pause(at: str) -> None:
        if at == step:
            raise Killed

    with pytest.raises(Killed):
        sealing.run(engine, worker="first", pause=pause)
    assert sealing.run(engine, worker="second") == 0, "the first still holds it"
    with work(engine) as session:
        session.execute(update(SealJob).values(lease_until=clock.real_now()))
    assert sealing.run(engine, worker="second") == 1
    with work(engine) as session:
        mw.unlock(session, here.case)
        copies = select(func.count()).select_from(SigningFile).where(SigningFile.role == "sealed")
        assert session.scalar(copies) == 1
        assert session.get_one(FrozenVersion, version.id).state == "sealed"


KILLED = """
import os, signal, sys
from tests.fixtures.world import use_test_keys
from tests.signing import kit
from tmr_app.kernel import db
from tmr_app.signing import sealing
use_test_keys()
sealing.run(db.make_engine(sys.argv[1]), worker="first",
            pause=lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == sys.argv[2] else None)
"""


@pytest.mark.prove
@pytest.mark.parametrize("step", ["claimed", "prepared", "sealed", "kept"])
def test_kill_nine_at_each_step(fresh_database_url: str, step: str, repository: Path) -> None:
    engine = db.make_engine(fresh_database_url)
    signed(engine)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, fresh_database_url, step], cwd=repository, env=os.environ, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    with work(engine) as session:
        session.execute(update(SealJob).where(SealJob.state != "done").values(lease_until=clock.real_now()))
    assert sealing.run(engine, worker="second") == (0 if step == "kept" else 1)
    with work(engine) as session:
        copies = select(func.count()).select_from(SigningFile).where(SigningFile.role == "sealed")
        assert session.scalar(copies) == 1
    engine.dispose()


def test_the_command_says_genuine_or_not(engine: Engine, tmp_path: Path) -> None:
    version, _frozen, data, _certificates = sealed(engine)
    with work(engine) as session:
        key = seal_keys.current(session)
        assert key
        (tmp_path / "cert.pem").write_text(key.certificate)
    good, bad = tmp_path / "a.pdf", tmp_path / "b.pdf"
    good.write_bytes(data)
    bad.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    run = CliRunner().invoke
    answer = run(command, [str(good), "--key", str(tmp_path / "cert.pem")])
    assert answer.exit_code == 0, answer.output
    assert version.code in answer.output
    assert "4 of 4" in answer.output
    assert "Menaxheri" not in answer.output
    for wrong in ([str(bad)], [str(tmp_path / "cert.pem")], [str(tmp_path / "none.pdf")]):
        answer = run(command, [*wrong, "--key", str(tmp_path / "cert.pem")])
        assert answer.exit_code == 1
    assert run(command, [str(good), "--key", str(good)]).exit_code == 1


def test_an_independent_tool_agrees(engine: Engine, tmp_path: Path) -> None:
    """`pdfsig` of poppler, when it is on the machine."""
    import shutil

    tool = shutil.which("pdfsig")
    if tool is None:
        cannot_run("pdfsig (poppler-utils) is not on this machine")
    _version, _frozen, data, _certificates = sealed(engine)
    (tmp_path / "a.pdf").write_bytes(data)
    said = subprocess.run([tool, str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_the_printed_copy_shows_who_signed(engine: Engine) -> None:
    """The last page repeats the evidence for the eye."""
    import io

    from pypdf import PdfReader

    _version, frozen, data, _certificates = sealed(engine)
    before, after = PdfReader(io.BytesIO(frozen)).pages, PdfReader(io.BytesIO(data)).pages
    assert len(after) == len(before) + 1
    shown = squeezed(after[-1].extract_text())
    for word in ("Mira Menaxheri", "Anëtar police", _version.code, "02.11.2026"):
        assert word.replace(" ", "") in shown, shown
