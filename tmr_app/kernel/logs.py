"""Structured logs: one JSON object a line, allow-listed keys only, so nothing personal can slip in (T23)."""

import json
import logging
import sys

ALLOWED = frozenset(
    {"kind", "error", "request_id", "worker", "count", "status", "seconds", "job", "signal", "code"}
)


class AllowListed(logging.Formatter):
    """Level, logger, the constant message text and allow-listed extras; arguments of a message are dropped."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname, "logger": record.name}
        own = record.name.startswith("tmr.")
        line["event"] = str(record.msg) if own else record.name
        line.update({key: value for key, value in record.__dict__.items() if key in ALLOWED})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(record: logging.LogRecord) -> str:
    """The last frames as file:line, without any values."""
    frames, trace = [], record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(frames[-4:]))


def configure(level: int = logging.INFO) -> None:
    """Send every logger through the allow-list to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowListed())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("tmr").setLevel(level)
