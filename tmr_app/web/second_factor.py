"""Time-based codes (RFC 6238): each code is taken once, the clock is ours, the picture needs no script."""

import io
from typing import Any

from flask_security import Totp
from markupsafe import Markup
from passlib.exc import TokenError

from tmr_app.kernel import clock
from tmr_app.kernel.db import session
from tmr_app.members import accounts
from tmr_app.members.account_models import Account


def _now() -> float:
    return clock.real_now().timestamp()


class Codes(Totp):
    """Flask-Security's TOTP factory with replay protection that holds across worker processes."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp = self._totp.using(now=_now)

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether the code is right and unused; a right one is used up at once. Blanks in it do not matter."""
        account: Account = user
        try:
            match = self._totp.verify("".join(token.split()), totp_secret, window=window)
        except (TokenError, ValueError, TypeError):
            return False
        if totp_secret != account.tf_totp_secret:
            account.tf_last_counter = match.counter  # a new secret being set up counts anew
            return True
        return accounts.take_code_step(session(), account, match.counter)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The key as an inline SVG (our CSP takes no data: pictures)."""
        import qrcode
        from qrcode.image.svg import SvgPathImage

        image = qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgPathImage, border=2)
        with io.BytesIO() as file:
            image.save(file)
            text = file.getvalue().decode()
        return Markup(text[text.index("<svg") :])  # noqa: S704  # drawn here, no user text in it
