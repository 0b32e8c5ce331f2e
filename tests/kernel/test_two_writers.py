"""Two texts made into one proposal: every word of both, what they share once (F18)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmr_app.kernel import two_writers


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("abc", "abc", "abc"),
        ("abc dhe më tej", "abc", "abc dhe më tej"),
        ("abc", "abc dhe më tej", "abc dhe më tej"),
        ("", "x", "x"),
        ("y", "x", "x\n\ny"),
        ("Një. Dy. Tre.", "Një. Tre. Katër.", "Një. Dy. Tre. Katër."),
        ("Një. Nëna pranon. Tre.", "Një. Nëna refuzon. Tre.", "Një. Nëna refuzon.\n\nNëna pranon. Tre."),
        ("Një\nDy\nTre", "Një\nTre\nKatër", "Një\nDy\nTre\nKatër"),
        ("Më 3.4. erdhi. Foli", "Më 3.4. erdhi. Heshti", "Më 3.4. erdhi. Heshti\n\nFoli"),
    ],
)
def test_a_merge_holds_every_sentence_and_the_shared_once(mine: str, theirs: str, both: str) -> None:
    assert two_writers.merged(mine, theirs) == both


TEXTS = st.text(alphabet="abç. \n!?…", max_size=60).map(str.strip)


@given(TEXTS, TEXTS)
def test_a_merge_loses_no_word(mine: str, theirs: str) -> None:
    both = two_writers.merged(mine, theirs).split()
    assert (Counter(mine.split()) - Counter(both), Counter(theirs.split()) - Counter(both)) == (
        Counter(),
        Counter(),
    )
