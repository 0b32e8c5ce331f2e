"""The sealed file store: no row without its file, no orphan beyond an hour, no name that leaves the folder."""

import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tmr_app.kernel import encryption, files
from tmr_app.kernel.errors import FileLost, NotFound
from tmr_app.kernel.files import ORPHAN_SECONDS, FileStore

SUBJECT = UUID(int=7)
NOW = 1_800_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    encryption.begin_unlocks()
    encryption.remember(SUBJECT, b"d" * 32)
    return FileStore(tmp_path / "files")


def stored(store: FileStore) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


def aged(path: Path, seconds: float) -> None:
    os.utime(path, (NOW - seconds, NOW - seconds))


def test_content_is_sealed_under_a_random_name_and_comes_back(store: FileStore) -> None:
    name, other = store.put(SUBJECT, b"SkedarKanarine"), store.put(SUBJECT, b"SkedarKanarine")
    assert store.get(SUBJECT, name) == b"SkedarKanarine"
    assert name != other
    for path in stored(store):
        assert b"SkedarKanarine" not in path.read_bytes()
        assert path.relative_to(store.folder).as_posix() == f"{path.name[:2]}/{path.name}"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../../etc/passwd",
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "a" * 32 + "\n",
        "a\0" * 16,
        "CON",
        "g" * 32,
    ],
)
def test_no_name_leads_elsewhere(store: FileStore, name: str) -> None:
    for deed in (lambda: store.get(SUBJECT, name), lambda: store.remove(name)):
        with pytest.raises(NotFound):
            deed()


def test_an_altered_a_moved_and_a_missing_file_are_lost_never_shown(store: FileStore) -> None:
    name, other = store.put(SUBJECT, b"one"), store.put(SUBJECT, b"two")
    path, path_of_other = (store.folder / one[:2] / one for one in (name, other))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(FileLost):
        store.get(SUBJECT, name)
    path_of_other.write_bytes(whole)
    with pytest.raises(FileLost):
        store.get(SUBJECT, other)
    path.unlink()
    assert (store.has(name), store.has(other)) == (False, True)
    with pytest.raises(FileLost):
        store.get(SUBJECT, name)


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_cut_at_any_step_there_is_no_file_under_a_name(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """F13: what is left of a cut upload is a part, and the sweep takes it after an hour."""

    def cut(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "write":
        monkeypatch.setattr(encryption, "seal", cut)
    elif step == "fsync":
        monkeypatch.setattr(files.os, "fsync", cut)
    else:
        monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(OSError, match="No space"):
        store.put(SUBJECT, b"x" * 1000)
    monkeypatch.undo()
    assert all(path.suffix == ".part" for path in stored(store))
    for path in stored(store):
        aged(path, ORPHAN_SECONDS + 1)
    store.sweep([], NOW)
    assert stored(store) == []


@pytest.mark.parametrize(
    ("seconds", "goes"), [(ORPHAN_SECONDS - 1, False), (ORPHAN_SECONDS, False), (ORPHAN_SECONDS + 1, True)]
)
def test_only_orphans_older_than_an_hour_are_swept(store: FileStore, seconds: int, goes: bool) -> None:
    known, orphan = store.put(SUBJECT, b"known"), store.put(SUBJECT, b"orphan")
    for path in stored(store):
        aged(path, seconds)
    assert store.sweep([known], NOW) == int(goes)
    assert [path.name for path in stored(store)] == sorted([known] if goes else [known, orphan])


def test_a_removed_file_is_overwritten_first(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    name = store.put(SUBJECT, b"SkedarKanarine")
    seen: list[bytes] = []
    unlink: Callable[..., None] = Path.unlink

    def watched(path: Path, **options: bool) -> None:
        seen.append(path.read_bytes())
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", watched)
    assert store.remove(name)
    assert set(seen[0]) == {0}
    assert not store.remove(name)
