"""What the rows of a report add up to, as numbers with their meanings, for people."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, get_args, get_type_hints

from pydantic.fields import FieldInfo

from matching.codes import Code


class SingleTotal(NamedTuple):
    """One value of the totals: its title, what it means, and itself."""

    title: str
    meaning: str
    value: Any

    @property
    def text(self) -> str:
        """The value as people read it."""
        return cell_text(self.value)


def single_totals(totals: Any) -> Iterator[SingleTotal]:
    """Yield the totals that are single values; tables of them are in the JSON document alone."""
    hints = get_type_hints(type(totals), include_extras=True)
    for field in fields(totals):
        value = getattr(totals, field.name)
        if value is None or is_dataclass(value) or isinstance(value, list | dict | tuple):
            continue
        said = [each for each in get_args(hints[field.name])[1:] if isinstance(each, FieldInfo)]
        yield SingleTotal(field.name.replace("_", " "), said[0].description or "" if said else "", value)


def cell_text(value: Any) -> str:
    """Return a value as people read it: a code as its label, numbers with separators, a time to the minute, in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Code):
        return value.label
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
