"""Text on its way in and out: B22-B30 of the bad-input catalogue, T14 for spreadsheets."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmr_app.kernel.text import TextRefused, cell, clean, fold, header_line, mail_address, mixed_script_words


def reason(value: str, **options: Any) -> str:
    with pytest.raises(TextRefused) as refused:
        clean(value, **options)
    return refused.value.message.msgid


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("Arta Krasniqi", "Arta Krasniqi"),
        ("  Arta \t  Krasniqi\u00a0 ", "Arta Krasniqi"),
        ("Arta\n", "Arta"),
        ("C\u0327lirim e\u0308", "Çlirim ë"),  # B26
        ("Ђорђе Петровић", "Ђорђе Петровић"),  # B26: Cyrillic is kept
        ("Đorđe Šćepanović", "Đorđe Šćepanović"),
        ("Ar\u200bta", "Arta"),
        ("\ufeffArta\u200f", "Arta"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # B27: text is text
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("' OR 1=1 --", "' OR 1=1 --"),  # B28
        ("100 % _", "100 % _"),
        ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),  # B29
    ],
)  # fmt: skip
def test_one_line_is_cleaned(given_text: str, stored: str) -> None:
    assert clean(given_text) == stored


@pytest.mark.parametrize(
    "blank",
    ["", "   ", "\u200b\u200b", "\u2060", "\ufeff \u00ad", "\u3164", "\u2800\u2800", "\u180e", "\u200d", "\n\t\n",
     "\u00a0\u2003", "\U000e0041", "\u034f", "\u115f\u1160"],
)  # fmt: skip
@pytest.mark.parametrize("lines", [False, True])
def test_what_shows_nothing_is_empty(blank: str, lines: bool) -> None:
    """B23."""
    assert clean(blank, lines=lines) == ""


@pytest.mark.parametrize("control", ["\x00", "\x01", "\x08", "\x1b", "\x7f", "\x9b", "\ud800"])
@pytest.mark.parametrize("lines", [False, True])
def test_control_characters_are_refused(control: str, lines: bool) -> None:
    """B24."""
    assert "control character" in reason(f"Ar{control}ta", lines=lines)


@pytest.mark.parametrize(
    "turn", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
def test_turning_the_reading_direction_is_refused(turn: str) -> None:
    """B25."""
    assert "reading direction" in reason(f"raport{turn}fdp.exe")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Аrta Krasniqi", ("Аrta",)),  # the first letter is Cyrillic
        ("Krasniqi Mаrk", ("Mаrk",)),
        ("Ρetar", ("Ρetar",)),  # Greek rho
        ("Arta Ђорђе", ()),  # two words, two scripts: both honest
        ("Ђорђе Петровић", ()),
        ("Đorđe 2. razred", ()),
        ("Çlirim-77", ()),
    ],
)
def test_lookalike_words_are_flagged(text: str, words: tuple[str, ...]) -> None:
    """B25."""
    assert mixed_script_words(text) == words


def test_ten_thousand_letters_name_the_limit() -> None:
    """B22."""
    with pytest.raises(TextRefused) as refused:
        clean("a" * 10_000, limit=200)
    assert dict(refused.value.message.params) == {"limit": 200, "length": 10_000}


def test_the_limit_counts_what_is_stored() -> None:
    assert clean("  " + "e\u0308" * 200 + "  ", limit=200) == "ë" * 200
    assert clean("a" * 200, limit=200) == "a" * 200
    with pytest.raises(TextRefused):
        clean("a" * 201, limit=200)


def test_long_text_keeps_its_lines() -> None:
    assert clean("Një \r\n\r\ndy\rtre\u2028katër  \n\n", lines=True) == "Një\n\ndy\ntre\nkatër"
    assert clean("familja 👨\u200d👩\u200d👧", lines=True) == "familja 👨\u200d👩\u200d👧"
    assert "one line" in reason("Një\ndy")


@pytest.mark.parametrize(
    "same",
    [
        ("Çlirim 77", "clirim  77", "ÇLIRIM-77", "C\u0327lirim 77", "Çli\u200brim 77"),
        ("Đorđe", "Djordje", "ĐORĐE", "Ђорђе", "djordje", "DJORDJE"),
        ("Љиљана Њежић", "Ljiljana Nježić", "ljiljana njezic"),
        ("Џевад Жикић", "Dževad Žikić", "ǅevad zikic"),
        ("Чедомир Ћосић", "Čedomir Ćosić", "cedomir cosic"),
        ("Gëzim", "gezim", "GËZIM", "Gezim"),
        ("Ayşe Yıldız", "ayse yildiz", "AYŞE YILDIZ"),
        ("O'Neill", "O’Neill", "oneill"),
    ],
)
def test_folded_names_meet(same: tuple[str, ...]) -> None:
    assert len({fold(name) for name in same}) == 1


def test_different_names_stay_apart() -> None:
    names = ["Arta", "Artan", "Gëzim", "Gazmend", "Ђорђе", "Зоран", "Шпреса", "Čedomir"]
    assert len({fold(name) for name in names}) == len(names)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing(text: str, lines: bool) -> None:
    try:
        once = clean(text, lines=lines)
    except TextRefused:
        return
    assert clean(once, lines=lines) == once


@pytest.mark.parametrize(
    "bad", ["Takim\r\nBcc: x@y.example", "Takim\nX", "Takim\r", "a\x00b", "a\u2028b", "a\x85b"]
)
def test_headers_refuse_line_ends(bad: str) -> None:
    with pytest.raises(TextRefused):
        header_line(bad)
    assert header_line("Takim, 17 nëntor") == "Takim, 17 nëntor"


@pytest.mark.parametrize(
    "bad",
    ["", "arta", "arta@", "@ks.example", "arta@@ks.example", "a@b@ks.example", "arta@localhost", "arta@ks..example",
     "arta@-ks.example", "arta ks@ks.example", "arta@ks.example\r\nBcc: x@y.example", "arta@ks.example\nX",
     "a\x00b@ks.example", "arta.@ks.example", ".arta@ks.example", "<arta@ks.example>", "arta@ks.example, b@ks.example",
     "a" * 65 + "@ks.example", "a@" + "b" * 250 + ".example", "arta@192.0.2.1", "artа@ks.example"],
)  # fmt: skip
def test_broken_mail_addresses_are_refused(bad: str) -> None:
    """B30; the last has a Cyrillic а."""
    with pytest.raises(TextRefused):
        mail_address(bad)


def test_good_mail_addresses_are_kept() -> None:
    assert mail_address(" Arta.Krasniqi+tryeza@RKS-Gov.Example ") == "Arta.Krasniqi+tryeza@rks-gov.example"
    assert mail_address("o'hara@a-b.ks.example") == "o'hara@a-b.ks.example"


@pytest.mark.parametrize(
    "start",
    ["=", "+", "-", "@", "|", "%", "\t=", "\r=", "\n=", "  =", "\u200b=", "\ufeff=", "\x00=", "\uff1d", "\uff0b",
     "\uff0d", "\uff20", "\u00a0@", "\t", "\r", "\u202e="],
)  # fmt: skip
def test_formulas_become_text(start: str) -> None:
    """T14, B29, ASVS 1.2.10."""
    neutral = cell(f'{start}HYPERLINK("https://a.example")')
    assert neutral.startswith("'")
    assert "\x00" not in neutral


@pytest.mark.parametrize("plain", ["Arta", "a=b", "1 - 2", "", "'", "ë@ks.example", "50 %"])
def test_plain_cells_stay_as_they_are(plain: str) -> None:
    assert cell(plain) == plain


@given(st.text(alphabet=string.printable + "\u200b\ufeff\u00a0=+-@|%\uff1d"))
def test_no_cell_begins_a_formula(text: str) -> None:
    assert not cell(text).strip(string.whitespace + "\u200b\ufeff\u00a0").startswith(tuple("=+-@|%\uff1d"))
