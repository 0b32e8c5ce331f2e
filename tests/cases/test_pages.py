"""Every page of the case's file renders in three languages, for who may see it, without a name in title or address."""

import pytest

from tests.cases.conftest import Scene

READ_PAGES = (
    "",
    "family",
    "assessment",
    "documents",
    "timeline",
    "access-log",
    "disclosures",
)
WRITE_PAGES = ("child", "risk", "placement", "assessment/edit", "assessment/initial-plan", "take-over")


@pytest.mark.parametrize("language", ["sq", "sr-Latn", "en"])
@pytest.mark.parametrize("path", READ_PAGES + WRITE_PAGES)
def test_each_page_renders(scene: Scene, path: str, language: str) -> None:
    desk = scene.sit(scene.here.town.case_manager, language)
    desk.client.post("/language", data={"language": language.replace("-", "_"), "next": "/"})
    answer = desk.get(scene.url(path))
    assert answer.status_code == 200, answer.text[:2000]
    title = desk.page.title
    assert title is not None
    assert "Krasniqi" not in title.get_text()
    assert scene.here.number not in title.get_text()
    assert scene.here.number in desk.page.get_text()
