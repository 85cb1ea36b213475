"""
What the texts of identifying fields say, by the definition (`matching.values`, `matching.evidence`), each text once.

A text in `texts` is a canonical value, or as written behind a blank (`service.columns.spellings`). Nothing speaks
against most values; what another text says is what `identify` makes of a record that has it alone. Where that depends
on the rest of a record, the standing says so: the text carries a value of another kind, which counts where the record
has no own one of that kind; or it is doubtful.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from matching.calibration.proportions import sampling_checksum
from matching.evidence.identity import Identity, identify
from matching.model import Kind, Record
from matching.policy import Policy
from matching.relations.database import SqlRow
from matching.relations.tables import Standing
from matching.values.embedded import guid_may_carry
from matching.values.placeholders import REASONS, WEAK_REASONS, guid_reason, is_generic_hostname
from service.columns.database import DuckDBTables
from service.columns.spellings import WRITTEN
from service.core.workers import WorkerPool

CARRIES, DOUBTFUL = "carries", "doubtful"
"""Standings of a text: it carries a value of the kind that is given as its value; a record with it is not ordinary."""

MOST_ADDRESSES = 16
"""MACs of one text at most that is not doubtful."""

PIECE = 20_000
"""Texts that a process works on at a time."""

OWN, WEAK = str(Standing.OWN), str(Standing.WEAK)

_VALUES = "number BIGINT, is_weak BOOLEAN, checksum BIGINT"
_MEANINGS = "number BIGINT, value STRING, standing standings, checksum BIGINT"
_HOSTNAMES = "text STRING, hostname STRING, checksum BIGINT, is_generic BOOLEAN"


def read_meanings(tables: DuckDBTables, policy: Policy, pool: WorkerPool) -> None:
    """
    Fill `meanings(kind, text, value, standing, checksum)` from `texts`, and `hostnames` from the texts in `fields`.

    A text that says nothing usable has no row; one that says or carries several values has several.
    """
    judge = Judge(policy)
    tables.table("numbered", _NUMBERED)
    tables.load("plain", _VALUES, ())
    tables.load("odd", _MEANINGS, ())
    for plain, odd in pool.work(judge.meanings, _pieces(tables, "SELECT number, kind, text FROM numbered")):
        tables.append("plain", _VALUES, plain)
        tables.append("odd", _MEANINGS, odd)
    tables.table("meanings", _JOINED)
    tables.load("hostnames", _HOSTNAMES, ())
    for rows in pool.work(judge.hostnames, _pieces(tables, _NAMES)):
        tables.append("hostnames", _HOSTNAMES, rows)


_NUMBERED = "SELECT row_number() OVER () AS number, kind, text FROM (SELECT DISTINCT kind, text FROM texts)"
_JOINED = f"""
    SELECT kind, text, text AS value, if(is_weak, '{WEAK}', '{OWN}')::standings AS standing, checksum
    FROM plain JOIN numbered USING (number)
    UNION ALL
    SELECT kind, text, value, standing, checksum
    FROM odd JOIN numbered USING (number)
"""
_NAMES = "SELECT hostname FROM fields UNION SELECT name FROM fields WHERE name IS DISTINCT FROM hostname"


def _pieces(tables: DuckDBTables, select: str) -> Iterator[list[SqlRow]]:
    cursor = tables.connection.cursor()
    cursor.execute(select)
    while piece := cursor.fetchmany(PIECE):
        yield piece


@dataclass(frozen=True)
class Judge:
    """What says what texts mean, in any process."""

    policy: Policy

    def meanings(self, texts: Sequence[SqlRow]) -> tuple[list[SqlRow], list[SqlRow]]:
        """Return rows of `plain` and of `odd` for texts, each with its number and kind."""
        plain: list[SqlRow] = []
        odd: list[SqlRow] = []
        tests = {str(kind): (kind, self._listed(kind), _OBJECTIONS[kind], WEAK_REASONS.get(kind)) for kind in _FIELDS}
        for number, name, text in texts:
            kind, listed, objects, weakens = tests[name]
            if text[0] == WRITTEN or text in listed or objects(text):
                odd += [(number, *meaning) for meaning in self._looked_at(kind, text.removeprefix(WRITTEN))]
            else:
                is_weak = weakens is not None and weakens(text) is not None
                plain.append((number, is_weak, sampling_checksum(text)))
        return plain, odd

    def hostnames(self, texts: Sequence[SqlRow]) -> list[SqlRow]:
        """Return the rows of `hostnames` for some texts."""
        listed = self._listed(Kind.HOSTNAME)
        rows: list[SqlRow] = []
        for (text,) in texts:
            if text is None:
                continue
            name: str | None = text
            if text[0] == WRITTEN or text in listed or REASONS[Kind.HOSTNAME](text):
                name = self._alone("hostname", text.removeprefix(WRITTEN)).hostname
            if name is not None:
                rows.append((text, name, sampling_checksum(name), is_generic_hostname(name)))
        return rows

    def _listed(self, kind: Kind) -> frozenset[str]:
        """The values of which the policy says whether they count."""
        return self.policy.allow.get(kind, frozenset()) | self.policy.deny.get(kind, frozenset())

    def _alone(self, field: str, value: object) -> Identity:
        return identify(cast("Record", {"provider": "any", "id": "1", field: value}), self.policy)

    def _looked_at(self, kind: Kind, text: str) -> list[tuple[str | None, str, int | None]]:
        """The value, standing and checksum of whatever a text says or carries."""
        found = self._alone(_FIELDS[kind], [text] if kind is Kind.MAC else text)
        carried = {derived.kind for derived in found.derived}
        if kind in carried or (kind is Kind.MAC and not self._is_surely(found, text)):
            return [(None, DOUBTFUL, None)]
        own = [(value, OWN) for value in (found.guid, *found.serials, *found.macs) if value is not None]
        weak = [(value, WEAK) for _, value in found.weak]
        return [
            *((value, standing, sampling_checksum(value)) for value, standing in own + weak),
            *((str(other), CARRIES, None) for other in carried),
        ]

    def _is_surely(self, found: Identity, text: str) -> bool:
        """Whether a text says a few MACs, and says them beside any other text too."""
        beside = self._alone("macs", [text, _SPLITS])
        same = (found.macs, found.weak) == (beside.macs, beside.weak)
        return same and len(found.macs) + len(found.weak) <= MOST_ADDRESSES


def _guid_objection(key: str) -> object:
    """Return what makes a GUID more than a value of its own: a reason against it, or a value that it may carry."""
    return guid_reason(key) or guid_may_carry(key)


_OBJECTIONS: dict[Kind, Callable[[str], object]] = {**REASONS, Kind.BIOS_GUID: _guid_objection}

_FIELDS = {Kind.BIOS_GUID: "bios_guid", Kind.SERIAL: "serial", Kind.MAC: "macs"}

_SPLITS = ""
"""A text beside which `identify` looks for several addresses in each text; it says nothing itself."""
