"""`tmr serve`: one web server and one worker child; a child that dies is started again, SIGTERM stops both."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from types import FrameType

log = logging.getLogger("tmr.serve")

GRACE_SECONDS = 30
RESTART_WAITS = (0.5, 1, 2, 5, 10, 30)


class Child:
    """One child process, restarted with growing waits; the wait falls back after a minute of life."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.command = command
        self.environment = dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment)

    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self, seconds: float) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Keeps its children alive until told to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def run(self) -> int:
        """Start all, watch all, stop all. Returns 0 after SIGTERM or SIGINT, 1 when the web server could not start."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        for child in self.children:
            child.start()
        status = 0
        while not self.stopping.wait(0.2):
            for child in self.children:
                if child.ended() and not self._restart(child):
                    status = 1
                    self.stopping.set()
        for child in reversed(self.children):
            child.stop(GRACE_SECONDS)
        return status

    def _restart(self, child: Child) -> bool:
        """Start a dead child again after a wait. False when it died too often in a row to be worth another try."""
        if child.deaths >= len(RESTART_WAITS):
            return False
        log.warning("child died", extra={"kind": child.name, "count": child.deaths + 1})
        if self.stopping.wait(RESTART_WAITS[child.deaths]):
            return True
        child.deaths += 1
        child.start()
        return True

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()


def web_command(target: str, address: str, *, processes: int, threads: int) -> list[str]:
    """gunicorn with threads: `target` is a factory in `tmr_app.web.wsgi`."""
    return [
        *(sys.executable, "-m", "gunicorn", f"tmr_app.web.wsgi:{target}()"),
        *(
            "--bind",
            address,
            "--worker-class",
            "gthread",
            "--workers",
            str(processes),
            "--threads",
            str(threads),
        ),
        *("--graceful-timeout", str(GRACE_SECONDS), "--log-level", "warning", "--no-control-socket"),
    ]


def worker_command(*, demonstration: bool) -> list[str]:
    module = "tmr_app.jobs.demonstration_worker" if demonstration else "tmr_app.web.cli"
    return [sys.executable, "-m", module, *([] if demonstration else ["worker"])]
