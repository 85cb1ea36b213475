"""Configurations that are no devices: consumables, licences, domain names and certificates."""

from collections.abc import Iterator

from service.demo.fleet.boxes import Box
from service.demo.fleet.companies import COMPANIES, CW_MANAGE, Company, Role
from service.demo.fleet.hardware import HEX, MachineIdentity, Product
from service.demo.fleet.pathologies import DemoFleet
from service.demo.fleet.seeded import SeededRandom

NOTHING = Product("", ("",), lambda _: MachineIdentity("", "", ""))


def _entry(company: Company, kind: str, name: str, serial: str = "") -> Box:
    return Box(
        id=f"{company.key}-{kind.lower().replace(' ', '-')}",
        owner=company,
        role=Role.ENTRY,
        product=NOTHING,
        model=kind,
        name=name,
        guid="",
        serial=serial,
        board_serial="",
        macs=[],
        ip="",
        os=("", "", ""),
        user="",
        tag="",
        providers={CW_MANAGE},
    )


def _entries(seed: int, company: Company) -> Iterator[Box]:
    public = f"{company.domain.split('.')[-2]}.example"
    rng = SeededRandom(seed, "entries", company.key)
    yield _entry(company, "Printer Consumable", "TK-3190 toner black")
    yield _entry(
        company, "Software License", f"Microsoft 365 Business Premium ({company.headcount[Role.LAPTOP]} seats)"
    )
    yield _entry(company, "Domain Name", public)
    yield _entry(company, "SSL Certificate", f"portal.{public}", rng.text(HEX, 32).lower())


def add_entries(fleet: DemoFleet) -> None:
    """Give every customer its configurations that are no devices."""
    for company in COMPANIES:
        for box in _entries(fleet.seed, company):
            fleet.add("not_a_device", box)
