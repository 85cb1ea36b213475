"""The dependencies of a use case, besides its request: the store, the policy, the clock and the source of ids."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from matching.policy import Policy, PolicyEntry
from service.core.processes import THIS_MACHINE, ProcessTable
from service.store.access.actors import Actor
from service.store.access.visibility import Visibility
from service.store.engine import Store
from service.store.stewardship import policy_entries

Cause = Mapping[str, Any]
"""What made devices change, as the change feed keeps it: a sync, a decision, who decided."""

ENTRIES = "policy entries"
"""Where the notes of a store have them."""


@dataclass(frozen=True)
class ChangeContext:
    """
    All that one change of the store depends on besides what is stored: policy, moment, new ids, the cause, and who
    makes it.
    """

    policy: Policy
    at: datetime
    new_id: Callable[[], str]
    cause: Cause | None = None
    actor: Actor | None = None


@dataclass(frozen=True)
class World:
    """
    The store with all that is not in it. Time and ids are arguments, so that tests need no patching.

    `settings_policy` is what the settings say of matching. `new_id` gives an id that nobody had before; ids of devices
    are ordered by when they were made. `processes` tells whether a process that holds a lease is gone. `actor` is on
    whose behalf the store is changed. `visibility` says which records may be shown to them; None: all.
    """

    store: Store
    settings_policy: Policy
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    processes: ProcessTable = THIS_MACHINE
    actor: Actor | None = None
    visibility: Visibility | None = None

    @property
    def policy(self) -> Policy:
        """The policy in force, for who is in no transaction. Raises: StoreError."""
        with self.store.reading() as connection:
            return self.policy_in(connection)

    def policy_in(self, connection: Connection) -> Policy:
        """
        Return the policy in force: what the settings say, with the entries that people have made and not revoked.

        It is read anew in each transaction, because another process may make an entry. Raises: StoreError.
        """
        return self.settings_policy.with_entries(self._entries(connection))

    def policy_under(self, settings_policy: Policy) -> Policy:
        """Return the policy that would be in force if the settings said this. Raises: StoreError."""
        with self.store.reading() as connection:
            return settings_policy.with_entries(self._entries(connection))

    def acting(self, actor: Actor | None, visibility: Visibility | None = None) -> "World":
        """Return this world for somebody: every change names them, and they see no more than they may."""
        return World(self.store, self.settings_policy, self.now, self.new_id, self.processes, actor, visibility)

    def within(self, connection: Connection) -> "World":
        """Return this world in one transaction: whatever a use case stores there stands or falls with it."""
        store = replace(self.store, within=connection)
        return World(store, self.settings_policy, self.now, self.new_id, self.processes, self.actor, self.visibility)

    def change(self, connection: Connection, cause: Cause | None = None) -> ChangeContext:
        """Return the context of a change that is made now, in a transaction that writes."""
        return ChangeContext(self.policy_in(connection), self.now(), self.new_id, cause, self.actor)

    def _entries(self, connection: Connection) -> Sequence[PolicyEntry]:
        known: dict[str, Sequence[PolicyEntry]] = self.store.notes_in(connection)
        if ENTRIES not in known:
            known[ENTRIES] = [each.entry for each in policy_entries.standing(connection)]
        return known[ENTRIES]
