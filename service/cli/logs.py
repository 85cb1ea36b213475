"""The logs of the service: JSON lines on standard error, or text for people where that is a terminal."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from service.cli.terminal import say


def set_up_logs(level: int) -> None:
    """Send everything that is logged, by us and by the libraries, the same way; only from `level` on."""
    for_people = sys.stderr.isatty()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            pass_foreign_args=True,
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                structlog.contextvars.merge_contextvars,  # the key of the request under way
                _request,
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
    for name in ("uvicorn.error", "uvicorn.access"):  # each server of a process sets these for all of them
        logging.getLogger(name).setLevel(logging.NOTSET)


def _request(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Turn uvicorn's line for a request into fields, without the query: what was asked for is the customer's."""
    arguments = event.pop("positional_args", ())
    if event["_record"].name == "uvicorn.access":
        client, method, path, _version, status = arguments
        event.update(event="request", client=client, method=method, path=path.partition("?")[0], status=status)
    return event


class ToOperator(logging.Handler):
    """Tells what a library warns of as the command line tells everything: a line, and harmless."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell one warning."""
        say(record.getMessage())


def tell_warnings() -> None:
    """Tell warnings to whoever runs a command; a server's log replaces this."""
    logging.basicConfig(level=logging.WARNING, handlers=[ToOperator()], force=True)
