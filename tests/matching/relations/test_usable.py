"""What the tables say is usable is what the identities without suppressed values say."""

from collections.abc import Iterator

from hypothesis import given, settings

from matching.calibration.usable import usable
from matching.clustering.blocking import FAMILIES, LINK, VALUE_FAMILIES, Family, link_targets
from matching.evidence.identity import Identity
from matching.values.placeholders import is_generic_hostname
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.loading import in_order
from tests.matching.relations.partitions import Drawn, busy_partitions, load_usable, partitions

DATABASE = DuckDBDatabase()

RECORDS = """
    SELECT record, provider, id, live, has_hostname_field, customer, truncated, hostname, prefix, has_long_hostname,
        has_generic_hostname
    FROM usable_records
    ORDER BY record
"""

NUMBERED = """
    SELECT meeting_values.record, shared_values.kind, shared_values.value
    FROM ({}) AS meeting_values
    JOIN shared_values ON shared_values.number = meeting_values.number
"""


def meeting(family: Family) -> Iterator[tuple[object, ...]]:
    """Yield what the statement of a family says: record, family, and the texts that records meet by."""
    rows = DATABASE.rows(NUMBERED.format(family.select) if family in VALUE_FAMILIES else family.select)
    yield from (tuple(text for text in row if text != "") for row in rows)


def is_shared(row: tuple[object, ...]) -> bool:
    """Whether several records hold the value of a row, which is of the kind of its family, or a weak one."""
    kind, value = row[2:4] if row[1] == "weak" else row[1:3]
    return (kind, value) in set(DATABASE.rows("SELECT kind, value FROM shared_values"))


def rows_of(record: int, identity: Identity) -> set[tuple[int, str, str, str, str]]:
    """Return the rows that a usable identity stands for in `usable_values`."""
    own = identity._replace(hostname=None, derived=())
    held = {(str(kind), value): "own" for kind, value in own.values()}
    for derived in sorted(identity.derived, key=lambda each: each.source is not None):
        held.setdefault((str(derived.kind), derived.value), "derived" if derived.source else "carried")
    rows = [(kind, value, standing) for (kind, value), standing in held.items()]
    rows += [(str(kind), value, "weak") for kind, value in identity.weak]
    rows += [("mac", mac, "shared") for mac in identity.shared_adapters]
    return {(record, identity.key.provider, *row) for row in rows}


@given(partitions() | busy_partitions())
@settings(max_examples=60)
def test_values_and_records_are_those_of_the_usable_identities(drawn: Drawn) -> None:
    """Without suppressed values and fields, and with truncated hostnames restored or set aside."""
    whole = drawn.whole
    load_usable(DATABASE, drawn)

    values = set(DATABASE.rows("SELECT record, provider, kind, value, standing FROM usable_values"))
    rows = list(DATABASE.rows(RECORDS))

    assert values == {row for record, identity in enumerate(whole.identities) for row in rows_of(record, identity)}
    for row, (record, said), customer in zip(rows, enumerate(whole.identities), whole.customers, strict=True):
        name = said.hostname
        assert row[:7] == (record, *said.key, said.live, said.has_hostname_field, customer, said.truncated)
        assert row[7:9] == (name, name and name[:15])
        assert name is None or row[9:] == (len(name) >= 15, is_generic_hostname(name))


@given(partitions() | busy_partitions())
@settings(max_examples=60)
def test_the_longer_hostname_is_what_a_usable_identity_needs_of_other_records(drawn: Drawn) -> None:
    """So a worker makes it of one row: the identity before, and `longer`."""
    load_usable(DATABASE, drawn)

    longer = [name for (name,) in DATABASE.rows("SELECT longer FROM usable_records ORDER BY record")]

    made = [
        usable(said, drawn.whole.calibration, name)
        for said, name in zip(in_order(drawn.identities), longer, strict=True)
    ]
    assert made == drawn.whole.identities


@given(partitions() | busy_partitions())
@settings(max_examples=60)
def test_each_family_has_the_values_of_its_own_definition(drawn: Drawn) -> None:
    """Where several hold the value; a record that a link names meets the link by its own key."""
    whole = drawn.whole
    load_usable(DATABASE, drawn)
    targets = link_targets(whole.identities)

    for family in FAMILIES:
        expected = {
            (record, str(family.name), *map(str, value))
            for record, identity in enumerate(whole.identities)
            for value in family.values(identity)
        }
        if family.name == LINK:
            named = ((record, identity.key) for record, identity in enumerate(whole.identities))
            expected |= {(record, LINK, *key) for record, key in named if key in targets}
        assert set(meeting(family)) == {row for row in expected if family.name == LINK or is_shared(row)}
