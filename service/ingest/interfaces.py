"""Separate the network interfaces that are a box's own from those of software and docks."""

import re
from collections.abc import Mapping

from matching.errors import UnusableValue
from matching.values.normalise import normalise_mac
from service.ingest.fields import objects, texts

NAME_FIELDS = ("name", "description", "product", "logicalName", "adapterName", "interfaceName", "interfaceType")
"""Fields in which a vendor may say what an interface is."""

FOREIGN = re.compile(
    r"""
      virtual\ (?:ethernet|switch|network|wi-?fi|miniport|adapter) | \bvethernet\b | \bhost-only\b | multiplexor
    | \bvpn | tap-windows | wintun | wireguard | openvpn | anyconnect | globalprotect | \bpangp\b | forti | sonicwall
    | netextender | zscaler | tailscale | zerotier | \bwan\ miniport | \btunnel | teredo | isatap | 6to4
    | kernel\ debug | bluetooth | loopback | npcap | \bdock\b | docking
    | ^(?:lo\d*|docker\d*|br-[0-9a-f]+|virbr\d.*|veth.+|tun\d+|tap\d+|utun\d+|wg\d+|ppp\d+|awdl\d+|llw\d+)$
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""
Names of interfaces whose MAC identifies no box: software's own, the fixed ones of VPN clients, and docks, which
travel. A guest's own adapter (vmxnet3, VirtIO, `Microsoft Hyper-V Network Adapter`) is the box's, and not among them.
"""


def own_macs(listed: object, interfaces: object) -> list[str]:
    """
    Return the MACs of a box's own network interfaces, as written, each once.

    `listed` is the vendor's flat list of MACs, `interfaces` its list of objects with a name and `macAddress`. The MAC
    of a foreign interface leaves the flat list too, unless one of the box's own has it as well: a Hyper-V switch takes
    the MAC of its physical adapter.
    """
    own = texts(listed)
    foreign: set[str] = set()
    kept: set[str] = set()
    for interface in objects(interfaces):
        macs = texts(interface.get("macAddress"))
        if is_foreign(interface):
            foreign.update(map(_plain_mac, macs))
        else:
            own += macs
            kept.update(map(_plain_mac, macs))
    first_spelling: dict[str, str] = {}
    for mac in own:
        first_spelling.setdefault(_plain_mac(mac), mac)
    return [mac for plain, mac in first_spelling.items() if plain in kept or plain not in foreign]


def is_foreign(interface: Mapping[str, object]) -> bool:
    """Whether the name of an interface says that it is no hardware of this box."""
    return any(FOREIGN.search(name) for name in texts([interface.get(field) for field in NAME_FIELDS]))


def _plain_mac(mac: str) -> str:
    try:
        return normalise_mac(mac)
    except UnusableValue:
        return mac
