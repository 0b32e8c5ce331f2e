"""The documents' own catalogue, compiled for these tests so that they need no build step."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tmr_app.documents import texts


@pytest.fixture(scope="session", autouse=True)
def _catalogue(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("translations")
    for locale in ("sq", "sr_Latn"):
        target = folder / locale / "LC_MESSAGES"
        target.mkdir(parents=True)
        with (texts.TRANSLATIONS / locale / "documents.po").open("rb") as source:
            catalog = read_po(source, locale=locale)
        with (target / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    patch = pytest.MonkeyPatch()
    patch.setattr(texts, "TRANSLATIONS", Path(folder))
    yield
    patch.undo()
