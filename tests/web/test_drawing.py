"""What a template writes: escaped exactly as MarkupSafe would, for every character there is."""

import sys

import pytest
from markupsafe import Markup, escape

from tmr_app.web.drawing import written

ESCAPED = "&<>'\""


@pytest.mark.parametrize("character", ESCAPED)
def test_each_unsafe_character_is_escaped_wherever_it_stands(character: str) -> None:
    for text in (character, f"a{character}", f"{character}b", f"a\n{character}\nb"):
        assert written(text) == str(escape(text)) != text


def test_no_other_character_is_changed_by_markupsafe() -> None:
    others = "".join(chr(code) for code in range(sys.maxunicode + 1) if chr(code) not in ESCAPED)
    assert written(others) == others == str(escape(others))


def test_markup_stays_and_anything_else_is_escaped_by_its_words() -> None:
    class Named(str):
        __slots__ = ()

    class Drawn:
        def __html__(self) -> str:
            return "<b>&amp;</b>"

    assert written(Markup("<b>&amp;</b>")) == "<b>&amp;</b>" == written(Drawn())
    assert written(Named("<b>")) == "&lt;b&gt;"
    assert (written(7), written(None)) == ("7", "None")
