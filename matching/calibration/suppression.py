"""Suppression: the values and fields that calibration rules out as evidence, and their removal from identities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from matching.evidence.identity import Identity
from matching.model import Kind, Suppressed
from matching.values.placeholders import is_of_virtual_machine

ValueReasons = Mapping[tuple[Kind, str], str]
"""Suppressed value -> the reason."""

FieldReasons = Mapping[tuple[str, Kind], str]
"""Provider and kind of a field that is not trusted -> the reason."""


@dataclass(frozen=True)
class Suppression:
    """Over-shared values, and fields of a provider that are not trusted."""

    values: frozenset[tuple[Kind, str]] = frozenset()
    fields: frozenset[tuple[str, Kind]] = frozenset()

    def values_of(self, kind: Kind) -> frozenset[str]:
        """Return the suppressed values of a kind."""
        return self._values_by_kind.get(kind, frozenset())

    def providers_of(self, kind: Kind) -> frozenset[str]:
        """Return the providers whose field of this kind is suppressed."""
        return self._providers_by_kind.get(kind, frozenset())

    def may_change(self, identity: Identity) -> bool:
        """Whether a record may hold a suppressed value; a quick test that is false for most records."""
        texts = self._texts
        if identity.key.provider in self._providers or identity.guid in texts:
            return True
        if not texts.isdisjoint(identity.serials) or not texts.isdisjoint(identity.macs):
            return True
        if identity.derived and any(derived.value in texts for derived in identity.derived):
            return True
        return bool(identity.weak) and any(value in texts for _, value in identity.weak)

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(value for _, value in self.values)

    @cached_property
    def _providers(self) -> frozenset[str]:
        return frozenset(provider for provider, _ in self.fields)

    @cached_property
    def _values_by_kind(self) -> Mapping[Kind, frozenset[str]]:
        return {kind: frozenset(value for of, value in self.values if of is kind) for kind in Kind}

    @cached_property
    def _providers_by_kind(self) -> Mapping[Kind, frozenset[str]]:
        return {kind: frozenset(provider for provider, of in self.fields if of is kind) for kind in Kind}


def suppress(identities: Sequence[Identity], values: ValueReasons, fields: FieldReasons) -> list[Identity]:
    """Return the identities without the suppressed values, each of which is noted with the reason."""
    suppression = Suppression(frozenset(values), frozenset(fields))
    return [
        without_suppressed(identity, values, fields) if suppression.may_change(identity) else identity
        for identity in identities
    ]


def without_suppressed(identity: Identity, values: ValueReasons, fields: FieldReasons) -> Identity:
    """Return an identity without suppressed values; a derived value goes with the value that carries it."""
    own = identity._replace(derived=()) if identity.derived else identity
    out = {
        (kind, value): reason
        for kind, value in (*own.values(), *own.weak)
        if (reason := values.get((kind, value)) or fields.get((identity.key.provider, kind)))
    }
    kept = []
    for derived in identity.derived:
        reason = values.get((derived.kind, derived.value)) or (out.get(derived.source) if derived.source else None)
        if reason:
            out[derived.kind, derived.value] = reason
        else:
            kept.append(derived)
    return identity._replace(
        guid=None if (Kind.BIOS_GUID, identity.guid) in out else identity.guid,
        serials=tuple(serial for serial in identity.serials if (Kind.SERIAL, serial) not in out),
        macs=tuple(mac for mac in identity.macs if (Kind.MAC, mac) not in out),
        weak=tuple(pair for pair in identity.weak if pair not in out),
        suppressed=(*identity.suppressed, *(Suppressed(kind, value, reason) for (kind, value), reason in out.items())),
        derived=tuple(kept),
        has_placeholder_serial=identity.has_placeholder_serial and (identity.key.provider, Kind.SERIAL) not in fields,
        # Hypervisors hand out one address twice, and still no guest changes its own.
        shared_adapters=tuple(
            mac for mac in identity.adapters() if (Kind.MAC, mac) in out and is_of_virtual_machine(mac)
        ),
    )
