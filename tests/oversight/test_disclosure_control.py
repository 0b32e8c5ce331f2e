"""A5.1.6 with A18.1: no hidden count can be bounded closer than three, whatever else is printed."""

from random import Random

import pytest

from tests.oversight import attacking
from tests.oversight.invented_towns import (
    AGE,
    GENDER,
    QUARTERS,
    RISK,
    Child,
    annual,
    quarter,
    sums,
    table,
    town,
)
from tmr_app.oversight import annual_national
from tmr_app.oversight.disclosure_cells import Cell, Dimension, Release, Sum, Table
from tmr_app.oversight.disclosure_control import (
    GAP,
    RULES,
    SMALL_MUNICIPALITY,
    municipality_copy,
    only_totals,
    public_copy,
    second_release,
)
from tmr_app.oversight.disclosure_worlds import Unknowns, gap

FAR = float("inf")
EVERYTHING = sums("2025") + sums("2026")


def counted(
    *counts: int, population: str = "treated", several: bool = False, total: int | None = None
) -> Table:
    names = tuple("abcdefgh"[: len(counts)])
    whole = Cell(population, "2026")
    cells = {whole: sum(counts) if total is None else total}
    cells |= {whole.narrowed("kind", name): count for name, count in zip(names, counts, strict=True)}
    return Table("kinds", population, "2026", cells, (Dimension("kind", names, several),))


def figures(release: Release) -> list[int | None]:
    return list(release.printed.values())


# what is hidden, borders first


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_the_municipality_copy_hides_one_to_four(count, printed):
    release = municipality_copy([counted(count, 20, 30)])
    assert release.printed[Cell("treated", "2026", (("kind", "a"),))] == printed


@pytest.mark.parametrize(
    ("count", "printed"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20)]
)
def test_the_public_copy_hides_below_ten_and_rounds_to_five(count, printed):
    tables = [counted(count, 40, 50, 60)]
    release = public_copy(tables, municipality_copy(tables))
    assert release.printed[Cell("treated", "2026", (("kind", "a"),))] == printed


def test_one_hidden_cell_beside_its_total_takes_another_with_it():
    assert figures(municipality_copy([counted(2, 20, 30)])) == [52, None, None, 30]


def test_two_hidden_cells_of_one_each_take_a_third():
    """Their sum is two and each is at least one: nobody would have to guess."""
    assert figures(municipality_copy([counted(1, 1, 9, 30)])) == [41, None, None, None, 30]


def test_zero_protects_nothing_and_stays_printed():
    assert figures(municipality_copy([counted(3, 0, 12)])) == [15, None, 0, None]


def test_what_the_municipality_copy_hides_the_public_copy_hides_too():
    tables = [counted(2, 20, 30)]
    assert figures(public_copy(tables, municipality_copy(tables)))[2] is None


def test_the_same_margin_is_rounded_alike_in_every_table():
    children = town(Random(5), 137)
    tables = annual(children, "2026")
    release = public_copy(tables, municipality_copy(tables, sums=sums("2026")), sums=sums("2026"))
    assert release.printed[Cell("treated", "2026")] == 135


def test_general_meetings_hide_no_child_and_are_printed_as_they_are():
    whole = Cell("general_meetings", "2026")
    release = municipality_copy([Table("general", "general_meetings", "2026", {whole: 3}, of_children=False)])
    assert release.printed == {whole: 3}


def test_a_table_has_two_dimensions_at_most():
    with pytest.raises(ValueError, match="two dimensions"):
        Table("x", "treated", "2026", {}, (AGE, GENDER, RISK))


def test_a_town_of_few_cases_prints_totals_only():
    children = town(Random(1), SMALL_MUNICIPALITY - 1)
    release = municipality_copy(only_totals(annual(children, "2026")), sums=sums("2026"))
    assert all(cell.at == () for cell in release.printed)


# other papers


def test_the_flow_of_a_year_gives_no_hidden_total_away():
    """Carried over 20, referred 10, open at the end 27: the three closed ones would follow."""
    tables = [
        Table(name, name, "2026", {Cell(name, "2026"): count})
        for name, count in (
            ("open_start", 20),
            ("referred", 10),
            ("treated", 30),
            ("closed", 3),
            ("open_end", 27),
        )
    ]
    release = municipality_copy(tables, sums=sums("2026"))
    hidden = {cell.population for cell in release.hidden}
    assert "closed" in hidden
    assert "open_end" in hidden


