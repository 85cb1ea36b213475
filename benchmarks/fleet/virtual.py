"""A customer's virtual machines: guests of either hypervisor, copies of them, desktop pools, containers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.fleet import hardware
from benchmarks.fleet.boxes import Box, Nic, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.physical import WINDOWS_SERVERS, Estate

HOST_DIGITS = ("000a", "0105", "010a", "0164", "000b", "0a0a", "0114", "000c")
"""Third and fourth octet of a Hyper-V pool: the last two octets of the host's address, so few and much the same."""


def guests(estate: Estate, wanted: int) -> Iterator[Box]:
    """Yield that many servers in virtual machines, and copies among them."""
    chance = estate.chance
    vmware = chance.strikes("vmware", estate.customer)
    pool = HyperVPool(chance)
    for number in range(wanted):
        if number % 12 == 0:
            pool = HyperVPool(chance)
        box = _vmware_guest(estate) if vmware else _hyperv_guest(estate, pool)
        box.now.name = estate.names.server(box, first=number < 6)
        yield box
        if chance.strikes("cloned_vm", box):
            yield _clone(box, estate, pool, vmware)
            if chance.strikes("cloned_again", box):
                yield from (_clone(box, estate, pool, vmware) for _ in range(chance.randrange(2, 4)))


class HyperVPool:
    """The addresses one host hands out: a fixed beginning and a counter. Two hosts may well have the same beginning."""

    def __init__(self, chance: Chance) -> None:
        self.clashes = chance.strikes("hyperv_pool_clash")
        self.prefix = "00155d" + (chance.pick(HOST_DIGITS) if self.clashes else f"{chance.getrandbits(16):04x}")
        self.number = chance.randrange(0, 12)

    def next(self, chance: Chance) -> str:
        """Return the next free address of the pool."""
        self.number = (self.number + chance.pick((1, 1, 1, 2, 3))) % 256
        return f"{self.prefix}{self.number:02x}"


def vmware_identity(chance: Chance) -> tuple[str, str, str]:
    """Return the 16 bytes of a VMware guest as 32 digits, the GUID that the guest shows, and its serial."""
    raw = f"{chance.pick(('42', '42', '56'))}{chance.getrandbits(120):030x}"
    if raw.startswith("56"):
        raw = "564d" + raw[4:]
    serial = f"VMware-{' '.join(pairs(raw)[:8])}-{' '.join(pairs(raw)[8:])}"
    written = hardware.dashed(raw).upper()
    shown = hardware.twin(written) if chance.maybe(0.75) else written  # hardware 13 and later shows the twin
    return raw, shown, serial


def pairs(raw: str) -> list[str]:
    """Return digits two by two."""
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


def _vmware_guest(estate: Estate) -> Box:
    chance = estate.chance
    raw, shown, serial = vmware_identity(chance)
    oui = "005056" if raw.startswith("42") else "000c29"
    low = f"{chance.randrange(0x80, 0xC0):02x}{chance.getrandbits(16):04x}" if oui == "005056" else raw[-6:]
    nics = [Nic(oui + low, "ethernet")]
    if chance.maybe(0.15):
        nics.append(Nic(f"005056{chance.randrange(0x80, 0xC0):02x}{chance.getrandbits(16):04x}", "ethernet"))
    box = guest(estate, ("VMware, Inc.", "VMware7,1"), shown, serial, nics)
    box.tags.add("vmware")
    return box


def hyperv_serial(digits: str) -> str:
    """Write 26 digits as the serial of a Hyper-V guest."""
    return "-".join(digits[at : at + 4] for at in range(0, 26, 4))


def _hyperv_guest(estate: Estate, pool: HyperVPool) -> Box:
    chance = estate.chance
    serial = hyperv_serial(chance.text("0123456789", 26))
    maker = ("Microsoft Corporation", "Virtual Machine")
    box = guest(estate, maker, hardware.random_guid(chance), serial, [Nic(pool.next(chance), "ethernet")])
    if pool.clashes:
        box.tags.add("hyperv_pool_clash")
    return box


