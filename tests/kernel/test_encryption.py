"""Sealed values: bound to their place, unreadable without their keys; the key file; rotation; the blind index."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tmr_app.kernel import db, encryption, vault
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.errors import KeyNotUnlocked, SettingsWrong
from tmr_app.kernel.text import fold
from tmr_app.kernel.vault import DataKey

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PLACE = "child.name_sealed:0001"
SUBJECT = UUID(int=1)


@pytest.fixture(autouse=True)
def unlocked() -> None:
    encryption.begin_unlocks()
    encryption.remember(SUBJECT, b"d" * 32)


@given(st.binary(max_size=300))
def test_what_was_sealed_is_read_again_and_never_sealed_alike(clear: bytes) -> None:
    encryption.remember(SUBJECT, b"d" * 32)
    sealed = encryption.seal(SUBJECT, PLACE, clear)
    assert encryption.unseal(SUBJECT, PLACE, sealed) == clear
    assert sealed != encryption.seal(SUBJECT, PLACE, clear), "equal values do not show as equal"
    assert len(sealed) == len(clear) + encryption.OVERHEAD_BYTES


@pytest.mark.parametrize(
    "place", ["child.name_sealed:0002", "child.address_sealed:0001", "adult.name_sealed:0001"]
)
def test_a_value_moved_to_another_row_column_or_table_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="moved"):
        encryption.unseal(SUBJECT, place, encryption.seal(SUBJECT, PLACE, b"Arta"))


def test_each_flipped_bit_is_refused() -> None:
    sealed = encryption.seal(SUBJECT, PLACE, b"Arta")
    for bit in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="altered"):
            encryption.unseal(SUBJECT, PLACE, bytes(flipped))


def test_another_subjects_key_reads_nothing_and_a_locked_one_says_so() -> None:
    other, sealed = uuid4(), encryption.seal(SUBJECT, PLACE, b"Arta")
    with pytest.raises(KeyNotUnlocked):
        encryption.unseal(other, PLACE, sealed)
    encryption.remember(other, b"o" * 32)
    with pytest.raises(ValueError, match="altered or moved"):
        encryption.unseal(other, PLACE, sealed)
    with encryption.fresh_unlocks(), pytest.raises(KeyNotUnlocked):
        encryption.unseal(SUBJECT, PLACE, sealed)


def test_the_key_file_is_its_owners_and_never_overwritten(tmp_path: Path) -> None:
    path, made = tmp_path / "keys.json", Keyring.generate()
    made.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(SettingsWrong, match="exists already"):
        Keyring.generate().save(path)
    read = Keyring.load(path)
    assert (read.current, read.wrapping, read.root) == (made.current, made.wrapping, made.root)
    assert list(tmp_path.iterdir()) == [path], "nothing is left beside it"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"current": 1, "wrapping": {"1": "?"}}', '{"current": "x"}']
)
def test_a_damaged_key_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(SettingsWrong, match="does not exist"):
        Keyring.load(path)
    path.write_text(text)
    with pytest.raises(SettingsWrong, match="is damaged"):
        Keyring.load(path)


def test_equal_values_are_found_by_their_token_and_only_with_the_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encryption, "_keyring", Keyring(1, {1: b"w" * 32}, b"r" * 32))
    token = encryption.blind_token("name", fold("Çlirim"))
    assert (len(token), token) == (16, encryption.blind_token("name", fold("clirim")))
    assert token != encryption.blind_token("surname", fold("Çlirim"))
    monkeypatch.setattr(encryption, "_keyring", Keyring(1, {1: b"w" * 32}, b"x" * 32))
    assert token != encryption.blind_token("name", fold("Çlirim"))


def test_rotation_wraps_every_key_anew_and_reads_what_was_sealed_before(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Keyring(1, {1: b"w" * 32}, b"r" * 32)
    monkeypatch.setattr(encryption, "_keyring", old)
    engine, subjects = db.make_engine(fresh_database_url), [uuid4() for _ in range(3)]
    with db.unit(engine) as session:
        for subject in subjects:
            vault.create_key(session, subject, AT)
        sealed = {subject: encryption.seal(subject, PLACE, str(subject).encode()) for subject in subjects}
    new = old.rotated()
    monkeypatch.setattr(encryption, "_keyring", new)
    assert _readable(engine, sealed), "before the keys are wrapped anew the former wrapping key still serves"
    with db.unit(engine) as session:
        assert vault.rewrap_all(session, old=new, new=new) == len(session.scalars(select(DataKey)).all())
    assert _readable(engine, sealed)
    for ring in (old, Keyring(2, {2: b"z" * 32}, b"r" * 32)):
        monkeypatch.setattr(encryption, "_keyring", ring)
        with pytest.raises(SettingsWrong, match="does not fit this database"):
            _readable(engine, sealed)
    engine.dispose()


def test_an_erased_subject_is_never_read_again(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "_keyring", Keyring(1, {1: b"w" * 32}, b"r" * 32))
    engine, subject, other = db.make_engine(fresh_database_url), uuid4(), uuid4()
    with db.unit(engine) as session:
        for one in (subject, other):
            vault.create_key(session, one, AT)
        sealed = {one: encryption.seal(one, PLACE, str(one).encode()) for one in (subject, other)}
    with db.unit(engine) as session:
        vault.erase(session, subject)
    with pytest.raises(KeyNotUnlocked):
        _readable(engine, sealed)
    assert _readable(engine, {other: sealed[other]})
    engine.dispose()


def _readable(engine: Engine, sealed: dict[UUID, bytes]) -> bool:
    with db.unit(engine) as session:
        vault.unlock(session, sealed)
        return all(encryption.unseal(one, PLACE, value) == str(one).encode() for one, value in sealed.items())
