"""Records that DuckDB cleaned for other contenders hold what the rows cleaned in Python hold."""

from pathlib import Path

import duckdb
import pytest

from benchmarks.cleaned import read
from benchmarks.flat import flat
from benchmarks.fleet import generate
from benchmarks.fleet.rates import RATES
from benchmarks.match import write_records


@pytest.mark.parametrize("edition", RATES)
def test_both_ways_of_cleaning_agree(tmp_path: Path, edition: int) -> None:
    """On every record of a fleet with all pathologies: no contender gets better or worse values than another."""
    fleet = generate(seed=7, records=4_000, edition=edition)
    write_records(tmp_path / "fleet.ndjson", fleet)

    assert _read(tmp_path / "fleet.ndjson") == {
        (row["provider"], row["id"]): flat(0, row, cleaned=True)[1:] for row in fleet.records
    }


def test_a_record_with_nothing_has_no_values(tmp_path: Path) -> None:
    """No list is null, and an empty text is no value."""
    (tmp_path / "fleet.ndjson").write_text('{"provider": "p", "id": "1", "serial": "N/A", "name": "", "company": ""}\n')

    assert _read(tmp_path / "fleet.ndjson") == {("p", "1"): (None, [], [], None, None)}


def _read(source: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    with duckdb.connect() as database:
        read(database, source)
        found = database.execute("SELECT provider, id, guid, serials, macs, hostname, company FROM flat").fetchall()
    return {(provider, key): tuple(values) for provider, key, *values in found}