def guest(estate: Estate, maker: tuple[str, str], guid: str, serial: str, nics: list[Nic]) -> Box:
    """Return a virtual machine without a name; `maker` is maker and model."""
    chance = estate.chance
    phase = Phase(estate.customer, chance.randrange(len(estate.customer.sites)), "", guid, serial, serial, None, nics)
    return Box(
        id=f"box-{next(estate.numbers):06}",
        kind="guest",
        maker=maker[0],
        model=maker[1],
        product="",
        os=chance.pick(WINDOWS_SERVERS),
        label=serial,
        tag="",
        phases=[phase],
    )


def _clone(original: Box, estate: Estate, pool: HyperVPool, vmware: bool) -> Box:
    chance, source = estate.chance, original.now
    copied = _twin_box(original, estate)
    copied.tags.add("cloned_vm")
    mac = f"005056{chance.randrange(0x80, 0xC0):02x}{chance.getrandbits(16):04x}" if vmware else pool.next(chance)
    copied.now.nics = [Nic(mac, "ethernet")]
    named = chance.random()
    copied.now.name = (
        f"{source.name}{chance.pick(('-NEW', '-TEST', '2', '-COPY'))}" if named < 0.4 else estate.names.server(copied)
    )
    if chance.strikes("clone_same_name", original, copied):
        copied.now.name = source.name
    return copied


def _twin_box(original: Box, estate: Estate) -> Box:
    phase = replace(original.now, nics=list(original.now.nics))
    return replace(original, id=f"box-{next(estate.numbers):06}", phases=[phase], tags=set(original.tags))


def desktop_pool(estate: Estate) -> Iterator[Box]:
    """
    Yield one pool of non-persistent desktops.

    Of three kinds: machines that stay while their disk is thrown away (same GUID and MAC, agents register anew each
    time), desktops that all show the golden image's GUID and serial, and desktops that are deleted and made anew under
    the old name (each a machine of its own).
    """
    chance = estate.chance
    style = chance.pick(("kept", "kept", "golden", "fresh"))
    golden = _vmware_guest(estate)
    for _ in range(chance.randrange(8, 60)):
        box = _vmware_guest(estate)
        box.os = "Microsoft Windows 11 Enterprise"
        box.tags = {"vdi_pool", "vmware"}
        box.now.name = estate.names.workstation(box, role="vdi")
        if style == "kept":
            box.recreated = chance.randrange(1, 5)
        elif style == "golden":
            box.now.guid, box.now.serial, box.label = golden.now.guid, golden.now.serial, golden.label
            box.now.chassis = golden.now.serial
        else:
            yield from _earlier_desktops(box, estate)
        yield box


def _earlier_desktops(box: Box, estate: Estate) -> Iterator[Box]:
    for _ in range(estate.chance.randrange(0, 3)):
        earlier = _vmware_guest(estate)
        earlier.now.name, earlier.retired, earlier.in_psa = box.now.name, True, False
        earlier.tags = {"vdi_pool", "vmware"}
        yield earlier


def containers(servers: Sequence[Box], estate: Estate) -> Iterator[Box]:
    """Yield containers that show GUID and serial of the server they run on."""
    chance = estate.chance
    for host in servers:
        if not host.os.startswith("Ubuntu") or not chance.strikes("containers", host):
            continue
        for number in range(chance.randrange(1, 5)):
            box = _twin_box(host, estate)
            box.kind, box.in_psa = "container", False
            box.tags |= {"containers"}
            box.now.name = chance.pick((f"{chance.getrandbits(48):012x}", f"{host.now.name}-ct{number + 1}".lower()))
            box.now.nics = [
                Nic(f"0242ac11{number + 2:04x}" if chance.maybe(0.5) else hardware.local_mac(chance), "virtual")
            ]
            yield box
