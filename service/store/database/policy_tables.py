"""The tables of what people put in force for all devices, beside those of records and devices (`tables`)."""

from sqlalchemy import Column, Integer, Table, Text

from service.store.database.tables import metadata
from service.store.database.types import String, UtcTime

policy_entries = Table(
    "policy_entries",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),  # same_customer, different_customers, allow or deny
    Column("subject", Text, nullable=False),  # a company, as provider:id; or the kind of a value
    Column("value", Text, nullable=False),  # the other company; or the value, canonical
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("revoked_by", Text),
    Column("revoked_why", Text),
)
"""What people added to the policy of the settings, never deleted: an entry that no longer stands is revoked."""

recalibrations = Table(
    "recalibrations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),  # correction, revocation or acceptance
    Column("what", Text, nullable=False),  # what was put in force, in words
    Column("by", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("devices_changed", Integer),  # set with finished_at, where it did not fail
    Column("error", Text),  # why nothing was changed
)
"""What people put in force from the console, each of which resolves all records anew; one that died has no end."""
