"""What the devices of the report `coverage` add up to: by gap, by customer and type, by the feeds that list them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from service.reports.catalogue.coverage.gaps import GAP_RULES, UNKNOWN, Coverage, CoverageGap, FeedRoles, RoleState
from service.reports.rules import FeedRole, ReportRules


@dataclass
class CoverageGroup:
    """The devices of one company and type."""

    company: Annotated[str | None, Field(description="Name of the customer.", examples=["Acme Inc."])]
    type: Annotated[str | None, Field(description="What the device is.", examples=["Laptop"])]
    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    covered: Annotated[int, Field(description="Devices that lack nothing they are asked for.", examples=[1100])]
    unbilled: Annotated[int, Field(description="Devices in a feed of agents and not in the PSA.", examples=[60])]
    unmanaged: Annotated[int, Field(description="Devices in the PSA and in no RMM.", examples=[40])]


@dataclass
class CoverageGapTotal:
    """The devices with one gap."""

    gap: Annotated[CoverageGap, Field(description="The gap.")]
    devices: Annotated[
        int | None,
        Field(description="Devices; null where the feeds that should list them list nothing.", examples=[60]),
    ]
    active: Annotated[
        int | None, Field(description="Those of them that were seen within `Reports:ActiveDays`.", examples=[52])
    ]
    caution: Annotated[
        str | None,
        Field(description="The feeds that make the number doubtful.", examples=["cw_rmm is held"]),
    ]


@dataclass
class CoverageCombination:
    """The devices that just these feeds list in use."""

    providers: Annotated[list[str], Field(description="The providers.", examples=[["cw_manage", "cw_rmm"]])]
    roles: Annotated[list[FeedRole], Field(description="What each of them is for, in the same order.")]
    devices: Annotated[int, Field(description="Devices that these list and no other.", examples=[900])]


@dataclass
class CoverageTotals:
    """Devices in use by what is missing; those out of use are only counted."""

    devices: Annotated[int, Field(description="Devices in use.", examples=[1200])]
    covered: Annotated[int, Field(description="Devices that lack nothing they are asked for.", examples=[1100])]
    unbilled: Annotated[int, Field(description="Devices in a feed of agents and not in the PSA.", examples=[60])]
    unmanaged: Annotated[int, Field(description="Devices in the PSA and in no RMM.", examples=[40])]
    out_of_use: Annotated[
        int, Field(description="Devices that no provider lists as in use; they have no row.", examples=[35])
    ]
    note: Annotated[
        str | None,
        Field(
            description="Set when one side lists nothing at all, so that gaps cannot be known.",
            examples=["no RMM lists anything"],
        ),
    ]
    groups: Annotated[list[CoverageGroup], Field(description="The same for each company and type.")]
    undecided: Annotated[
        int,
        Field(description="Devices that may have a gap: the feeds that should list them list nothing.", examples=[0]),
    ] = 0
    no_devices: Annotated[
        int,
        Field(
            description="Licences, contracts and the like, which no feed is asked for; they have no row.",
            examples=[12],
        ),
    ] = 0
    notes: Annotated[list[str], Field(description="What cannot be told or is doubtful, because of which feeds.")] = (
        field(default_factory=list)
    )
    gaps: Annotated[list[CoverageGapTotal], Field(description="How many devices have each gap that is asked for.")] = (
        field(default_factory=list)
    )
    combinations: Annotated[
        list[CoverageCombination], Field(description="Which feeds see how many devices, the most first.")
    ] = field(default_factory=list)


class CoverageCounter:
    """Counts devices one at a time; holds numbers by company and type, by gap and by combination of feeds."""

    def __init__(self, roles: FeedRoles, rules: ReportRules) -> None:
        self._roles = roles
        self._rules = rules
        self._groups: dict[tuple[str | None, str | None], CoverageGroup] = {}
        self._gaps: Counter[tuple[CoverageGap, bool]] = Counter()
        self._combinations: Counter[tuple[str, ...]] = Counter()
        self.out_of_use = 0
        self.no_devices = 0
        self._undecided = 0

    def add(self, company: str | None, type_: str | None, coverage: Coverage, providers: tuple[str, ...]) -> None:
        """Count a device in use."""
        group = self._groups.get((company, type_))
        if group is None:
            group = self._groups[company, type_] = CoverageGroup(company, type_, 0, 0, 0, 0)
        group.devices += 1
        self._combinations[providers] += 1
        if not coverage.missing:
            group.covered += 1
        elif not coverage.gaps:
            self._undecided += 1
        group.unbilled += CoverageGap.UNBILLED in coverage.gaps
        group.unmanaged += CoverageGap.UNMANAGED in coverage.gaps

    def add_gaps(self, gaps: tuple[CoverageGap, ...], *, is_active: bool) -> None:
        """Count the gaps of a device that has some."""
        for gap in gaps:
            self._gaps[gap, is_active] += 1

    def totals(self) -> CoverageTotals:
        """Return what was counted."""
        groups = sorted(self._groups.values(), key=_place)
        notes = self._roles.notes()
        return CoverageTotals(
            devices=sum(group.devices for group in groups),
            covered=sum(group.covered for group in groups),
            unbilled=sum(group.unbilled for group in groups),
            unmanaged=sum(group.unmanaged for group in groups),
            out_of_use=self.out_of_use,
            note=next((note for note in notes if note in UNKNOWN.values()), None),
            groups=groups,
            undecided=self._undecided,
            no_devices=self.no_devices,
            notes=notes,
            gaps=[self._gap_total(gap) for gap in CoverageGap if self._is_asked(gap)],
            combinations=[
                CoverageCombination(list(providers), [self._rules.role(each) for each in providers], count)
                for providers, count in sorted(self._combinations.items(), key=lambda item: (-item[1], item[0]))
            ],
        )

    def _is_asked(self, gap: CoverageGap) -> bool:
        return any({rule.listed_by, rule.missing} <= self._roles.played for rule in GAP_RULES if rule.gap is gap)

    def _gap_total(self, gap: CoverageGap) -> CoverageGapTotal:
        missing = [
            role
            for role in dict.fromkeys(rule.missing for rule in GAP_RULES if rule.gap is gap)
            if role in self._roles.played
        ]
        caution = ", ".join(told for role in missing if (told := self._roles.caution(role))) or None
        if all(self._roles.state(role) is RoleState.UNKNOWN for role in missing):
            return CoverageGapTotal(gap, None, None, caution)
        active, idle = self._gaps[gap, True], self._gaps[gap, False]
        return CoverageGapTotal(gap, active + idle, active, caution)


def _place(group: CoverageGroup) -> tuple[str, ...]:
    company, type_ = group.company or "", group.type or ""
    return company.casefold(), company, type_.casefold(), type_
