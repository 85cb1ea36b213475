"""The databases that can be the store, by the name of their dialect."""

from collections.abc import Mapping

from service.store.database import postgresql, sqlite
from service.store.database.interface import Database

DATABASES: Mapping[str, Database] = {"sqlite": sqlite, "postgresql": postgresql}
"""By the word that their addresses begin with."""
