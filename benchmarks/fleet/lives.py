"""What happens to boxes over the years: renamed, reinstalled, repaired, sold, replaced under the same name, retired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import SERVERS, WORKSTATIONS, Box, Nic, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.customers import Customer
from benchmarks.fleet.names import Names
from benchmarks.fleet.virtual import vmware_identity


@dataclass(slots=True)
class World:
    """What lives need beyond the box: all customers, their naming, and numbers for new boxes."""

    customers: Sequence[Customer]
    names: dict[int, Names]
    numbers: "count[int]"
    chance: Chance

    def live(self, box: Box) -> Iterator[Box]:
        """Let the years pass over one box; yield the box whose name it took over, if any."""
        if box.kind not in WORKSTATIONS | SERVERS or "vdi_pool" in box.tags:
            return
        if self.chance.strikes("name_reused", box):
            yield self._predecessor(box)
        if self.chance.strikes("renamed", box):
            self._rename(box)
        if self.chance.strikes("reimaged", box):
            self._reimage(box)
        if box.kind == "guest" and self.chance.strikes("rerolled_vm", box):
            self._reroll(box)
        self._board(box)
        if box.kind in WORKSTATIONS:
            self._change_owner(box)
        box.retired = self.chance.strikes("retired", box)

    def _rename(self, box: Box) -> None:
        following = box.change("renamed", self.chance.randrange(20, 700))
        following.name = self._new_name(box)

    def _reimage(self, box: Box) -> None:
        following = box.change("reimaged", self.chance.randrange(10, 500))
        kept = self.chance.random()
        if kept > 0.85:
            following.name = self.names[following.customer.number].factory()
        elif kept > 0.6:
            following.name = self._new_name(box)

    def _reroll(self, box: Box) -> None:
        """Let the host start the guest anew, once or twice: another GUID and serial, name and adapter as before."""
        for age in (400, 100)[self.chance.pick((0, 1, 1)) :]:
            following = box.change("rerolled", age + self.chance.randrange(90))
            if "vmware" in box.tags:
                _, following.guid, following.serial = vmware_identity(self.chance)
            else:
                following.guid = hardware.random_guid(self.chance)
                following.serial = following.guid.lower()
            following.chassis = following.serial

    def _board(self, box: Box) -> None:
        if box.kind == "guest" or box.maker == "System manufacturer" or not box.now.guid:
            return
        if not self.chance.strikes("board_replaced", box):
            return
        following = box.change("board", self.chance.randrange(10, 400))
        after = self.chance.random()
        following.guid, following.board = hardware.random_guid(self.chance), hardware.board_serial(self.chance)
        if after > 0.8:
            following.serial, following.guid = (
                "",
                "4C4C4544-0000-2010-8020-80C04F202020" if box.maker == "Dell" else following.guid,
            )
        elif after > 0.6:
            following.serial = self.chance.pick(hardware.FILLER_SERIALS)
        fresh = [
            Nic(hardware.mac(nic.mac[:6], self.chance), nic.medium)
            for nic in following.nics
            if nic.medium == "ethernet"
        ]
        following.nics = fresh + [nic for nic in following.nics if nic.medium != "ethernet"]

    def _change_owner(self, box: Box) -> None:
        for event in ("sold", "second_hand"):
            if not self.chance.strikes(event, box):
                continue
            owner = self.chance.pick(self.customers)
            following = box.change(event, self.chance.randrange(5, 300))
            following.customer, following.site = owner, 0
            if event == "second_hand" or self.chance.maybe(0.5):
                following.name = self._new_name(box)

    def _predecessor(self, box: Box) -> Box:
        """Return the old machine of that name: other hardware, out of use, still in somebody's list."""
        phase = self._other_hardware(box.now)
        maker = "Dell" if box.kind in SERVERS else box.maker
        label = self.chance.text(hardware.BASE31, 7)
        phase.serial = phase.chassis = label
        phase.board = hardware.board_serial(self.chance)
        phase.guid = hardware.guid("Dell" if maker == "Dell" else "", label, None, 0, self.chance)
        kind = "server" if box.kind == "guest" else box.kind
        old = Box(f"box-{next(self.numbers):06}", kind, maker, box.model, box.product, box.os, label, "", [phase])
        old.retired = True
        old.tags.add("name_reused")
        return old

    def _other_hardware(self, phase: Phase) -> Phase:
        nics = [Nic(hardware.mac(self.chance.pick(hardware.OUIS["Dell"]), self.chance), "ethernet")]
        if any(nic.medium == "wifi" for nic in phase.nics):
            nics.append(Nic(hardware.wifi_mac("", self.chance), "wifi"))
        return replace(phase, nics=nics, ended="", age=0)

    def _new_name(self, box: Box) -> str:
        names = self.names[box.now.customer.number]
        return names.server(box) if box.kind in SERVERS else names.workstation(box)


def share_names(boxes: Sequence[Box], chance: Chance) -> None:
    """Give a few live workstations of one customer the name of another one at a different site."""
    desks = [box for box in boxes if box.kind in {"laptop", "desktop"} and not box.retired]
    for box in desks:
        if len(desks) > 1 and chance.strikes("same_name", box):
            other = chance.pick(desks)
            if other is not box and other.now.customer is box.now.customer:
                box.now.name = other.now.name
                other.tags.add("same_name")
