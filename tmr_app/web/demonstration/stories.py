"""All stories of the demonstration, told together in the order of time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tmr_app.kernel import clock
from tmr_app.members import holidays
from tmr_app.web.demonstration import (
    annual_steps,
    closing_steps,
    general_steps,
    history,
    present,
    present_mixed,
    sign_steps,
)
from tmr_app.web.demonstration.present import Stage
from tmr_app.web.demonstration.timeline import Diary, play
from tmr_app.web.demonstration.towns import World

JUST_BEFORE = timedelta(minutes=30)


def tell_all(session: Session, world: World, now: datetime) -> None:
    """Two years up to the present, then what happens just now: its mail is really sent by the worker."""
    diary = Diary(clock.civil_date(now), holidays.calendar(session))
    pristina = Stage(session, world, diary, world.towns["prishtine"])
    novo_brdo = Stage(session, world, diary, world.towns["novoberde"])
    told = [
        *history.stories(session, world, diary),
        *general_steps.stories(session, world, diary),
        *annual_steps.stories(session, world, diary),
        *present.stories(pristina),
        *closing_steps.stories(pristina),
        *present_mixed.stories(novo_brdo),
        sign_steps.reminded(session, diary),
    ]
    play(session, told, now - JUST_BEFORE)
    with clock.fixed_at(now):
        present.just_now(pristina)
        present_mixed.just_now(novo_brdo)
        session.flush()
