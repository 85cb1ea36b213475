"""
Say which feeds are asked to list a device: a phone is not asked for a backup, nor a switch for an EDR.

A gap is work only where somebody could close it. Agents of an RMM, an EDR or a backup run on computers; phones and
tablets are managed by an MDM, in place of an RMM; printers and network equipment have no agent, and an RMM watches them
from a probe. A licence that the PSA keeps beside its devices is asked of nobody.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from matching.codes import Code
from matching.policy import Policy
from service.reports.rules import FeedRole


class DeviceClass(Code):
    """What a device is, as far as feeds can be expected to list it."""

    COMPUTER = "computer", "computer", "Agents run on it."
    MOBILE = "mobile", "phone or tablet", "An MDM manages it."
    EQUIPMENT = "equipment", "equipment", "A printer, network equipment and the like: no agent runs on it."
    NO_DEVICE = "no_device", "no device", "A licence, a contract or the like (`Policy:NonDeviceTypes`)."


ASKED: dict[DeviceClass, frozenset[FeedRole]] = {
    DeviceClass.COMPUTER: frozenset({FeedRole.PSA, FeedRole.RMM, FeedRole.EDR, FeedRole.BACKUP}),
    DeviceClass.MOBILE: frozenset({FeedRole.PSA, FeedRole.MDM}),
    DeviceClass.EQUIPMENT: frozenset({FeedRole.PSA, FeedRole.RMM}),
    DeviceClass.NO_DEVICE: frozenset(),
}
"""Which feeds are asked to list a device."""

COMPUTERS = frozenset(
    "computer computers desktop desktops host hypervisor imac laptop laptops mac macbook notebook notebooks pc pcs "
    "server servers ultrabook virtual vm workstation workstations".split()
)
"""Words of a type that say computer, whatever stands beside them: a mobile workstation, a print server."""

EQUIPMENT = frozenset(
    "ap appliance bridge camera cameras conference copier copiers desk display dock firewall firewalls gateway ip "
    "mfp modem monitor monitors nas network nvr pbx pdu plotter printer printers projector router routers san scanner "
    "scanners sip storage switch switches tv ups voip wap wifi wireless".split()
)
"""Words of a type that say equipment; they come before those of phones, for an `IP phone` is on no MDM."""

MOBILES = frozenset(
    "android cell cellphone cellphones handheld ios ipad ipads iphone iphones mobile mobiles phone phones smartphone "
    "smartphones tablet tablets".split()
)
"""Words of a type that say phone or tablet."""

AGENTS = frozenset({FeedRole.RMM, FeedRole.EDR, FeedRole.BACKUP})
"""Roles whose agents run on computers."""


def device_class(type_: str | None, roles: Collection[FeedRole], policy: Policy) -> DeviceClass:
    """
    Return what a device is, by its type.

    A device without a type that an MDM lists and no agent is a phone or a tablet; anything else that is not known is a
    computer, because a gap that is none is seen at once, and one that is not shown is never seen.
    """
    if found := _by_type(type_ or "", policy.non_device_types):
        return found
    is_mobile = not type_ and FeedRole.MDM in roles and not AGENTS.intersection(roles)
    return DeviceClass.MOBILE if is_mobile else DeviceClass.COMPUTER


@lru_cache(maxsize=10_000)  # a million devices have few types between them
def _by_type(type_: str, non_device_types: frozenset[str]) -> DeviceClass | None:
    words = set(re.findall(r"[^\W_]+", type_.casefold()))
    table = (
        (non_device_types, DeviceClass.NO_DEVICE),
        (COMPUTERS, DeviceClass.COMPUTER),
        (EQUIPMENT, DeviceClass.EQUIPMENT),
        (MOBILES, DeviceClass.MOBILE),
    )
    return next((found for known, found in table if not words.isdisjoint(known)), None)
