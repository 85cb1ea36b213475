"""What a report is: its columns, its totals, and what makes its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from matching.codes import Code
from service.core.errors import BadRequest
from service.reports.context import ReportContext, ReportRequest

RowT = TypeVar("RowT")
TotalsT = TypeVar("TotalsT")


class CellType(Code):
    """What the cells of a column hold, by which a spreadsheet shows, sorts and adds them."""

    TEXT = "text", "text", "A text; a spreadsheet never runs it as a formula."
    INTEGER = "integer", "number", "A whole number."
    DECIMAL = "decimal", "number", "A number with decimals."
    MONEY = "money", "amount", "An amount of money, in the currency of the prices."
    TIME = "time", "time", "A time in UTC."
    BOOLEAN = "boolean", "yes or no", "Whether something is so."
    LINK = "link", "link", "An address to open in a browser."


Money = Annotated[float, CellType.MONEY]
WebAddress = Annotated[str, CellType.LINK]

TYPES = {str: CellType.TEXT, bool: CellType.BOOLEAN, int: CellType.INTEGER, float: CellType.DECIMAL}
"""Type of a field of a row -> what its cells hold, where the field does not say more."""


@dataclass(frozen=True)
class Column:
    """A column: its name in files, its title for people, what its cells hold, and what they mean."""

    name: str
    type: CellType
    title: str
    meaning: str


@dataclass
class Made(Generic[RowT, TotalsT]):
    """
    What a report says now.

    `rows` can be read once, in the order of the report. `totals` gives what they add up to, after the last row.
    `warnings` say why numbers may be wrong, beside the feeds that they rest on; `notes` what they rest on beside these.
    """

    rows: Iterator[RowT]
    totals: Callable[[], TotalsT]
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()


class ReportFilter(Code):
    """What a report can be narrowed to."""

    COMPANY = "company", "customer", "Only devices of this customer."
    PROVIDER = "provider", "provider", "Only what is about records of this provider."
    TYPE = "type", "type", "Only devices of this type."
    SINCE = "since", "since", "Only what happened at this time or later."


DEVICE_FILTERS = frozenset({ReportFilter.COMPANY, ReportFilter.PROVIDER, ReportFilter.TYPE})
"""What reports about devices can be narrowed to."""

MAIN_COLUMNS = 5
"""Columns that are shown first where a report does not name them."""


@dataclass(frozen=True)
class Report(Generic[RowT, TotalsT]):
    """
    A report.

    `row` is a data class whose fields are the columns, each `Annotated` with a pydantic `Field` that gives title,
    meaning (`description`) and example. `totals` is one likewise. `explanation` tells a reader who knows nothing of
    Samebox what the rows mean and what to do with them. `main_columns` names those that people read first; none: the
    first that say something of the device. `has_more` says what `all` adds to the rows. `options` are the names of
    those that it takes (`ReportRequest.options`).
    """

    name: str
    title: str
    description: str
    explanation: str
    row: type[RowT]
    totals: type[TotalsT]
    make: Callable[[ReportContext], Made[RowT, TotalsT]]
    main_columns: tuple[str, ...] = ()
    filters: frozenset[ReportFilter] = DEVICE_FILTERS
    has_more: str | None = None
    answers_bound_keys: bool = True
    options: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return columns_of(self.row)

    @cached_property
    def cells(self) -> Callable[[RowT], tuple[Any, ...]]:
        """What takes the cells out of a row, in the order of the columns."""
        return attrgetter(*(column.name for column in self.columns))

    @cached_property
    def columns_first_read(self) -> tuple[Column, ...]:
        """The columns that people read first, where there is no room for all."""
        if self.main_columns:
            named = {column.name: column for column in self.columns}
            return tuple(named[name] for name in self.main_columns)
        readable = [each for each in self.columns if each.type is not CellType.LINK and each.name != "device_id"]
        return tuple(readable[:MAIN_COLUMNS])

    def require_filters(self, wanted: ReportRequest) -> None:
        """Require that the report can be narrowed to what is wanted, and takes its options. Raises: BadRequest."""
        for option in sorted(set(wanted.options) - self.options):
            raise BadRequest(f"the report {self.name} has no option {option}")
        known = [each for each in ReportFilter if each in self.filters]
        for each in ReportFilter:
            if getattr(wanted, each) is not None and each not in known:
                raise BadRequest(f"the report {self.name} has no filter {each}; it has {', '.join(known) or 'none'}")


def columns_of(row: type[Any]) -> tuple[Column, ...]:
    """Return the fields of a data class as columns."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(field.name, hints[field.name]) for field in fields(row))


def _column(name: str, hint: Any) -> Column:
    said = [each for each in get_args(hint)[1:] if isinstance(each, FieldInfo)] if get_origin(hint) is Annotated else []
    title = said[0].title if said and said[0].title else name.replace("_", " ")
    return Column(name, _cell_type(hint), title, said[0].description or "" if said else "")


def _cell_type(hint: Any) -> CellType:
    """The type of what is not None; an annotation that names one says more than the type."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        return next((note for note in notes if isinstance(note, CellType)), None) or _cell_type(inner)
    if isinstance(hint, UnionType) or get_origin(hint) is not None:
        [kind] = [each for each in get_args(hint) if each is not type(None)]
        return _cell_type(kind)
    if issubclass(hint, datetime):
        return CellType.TIME
    return next(type_ for kind, type_ in TYPES.items() if issubclass(hint, kind))
