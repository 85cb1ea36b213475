"""What the adapters share: digging a value out of a hostile row, and making a record of what was found."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.errors import NotARecord, UnusableValue
from matching.model import Record
from matching.records import read_record
from matching.values.normalise import normalise_mac
from service.core.errors import Unparsable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EARLIEST_YEAR = 2000
"""No agent is older; year 1 and 1970 are how .NET, Go and Unix write `never`."""

LARGEST_NUMBER = 10**40
"""No id or serial written as a JSON number is longer, and Python refuses to write out numbers without end."""

ADAPTER_NAMES = ("name", "description", "product", "logicalName", "adapterName", "interfaceName", "interfaceType")
"""Where a vendor may say what a network adapter is."""

FOREIGN_ADAPTER = re.compile(
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
Adapters by whose MAC no box can be told: software's own, the fixed ones of VPN clients, and docks, which travel.
A guest's own adapter (vmxnet3, VirtIO, `Microsoft Hyper-V Network Adapter`) is the box's, and not among them.
"""


def dig(raw: object, *path: str) -> object:
    """Return the value at a path of nested objects, None where the path ends early."""
    for name in path:
        if not isinstance(raw, dict):
            return None
        raw = raw.get(name)
    return raw


def text(raw: object, *path: str) -> str | None:
    """Return the text or whole number at a path as it is written; None for anything else, blanks too."""
    value = dig(raw, *path)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def texts(*values: object) -> list[str]:
    """Return the texts among values and lists of values, each once, in their order."""
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return list(dict.fromkeys(found for item in flat if (found := text(item))))


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list; none where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def serials(*values: object) -> str | list[str] | None:
    """Return the one serial number that several fields agree on, or all of them when they differ."""
    spellings: dict[str, str] = {}
    for serial in texts(*values):
        spellings.setdefault("".join(serial.split()).casefold(), serial)
    distinct = list(spellings.values())
    return distinct if len(distinct) > 1 else next(iter(distinct), None)


def with_version(system: str | None, version: str | None) -> str | None:
    """Return an operating system's name and version in one text, None unless both are known."""
    return f"{system} {version}" if system and version else None


def moment(value: object) -> str | None:
    """
    Return a point in time in RFC 3339 and UTC, None where there is none.

    A number is seconds since 1970. A text is ISO 8601; without a zone it is taken as UTC.

    >>> moment(1767607872.4)
    '2026-01-05T10:11:12.400000Z'
    """
    try:
        found = _read_moment(value)
    except (ValueError, OverflowError):
        return None
    if found is None or found.year < EARLIEST_YEAR:
        return None
    return found.isoformat().replace("+00:00", "Z")


def own_macs(listed: object, adapters: object) -> list[str]:
    """
    Return the MACs of a box's own adapters, as written, each once.

    `listed` is the flat list, `adapters` the objects with `macAddress`. What is known to belong to a foreign adapter
    leaves the flat list too, unless an own one has it as well: a Hyper-V switch takes the MAC of its physical adapter.
    """
    own = texts(listed)
    foreign: set[str] = set()
    kept: set[str] = set()
    for adapter in objects(adapters):
        macs = texts(adapter.get("macAddress"))
        if is_foreign(adapter):
            foreign.update(map(_plain_mac, macs))
        else:
            own += macs
            kept.update(map(_plain_mac, macs))
    first_spelling: dict[str, str] = {}
    for mac in own:
        first_spelling.setdefault(_plain_mac(mac), mac)
    return [mac for plain, mac in first_spelling.items() if plain in kept or plain not in foreign]


def is_foreign(adapter: Mapping[str, object]) -> bool:
    """Whether an adapter's name says that it is no hardware of this box."""
    return any(FOREIGN_ADAPTER.search(name) for name in texts([adapter.get(field) for field in ADAPTER_NAMES]))


def make_record(provider: str, record_id: object, fields: Mapping[str, object]) -> Record:
    """
    Return the record of a row's values; what is absent or cannot be read is left out.

    Raises:
        Unparsable: There is no id that can be used.
    """
    present = {name: value for name, value in fields.items() if value not in (None, [])}
    try:
        record, _ = read_record({"provider": provider, "id": record_id, **present})
    except NotARecord as error:
        raise Unparsable("", str(error)) from None
    return record


def _read_moment(value: object) -> datetime | None:
    if isinstance(value, str):
        written = datetime.fromisoformat(value.strip())
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return EPOCH + timedelta(seconds=value)
    return None


def _plain_mac(mac: str) -> str:
    try:
        return normalise_mac(mac)
    except UnusableValue:
        return mac
