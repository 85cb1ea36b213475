"""
What the fields say of which a million records have few texts between them: company, status, type, maker and model.

Each combination of texts that the records have goes to the definition (`matching.evidence.identity`) once.
"""

from collections.abc import Iterator

from matching.evidence.identity import company_of, identify, is_live, own_names
from matching.model import Record
from matching.policy import Policy
from matching.records import read_record
from matching.relations.database import SqlRow
from service.columns.database import DuckDBTables

_COLUMNS = {
    "companies": "provider STRING, company_id STRING, company STRING, key STRING, name STRING",
    "states": "status STRING, active BOOLEAN, live BOOLEAN",
    "other_types": "type STRING",
    "own_names": "manufacturer STRING, model STRING, name STRING",
}


def read_words(tables: DuckDBTables, policy: Policy) -> None:
    """
    Fill tables from the texts in `fields`; texts that are NULL there are NULL here.

    `companies` says which company a record names, and its name. `states` says whether a record is live. `other_types`
    has the types of what is no device. `own_names` has the serials that a manufacturer or a model would be.
    """
    for name, columns in _COLUMNS.items():
        given, read = _SOURCES[name]
        texts = list(tables.rows(f"SELECT DISTINCT {given} FROM fields"))
        tables.load(name, columns, read(texts, policy))


def _record(**fields: object) -> Record:
    """Return the record that some fields make, read as a line is."""
    given = {field: value for field, value in fields.items() if value is not None}
    return read_record({"provider": "any", "id": "1", **given})[0]


def _companies(texts: list[SqlRow], policy: Policy) -> Iterator[SqlRow]:
    for provider, company_id, company in texts:
        record = _record(provider=provider, company_id=company_id, company=company)
        yield provider, company_id, company, company_of(record, policy), record.get("company")


def _states(texts: list[SqlRow], policy: Policy) -> Iterator[SqlRow]:
    for status, active in texts:
        yield status, active, is_live(_record(status=status, active=active), policy)


def _other_types(texts: list[SqlRow], policy: Policy) -> Iterator[SqlRow]:
    for (type_,) in texts:
        if identify(_record(type=type_), policy).suppressed:
            yield (type_,)


def _own_names(texts: list[SqlRow], _: Policy) -> Iterator[SqlRow]:
    for manufacturer, model in texts:
        record = _record(manufacturer=manufacturer, model=model)
        for name in own_names(record.get("manufacturer"), record.get("model")):
            yield manufacturer, model, name


_SOURCES = {
    "companies": ("provider, company_id, company", _companies),
    "states": ("status, active", _states),
    "other_types": ("type", _other_types),
    "own_names": ("manufacturer, model", _own_names),
}
"""Name of a table -> the fields whose texts it is about, and what makes its rows of them."""
