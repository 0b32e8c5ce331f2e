"""Two versions of an assessment side by side: pure, texts in, rows out."""

from collections.abc import Iterator
from dataclasses import dataclass

from tmr_app.cases.assessing import FIVE, AssessmentData, FindingData


@dataclass(frozen=True, slots=True)
class Compared:
    """One heading in two versions. `key` is an indicator, a field's name, or "" with the `title` somebody gave."""

    key: str
    title: str
    before: str
    after: str
    level_before: str | None = None
    level_after: str | None = None
    has_level: bool = False

    @property
    def change(self) -> str:
        """same, added, removed or changed."""
        if (self.before, self.level_before) == (self.after, self.level_after):
            return "same"
        if not (self.before or self.level_before):
            return "added"
        return "removed" if not (self.after or self.level_after) else "changed"


def compare(before: AssessmentData, after: AssessmentData) -> list[Compared]:
    """The level of the case, the five indicators, further ones by their title, then the two texts of the whole."""
    rows = [Compared("risk_level", "", "", "", before.risk_level, after.risk_level, True)]
    rows += _findings(before, after)
    rows += [
        Compared(name, "", getattr(before, name), getattr(after, name))
        for name in ("summary", "best_interest")
    ]
    return rows


def _findings(before: AssessmentData, after: AssessmentData) -> Iterator[Compared]:
    old, new = _by_place(before), _by_place(after)
    five = [(key, "") for key in FIVE]
    further = [place for place in dict.fromkeys([*old, *new]) if place not in five]
    for place in [*five, *further]:
        yield _pair(place, old.get(place), new.get(place))


def _by_place(data: AssessmentData) -> dict[tuple[str, str], FindingData]:
    """The five by their key; further ones by title, so that a changed order is no change."""
    return {(one.indicator, "" if one.indicator in FIVE else one.title): one for one in data.findings}


def _pair(place: tuple[str, str], old: FindingData | None, new: FindingData | None) -> Compared:
    return Compared(
        key=place[0] if place[0] in FIVE else "",
        title=place[1],
        before=_told(old),
        after=_told(new),
        level_before=old.level if old else None,
        level_after=new.level if new else None,
        has_level=True,
    )


def _told(one: FindingData | None) -> str:
    if one is None:
        return ""
    return f"{one.findings}\n({one.source})" if one.source else one.findings
