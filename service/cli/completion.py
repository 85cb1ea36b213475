"""
What the shell offers where a command takes a name: providers, types of devices, kinds of identifiers, reasons.

The store is asked if there is one, and none is made. A shell shows nothing else, so whatever fails offers nothing.
"""

import os
from collections.abc import Callable
from contextlib import suppress

import typer
from sqlalchemy import Connection

from matching.model import ReviewReason
from service.cli.session import opened
from service.core.errors import ServiceError
from service.core.settings import load_settings
from service.devices.searching import LookupKind
from service.store.ingested import known_names


def reasons(incomplete: str) -> list[tuple[str, str]]:
    """Return the reasons of reviews that begin so, each with what it says."""
    return [(each.value, each.sentence) for each in ReviewReason if each.value.startswith(incomplete)]


def kinds(incomplete: str) -> list[tuple[str, str]]:
    """Return the kinds of identifiers that begin so, each with what it is."""
    return [(each.value, each.sentence) for each in LookupKind if each.value.startswith(incomplete)]


def providers(incomplete: str) -> list[str]:
    """Return the providers that begin so and can be synced."""
    from service.ingest.registry import SETTINGS  # noqa: PLC0415 - adapters take long to import, and only Tab needs them

    return [name for name in SETTINGS if name.startswith(incomplete)]


def sources(incomplete: str) -> list[str]:
    """Return the same, and `import` for files."""
    return [*providers(incomplete), *(["import"] if "import".startswith(incomplete) else [])]


def stored_providers(context: typer.Context, incomplete: str) -> list[str]:
    """Return the providers that begin so and of which something is stored; those that can be synced where none is."""
    return _stored(context, incomplete, known_names.providers) or providers(incomplete)


def stored_types(context: typer.Context, incomplete: str) -> list[str]:
    """Return the types of stored devices that begin so."""
    return _stored(context, incomplete, known_names.types)


def _stored(context: typer.Context, incomplete: str, names: Callable[[Connection], list[str]]) -> list[str]:
    with suppress(ServiceError):
        settings = load_settings(context.find_root().params.get("settings"), os.environ)
        with opened(settings) as store:
            if store.is_made():
                store.require_current()
                with store.reading() as connection:
                    return [name for name in names(connection) if name.startswith(incomplete)]
    return []
