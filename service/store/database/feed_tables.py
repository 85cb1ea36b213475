"""The tables of the change feeds of keys that are bound to customers, beside those of the feed of all (`tables`)."""

from sqlalchemy import Column, Index, Integer, Table, Text

from service.store.database.tables import metadata
from service.store.database.types import String, UtcTime

customer_feeds = Table(
    "customer_feeds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of its customers
    Column("made_at", UtcTime, nullable=False),
)
"""The change feeds of keys that are bound to customers, one for each list of customers."""

feed_customers = Table(
    "feed_customers",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("company_id", String(200), primary_key=True),
    Column("feed", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The customers whose records a feed is about."""

published_devices = Table(
    "published_devices",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("device_id", String(64), primary_key=True, index=True),
    Column("golden", Text, nullable=False),
    Column("records", Text, nullable=False),  # JSON list, as `provider:id`
    sqlite_with_rowid=False,
)
"""What a feed has told of each device: its visible records, and the golden values that follow from these."""

customer_changes = Table(
    "customer_changes",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3, ... in each feed
    Column("at", UtcTime, nullable=False),
    Column("device_id", String(64), nullable=False),
    Column("what", String(20), nullable=False),
    Column("detail", Text, nullable=False),
    Column("by", Text),
    Column("key_id", String(64)),
    Index(None, "feed", "device_id", "seq"),
    Index(None, "feed", "what", "seq"),
)
"""As `changes`, in each of these feeds."""

customer_change_companies = Table(
    "customer_change_companies",
    metadata,
    Column("feed", Integer, primary_key=True, autoincrement=False),
    Column("company_key", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""As `change_companies`, in each of these feeds."""
