"""The quarter's figures of a general meeting: counted, hidden where small, the same when they are counted again."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.fixtures import general_world as gw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.models import Case
from tmr_app.kernel import clock
from tmr_app.meetings import general_figures as asked
from tmr_app.meetings.general_figures import FigureTable, Quarter
from tmr_app.oversight import general_figures
from tmr_app.oversight.disclosure_cells import Release

QUARTER = Quarter(date(2026, 7, 1), date(2026, 9, 30))


@pytest.fixture(autouse=True)
def provided() -> None:
    asked.provide(general_figures.counted)


def town_with(session: Session, count: int) -> gw.GeneralWorld:
    """So many children referred in the third quarter: half of them born in 2018, the rest in 2012."""
    first = mw.case_world(session, assessed=False)
    ids: list[UUID] = [first.case.id]
    ids += [mw.case_world(session, town=first.town, assessed=False).case.id for _number in range(count - 1)]
    session.flush()
    for number, case_id in enumerate(ids):
        session.execute(
            update(Case)
            .where(Case.id == case_id)
            .values(referred_on=date(2026, 8, 1 + number), birth_year=2018 if number % 2 else 2012)
        )
    return gw.general_world(session, town=first.town)


def tables(session: Session, here: gw.GeneralWorld) -> dict[str, FigureTable]:
    with clock.fixed_at(gw.NOW):
        return {one.key: one for one in asked.count(session, here.id, QUARTER).tables}


def test_few_children_give_totals_only(engine: Engine) -> None:
    with work(engine) as session:
        here = town_with(session, 3)
        found = tables(session, here)
        assert set(found) == {"referrals", "signals"}
        assert found["referrals"].rows == (("total", general_figures.HIDDEN),)  # three is hidden itself
        assert found["referrals"].note == "few"


def test_twelve_children_are_shown_in_bands(engine: Engine) -> None:
    with work(engine) as session:
        here = town_with(session, 12)
        found = tables(session, here)
        assert found["referrals"].rows == (("total", 12),)
        assert dict(found["ages"].rows) == {"total": 12, "age:6-10": 6, "age:11-14": 6}
        assert dict(found["signals"].rows)["school"] == 0


def test_a_small_band_is_hidden_with_a_companion(engine: Engine) -> None:
    with work(engine) as session:
        here = town_with(session, 12)
        case = session.query(Case).filter(Case.birth_year == 2018).first()
        assert case
        case.birth_year = 2010
        session.flush()
        rows = dict(tables(session, here)["ages"].rows)
        assert rows["age:15-17"] == general_figures.HIDDEN
        hidden = [name for name, figure in rows.items() if figure == general_figures.HIDDEN]
        assert len(hidden) >= 2, "one hidden figure alone is the total less the others"


def test_counted_again_a_small_change_does_not_show(engine: Engine) -> None:
    """A case entered later into the same quarter: the figures shown first stay."""
    with work(engine) as session, clock.fixed_at(gw.NOW):
        here = town_with(session, 12)
        meeting = gw.convene(session, here, gw.call(session, here))
        first = meeting.figures
        assert Release.read(first["release"]).printed
        late = mw.case_world(session, town=here.town, assessed=False)
        session.execute(
            update(Case).where(Case.id == late.case.id).values(referred_on=date(2026, 9, 2), birth_year=2018)
        )
        again = asked.stored(QUARTER, asked.count(session, here.id, QUARTER))
        assert again["tables"] == first["tables"]


def test_minutes_hold_what_was_shown_and_nothing_more(engine: Engine) -> None:
    with work(engine) as session, clock.fixed_at(gw.NOW):
        here = town_with(session, 12)
        meeting = gw.convene(session, here, gw.call(session, here))
        kept = asked.shown(meeting.figures)
        assert kept
        assert str(kept[1][0].title) == "Children referred in the quarter"
        gw.hold(session, here, meeting)
        from tmr_app.meetings import general_minutes

        minutes = general_minutes.latest(session, meeting.id)
        assert minutes
        assert "release" not in minutes.content["figures"]