def test_a_quarter_printed_before_is_not_given_away_by_the_year():
    """Three quarters of 10, 2 hidden, 10, 10: the year's 32 would tell the second."""
    whole = Cell("referred", "2026")
    parts = tuple(Cell("referred", f"2026-{name}") for name in QUARTERS)
    rule = [Sum(whole, parts)]
    before = [
        municipality_copy([Table("q", "referred", part.period, {part: count})])
        for part, count in zip(parts, (10, 2, 10, 10), strict=True)
    ]
    release = municipality_copy([Table("y", "referred", "2026", {whole: 32})], sums=rule, earlier=before)
    assert release.printed == {whole: None}


def test_last_years_hidden_open_cases_stay_hidden_in_this_years_start():
    last = Cell("open_end", "2025")
    start = Cell("open_start", "2026")
    rule = [Sum(start, (last,))]
    before = municipality_copy([Table("o", "open_end", "2025", {last: 3})])
    release = municipality_copy([Table("s", "open_start", "2026", {start: 3})], sums=rule, earlier=[before])
    assert release.printed == {start: None}


# a second release


def test_a_second_release_after_one_added_case_differs_in_no_cell():
    first_tables, second_tables = [counted(12, 20, 30)], [counted(13, 20, 30)]
    before = municipality_copy(first_tables)
    new = municipality_copy(second_tables, earlier=[before])
    assert second_release(new, before).printed == before.printed


def test_one_added_case_that_moves_a_rounded_figure_is_not_printed_either():
    before_tables, tables = [counted(12, 20, 30)], [counted(13, 20, 30)]
    before = public_copy(before_tables, municipality_copy(before_tables))
    new = public_copy(tables, municipality_copy(tables), earlier=[before])
    assert second_release(new, before).printed == before.printed


def test_a_large_correction_is_printed_and_what_was_hidden_stays_hidden():
    before = municipality_copy([counted(2, 20, 30, 40)])
    new = municipality_copy([counted(2, 20, 30, 60)], earlier=[before])
    release = second_release(new, before)
    assert figures(release) == [112, None, None, 30, 60]


@pytest.mark.parametrize("seed", range(8))
def test_any_single_added_case_changes_nothing_printed(seed):
    random = Random(seed)
    children = town(random, random.randint(10, 120))
    before = municipality_copy(annual(children, "2026"), sums=sums("2026"))
    more = annual([*children, *town(random, 1)], "2026")
    new = municipality_copy(more, sums=sums("2026"), earlier=[before])
    assert second_release(new, before).printed == before.printed


def test_a_release_is_stored_and_read_back_whole():
    release = municipality_copy(annual(town(Random(3), 60), "2026"), sums=sums("2026"))
    again = Release.read(release.stored())
    assert (again.copy, again.printed, again.truth) == (release.copy, release.printed, release.truth)
    assert [shape.stored() for shape in again.shapes] == [shape.stored() for shape in release.shapes]


# the worlds


def test_a_world_keeps_every_sum_and_every_printed_figure():
    """What proves a gap is checked itself: two worlds, both true to all that is printed."""
    unknowns = Unknowns()
    for name, value, low, high in (("t", 30, 30, 30), ("a", 2, 1, 99), ("b", 8, 1, 99), ("c", 20, 20, 20)):
        unknowns.add(name, value)
        unknowns.know(name, low, high)
    unknowns.tie([("t", 1), ("a", -1), ("b", -1), ("c", -1)])
    width, worlds = gap(unknowns, "a", GAP)
    assert width == GAP
    for world in worlds:
        assert world[0] == sum(world[1:])
        assert all(
            low <= value <= high for low, value, high in zip(unknowns.low, world, unknowns.high, strict=True)
        )


# the attack


def releases_of(seed: int) -> list[Release]:
    """Everything a municipality prints in two years, in order: last year, four quarters, this year."""
    random = Random(seed)
    size = int(random.lognormvariate(3.8, 0.9))
    last, children = town(random, size), town(random, int(size * random.uniform(0.6, 1.4)))
    printed = [_annual(last, "2025", [])]
    for name in QUARTERS:
        tables = quarter(children, "2026", name)
        few = tables[0].counts[tables[0].total] < SMALL_MUNICIPALITY
        chosen = only_totals(tables)[:1] if few else tables
        printed.append(municipality_copy(chosen, sums=sums("2026"), earlier=printed))
    printed.append(_annual(children, "2026", printed))
    return printed


