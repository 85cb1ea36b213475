"""The six customers of the managed service provider, and how each of its systems names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

CW_MANAGE, CW_RMM, CW_AUTOMATE, NINJAONE = "cw_manage", "cw_rmm", "cw_automate", "ninjaone"
RMMS = (CW_RMM, CW_AUTOMATE, NINJAONE)


class Role(StrEnum):
    """What its owner uses a box as."""

    LAPTOP = "laptop"
    DESKTOP = "desktop"
    WHITE_BOX = "white_box"  # assembled by a local shop: no real serial, often no real GUID
    SERVER = "server"
    VMWARE = "vmware"
    HYPERV = "hyperv"
    MAC = "mac"
    SWITCH = "switch"
    PRINTER = "printer"
    FIREWALL = "firewall"
    ENTRY = "entry"  # a configuration that is no device: toner, licence, domain name, certificate


NETWORK_GEAR = frozenset({Role.SWITCH, Role.PRINTER, Role.FIREWALL})
PORTABLE = frozenset({Role.LAPTOP, Role.MAC})
SERVERS = frozenset({Role.SERVER, Role.VMWARE, Role.HYPERV})


@dataclass(frozen=True)
class Company:
    """
    A customer.

    `spelling` is its name in each provider, `ids` its id there; `agents` the RMMs in use, with
    the share of boxes that carry the agent; `integration` the RMM that writes configurations to
    ConnectWise Manage. `naming` is the pattern of host names: {role}, {user} and {number} are filled in.
    """

    key: str
    netbios: str
    domain: str
    subnet: str
    spelling: Mapping[str, str]
    ids: Mapping[str, str]
    agents: Mapping[str, float]
    integration: str
    naming: Mapping[Role, str]
    headcount: Mapping[Role, int]


def _headcount(*numbers: int) -> dict[Role, int]:
    return dict(zip([role for role in Role if role is not Role.ENTRY], numbers, strict=True))


def _naming(prefix: str, **patterns: str) -> dict[Role, str]:
    usual = {
        Role.LAPTOP: f"{prefix}-LT-{{number:03}}",
        Role.DESKTOP: f"{prefix}-DT-{{number:03}}",
        Role.WHITE_BOX: f"{prefix}-PC-{{number:03}}",
        Role.SERVER: f"{prefix}-SRV{{number:02}}",
        Role.VMWARE: f"{prefix}-VM{{number:02}}",
        Role.HYPERV: f"{prefix}-HV{{number:02}}",
        Role.MAC: f"{prefix}-MAC-{{number:03}}",
        Role.SWITCH: f"{prefix}-SW{{number:02}}",
        Role.PRINTER: f"{prefix}-PRN{{number:02}}",
        Role.FIREWALL: f"{prefix}-FW{{number:02}}",
    }
    return usual | {Role[role]: pattern for role, pattern in patterns.items()}


COMPANIES = (
    Company(
        key="fenwick",
        netbios="FENWICK",
        domain="corp.fenwickoakes.example",
        subnet="10.24",
        spelling={
            CW_MANAGE: "Fenwick & Oakes LLP",
            CW_RMM: "Fenwick and Oakes",
            CW_AUTOMATE: "Fenwick & Oakes",
            NINJAONE: "FENWICK & OAKES, LLP",
        },
        ids={CW_MANAGE: "250", CW_RMM: "c2f0a6d1", CW_AUTOMATE: "12", NINJAONE: "5"},
        agents={CW_RMM: 0.95, CW_AUTOMATE: 0.7, NINJAONE: 0.5},
        integration=CW_RMM,
        naming=_naming("FNO", LAPTOP="FNO-{user}-NOTEBOOK", MAC="{user}-MacBook-Pro"),
        headcount=_headcount(32, 14, 0, 3, 12, 0, 6, 2, 3, 1),
    ),
    Company(
        key="alder",
        netbios="ALDERCREEK",
        domain="ad.aldercreek.example",
        subnet="10.31",
        spelling={
            CW_MANAGE: "Alder Creek Dental Group, Inc.",
            CW_RMM: "Alder Creek Dental Group",
            CW_AUTOMATE: "ALDER CREEK DENTAL GROUP INC",
        },
        ids={CW_MANAGE: "251", CW_RMM: "c81e3b77", CW_AUTOMATE: "14"},
        agents={CW_RMM: 0.9, CW_AUTOMATE: 0.85},
        integration=CW_AUTOMATE,
        naming=_naming("ACD"),
        headcount=_headcount(20, 28, 4, 4, 9, 0, 2, 2, 3, 1),
    ),
    Company(
        key="tarnfield",
        netbios="TARNFIELD",
        domain="tarnfield.example",
        subnet="10.47",
        spelling={
            CW_MANAGE: "Tarnfield Precision Engineering Ltd.",
            CW_RMM: "Tarnfield Precision Eng. Ltd",
            NINJAONE: "Tarnfield Precision Engineering Limited",
        },
        ids={CW_MANAGE: "263", CW_RMM: "c3d9055e", NINJAONE: "7"},
        agents={CW_RMM: 0.95, NINJAONE: 0.75},
        integration=CW_RMM,
        naming=_naming("TPE", WHITE_BOX="TARNFIELD-CADSTATION-{number:02}"),
        headcount=_headcount(22, 16, 16, 6, 10, 8, 0, 4, 3, 1),
    ),
    Company(
        key="quillmark",
        netbios="QUILLMARK",
        domain="quillmark.example",
        subnet="10.52",
        spelling={
            CW_MANAGE: "Quillmark Verlag GmbH",
            CW_AUTOMATE: "Quillmark Verlag GmbH & Co. KG",
            NINJAONE: "quillmark verlag",
        },
        ids={CW_MANAGE: "270", CW_AUTOMATE: "21", NINJAONE: "9"},
        agents={CW_AUTOMATE: 0.9, NINJAONE: 0.8},
        integration=CW_AUTOMATE,
        naming=_naming("QV", LAPTOP="QV-NB-{number:03}", MAC="QV-{user}-MBP"),
        headcount=_headcount(22, 12, 0, 3, 4, 0, 12, 1, 2, 1),
    ),
    Company(
        key="harrow",
        netbios="HARROWLANE",
        domain="harrowlane.example",
        subnet="10.66",
        spelling={
            CW_MANAGE: "Harrow Lane Veterinary, LLC",
            CW_AUTOMATE: "Harrow Lane Vets",
            NINJAONE: "The Harrow Lane Veterinary LLC",
        },
        ids={CW_MANAGE: "281", CW_AUTOMATE: "23", NINJAONE: "11"},
        agents={CW_AUTOMATE: 0.9, NINJAONE: 0.7},
        integration=CW_AUTOMATE,
        naming=_naming("HLV", DESKTOP="DESKTOP-{letters}", LAPTOP="LAPTOP-{letters}"),
        headcount=_headcount(12, 18, 8, 2, 0, 6, 0, 2, 2, 1),
    ),
    Company(
        key="brannoc",
        netbios="BRANNOC",
        domain="brannoc.sch.example",
        subnet="10.70",
        spelling={
            CW_MANAGE: "St. Brannoc's School",
            CW_RMM: "ST BRANNOC'S SCHOOL",
            NINJAONE: "Saint Brannocs School",
        },
        ids={CW_MANAGE: "294", CW_RMM: "c5b7e2f8", NINJAONE: "12"},
        agents={CW_RMM: 0.6, NINJAONE: 0.95},
        integration=NINJAONE,
        naming=_naming("SBS", DESKTOP="BRANNOC-ROOM{room}-PC{number:02}"),
        headcount=_headcount(22, 26, 0, 3, 0, 4, 12, 3, 4, 1),
    ),
)
