"""How often somebody may try: which limits count for which try, and what is logged.

Counted per pair of account and network, so a stranger elsewhere does not shut the owner out (T17); strangers' networks
are also counted per network and all together. Codes are counted per account: whoever tries one knows the password.
"""

from flask import g, request
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock, throttle
from tmr_app.kernel.throttle import Limit
from tmr_app.kernel.web_session import network_of
from tmr_app.members import accounts
from tmr_app.members.account_models import Account

PAIR = Limit("sign-in", 10, 300)
NETWORK = Limit("sign-in-network", 60, 300)
EVERYBODY = Limit("sign-in-everybody", 600, 300)
CODES = (Limit("code", 5, 300), Limit("code", 20, 3600), Limit("code", 50, 86400))
LINK_CODES = (Limit("link-code", 5, 300), Limit("link-code", 20, 86400))
RESETS = (Limit("reset", 3, 3600),)


class Tries:
    """One try against its limits: `begin` counts and commits it, `right` takes it back, `wrong` logs it."""

    def __init__(
        self, session: Session, limits: list[tuple[Limit, str]], account: Account | None, tag: str
    ) -> None:
        self.session = session
        self.limits = limits
        self.account_id = account.id if account else None
        self.tag = tag

    def begin(self) -> bool:
        """Count before judging. False when too many: then nothing is judged."""
        passed = throttle.count_all(self.session, self.limits, now=clock.real_now())
        if passed:
            self._note(f"{self.tag}:throttled")
            g.answer_status = 429
        # Committed now: the count must stand whatever follows, and hashing must not hold the write lock.
        self.session.commit()
        return not passed

    def right(self) -> None:
        throttle.forgive(self.session, self.limits, now=clock.real_now())

    def wrong(self) -> None:
        self._note(f"{self.tag}:failed")
        g.answer_status = 422

    def _note(self, tag: str) -> None:
        network = network_of(request.remote_addr)
        audit.identify(self.session, actor_id=None, network=network)
        audit.note(self.session, tag, object_type="account", object_id=self.account_id, outcome="refused")


def at_sign_in(session: Session, email: str, account: Account | None) -> Tries:
    network = network_of(request.remote_addr)
    limits = [(PAIR, f"{email}\x00{network}")]
    if account is None or not accounts.is_known_network(session, account, network):
        limits += [(NETWORK, network), (EVERYBODY, "")]
    return Tries(session, limits, account, "login")


def at_code(session: Session, account: Account) -> Tries:
    return Tries(session, [(limit, str(account.id)) for limit in CODES], account, "code")
