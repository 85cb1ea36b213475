"""The components of tables are those of the identities in memory."""

from hypothesis import example, given, settings

from matching.evidence.identity import identify
from matching.model import Decision, Key, Record, Verdict
from matching.policy import Policy
from matching.relations.components import find_components
from tests.matching.relations.connecting import connect
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.partitions import Drawn, busy_partitions, load_usable, partitioned, partitions

DATABASE = DuckDBDatabase()

COMPONENTS = "SELECT record, component FROM components ORDER BY record"


def drawn(rows: list[Record], *verdicts: Decision) -> Drawn:
    """Return rows as if they had been drawn."""
    identities = [identify(row, Policy()) for row in rows]
    return Drawn(partitioned(identities, Policy(), verdicts), identities, Policy(), rows)


LINKED = drawn(
    [{"provider": "alpha", "id": "1", "links": [{"provider": "beta", "id": "7"}]}, {"provider": "beta", "id": "7"}]
)
DECIDED = drawn(
    [{"provider": "alpha", "id": n} for n in "123"], Decision(Verdict.SAME, Key("alpha", "3"), Key("alpha", "1"))
)
IN_A_CATCH_ALL = drawn(
    [
        {"provider": "alpha", "id": "1", "serial": "5CG1234ABC", "hostname": "pc1"},
        {"provider": "beta", "id": "1", "serial": "5CG1234ABC", "company": "Acme"},
        {"provider": "gamma", "id": "1", "hostname": "pc1", "company": "Acme"},
    ]
)


@given(partitions() | busy_partitions())
@example(LINKED)
@example(DECIDED)
@example(IN_A_CATCH_ALL)
@settings(max_examples=100)
def test_any_records_have_the_same_components(drawn: Drawn) -> None:
    """Each is named by its smallest record, and a record that nothing connects by itself."""
    whole = drawn.whole
    load_usable(DATABASE, drawn)
    expected = {record: component[0] for component in whole.components for record in component}

    find_components(DATABASE, whole.same, connect)

    assert list(DATABASE.rows(COMPONENTS)) == [(n, expected.get(n, n)) for n in range(len(whole.identities))]
