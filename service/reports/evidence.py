"""Explain in a sentence why two records are one device."""

from collections.abc import Collection

from matching.calibration.suppression import suppress
from matching.evidence.identity import Identity, identify
from matching.model import Key, Kind
from matching.policy import Policy
from matching.results.joining import chain
from matching.values.spelling import shown
from service.reports.devices import ReportedDevice


class Evidence:
    """What the usable values of a device's records say, asked for pairs of them."""

    def __init__(self, device: ReportedDevice, policy: Policy) -> None:
        self._identities = {
            identity.key: identity
            for each in device.records
            for identity in [_usable(identify(each.record, policy), each.suppressed)]
        }

    def between(self, left: Key, right: Key) -> str:
        """Return what two records share, or the strongest chain of records through which they are one."""
        path = chain(list(self._identities.values()), left, right, {})
        if not path:
            return f"{left} and {right}: no value that both say (`samebox explain` shows why they are one)"
        return "; ".join(self._hop(claim.left, claim.right) for claim in path)

    def _hop(self, left: Key, right: Key) -> str:
        theirs = _said(self._identities[right])
        shared = [
            f"{kind.label} {shown(kind, value)}"
            for kind, value in _said(self._identities[left])
            if (kind, value) in theirs
        ]
        return f"{left} and {right}: {'same ' + ', '.join(shared) if shared else 'one names the other'}"


def _usable(identity: Identity, suppressed: Collection[tuple[str, str]]) -> Identity:
    """The identity without what was suppressed in the fleet as a whole: shared too widely, or of an untrusted field."""
    reasons = {(Kind(kind), value): "suppressed" for kind, value in suppressed if kind in list(Kind)}
    [usable] = suppress([identity], reasons, {})
    return usable._replace(hostname=None) if (Kind.HOSTNAME, identity.hostname) in reasons else usable


def _said(identity: Identity) -> list[tuple[Kind, str]]:
    return [*identity.values(), *identity.weak]
