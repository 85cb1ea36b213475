"""
Which gaps a device has, by the roles of the feeds that list it.

A gap is a feed that should list a device and does not, though another one does. Whether that is known depends on the
feeds that should list it: of a role whose feeds list nothing at all no gap is claimed, and a gap that rests on a feed
that is late, held or failing is marked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.codes import Code
from matching.policy import Policy
from service.reports.catalogue.coverage.asked import ASKED, DeviceClass, device_class
from service.reports.rules import FeedRole
from service.reports.sources import FeedSource, FeedState


class CoverageGap(Code):
    """What follows from that one side does not list a device."""

    UNBILLED = "unbilled", "unbilled", "A feed of agents lists it in use, and the PSA does not."
    UNMANAGED = "unmanaged", "unmanaged", "The PSA lists it in use, and no RMM does (a phone or tablet: no MDM)."
    UNGUARDED = "unguarded", "without EDR", "An RMM lists it in use, and no EDR does."
    NOT_BACKED_UP = "not_backed_up", "without backup", "An RMM lists it in use, and no backup does."
    EDR_WITHOUT_RMM = "edr_without_rmm", "EDR without RMM", "An EDR lists it in use, and no RMM does."
    BACKUP_WITHOUT_RMM = "backup_without_rmm", "backup without RMM", "A backup lists it in use, and no RMM does."


class CoverageSide(Code):
    """A side that may list a device."""

    PSA = "psa", "PSA", "The system whose rows people keep and bill."
    RMM = "rmm", "RMM", "The systems whose agents report what they measure."
    EDR = "edr", "EDR", "The systems whose agents guard devices."
    BACKUP = "backup", "backup", "The systems that back devices up."
    MDM = "mdm", "MDM", "The systems that manage phones and tablets."


@dataclass(frozen=True)
class GapRule:
    """A device that `listed_by` lists and `missing` does not has this gap; `verdict` says what it means."""

    gap: CoverageGap
    listed_by: FeedRole
    missing: FeedRole
    verdict: str


GAP_RULES = (
    GapRule(CoverageGap.UNBILLED, FeedRole.RMM, FeedRole.PSA, "managed, not billed"),
    GapRule(CoverageGap.UNBILLED, FeedRole.MDM, FeedRole.PSA, "managed, not billed"),
    GapRule(CoverageGap.UNBILLED, FeedRole.EDR, FeedRole.PSA, "guarded, not billed"),
    GapRule(CoverageGap.UNBILLED, FeedRole.BACKUP, FeedRole.PSA, "backed up, not billed"),
    GapRule(CoverageGap.UNMANAGED, FeedRole.PSA, FeedRole.RMM, "billed, not managed"),
    GapRule(CoverageGap.UNMANAGED, FeedRole.PSA, FeedRole.MDM, "billed, not managed"),
    GapRule(CoverageGap.UNGUARDED, FeedRole.RMM, FeedRole.EDR, "managed, not guarded"),
    GapRule(CoverageGap.NOT_BACKED_UP, FeedRole.RMM, FeedRole.BACKUP, "managed, not backed up"),
    GapRule(CoverageGap.EDR_WITHOUT_RMM, FeedRole.EDR, FeedRole.RMM, "guarded, not managed"),
    GapRule(CoverageGap.BACKUP_WITHOUT_RMM, FeedRole.BACKUP, FeedRole.RMM, "backed up, not managed"),
)
"""
What is asked, most worth first: money, then what nobody looks after. The first rule of a gap speaks for it.

