"""What companies, statuses, types, makers and models say is asked of the definition, once for each that comes up."""

import pytest

from matching.policy import Policy
from matching.relations.database import SqlRow
from service.columns.database import DuckDBTables
from service.columns.words import read_words

COLUMNS = (
    "provider STRING, company_id STRING, company STRING, status STRING, active BOOLEAN, type STRING,"
    " manufacturer STRING, model STRING"
)
ROWS: list[SqlRow] = [
    ("alpha", "17", "Acme Inc.", "Active", True, "Laptop", "Dell Inc.", "XPS 13"),
    ("alpha", None, "Unassigned", " RETIRED ", None, "Software License", None, "\u00a0"),
    ("beta", " ", " Böse GmbH", "\u00a0", False, "\u00a0", None, None),
    ("beta", None, "\u00a0", None, None, None, None, None),
]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "companies",
            [
                ("alpha", "17", "Acme Inc.", "alpha:17", "Acme Inc."),
                ("alpha", None, "Unassigned", None, "Unassigned"),
                ("beta", " ", " Böse GmbH", "beta:Böse GmbH", " Böse GmbH"),
                ("beta", None, "\u00a0", None, None),
            ],
        ),
        ("states", [("Active", True, True), (" RETIRED ", None, False), ("\u00a0", False, False), (None, None, True)]),
        ("other_types", [("Software License",)]),
        ("own_names", [("Dell Inc.", "XPS 13", name) for name in ("DELLINC.", "DELLINC.XPS13", "XPS13")]),
    ],
)
def test_a_word_says_what_a_record_with_it_says(table: str, expected: list[SqlRow]) -> None:
    """Blank texts of any kind are none, as in a record that is read from its line."""
    with DuckDBTables(1) as tables:
        tables.load("fields", COLUMNS, [*ROWS, *ROWS])
        read_words(tables, Policy())

        assert sorted(tables.rows(f"FROM {table}"), key=repr) == sorted(expected, key=repr)


def test_the_policy_says_which_words_count() -> None:
    """Its lists of companies, statuses and types."""
    policy = Policy(
        catch_all_companies=frozenset({"acme inc."}),
        retired_statuses=frozenset({"active"}),
        non_device_types=frozenset({"laptop"}),
    )
    with DuckDBTables(1) as tables:
        tables.load("fields", COLUMNS, ROWS[:1])
        read_words(tables, policy)

        assert list(tables.rows("SELECT key, name FROM companies")) == [(None, "Acme Inc.")]
        assert list(tables.rows("SELECT live FROM states")) == [(False,)]
        assert list(tables.rows("FROM other_types")) == [("Laptop",)]
