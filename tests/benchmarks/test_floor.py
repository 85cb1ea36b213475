"""The floor of the speed benchmark: exact linking by components, and nothing that it could leave out."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import networkx as nx
import orjson
import pytest

from benchmarks.fleet import generate
from benchmarks.match import floor_command, measure

for name in ("duckdb", "scipy"):
    pytest.importorskip(name, reason="the floor is a contender of the benchmarks, installed for them alone")

Devices = set[frozenset[str]]


def test_records_that_hold_an_equal_value_are_one_device_directly_or_through_others(tmp_path: Path) -> None:
    """A GUID, one serial of several, a MAC or a name in a company connects, in any spelling; nothing else does."""
    rows: list[dict[str, object]] = [
        {"id": "guid", "bios_guid": "4C4C4544-0035", "serial": "  aaa111 "},
        {"id": "same guid", "bios_guid": "{4c4c45440035}"},
        {"id": "serials", "serial": ["zzz999", "AAA111"], "macs": ["00-00-5E-00-53-01"]},
        {"id": "mac", "macs": ["0000.5e00.5304", "00:00:5e:00:53:01"]},
        {"id": "name", "name": "PC-7.corp", "company": "Acme"},
        {"id": "hostname", "hostname": "pc-7", "name": "other", "company": "acme"},
        {"id": "elsewhere", "hostname": "pc-7", "company": "Globex"},
        {"id": "too short", "serial": "N/A"},
        {"id": "as short", "serial": "n/a", "macs": None},
        {"id": "a serial is no MAC", "serial": "00005E005301"},
    ]

    assert _linked(tmp_path, [{"provider": "p", **row} for row in rows]) == {
        frozenset({"p:guid", "p:same guid", "p:serials", "p:mac"}),
        frozenset({"p:name", "p:hostname"}),
        *(frozenset({f"p:{alone}"}) for alone in ("elsewhere", "too short", "as short", "a serial is no MAC")),
    }


def test_a_fleet_falls_into_the_components_that_networkx_finds(tmp_path: Path) -> None:
    """Every record is in one device, and two are in one exactly where values connect them."""
    rows = generate(3, 600).records
    graph: nx.Graph[object] = nx.Graph()
    for row in rows:
        record = f"{row['provider']}:{row['id']}"
        graph.add_node(record)
        graph.add_edges_from((record, value) for value in _values(row))
    expected = {frozenset(filter(_is_record, found)) for found in nx.connected_components(graph)}

    assert _linked(tmp_path, rows) == expected


def _linked(folder: Path, rows: Sequence[Mapping[str, object]]) -> Devices:
    source = folder / "fleet.ndjson"
    source.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
    measure(floor_command(source))
    devices: dict[str, set[str]] = {}
    with Path(f"{source}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            devices.setdefault(row["device_id"], set()).add(f"{row['provider']}:{row['id']}")
    return {frozenset(records) for records in devices.values()}


def _values(row: Mapping[str, object]) -> list[tuple[str, str]]:
    """The values of a record with their kind, cleaned in Python."""
    serial = row.get("serial") or []
    macs = row.get("macs") or []
    assert isinstance(macs, list)
    name = row.get("hostname") or row.get("name")
    found = [("guid", _hexadecimal(str(row.get("bios_guid", ""))))]
    found += [("serial", str(each).strip(" ").upper()) for each in (serial if isinstance(serial, list) else [serial])]
    found += [("mac", _hexadecimal(str(each))) for each in macs]
    if name and "company" in row:
        found.append(("name", f"{str(name).split('.')[0]}|{row['company']}".lower()))
    return [(kind, value) for kind, value in found if len(value) > 3]


def _hexadecimal(text: str) -> str:
    return "".join(c for c in text.lower() if c in "0123456789abcdef")


def _is_record(node: object) -> bool:
    return isinstance(node, str)
