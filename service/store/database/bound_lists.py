"""
Conditions on a list of values, which is bound as one parameter when a statement is executed.

The text of a statement is then the same for a list of any length, so SQLAlchemy compiles it once, and both databases
look the values up in an index. SQLite takes the list as JSON, PostgreSQL as an array.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from service.store.database.canonical_json import canonical_json


class _Values(TypeDecorator[Any]):
    """A list of values, as one JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Write the list; texts that cannot be in a column are left out."""
        return canonical_json([each for each in value or () if not isinstance(each, str) or each.isprintable()])


class _Keys(TypeDecorator[Any]):
    """Pairs of texts: as one JSON text, or as an array of two, all providers and all ids."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return what the pairs are for a database."""
        is_array = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(Text(), dimensions=2) if is_array else Text())

    def process_bind_param(self, value: Iterable[tuple[str, str]] | None, dialect: Dialect) -> Any:
        """Write the pairs; those that cannot be in the columns are left out: SQLite would cut them at a NUL."""
        keys = [list(key) for key in value or () if all(map(str.isprintable, key))]
        return list(zip(*keys, strict=True)) if dialect.name == "postgresql" else canonical_json(keys)


class one_of(FunctionElement[bool]):  # noqa: N801 - it is called as a function
    """That a column has one of the values of a list, which is bound by a name."""

    inherit_cache = True

    def __init__(self, column: Column[Any], name: str) -> None:
        """Take the column and the name."""
        item: TypeEngine[Any] = BigInteger() if isinstance(column.type, Integer) else Text()
        super().__init__(column, bindparam(name, type_=_Values().with_variant(ARRAY(item), "postgresql")))


class is_key(FunctionElement[bool]):  # noqa: N801 - it is called as a function
    """That two columns, such as provider and record id, are one of the pairs of a list, which is bound by a name."""

    inherit_cache = True

    def __init__(self, provider: Column[str], record_id: Column[str], *, name: str = "keys") -> None:
        """Take the columns and the name."""
        super().__init__(provider, record_id, bindparam(name, type_=_Keys()))


@compiles(one_of, "sqlite")
def _one_of_json(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - bound


@compiles(one_of, "postgresql")
def _one_of_array(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY({values})"


@compiles(is_key, "sqlite")
def _is_key_on_sqlite(element: is_key, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite 3.40 finds pairs in an index if a plain SELECT gives them; for a list of VALUES it reads all the table."""
    provider, record_id, keys = (compiler.process(each, **options) for each in element.clauses)
    pairs = f"SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({keys})"  # noqa: S608 - bound
    return f"({provider}, {record_id}) IN ({pairs})"


@compiles(is_key, "postgresql")
def _is_key_on_postgresql(element: is_key, compiler: SQLCompiler, **options: Any) -> str:
    """Of an array the server knows the length: it takes JSON for a hundred keys, and reads all of a smaller table."""
    provider, record_id, keys = (compiler.process(each, **options) for each in element.clauses)
    return f"({provider}, {record_id}) IN (SELECT * FROM unnest(({keys})[1:1], ({keys})[2:2]))"  # noqa: S608 - bound
