"""What the demonstration's address answers while it is being filled: that it is, and that the page opens by itself."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

log = logging.getLogger("tmr.serve")

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
ROOM = Path(__file__).resolve().parents[2]
STYLE = "/static/vendor/tryeza.css"
AGAIN_SECONDS = "2"
PAGE = f"""<!DOCTYPE html>
<html lang="sq" class="govuk-template"><head><meta charset="utf-8"><title>Tryeza</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{STYLE}"></head>
<body class="govuk-template__body"><div class="govuk-width-container"><main class="tryeza-main">
<h1 class="govuk-heading-l">Demonstrimi po mbushet</h1>
<p class="govuk-body" role="status">Po tregohen dy vjet raste të shpikura. Kjo faqe hapet vetë sapo të jetë gati.</p>
<p class="govuk-body" lang="sr-Latn">Demonstracija se puni izmišljenim slučajevima. Stranica će se sama otvoriti.</p>
<p class="govuk-body" lang="en">The demonstration is being filled with invented cases. This page opens by itself.</p>
</main></div></body></html>
""".encode()


def wait_for(mark: Path) -> None:
    """The parent sets the mark when the data are there, and ends us when it cannot."""
    while not mark.exists():
        time.sleep(0.1)


class Opening:
    """A WSGI application that says "not yet" (503) until `mark` is there and `build` has made the real one."""

    def __init__(self, mark: Path, build: Callable[[], Wsgi]) -> None:
        self.mark, self.build = mark, build
        self.app: Wsgi | None = None
        self.opener = threading.Thread(target=self._open, daemon=True)
        self.opener.start()

    def _open(self) -> None:
        import tmr_app.web.app  # noqa: F401 -- loaded while the data are being made

        wait_for(self.mark)
        try:
            self.app = self.build()
        except Exception:
            log.exception("the demonstration could not be opened")
            raise

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.app is not None:
            return self.app(environ, start_response)
        if environ.get("PATH_INFO") == STYLE:
            start_response("200 OK", [("Content-Type", "text/css")])
            return [(ROOM / STYLE.lstrip("/")).read_bytes()]
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        again = [("Retry-After", AGAIN_SECONDS), ("Refresh", AGAIN_SECONDS)]
        policy = [("Content-Security-Policy", "default-src 'none'; style-src 'self'; font-src 'self'")]
        start_response("503 Service Unavailable", [*headers, *again, *policy])
        return [PAGE]
