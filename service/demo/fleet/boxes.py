"""The boxes that exist: the hardware, name and owner of each, before any provider reports it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.demo.fleet.companies import COMPANIES, CW_MANAGE, NETWORK_GEAR, NINJAONE, PORTABLE, SERVERS, Company, Role
from service.demo.fleet.guids import hp_server_guid
from service.demo.fleet.hardware import PRODUCTS, TAG_LETTERS, Product, draw_mac
from service.demo.fleet.seeded import SeededRandom

CW_SHARE = 0.95  # of the boxes; the rest were never entered
NO_AGENT = 0.03  # of the boxes: spare, or the agent broke; only ConnectWise Manage lists them
NETWORK_GEAR_IN_NINJA = 0.5  # of switches, printers and firewalls, where the customer has NinjaOne
OLD_VIRTUAL_HARDWARE = 0.25  # of VMware guests: version 11 and earlier, where the guest shows the raw order

FIRST = ("amira", "ben", "carys", "dmitri", "elin", "farid", "greta", "hugo", "ines", "joao", "kim", "lotte", "marek")
LAST = ("okafor", "lindqvist", "marsh", "duarte", "weiss", "patel", "novak", "byrne", "castell", "rowan", "ibsen")

WINDOWS = (
    ("Windows 11", "Microsoft Windows 11 Pro", "10.0.22631"),
    ("Windows 10", "Microsoft Windows 10 Pro", "10.0.19045"),
)
WINDOWS_SERVER = (
    ("Windows Server 2022", "Microsoft Windows Server 2022 Standard", "10.0.20348"),
    ("Windows Server 2019", "Microsoft Windows Server 2019 Standard", "10.0.17763"),
)
LINUX = (("Linux", "Ubuntu 22.04.5 LTS", "5.15.0"), ("Linux", "Debian GNU/Linux 12 (bookworm)", "6.1.0"))
MACOS = (("macOS", "macOS Sonoma", "14.6.1"), ("macOS", "macOS Sequoia", "15.1"))


@dataclass
class Box:
    """
    One device, or another thing that has a configuration. `id` names it in the truth.

    `guid` is decoded, upper case; `macs` are twelve upper-case digits, the main adapter first.
    `os` is family, product and version. `owner` is the company it belongs to now.
    `providers` are the systems that list it. `model` of an entry is its configuration type.
    """

    id: str
    owner: Company
    role: Role
    product: Product
    model: str
    name: str
    guid: str
    serial: str
    board_serial: str
    macs: list[str]
    ip: str
    os: tuple[str, str, str]
    user: str
    tag: str
    old_virtual_hardware: bool = False
    retired: bool = False
    providers: set[str] = field(default_factory=set)

    @property
    def gateway(self) -> str:
        """The first address of the box's network."""
        return f"{self.ip.rpartition('.')[0]}.1"

    @property
    def full_name(self) -> str:
        """The fully qualified name, lower case; Macs outside the domain end in `.local`."""
        return f"{self.name}.{'local' if self.role is Role.MAC else self.owner.domain}".lower()


def _os(role: Role, rng: SeededRandom) -> tuple[str, str, str]:
    if role in NETWORK_GEAR:
        return ("", "", "")
    if role is Role.MAC:
        return rng.pick(MACOS)
    if role is Role.VMWARE and rng.chance(0.2):
        return rng.pick(LINUX)
    return rng.pick(WINDOWS_SERVER if role in SERVERS else WINDOWS)


def _providers(company: Company, role: Role, rng: SeededRandom) -> set[str]:
    seen = {CW_MANAGE} if rng.chance(CW_SHARE) else set()
    if role in NETWORK_GEAR:
        has_ninja = NINJAONE in company.agents and rng.chance(NETWORK_GEAR_IN_NINJA)
        return seen | ({NINJAONE} if has_ninja else {CW_MANAGE})
    if rng.chance(NO_AGENT):
        return {CW_MANAGE}
    seen |= {provider for provider, share in company.agents.items() if rng.chance(share)}
    return seen or {company.integration}


def _users(rng: SeededRandom) -> list[str]:
    return rng.shuffled([f"{first[0]}{last}" for first in FIRST for last in LAST])


def draw_box(seed: int, company: Company, role: Role, number: int, user: str) -> Box:
    """Return the `number`th box of that role at the company."""
    rng = SeededRandom(seed, "box", company.key, role, number)
    product = rng.pick(PRODUCTS[role])
    identity = product.identity(rng)
    words = {
        "number": number,
        "user": user,
        "room": 10 + number // 8,
        "letters": rng.text(TAG_LETTERS, 8 if role is Role.LAPTOP else 7),
    }
    return Box(
        id=f"{company.key}-{role}-{number:03}".replace("_", "-"),
        owner=company,
        role=role,
        product=product,
        model=rng.pick(product.models),
        name=company.naming[role].format(**words),
        guid=identity.guid,
        serial=identity.serial,
        board_serial=identity.board_serial,
        macs=[draw_mac(rng, chips) for chips in (product.wired, product.wireless) if chips],
        ip=f"{company.subnet}.{list(Role).index(role)}.{number + 10}",
        os=_os(role, rng),
        user="" if role in NETWORK_GEAR else f"{company.netbios}\\{'administrator' if role in SERVERS else user}",
        tag=f"{company.key[:2].upper()}{4000 + number:05}" if role in PORTABLE and rng.chance(0.5) else "",
        old_virtual_hardware=role is Role.VMWARE and rng.chance(OLD_VIRTUAL_HARDWARE),
        providers=_providers(company, role, rng),
    )


def demo_box(seed: int) -> Box:
    """Return the demo device of the README, with the same hardware identifiers under every seed."""
    company = COMPANIES[0]
    box = draw_box(seed, company, Role.SERVER, 0, "administrator")
    box.id, box.name, box.model = "demo", "FNO-FILES01", "ProLiant DL380 Gen10"
    box.product = next(product for product in PRODUCTS[Role.SERVER] if product.maker == "HPE")
    box.serial, box.board_serial, box.tag = "CZJ3420X7K", "PVZGR0BRX7K4QM", "FE00417"
    box.guid = hp_server_guid("868703", box.serial)
    box.macs = ["9440C91A2B3C", "9440C91A2B3D"]
    box.os, box.providers = WINDOWS_SERVER[0], {CW_MANAGE, *company.agents}
    return box


def draw_boxes(seed: int) -> Iterator[Box]:
    """Yield the demo box, then every box of every company."""
    yield demo_box(seed)
    for company in COMPANIES:
        users = iter(_users(SeededRandom(seed, "users", company.key)))
        for role, count in company.headcount.items():
            for number in range(1, count + 1):
                yield draw_box(seed, company, role, number, next(users))
