"""
Golden records: one value per field of a device, with the record and the rule that chose it, and the values that lost.

Agents measure hardware and operating systems; people keep companies, tags and statuses. So agents come first in
the fields that they measure and PSAs in those that people keep, then the record seen most recently, then the
smallest key. A placeholder is no maker and no model. The choice does not depend on the order of the records.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from matching.evidence.identity import Identity, is_live
from matching.model import GoldenRecord, Kind, Provenance, Record, Value, key_of
from matching.policy import Policy
from matching.records import seen_at
from matching.values.makers import is_placeholder_name
from matching.values.spelling import moment_text, shown

AGENT_FIELDS = (
    "hostname",
    "os_type",
    "os_info",
    "manufacturer",
    "model",
    "default_gateway",
    "last_user",
)
NAMES_OF_MAKERS = frozenset({"manufacturer", "model"})
"""Fields in which firmware leaves placeholders."""

LONGEST_NAME = 100
"""Characters of such a field that are read."""

PSA_FIELDS = ("name", "company", "company_id", "type", "tag_number", "status")

GOLDEN_FIELDS = (
    *("cw_manage_device_id", "cw_manage_device_ids", "cw_manage_device_identifier"),
    *("bios_guid", "serial", "macs", *AGENT_FIELDS, *PSA_FIELDS, "os", "ips", "last_seen", "active", "conflicts"),
)
"""Every field that a golden record may have."""

Source = tuple[Record, Identity]
"""A record, and its identity without suppressed values."""


def golden_record(rows: Sequence[Source], policy: Policy) -> GoldenRecord:
    """Return the golden record of a device; `rows` are all of its records, in any order."""
    return _Builder(rows, policy).build()


def survivor(records: Iterable[Record], policy: Policy) -> Record:
    """
    Return the record that is proposed to be kept, of several of one provider.

    A live record comes before a retired one, then the one with the most fields, then the one with the oldest id.
    """
    return min(records, key=lambda record: (not is_live(record, policy), -len(record), _id_order(record["id"])))


class _Builder:
    """Builds a golden record field by field, with the provenance of each value."""

    def __init__(self, rows: Sequence[Source], policy: Policy) -> None:
        self.policy = policy
        self.rows = sorted(rows, key=lambda row: key_of(row[0])) if len(rows) > 1 else rows
        self.seen = [seen_at(record) for record, _ in self.rows]
        self.last_seen = {
            (record["provider"], record["id"]): moment_text(moment) if moment else None
            for (record, _), moment in zip(self.rows, self.seen, strict=True)
        }
        self.ages = [-(seen or NEVER).timestamp() for seen in self.seen]  # smallest for the most recent
        self.agents_first, self.psa_first = self._ranked((), agents=True), self._ranked((), agents=False)
        self.values: dict[str, Value] = {}
        self.provenance: dict[str, Provenance] = {}

    def build(self) -> GoldenRecord:
        self._set_psa_records()
        self._set_from_reading("bios_guid", _guid_of, agents=True)
        self._set_from_reading("serial", lambda row: next(iter(row[1].serials), None), agents=True)
        self._set_derived("bios_guid", Kind.BIOS_GUID)
        self._set_derived("serial", Kind.SERIAL)
        self._set_list("macs", self._macs())
        self._set_derived("macs", Kind.MAC)
        for field in AGENT_FIELDS:
            self._set_from_field(field, agents=True)
        for field in PSA_FIELDS:
            self._set_from_field(field, agents=False)
        self._set_from_reading("os", lambda row: row[0].get("os_info") or row[0].get("os_type"), agents=True)
        self._set_list("ips", [(ip, record) for record, _ in self.rows for ip in record.get("ips", ())])
        self._set_last_seen()
        self._set_active()
        self._set_conflicts()
        return GoldenRecord(self.values, self.provenance)

    def _set_psa_records(self) -> None:
        rule = "the configuration proposed to survive"
        configurations = [record for record, _ in self.rows if record["provider"] in self.policy.psa_providers]
        numbered = [record for record in configurations if _is_number(record["id"])]
        if numbered:
            kept = survivor(numbered, self.policy)
            self._set("cw_manage_device_id", int(kept["id"]), kept, rule)
            ids = sorted(int(record["id"]) for record in numbered)
            self._set("cw_manage_device_ids", ids, kept, "all configurations of the device")
        named = [record for record in configurations if record.get("device_identifier")]
        if named:
            kept = survivor(named, self.policy)
            self._set("cw_manage_device_identifier", kept["device_identifier"], kept, rule)

    def _set_from_field(self, field: str, *, agents: bool) -> None:
        """Set the field to its value on the first record, in order of precedence, that has it."""
        rows = self._by_precedence(field, agents=agents)
        if found := [(record, value) for record, _ in rows if (value := _said(record, field))]:
            self._set_first(field, found, agents=agents)

    def _set_from_reading(self, field: str, read: Callable[[Source], str | None], *, agents: bool) -> None:
        """Set the field to what `read` returns for the first record, in order of precedence, that has it."""
        rows = self._by_precedence(field, agents=agents)
        if found := [(row[0], value) for row in rows if (value := read(row))]:
            self._set_first(field, found, agents=agents)

    def _set_derived(self, field: str, kind: Kind) -> None:
        """Set a field that no record gives to what another field carries; the rule says where it was found."""
        carried = [
            (record, derived)
            for record, identity in self.agents_first
            for derived in identity.derived
            if derived.kind is kind and field not in self.values
        ]
        if carried:
            record, found = carried[0]
            value = shown(kind, found.value)
            self._set(field, [value] if kind is Kind.MAC else value, record, found.note)

    def _set_first(self, field: str, found: Sequence[tuple[Record, Any]], *, agents: bool) -> None:
        """Set the field to the first value; the other values lose, each with the first record that carries it."""
        record, value = found[0]
        rule = AGENTS_RULE if agents else PSA_RULE
        if self.policy.precedence and record["provider"] in self.policy.precedence.get(field, ()):
            rule = "the settings' precedence"
        others: dict[str, str] = {}
        for loser, other in found:
            if other != value and other not in others:
                others[other] = f"{loser['provider']}:{loser['id']}"
        self._set(field, value, record, rule, tuple(others.items()))

    def _by_precedence(self, field: str, *, agents: bool) -> Sequence[Source]:
        """The rows in the order of precedence of a field."""
        if self.policy.precedence and (order := self.policy.precedence.get(field, ())):
            return self._ranked(order, agents=agents)
        return self.agents_first if agents else self.psa_first

    def _ranked(self, order: Sequence[str], *, agents: bool) -> Sequence[Source]:
        """The rows by the providers in `order`, then agents or PSAs, then the most recent, then the smallest key."""
        if len(self.rows) == 1:
            return self.rows
        psa_providers = self.policy.psa_providers
        ranks = []
        for place, (record, _) in enumerate(self.rows):
            provider = record["provider"]
            rank = order.index(provider) if provider in order else len(order)
            ranks.append((rank, (provider in psa_providers) is agents, self.ages[place], place))
        return [self.rows[place] for *_, place in sorted(ranks)]

    def _set_list(self, field: str, found: Sequence[tuple[str, Record]]) -> None:
        """Set a list field to the values of all records."""
        if found:
            self._set(field, sorted({value for value, _ in found}), found[0][1], "all that any record lists")

    def _macs(self) -> list[tuple[str, Record]]:
        first: dict[str, Record] = {}
        for record, identity in self.rows:
            for mac in identity.adapters():
                first.setdefault(mac, record)
        return [(shown(Kind.MAC, mac), record) for mac, record in first.items()]

    def _set_last_seen(self) -> None:
        seen = [(moment, row[0]) for row, moment in zip(self.rows, self.seen, strict=True) if moment]
        if seen:
            moment, record = max(seen, key=lambda pair: (pair[0], key_of(pair[1])))
            self._set("last_seen", moment_text(moment), record, "the most recent")

    def _set_active(self) -> None:
        live = next((record for record, identity in self.rows if identity.live), None)
        rule = "in use, says this record" if live else "no record says that it is in use"
        self._set("active", live is not None, live or self.rows[0][0], rule)

    def _set_conflicts(self) -> None:
        """Say on which kinds of hardware the records contradict each other, although they are one device."""
        if len(self.rows) == 1:
            return
        conflicts = []
        if len({identity.guid for _, identity in self.rows if identity.guid}) > 1:
            conflicts.append(Kind.BIOS_GUID.value)
        serials = [set(identity.serials) for _, identity in self.rows if identity.serials]
        if len(serials) > 1 and not set.intersection(*serials):
            conflicts.append(Kind.SERIAL.value)
        if conflicts:
            self._set("conflicts", conflicts, self.rows[0][0], "records of the device differ on these")

    def _set(
        self, field: str, value: Value, record: Record, rule: str, others: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.values[field] = value
        self.provenance[field] = Provenance(
            record["provider"], record["id"], self.last_seen[record["provider"], record["id"]], rule, others
        )


NEVER = datetime.min.replace(tzinfo=UTC)
AGENTS_RULE = "an agent before the PSA, then the most recently seen"
PSA_RULE = "the PSA before agents, then the most recently seen"


def _said(record: Record, field: str) -> Any:
    """The value of a field, None where it has none or a placeholder."""
    value: Any = record.get(field)
    is_placeholder = value and field in NAMES_OF_MAKERS and is_placeholder_name(value[:LONGEST_NAME])
    return None if is_placeholder else value


def _guid_of(row: Source) -> str | None:
    guid = row[1].guid
    return shown(Kind.BIOS_GUID, guid) if guid else None


def _id_order(record_id: str) -> tuple[int, int, str]:
    """Numbers by size; after them all other ids by text."""
    return (0, int(record_id), "") if _is_number(record_id) else (1, 0, record_id)


def _is_number(record_id: str) -> bool:
    """Whether an id fits a 64-bit integer, as ConnectWise Manage's do."""
    return record_id.isascii() and record_id.isdigit() and len(record_id) <= 18
