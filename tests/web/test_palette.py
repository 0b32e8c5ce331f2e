"""Contrast by numbers (WCAG 2.2, 1.4.3 and 1.4.11): body text at least 7:1, all other text 4.5:1, edges 3:1."""

import re

import pytest

from tests.web.kit import ROOT

BODY = [
    ("text", "page"),
    ("text", "surface"),
    ("text-quiet", "page"),
    ("text-quiet", "surface"),
    ("text", "focus"),
    ("text", "calm-fill"),
    ("text", "plain-fill"),
    ("link", "page"),
    ("link", "surface"),
]
OTHER = [
    ("link-hover", "page"),
    ("link-visited", "page"),
    ("on-brand", "brand"),
    ("on-brand", "button"),
    ("on-brand", "button-hover"),
    ("on-brand", "serious"),
    ("on-brand", "dark-fill"),
    ("on-brand", "overdue-line"),
    ("done-text", "done-fill"),
    ("calm-text", "calm-fill"),
    ("due-text", "due-fill"),
    ("overdue-text", "overdue-fill"),
    ("overdue-line", "page"),
    ("text", "line"),
]
EDGES = [("due-line", "page"), ("brand", "page"), ("button", "page"), ("focus", "brand")]


def colours() -> dict[str, str]:
    text = (ROOT / "ui" / "_palette.scss").read_text("utf-8")
    return dict(re.findall(r"--tryeza-([\w-]+): (#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 7) for pair in BODY] + [(*pair, 4.5) for pair in OTHER] + [(*pair, 3) for pair in EDGES],
)
def test_contrast(front: str, back: str, least: float) -> None:
    palette = colours()
    assert contrast(palette[front], palette[back]) >= least


def test_palette_is_the_built_one() -> None:
    built = (ROOT / "tmr_app" / "static" / "vendor" / "tryeza.css").read_text("utf-8")
    for name, colour in colours().items():
        if colour != "#ffffff":
            assert f"--tryeza-{name}: {colour}" in built or f"--tryeza-{name}:{colour}" in built
