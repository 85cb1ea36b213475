"""The tables of what agreements bill, beside those of records and devices (`tables`)."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from service.store.database.tables import metadata
from service.store.database.types import String, UtcTime

agreement_reads = Table(
    "agreement_reads",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("begun_at", UtcTime, nullable=False),  # when the last reading began, however it ended
    Column("read_at", UtcTime),  # when the last one that succeeded ended; absent: none ever did
    Column("active", Integer),  # active agreements, as of then
    Column("error", Text),  # why the last one failed; absent where it did not, or has not ended
)
"""Providers whose agreements are read, and how far that is."""

billed_additions = Table(
    "billed_additions",
    metadata,
    Column("provider", String(200), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("agreement", Text, nullable=False),  # its name
    Column("company_id", String(200), nullable=False),
    Column("company", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("quantity", Text),  # a decimal number: what is billed; absent where it cannot be read
    Column("price", Text),  # a decimal number: that of one
    Column("unread", Text),  # why the quantity cannot be read
)
"""The additions of agreements that were billed when they were last read; they are replaced as a whole."""
