"""What goes wrong, for study: over-merged and split devices by pathology, their records, and the engine's reason."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.fleet import Fleet
from benchmarks.fleet.sights import Row
from benchmarks.samebox import clusters
from matching.model import Key
from matching.results.resolution import Resolution

SHOWN = ("company", "name", "hostname", "bios_guid", "serial", "macs", "links", "status", "model", "last_seen")


@dataclass(frozen=True, slots=True)
class Error:
    """Records that belong in one device and are in several, or the other way round, in their parts."""

    parts: Mapping[str, Sequence[Key]]
    labels: frozenset[str]


def listing(fleet: Fleet, resolution: Resolution, most: int) -> Iterator[str]:
    """Yield lines: each pathology with its count of errors, and up to `most` of them with records and reason."""
    truth = {Key(*key): label for key, label in fleet.truth.items()}
    found = clusters(resolution)
    rows = {Key(row["provider"], row["id"]): row for row in fleet.records}
    for title, outer, inner in (("OVER-MERGED", found, truth), ("SPLIT", truth, found)):
        errors = _errors(outer, inner, truth)
        yield f"\n#### {title}: {len(errors)}"
        for pathology, group in _by_pathology(errors, fleet).items():
            yield f"\n== {title} {pathology}: {len(group)}"
            for error in group[:most]:
                yield from _told(error, rows, truth, resolution)


def _errors(outer: Mapping[Key, str], inner: Mapping[Key, str], truth: Mapping[Key, str]) -> list[Error]:
    """Return each outer group that holds more than one inner one."""
    parts: defaultdict[str, defaultdict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for key in sorted(outer):
        parts[outer[key]][inner[key]].append(key)
    mixed = (group for group in parts.values() if len(group) > 1)
    return [Error(group, frozenset(truth[key] for keys in group.values() for key in keys)) for group in mixed]


def _by_pathology(errors: Sequence[Error], fleet: Fleet) -> dict[str, list[Error]]:
    """File each error under the one of its pathologies whose devices go wrong most often; the fullest file first."""
    wrong = {label for error in errors for label in error.labels}
    risk = {name: len(labels & wrong) / len(labels) for name, labels in fleet.pathologies.items() if labels}
    files: defaultdict[str, list[Error]] = defaultdict(list)
    for error in errors:
        struck = [name for name in risk if fleet.pathologies[name] & error.labels]
        files[max(struck, key=lambda name: (risk[name], name), default="(none)")].append(error)
    return dict(sorted(files.items(), key=lambda item: (-len(item[1]), item[0])))


def _told(error: Error, rows: Mapping[Key, Row], truth: Mapping[Key, str], resolution: Resolution) -> Iterator[str]:
    yield ""
    for part in error.parts.values():
        yield "  -"
        yield from (f"    {truth[key]} {key} " + _compact(rows[key]) for key in part)
    first, second = (keys[0] for keys in list(error.parts.values())[:2])
    yield f"    {first} / {second}: {resolution.explain(first, second).sentence}"


def _compact(row: Row) -> str:
    live = "" if row.get("active", True) else "INACTIVE "
    return live + " ".join(f"{name}={row[name]!r}" for name in SHOWN if name in row)
