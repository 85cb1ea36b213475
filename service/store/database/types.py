"""Column types that behave the same on every database: times in UTC, and texts that sort by their bytes."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, TypeDecorator
from sqlalchemy import String as AnyString

LONGEST_VALUE = 450
"""Characters of a value that are indexed."""

LONGEST_BYTES = 1000
"""Bytes of the same: a row of PostgreSQL's index is at most 2,704."""

Number = BigInteger().with_variant(Integer, "sqlite")
"""The number of a row; an integer key is where SQLite keeps the row itself."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC; SQLite keeps no zone of its own, PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Turn any zone into UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Give the moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def String(length: int) -> AnyString:  # noqa: N802 - it stands where SQLAlchemy's type of that name would
    """Return the type of a word that is compared and ordered: by its bytes, as SQLite does, in whatever locale."""
    return AnyString(length).with_variant(AnyString(length, collation="C"), "postgresql")


def storable(text: str) -> str:
    """Return a text from outside as every database can keep it: without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "")


def company_key(company: str) -> str:
    """Return a company as lists are filtered by it: in whatever case it is written."""
    return indexable(company.casefold())


def indexable(text: str) -> str:
    """Return so much of a text from outside as an index of every database takes."""
    cut = storable(text)[:LONGEST_VALUE]
    return cut if cut.isascii() else cut.encode(errors="replace")[:LONGEST_BYTES].decode(errors="ignore")
