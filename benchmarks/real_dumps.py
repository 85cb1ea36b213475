"""
Say of each text of a file of real machines whether it is usable, and which of the machines come out as one.

A line of the file is the dump of a machine (`manufacturer`, `model`, `serial`, `uuid`, `board_serial`,
`chassis_serial`, `asset_tag`, `macs`) or a text that firmware wrote somewhere (`text`, `count`, `fields`). Of a dump
five records are made: one that says everything, and one each that says the serial, the GUID, the board's serial and the
chassis's alone, as systems do that know a part of a machine.

    make real-dumps FILE=dumps.ndjson
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from matching import Key, Policy, Record, Resolution, Suppressed, read_record, resolve_records
from matching.evidence.identity import identify
from matching.values.mac_lists import split_macs

Row = Mapping[str, Any]

SERIAL_FIELDS = ("serial", "board_serial", "chassis_serial", "asset_tag")
ALONE = {"serial": "serial", "guid": "uuid", "board": "board_serial", "chassis": "chassis_serial"}
"""Provider of a record that says one thing of a machine -> the field of the dump that it says."""

WHOLE = "dump"


class Judged(NamedTuple):
    """A text of a field, what is usable of it or why nothing is, and how many rows hold it."""

    field: str
    text: str
    is_usable: bool
    verdict: str
    rows: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the file that the command line names, and print what is made of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_dumps", description=__doc__.splitlines()[1])
    parser.add_argument("file", type=Path, help="NDJSON: a dump of a machine, or a text of firmware, a line")
    parser.add_argument("--summary", action="store_true", help="print counts and joins, not each text")
    options = parser.parse_args(arguments)
    rows = [json.loads(line) for line in options.file.read_text("utf-8").splitlines() if line.strip()]
    judged = sorted(judge(rows), key=lambda each: (each.field, each.is_usable, each.verdict, each.text))
    if not options.summary:
        print(*(_line(each) for each in judged), sep="\n")
    print(*_summary(judged), sep="\n")
    print(*joined([row for row in rows if "text" not in row]), sep="\n")


def judge(rows: Iterable[Row]) -> Iterator[Judged]:
    """Yield each distinct text of each field, judged as the field of a record of the same maker and model."""
    counts: Counter[tuple[str, str, str | None, str | None]] = Counter()
    for row in rows:
        if "text" in row:
            counts["text", row["text"], *_own_names(row)] += row["count"]
            continue
        names = row.get("manufacturer"), row.get("model")
        for field in ("uuid", *SERIAL_FIELDS):
            if row.get(field):
                counts[field, row[field], *names] += 1
        counts.update(("macs", mac, *names) for mac in row.get("macs", ()))
    verdicts: dict[tuple[str, str], tuple[bool, str]] = {}
    total: Counter[tuple[str, str]] = Counter()
    for (field, text, manufacturer, model), count in counts.items():
        total[field, text] += count
        verdicts[field, text] = _verdict(field, text, manufacturer, model)
    yield from (Judged(*place, *verdicts[place], count) for place, count in total.items())


def joined(dumps: Sequence[Row]) -> list[str]:
    """Return what the records of the dumps were joined to, as lines: records of one dump, and dumps that are one."""
    if not dumps:
        return []
    resolution = resolve_records(record for number, row in enumerate(dumps, 1) for record in _records(number, row))
    machines: Counter[tuple[str, ...]] = Counter()
    several = []
    for device in resolution.devices:
        by_dump: dict[int, list[str]] = {}
        for key in device.keys:
            by_dump.setdefault(int(key.id), []).append(key.provider)
        machines.update(tuple(sorted(providers)) for providers in by_dump.values() if len(providers) > 1)
        if len(by_dump) > 1:
            several += list(_why_one(resolution, device.keys, dumps))
    return [
        "",
        "Records of one dump that came out as one device:",
        *(f"  {count:5}  {' + '.join(providers)}" for providers, count in machines.most_common()),
        "",
        f"Dumps that came out as one device: {len(several)} pairs",
        *several,
        "",
        f"Values on several boxes: {len(resolution.shared)}; questions to a person: {len(resolution.reviews)}",
    ]


def _own_names(row: Row) -> tuple[str | None, str | None]:
    """The text itself, where firmware wrote it as the name of a maker or of a product."""
    fields = row["fields"]
    maker = any(field.endswith("Manufacturer") for field in fields)
    product = any(field.endswith(("Product Name", "Family", "SKU Number", "Version")) for field in fields)
    return row["text"] if maker else None, row["text"] if product else None


def _verdict(field: str, text: str, manufacturer: str | None, model: str | None) -> tuple[bool, str]:
    names = {"manufacturer": manufacturer, "model": model}
    said: Row = {"macs": [text]} if field == "macs" else {"bios_guid" if field == "uuid" else "serial": text}
    identity = identify(_record("judge", 1, {**said, **names}), Policy())
    found = [f"{kind} {value}" for kind, value in (*identity.values(), *identity.weak)]
    notes = [f"{derived.kind} {derived.note}" for derived in identity.derived]
    weak = ["only beside other evidence"] if identity.weak else []
    if found:
        return True, ", ".join((*found, *notes, *weak))
    return False, "; ".join(sorted(map(_reason, identity.suppressed))) or "empty"


def _reason(note: Suppressed) -> str:
    return note.reason


def _records(number: int, row: Row) -> Iterator[Record]:
    """The records of one dump; what it says of a chassis or a board is no serial of the whole."""
    names = {"manufacturer": row.get("manufacturer"), "model": row.get("model")}
    macs = [mac for text in row.get("macs", ()) for mac in split_macs(text)]
    whole = {"serial": row.get("serial"), "bios_guid": row.get("uuid"), "macs": macs}
    yield _record(WHOLE, number, {**names, **whole})
    for provider, field in ALONE.items():
        if row.get(field):
            said = {"bios_guid" if field == "uuid" else "serial": row[field]}
            yield _record(provider, number, {**names, **said})


def _record(provider: str, number: int, said: Row) -> Record:
    return read_record({"provider": provider, "id": str(number), **said})[0]


def _why_one(resolution: Resolution, keys: Sequence[Key], dumps: Sequence[Row]) -> Iterator[str]:
    """For each two dumps of a device, the evidence and where the dumps are from."""
    first: dict[str, Key] = {}
    for key in keys:
        first.setdefault(key.id, key)
    for left, right in combinations(first.values(), 2):
        path = resolution.explain(left, right).path
        evidence = "; ".join(f"{claim.left} - {claim.text} - {claim.right}" for claim in path)
        sources = " and ".join(str(dumps[int(key.id) - 1].get("source", key.id)) for key in (left, right))
        yield f"  {sources}\n    {evidence}"


def _line(each: Judged) -> str:
    mark = "usable    " if each.is_usable else "suppressed"
    return f"{each.field:15} {mark} {each.rows:6}  {each.text!r:60} {each.verdict}"


def _summary(judged: Sequence[Judged]) -> Iterator[str]:
    yield ""
    for field in dict.fromkeys(each.field for each in judged):
        mine = [each for each in judged if each.field == field]
        usable = sum(each.is_usable for each in mine)
        yield f"{field}: {len(mine)} texts, {usable} usable, {len(mine) - usable} suppressed"
        reasons = Counter(each.verdict for each in mine if not each.is_usable)
        yield from (f"  {count:5}  {reason}" for reason, count in reasons.most_common())


if __name__ == "__main__":
    main()
