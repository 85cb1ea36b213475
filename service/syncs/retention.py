"""Delete what is older than it is kept: changes of devices, and runs of syncs and imports."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from service.core.settings import SyncSettings
from service.store.ingested import syncs
from service.store.resolved import changes, customer_feeds

AT_ONCE = 10_000
"""Rows of each kind that one sync deletes at the most: other writers wait meanwhile."""


def forget_old(connection: Connection, rules: SyncSettings, now: datetime, at_once: int = AT_ONCE) -> None:
    """Delete the oldest of what is to be forgotten, in a writing transaction."""
    if rules.keep_changes_days:
        _forget_changes(connection, now - timedelta(days=rules.keep_changes_days), at_once)
    if rules.keep_runs_days:
        syncs.forget(connection, now - timedelta(days=rules.keep_runs_days), at_once)


def _forget_changes(connection: Connection, before: datetime, at_once: int) -> None:
    """Delete the oldest changes of all feeds, at most so many together."""
    for feed in (None, *customer_feeds.ids(connection)):
        if at_once > 0:
            at_once -= changes.forget(connection, before, at_once, feed)
