"""
Larger fleets of few boxes, companies and names, so that everything that a calibration learns comes up in most of them.

Several providers list each box, each with its own gaps and faults, and some values are on many boxes.
"""

from random import Random
from typing import Any

from hypothesis import strategies as st

from matching.evidence.derived import Derived
from matching.evidence.identity import Identity, identify
from matching.model import Kind
from matching.policy import OnConflict, Policy, Trust
from matching.records import read_record

PROVIDERS = ("cw_manage", "alpha", "beta", "gamma", "delta")

COMPANIES = (
    ("Acme Inc.", "ACME", "Acme"),
    ("Bolt GmbH", "Bolt", "Bolt - Leeds"),
    ("Heritage Staffing", "HS", "Heritage Staffing Ltd."),
    ("Fabrikam", "Tailspin Toys", "Fabrikam"),
    ("Core & Sons", "Core", "Intake"),
    ("Unassigned", "Dunn", "Dunn Ltd."),
)
"""Customers, each under the names that providers give it."""

INSIDE = ((Kind.SERIAL, "5CG1SHARE0"), (Kind.MAC, "3c5282000001"), (Kind.MAC, "5CG1SHARE0"))
"""What some records hold inside other values: also a text that others hold as another kind."""

PREFIX = "acme-laptop-00"


def busy_fleet(random: Random, policy: Policy) -> list[Identity]:
    """Return the identities of a fleet drawn from a source of chance."""
    rows: list[dict[str, Any]] = []
    wrong_provider, wrong_field = random.choice(PROVIDERS), random.choice(("bios_guid", "serial"))
    for number in range(random.randint(5, 60)):
        box = _box(random, number)
        for provider in random.sample(PROVIDERS, random.randint(1, 4)):
            rows += [_row(random, provider, box) for _ in range(random.choice((1, 1, 1, 2)))]
            if provider == wrong_provider and random.random() < 0.9:
                own = random.randrange(16**8)
                rows[-1][wrong_field] = _guid(own) if wrong_field == "bios_guid" else f"5CG2{own:08X}"
    for number, row in enumerate(rows):
        row["id"] = str(number)
    random.shuffle(rows)
    return [_held_otherwise(random, identify(read_record(row)[0], policy)) for row in rows]


def busy_policy(random: Random) -> Policy:
    """Return a policy drawn from a source of chance."""
    chosen = [provider for provider in PROVIDERS if random.random() < 0.5]
    return Policy(
        board_replacement=OnConflict.JOIN,
        islands=random.choice((2, 3)),
        max_holders=random.choice((4, 8, 200)),
        trust={provider: {"bios_guid": random.choice(list(Trust))} for provider in chosen[:2]},
        complete_adapters={provider: random.random() < 0.5 for provider in chosen[:1]},
        allow={"serial": frozenset({"5CG1SHARE0"}), "hostname": frozenset({f"{PREFIX}1"})} if chosen[1:] else {},
        deny={"mac": frozenset({"3c5282000001"})} if chosen[2:] else {},
        trusted_across_customers=frozenset(chosen) if random.random() < 0.3 else None,
        psa_providers=frozenset(random.sample(PROVIDERS, random.randint(0, 2))),
        company_map=(frozenset({"alpha:Acme", "beta:HS"}),) if random.random() < 0.2 else (),
        different_companies=(frozenset({"alpha:Acme Inc.", "beta:ACME"}),) if random.random() < 0.2 else (),
    )


chances = st.integers(0, 2**32 - 1).map(Random)
"""Sources of chance, from which a fleet and its policy are drawn."""


def _guid(number: int) -> str:
    return f"7B1D6C2E-0000-4D4F-9E55-1C2B{number:08X}"


def _box(random: Random, number: int) -> dict[str, Any]:
    """What one box says of itself; some say what another one does."""
    shared, board = random.random() < 0.15, random.random() < 0.1
    serial = f"5CG1SHARE{random.randrange(2)}" if shared else f"5CG10{number:04d}"
    return {
        "company": random.choice(COMPANIES),
        "serial": f"/D3462{number % 3}J/CN1234567800A{number % 10}/" if board else serial,
        "bios_guid": _guid(random.randrange(3) if random.random() < 0.15 else 1000 + number),
        "macs": [f"3C:52:82:00:{number % (9 if shared else 99):02X}:{n:02X}" for n in range(random.randint(1, 3))],
        "hostname": random.choice((f"pc{number}", f"pc{number % 5}", f"{PREFIX}{number % 20:02d}", "printer")),
    }


def _held_otherwise(random: Random, said: Identity) -> Identity:
    """Let a few records hold their serials as weak values, or hold some that are inside other values, of any kind."""
    if random.random() < 0.1:
        said = said._replace(serials=(), weak=(*said.weak, *((Kind.SERIAL, serial) for serial in said.serials)))
    if random.random() < 0.2:
        kind, value = random.choice(INSIDE)
        source = (Kind.BIOS_GUID, "7B1D6C2E00004D4F9E551C2B00000001") if random.random() < 0.5 else None
        said = said._replace(derived=(*said.derived, Derived(kind, value, "inside another value", source)))
    return said


def _row(random: Random, provider: str, box: dict[str, Any]) -> dict[str, Any]:
    """What a provider lists of a box: without some fields, with a truncated name, or without all adapters."""
    row = {field: value for field, value in box.items() if random.random() < 0.9}
    if "company" in row:
        row["company"] = random.choice(box["company"])
    if "macs" in row and provider != "alpha":
        row["macs"] = row["macs"][:1]
    if "hostname" in row and random.random() < 0.3:
        row["hostname"] = row["hostname"][:15]
    return row | {"provider": provider, "active": random.random() < 0.9}
