"""Where a journey is not about the way there: the case, its Table and its meeting made by the real operations."""

from datetime import date
from typing import Any
from uuid import UUID

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.journeys.stage import Stage, town_of
from tests.journeys.steps_meeting import Called
from tests.meetings.member_kit import declare
from tmr_app.kernel import clock

SEATED = ("police", "school", "family_medicine")
CANARIES = mw.CANARIES


def case_of(stage: Stage, *, kinds: tuple[str, ...] = SEATED, **more: Any) -> UUID:
    """An assessed case with its Table; everybody has declared."""
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        return _case(session, stage, kinds, more).case.id


def meeting_of(
    stage: Stage,
    on: date = mw.MEETING_ON,
    *,
    kinds: tuple[str, ...] = SEATED,
    convened: bool = False,
    held_before: bool = False,
    **more: Any,
) -> Called:
    """A meeting ready to be convened (or convened); `held_before`: it is the review after a held first one."""
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        here = _case(session, stage, kinds, more)
        if held_before:
            mw.hold(session, mw.prepare(session, here, mw.call(session, here)), stage.now.date())
        meeting = mw.prepare(session, here, mw.call(session, here, "review" if held_before else "first"), on)
        if convened:
            hw.convene(session, here, meeting)
        return Called(here.case.id, meeting.id, meeting.code)


def _case(session: Any, stage: Stage, kinds: tuple[str, ...], more: dict[str, Any]) -> mw.CaseWorld:
    here = mw.case_world(session, kinds=kinds, town=town_of(session, stage.cast), **more)
    for person in (here.town.case_manager, *(here.town.members[kind] for kind in kinds)):
        declare(session, here, person, stage.now)
    return here
