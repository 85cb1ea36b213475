"""Explain in a sentence why two records are one device, and on what they disagree."""

from collections.abc import Collection, Iterator

from matching.calibration.suppression import suppress
from matching.evidence.identity import Identity, identify
from matching.model import Key, Kind
from matching.policy import Policy
from matching.results.joining import chain
from matching.values.spelling import shown
from service.reports.devices import ReportedDevice, ReportedRecord

MOST_SHOWN = 3
"""Values of one record that are named where records disagree; the rest is counted."""


class Evidence:
    """What the usable values of a device's records say, asked for pairs of them; each record is read when it is."""

    def __init__(self, device: ReportedDevice, policy: Policy) -> None:
        self._records = {each.row.key: each for each in device.records}
        self._policy = policy
        self._identities: dict[Key, Identity] = {}

    def between(self, left: Key, right: Key) -> str:
        """Return what two records share, or the strongest chain of records through which they are one."""
        if any(kind in {Kind.BIOS_GUID, Kind.SERIAL} for kind, _ in self._shared(left, right)):
            return self._hop(left, right)
        path = chain([self._identity(key) for key in self._records], left, right, {})
        if not path:
            return f"{left} and {right}: no value that both say (`samebox explain` shows why they are one)"
        return "; ".join(self._hop(claim.left, claim.right) for claim in path)

    def differences(self, left: Key, right: Key) -> Iterator[tuple[Kind, str]]:
        """Yield the kinds on which two records disagree, strongest first, each with both sides in words."""
        one, other = self._identity(left), self._identity(right)
        is_same_hardware = False
        for kind in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC, Kind.HOSTNAME):
            mine, theirs = own_values(one, kind), own_values(other, kind)
            if set(mine) & set(theirs):
                is_same_hardware |= kind in {Kind.BIOS_GUID, Kind.SERIAL}
            elif mine and theirs and not (kind is Kind.MAC and is_same_hardware):  # a box has several adapters
                yield kind, f"{kind.label} {_listed(kind, mine)} against {_listed(kind, theirs)}"

    def _identity(self, key: Key) -> Identity:
        if key not in self._identities:
            self._identities[key] = usable_identity(self._records[key], self._policy)
        return self._identities[key]

    def _shared(self, left: Key, right: Key) -> list[tuple[Kind, str]]:
        theirs = _said(self._identity(right))
        return [said for said in _said(self._identity(left)) if said in theirs]

    def _hop(self, left: Key, right: Key) -> str:
        shared = [f"{kind.label} {shown(kind, value)}" for kind, value in self._shared(left, right)]
        return f"{left} and {right}: {'same ' + ', '.join(shared) if shared else 'one names the other'}"


def usable_identity(record: ReportedRecord, policy: Policy) -> Identity:
    """Return what a record says without what was suppressed in the fleet as a whole."""
    return _usable(identify(record.record, policy), record.suppressed)


def own_values(identity: Identity, kind: Kind) -> tuple[str, ...]:
    """Return the values of a kind that a record gives itself, and so may contradict others with."""
    match kind:
        case Kind.BIOS_GUID:
            return (identity.guid,) if identity.guid else ()
        case Kind.SERIAL:
            return identity.serials
        case Kind.MAC:
            return identity.adapters()
        case _:
            return (identity.hostname,) if identity.hostname and identity.has_hostname_field else ()


def _listed(kind: Kind, values: tuple[str, ...]) -> str:
    more = len(values) - MOST_SHOWN
    listed = ", ".join(shown(kind, value) for value in values[:MOST_SHOWN])
    return f"{listed} and {more:,} more" if more > 0 else listed


def _usable(identity: Identity, suppressed: Collection[tuple[str, str]]) -> Identity:
    """The identity without what was suppressed in the fleet as a whole: shared too widely, or of an untrusted field."""
    reasons = {(Kind(kind), value): "suppressed" for kind, value in suppressed if kind in list(Kind)}
    [usable] = suppress([identity], reasons, {})
    return usable._replace(hostname=None) if (Kind.HOSTNAME, identity.hostname) in reasons else usable


def _said(identity: Identity) -> list[tuple[Kind, str]]:
    return [*identity.values(), *identity.weak]
