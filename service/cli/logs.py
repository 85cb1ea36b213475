"""The logs of the service: JSON lines on standard error, or text for people where that is a terminal."""

import logging
import sys
import threading

import structlog

from service.cli.terminal import say

FIELDS = ("request_id", "method", "path", "status", "duration_ms", "client", "reason")
"""What a line of the log may have beside its event; libraries add what only they understand."""


def set_up_logs(level: int) -> None:
    """Send everything that is logged or warned of, by us and by libraries, the same way; only from `level` on."""
    for_people = sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.contextvars.merge_contextvars,  # id and key of the request under way
                structlog.stdlib.ExtraAdder(allow=FIELDS),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.dev.ConsoleRenderer(colors=False, timestamp_key="at")
                if for_people
                else structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells at every look at the tables which database it is
    logging.getLogger("uvicorn.error").setLevel(logging.NOTSET)  # each server of a process sets it for all of them
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_failed


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value:
        logging.getLogger("samebox").error("a thread ended with a defect", exc_info=failure.exc_value)


class ToOperator(logging.Handler):
    """Tells what a library warns of as the command line tells everything: a line, and harmless."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one warning."""
        say(record.getMessage())


def tell_warnings() -> None:
    """Tell warnings to whoever runs a command; a server's log replaces this."""
    logging.basicConfig(level=logging.WARNING, handlers=[ToOperator()], force=True)
