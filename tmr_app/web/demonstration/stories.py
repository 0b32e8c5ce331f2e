"""All stories of the demonstration, told together."""

from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.web.demonstration.towns import World


def tell_all(session: Session, world: World, now: datetime) -> None:
    pass
