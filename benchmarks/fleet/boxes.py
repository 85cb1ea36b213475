"""A box, the truth of the benchmark, and its phases: what it was like for a time, as those saw it who looked then."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from benchmarks.fleet.customers import Customer

WORKSTATIONS = frozenset({"laptop", "desktop", "mac"})
SERVERS = frozenset({"server", "guest"})
METAL = WORKSTATIONS | {"server"}
RUN_AGENTS = WORKSTATIONS | SERVERS | {"container", "kiosk"}
"""Kinds that can run an agent; a provider sees any other kind only over the network."""


class Nic(NamedTuple):
    """A network adapter: 12 hexadecimal digits, and what it is (ethernet, wifi, bluetooth, virtual, firewire, bmc)."""

    mac: str
    medium: str


@dataclass(slots=True)
class Phase:
    """
    A stretch of a box's life. `ended` says what ended it: "" when it goes on, else "renamed", "reimaged", "board",
    "rerolled", "sold" or "second_hand"; `age` is how many days ago that was.
    """

    customer: Customer
    site: int
    name: str
    guid: str | None
    serial: str | None
    chassis: str | None
    board: str | None
    nics: list[Nic]
    ended: str = ""
    age: int = 0


@dataclass(slots=True)
class Box:
    """
    One true device. `label` is the serial printed on the case, whatever the firmware says; `tag` the customer's own
    number; `retired` is set when it is out of use, `recreated` counts how often its agents registered anew. `claims`
    is what its firmware gives as maker and model, where that may differ from the truth.
    """

    id: str
    kind: str
    maker: str
    model: str
    product: str
    os: str
    label: str | None
    tag: str
    phases: list[Phase]
    neighbour: str | None = None
    retired: bool = False
    recreated: int = 0
    in_psa: bool | None = None
    claims: tuple[str, str] | None = None
    tags: set[str] = field(default_factory=set)

    @property
    def now(self) -> Phase:
        """The phase that goes on."""
        return self.phases[-1]

    def change(self, ended: str, age: int) -> Phase:
        """End the present phase and return the next one, alike but for what the caller then changes."""
        last = self.phases[-1]
        last.ended, last.age = ended, age
        following = replace(last, nics=list(last.nics), ended="", age=0)
        self.phases.append(following)
        return following
