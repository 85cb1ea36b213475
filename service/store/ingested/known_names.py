"""
Which providers, companies and types of devices there are, so that a misspelt name is no empty list.

A text with NUL is no misspelt name: it finds nothing, as everywhere.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, union

from service.core.choosing import unknown_value
from service.store.access.visibility import Customer
from service.store.database.tables import devices, memberships, quarantine, records, syncs
from service.store.database.types import indexable

MOST_DEVICES = 100_000
"""Devices among whose names the nearest to a misspelt one is looked for."""

_KNOWN: Mapping[str, Select[Any]] = {
    "company": select(devices.c.company_key).where(devices.c.company_key.is_not(None)).distinct(),
    "type": select(devices.c.type_key).where(devices.c.type_key.is_not(None)).distinct(),
}
_CUSTOMERS = select(records.c.provider, records.c.company_id).where(records.c.company_id.is_not(None)).distinct()
_LISTS = select(memberships.c.provider).where(memberships.c.provider == bindparam("provider")).limit(1)
_PROVIDERS = union(select(memberships.c.provider), select(quarantine.c.provider), select(syncs.c.provider))


def providers(connection: Connection) -> list[str]:
    """Return who lists records, has rows in quarantine, or was ever synced, in order of name."""
    return sorted(map(str, connection.execute(_PROVIDERS).scalars()))


def types(connection: Connection) -> list[str]:
    """Return the types of devices in lower case, in order."""
    return sorted(connection.execute(_KNOWN["type"]).scalars())


def require_provider(connection: Connection, name: str | None) -> None:
    """Require that a provider is known; None: there is none to be. Raises: UnknownValue, with the nearest."""
    if name is None or "\0" in name or connection.execute(_LISTS, {"provider": name}).first():
        return
    if name not in (known := providers(connection)):
        raise unknown_value("provider", name, known)


def device_names(connection: Connection) -> list[str]:
    """Return names, hostnames and serials of devices in lower case, of the first `MOST_DEVICES` of them."""
    texts = connection.execute(select(devices.c.search_text).order_by(devices.c.id).limit(MOST_DEVICES)).scalars()
    return sorted({name for text in texts for name in text.split("\n") if name})


def require_value(connection: Connection, parameter: str, name: str | None) -> None:
    """
    Require that a device has this company or type, written in any case; None: there is none to be.

    Args:
        parameter: `company` or `type`.

    Raises:
        UnknownValue: With the nearest, in lower case.
    """
    if name is None or "\0" in name:
        return
    known: list[str] = sorted(connection.execute(_KNOWN[parameter]).scalars())
    if indexable(name.casefold()) not in known:
        raise unknown_value(parameter, name, known)


def require_customer(connection: Connection, customer: Customer | None) -> None:
    """Require that a record is of a customer; None: there is none to be. Raises: UnknownValue, with the nearest."""
    if customer is not None:
        known = {Customer(*row) for row in connection.execute(_CUSTOMERS)}
        if customer not in known:
            raise unknown_value("customer", str(customer), sorted(map(str, known)))
