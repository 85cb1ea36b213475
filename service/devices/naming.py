"""What people are shown of devices and records: names before ids, and short."""

from collections.abc import Mapping, Sequence
from typing import Any

from matching.model import Key

LONGEST_ID = 20
"""Characters of a record's id that are shown whole; a longer one is cut to its beginning, unless all is asked for."""

BEGINNING = 8
"""Characters that are shown of a longer one."""


def device_name(values: Mapping[str, Any], records: Sequence[str] = ()) -> str:
    """Return what a device is called: its name or hostname, else its first record."""
    named = values.get("name") or values.get("hostname")
    return str(named or (records[0] if records else "a device without a name"))


def short_record(record: str) -> str:
    """
    Return a record, written `provider:id`, short enough to be read.

    >>> short_record("cw_rmm:8f7b05c8-1947-45e8-b9e2-4a9e95849881"), short_record("cw_manage:4711")
    ('cw_rmm:8f7b05c8..', 'cw_manage:4711')
    """
    provider, own = Key.parse(record)
    return record if len(own) <= LONGEST_ID else f"{provider}:{own[:BEGINNING]}.."


def records_named(records: Sequence[str], *, full: bool = False) -> str:
    """Return records below a device's name: short, or as they are."""
    return ", ".join(records if full else map(short_record, records))


def providers_of(records: Sequence[str]) -> str:
    """
    Return the providers that list some records, each once.

    >>> providers_of(["cw_manage:1", "ninjaone:2", "cw_manage:3"])
    'cw_manage, ninjaone'
    """
    return ", ".join(dict.fromkeys(Key.parse(record).provider for record in records))


def day_and_time(moment: object) -> str:
    """
    Return a time of a golden record to the minute, UTC; empty where there is none.

    >>> day_and_time("2026-11-20T05:53:39Z")
    '2026-11-20 05:53'
    """
    return str(moment)[:16].replace("T", " ") if moment else ""
