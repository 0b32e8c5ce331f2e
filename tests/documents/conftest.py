"""The product's own catalogue, compiled for these tests so that they need no build step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tmr_app.documents import texts


@pytest.fixture(scope="session")
def compiled_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("translations")
    for locale in ("sq", "sr_Latn"):
        target = folder / locale / "LC_MESSAGES"
        target.mkdir(parents=True)
        catalog = Catalog(locale=locale)
        for fragment in sorted((texts.TRANSLATIONS / locale).glob("*.po")):
            with fragment.open("rb") as source:
                for one in read_po(source, locale=locale):
                    if one.id and isinstance(one.id, str):
                        catalog.add(one.id, one.string)
        with (target / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    return folder


@pytest.fixture(scope="module", autouse=True)
def own_catalogue(compiled_catalogue: Path) -> Iterator[None]:
    """For these modules only: pages tested later in the same run read the product's whole catalogue."""
    patch = pytest.MonkeyPatch()
    patch.setattr(texts, "TRANSLATIONS", compiled_catalogue)
    yield
    patch.undo()