A device in the PSA alone is asked for an RMM and not for an EDR as well: who puts an agent on it sees to both.
"""

UNKNOWN: Mapping[FeedRole, str] = {
    FeedRole.PSA: "the PSA lists nothing at all: was it synced? What is unbilled cannot be told",
    FeedRole.RMM: "no RMM lists anything at all: was one synced? What is unmanaged cannot be told",
    FeedRole.EDR: "no EDR lists anything at all: was one synced? What is without EDR cannot be told",
    FeedRole.BACKUP: "no backup lists anything at all: was one synced? What is without backup cannot be told",
    FeedRole.MDM: "no MDM lists anything at all: was one synced? Which phones are unmanaged cannot be told",
}
"""What cannot be told while the feeds of a role list nothing: a feed that did not come, not a fleet that is gone."""


class RoleState(Code):
    """Whether it is known which devices the feeds of a role do not list."""

    RELIABLE = "reliable", "reliable", "All its feeds are current."
    DOUBTFUL = "doubtful", "doubtful", "A feed of it is late, held, failing or empty: what is missing may be there."
    UNKNOWN = "unknown", "unknown", "Its feeds list nothing at all, so nothing is said to be missing."


class FeedRoles:
    """The roles that some provider plays, and how far it is known what their feeds do not list."""

    def __init__(self, sources: Iterable[FeedSource]) -> None:
        """Take the sources of a report. A PSA and an RMM are asked for even where none was ever read."""
        self._of: dict[FeedRole, list[FeedSource]] = {FeedRole.PSA: [], FeedRole.RMM: []}
        for source in sources:
            self._of.setdefault(source.role, []).append(source)

    @property
    def played(self) -> frozenset[FeedRole]:
        """The roles that feeds are asked for."""
        return frozenset(self._of)

    def state(self, role: FeedRole) -> RoleState:
        """Return how far it is known what the feeds of a role do not list."""
        sources = self._of[role]
        if all(source.state is FeedState.EMPTY for source in sources):
            return RoleState.UNKNOWN
        return RoleState.RELIABLE if all(source.is_reliable for source in sources) else RoleState.DOUBTFUL

    def caution(self, role: FeedRole) -> str | None:
        """Return which feeds make a gap of this role doubtful; None where it is reliable."""
        doubtful = [f"{source.provider} is {source.state.label}" for source in self._of[role] if not source.is_reliable]
        if self.state(role) is RoleState.UNKNOWN:
            return f"no {role.label} lists anything"
        return ", ".join(doubtful) or None

    def notes(self) -> list[str]:
        """Return what cannot be told, and what is doubtful, in order of role."""
        found = []
        for role in FeedRole:
            if role in self._of:
                if self.state(role) is RoleState.UNKNOWN:
                    found.append(UNKNOWN[role])
                elif caution := self.caution(role):
                    found.append(f"{caution}: what no {role.label} seems to list may be listed by now")
        return found


@dataclass(frozen=True)
class Coverage:
    """
    What is missing of a device.

    `gaps` are those that are known, most worth first; `missing` are the roles that do not list it, also those of which
    nothing is known, so that no gap is claimed. `caution` names the feeds that make it doubtful.
    """

    gaps: tuple[CoverageGap, ...]
    missing: tuple[FeedRole, ...]
    verdict: str
    caution: str | None
    is_device: bool = True


class GapFinder:
    """Finds the gaps of devices; there are few combinations of roles and classes, and each is looked at once."""

    def __init__(self, roles: FeedRoles, policy: Policy) -> None:
        self._roles = roles
        self._policy = policy
        self._found: dict[tuple[frozenset[FeedRole], DeviceClass], Coverage] = {}

    def of(self, listed_by: frozenset[FeedRole], type_: str | None) -> Coverage:
        """Return what is missing of a device of a type that feeds of these roles list in use."""
        key = listed_by, device_class(type_, listed_by, self._policy)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._coverage(*key)
        return found

    def _coverage(self, listed_by: frozenset[FeedRole], class_: DeviceClass) -> Coverage:
        asked = ASKED[class_] & self._roles.played
        # an RMM that also manages phones has no need of an MDM
        has_manager = class_ is DeviceClass.MOBILE and FeedRole.RMM in listed_by
        missing = asked - listed_by - ({FeedRole.MDM} if has_manager else set())
        rules = [rule for rule in GAP_RULES if rule.listed_by in listed_by and rule.missing in missing]
        known = [rule for rule in rules if self._roles.state(rule.missing) is not RoleState.UNKNOWN]
        verdicts = {rule.gap: rule.verdict for rule in reversed(known)}
        gaps = tuple(dict.fromkeys(rule.gap for rule in known))
        lacking = tuple(dict.fromkeys(rule.missing for rule in rules))
        cautions = [caution for role in lacking if (caution := self._roles.caution(role))]
        return Coverage(
            gaps=gaps,
            missing=lacking,
            verdict=_verdict([verdicts[gap] for gap in gaps], is_whole=not lacking),
            caution="; ".join(dict.fromkeys(cautions)) or None,
            is_device=class_ is not DeviceClass.NO_DEVICE,
        )


def _verdict(verdicts: list[str], *, is_whole: bool) -> str:
    """`managed, not billed`; further gaps of the same state are one: `managed, not billed, not guarded`."""
    if not verdicts:
        return "covered" if is_whole else "listed"
    told: dict[str, list[str]] = {}
    for verdict in verdicts:
        state, _, lack = verdict.partition(", ")
        told.setdefault(state, []).append(lack)
    return "; ".join(", ".join((state, *lacks)) for state, lacks in told.items())
