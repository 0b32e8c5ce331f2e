"""Nothing in the repository names the machine it was written on, and the lock records no host."""

import re

from tests.architecture.sources import ROOT, files_under, repository_files, shown

# Put together from halves, so that this file does not find itself.
WORKPLACE = re.compile(
    "|".join(
        (
            r"/wo" + r"rk/(main|shared|\.)",
            r"/ro" + r"ot/",
            r"/ho" + r"me/[a-z]",
            r"/tmp/" + r"(brief|bash_jobs)",
            r"\.py" + r"env",
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\." + r"npmjs",
        )
    )
)
BINARY = {".png", ".jpg", ".ico", ".woff", ".woff2", ".ttf", ".otf", ".pdf", ".docx", ".xlsx", ".mo", ".zip"}


def test_no_file_names_the_workplace() -> None:
    found = []
    for path in repository_files():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            hit = WORKPLACE.search(line)
            if hit:
                found.append(f"{shown(path)}:{number}: {hit.group()}")
    assert not found, "\n".join(found)


def test_lock_has_hashes_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,_-]+\])?==", lock, re.MULTILINE | re.IGNORECASE)
    assert len(pinned) > 50
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_style_sheets_lock_has_no_address() -> None:
    """npm writes funding pages into its lock: they are taken out again after locking."""
    assert "://" not in (ROOT / "ui" / "package-lock.json").read_text(encoding="utf-8")


def test_every_pinned_dependency_is_in_the_lock() -> None:
    declared = re.findall(r'^    "([a-z0-9-]+)(?:\[[a-z,]+\])?==([0-9.]+)"', _project(), re.MULTILINE)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    missing = [f"{name}=={version}" for name, version in declared if f"{name}=={version}" not in lock]
    assert declared
    assert not missing, "run make lock: " + ", ".join(missing)


def test_node_lock_records_no_host() -> None:
    found = [
        shown(path) for path in files_under("ui", ".json") if '"resolved"' in path.read_text(encoding="utf-8")
    ]
    assert not found


def _project() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")
