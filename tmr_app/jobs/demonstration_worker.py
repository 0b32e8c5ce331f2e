"""The worker under `tmr demo`: the same clockwork over a database marked as a demonstration."""

from tmr_app.jobs import scheduler
from tmr_app.web.wsgi import demonstration

if __name__ == "__main__":
    scheduler.run(demonstration())