def _annual(children: list[Child], year: str, earlier: list[Release]) -> Release:
    tables = annual(children, year)
    chosen = only_totals(tables) if len(children) < SMALL_MUNICIPALITY else tables
    return municipality_copy(chosen, sums=sums(year), earlier=earlier)


def narrowed(releases: list[Release]) -> list[str]:
    """The hidden counts that the attack bounds closer than the gap, from the printed papers alone."""
    rule = RULES[releases[0].copy]
    hidden = (1 if rule.shows_zero else 0, FAR)
    printed: dict[Cell, tuple[float, float]] = {}
    for release in releases:
        for cell, value in release.printed.items():
            printed[cell] = hidden if value is None else rule.known(value)
    shapes = [shape for release in releases for shape in release.shapes]
    found = attacking.bounds(printed, shapes, EVERYTHING)
    return [
        cell.name
        for cell, (low, high) in printed.items()
        if (low, high) == hidden and found[cell.name][1] - found[cell.name][0] < GAP
    ]


@pytest.mark.parametrize("start", range(0, 50, 10))
def test_no_hidden_count_is_bounded_over_fifty_towns(start):
    assert [narrowed(releases_of(seed)) for seed in range(start, start + 10)] == [[]] * 10


@pytest.mark.prove
def test_no_hidden_count_is_bounded_over_five_hundred_towns():
    assert not [name for seed in range(500) for name in narrowed(releases_of(seed))]


def test_the_public_copy_withstands_the_attack():
    for seed in range(20):
        children = town(Random(seed), 15 + 12 * seed)
        tables = annual(children, "2026")
        private = municipality_copy(tables, sums=sums("2026"))
        assert narrowed([public_copy(tables, private, sums=sums("2026"))]) == []


def public_releases_of(seed: int) -> list[Release]:
    """Both public copies that anybody may set side by side: last year's and this one's."""
    random = Random(seed)
    size = int(random.lognormvariate(4.2, 0.7)) + SMALL_MUNICIPALITY
    last, children = town(random, size), town(random, int(size * random.uniform(0.6, 1.4)))
    printed: list[Release] = []
    for year, people in (("2025", last), ("2026", children)):
        tables = annual(people, year)
        shown = only_totals(tables) if len(people) < SMALL_MUNICIPALITY else tables
        private = municipality_copy(shown, sums=sums(year))
        printed.append(public_copy(shown, private, sums=sums(year), earlier=printed))
    return printed


def test_two_years_of_public_copies_withstand_the_attack():
    assert [narrowed(public_releases_of(seed)) for seed in range(6)] == [[]] * 6


@pytest.mark.prove
def test_two_years_of_public_copies_of_two_hundred_towns_withstand_the_attack():
    assert not [name for seed in range(200) for name in narrowed(public_releases_of(seed))]


def test_the_attack_finds_what_hiding_small_counts_alone_gives_away():
    """The attack can fail: without companions it bounds hidden counts in almost every town."""
    caught = 0
    for seed in range(10):
        tables = annual(town(Random(seed), 60), "2026")
        truth = {cell: value for one in tables for cell, value in one.counts.items()}
        bare = {cell: None if 0 < value < 5 else value for cell, value in truth.items()}
        caught += bool(narrowed([Release("municipality", bare, truth, tuple(tables))]))
    assert caught >= 8


def test_a_child_is_counted_once_in_each_division():
    children = town(Random(2), 40)
    made = table("ages", "treated", "2026", children, AGE, GENDER)
    for whole, parts, several in made.divisions():
        assert not several
        assert made.counts[whole] == sum(made.counts[part] for part in parts)


def test_the_country_less_all_the_others_tells_of_none():
    """Thirty printed in one town, two hidden in the other: the country's 32, printed as 30, would leave one or two."""
    towns = {"a": counted(30, 20, 40), "b": counted(2, 20, 40)}
    reports = [(key, municipality_copy([one])) for key, one in towns.items()]
    country = counted(32, 40, 80)
    release = annual_national.released([country], 2026, reports)
    small = Cell("treated", "2026", (("kind", "a"),))
    assert release.printed[small] is None
    alone = annual_national.released([country], 2026, [])
    assert alone.printed[small] == 30


def test_the_country_is_compiled_again_only_for_large_changes():
    country, more = counted(320, 40, 80), counted(321, 40, 80)
    before = annual_national.released([country], 2026, [])
    assert annual_national.released([more], 2026, [], before).printed == before.printed
