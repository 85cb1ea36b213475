"""A report as one JSON object; its totals stand behind the rows, because they are known then."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from service.reports.making import MadeReport

ROWS = 200
"""Rows that are handed out at a time."""

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS


def json_chunks(made: MadeReport[Any, Any]) -> Iterator[bytes]:
    """Yield how the report was made, its rows, and what they add up to."""
    head = orjson.dumps(made.head, option=_OPTIONS)
    separator = head.removesuffix(b"}") + b',"rows":['
    while rows := list(islice(made.rows, ROWS)):
        written = orjson.dumps(rows, option=_OPTIONS)
        yield separator + written[1:-1]
        separator = b","
    end = b'],"totals":' + orjson.dumps(made.totals(), option=_OPTIONS) + b"}"
    yield end if separator == b"," else separator + end
