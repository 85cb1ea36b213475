"""Lay the records of a device side by side: a row a field, and whether the records say the same in it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from matching.codes import Code
from matching.errors import UnusableValue
from matching.model import Kind, Record
from matching.values.normalise import NORMALISERS
from service.devices.lookup import RecordView

FIELDS: Mapping[str, str] = {
    "name": "Name",
    "hostname": "Hostname",
    "company": "Customer",
    "company_id": "Customer id",
    "type": "Type",
    "status": "Status",
    "active": "In use",
    "serial": "Serial",
    "bios_guid": "BIOS GUID",
    "macs": "MACs",
    "ips": "IPs",
    "default_gateway": "Gateway",
    "manufacturer": "Maker",
    "model": "Model",
    "os": "OS",
    "os_type": "OS type",
    "os_info": "OS details",
    "last_user": "Last user",
    "last_seen": "Last seen",
    "tag_number": "Tag",
    "device_identifier": "Device identifier",
    "links": "Links",
    "conflicts": "They differ on",
    "cw_manage_device_id": "ConnectWise id",
    "cw_manage_device_ids": "ConnectWise ids",
    "cw_manage_device_identifier": "ConnectWise device identifier",
}
"""Field -> what a page calls it, in the order in which people look for them."""

HIDDEN = frozenset({"provider", "id"})
"""Fields of a record that stand in its heading."""

NEVER_ALIKE = frozenset({"last_seen"})
"""Fields in which records differ by their nature: that they do says nothing."""

KINDS: Mapping[str, Kind] = {
    "bios_guid": Kind.BIOS_GUID,
    "serial": Kind.SERIAL,
    "macs": Kind.MAC,
    "hostname": Kind.HOSTNAME,
}
"""Fields whose values are compared as evidence is: in their canonical form."""


class FieldAgreement(Code):
    """What the records say to each other in one field."""

    EQUAL = "equal", "equal", "All records that fill the field say the same."
    DIFFERENT = "different", "different", "Two records say different things."
    ALONE = "alone", "one says it", "One record alone fills the field."


class ComparedField(NamedTuple):
    """A field, its value in each record in their order (None where it has none), and what they say to each other."""

    label: str
    values: Sequence[Any]
    agreement: FieldAgreement


def compared(records: Sequence[RecordView]) -> list[ComparedField]:
    """Return the fields of some records, known ones first and others in order of name."""
    payloads = [cast("Record", each.payload) for each in records]
    names = {name for payload in payloads for name in payload} - HIDDEN
    known = [name for name in FIELDS if name in names]
    return [_field(name, payloads) for name in (*known, *sorted(names - FIELDS.keys()))]


def label_of(field: str) -> str:
    """
    Return what a page calls a field.

    >>> label_of("bios_guid"), label_of("warranty_end")
    ('BIOS GUID', 'warranty end')
    """
    return FIELDS.get(field, field.replace("_", " "))


def readable(value: Any) -> Any:
    """
    Return the value of a field as a page shows it: a number without separators, because it is an id; a link as its key.

    >>> readable(5462), readable(True), readable([{"provider": "cw_rmm", "id": "7"}, 12345])
    ('5462', 'yes', ['cw_rmm:7', '12345'])
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return [f"{each['provider']}:{each['id']}" if _is_link(each) else readable(each) for each in value]
    return value


def _field(name: str, payloads: Sequence[Record]) -> ComparedField:
    values = [readable(payload.get(name)) for payload in payloads]
    said = [_canonical(name, payload.get(name)) for payload in payloads if payload.get(name) not in (None, "", [])]
    if len(said) == 1:
        agreement = FieldAgreement.ALONE
    elif name in NEVER_ALIKE or all(each == said[0] for each in said):
        agreement = FieldAgreement.EQUAL
    else:
        agreement = FieldAgreement.DIFFERENT
    return ComparedField(label_of(name), values, agreement)


def _canonical(name: str, value: object) -> frozenset[str]:
    """What a value says, without how it is written; the order of a list says nothing."""
    each = value if isinstance(value, list) else [value]
    return frozenset(_one(name, str(item)) for item in each)


def _one(name: str, text: str) -> str:
    if name in KINDS:
        try:
            return NORMALISERS[KINDS[name]](text)
        except UnusableValue:
            return text.strip().casefold()
    return text.strip().casefold()


def _is_link(value: object) -> bool:
    return isinstance(value, dict) and {"provider", "id"} <= value.keys()
