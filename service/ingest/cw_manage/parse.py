"""Read a configuration: reduce the row to what is needed, and map it to a record. Pure: no I/O, one setting."""

import re
from typing import Any, NamedTuple, cast

from matching.model import Record
from matching.values.mac_lists import split_macs
from service.core.errors import Unparsable
from service.ingest.cw_manage.names import FIELDS, PROVIDER
from service.ingest.protocol import Raw

SEPARATORS = re.compile(r"[\s,;|]+")

TOP_LEVEL_FIELDS = tuple(dict.fromkeys(field.partition("/")[0] for field in FIELDS))


class EntryList(NamedTuple):
    """A list inside a configuration, and the fields that name an entry there and hold its value."""

    field: str
    label: str
    value: str


ENTRY_LISTS = {
    "question": EntryList("questions", "question", "answer"),
    "customField": EntryList("customFields", "caption", "value"),
}
"""Kind of `BiosGuidSource` -> where its entries are."""


class BiosGuidSource:
    """Where the BIOS GUID of a configuration is: `mobileGuid`, `question:TEXT`, `customField:CAPTION` or `none`."""

    def __init__(self, setting: str) -> None:
        kind, _, caption = setting.partition(":")
        self._is_mobile_guid = setting == "mobileGuid"
        self._entries = ENTRY_LISTS.get(kind)
        self._caption = caption.strip().casefold()

    @property
    def field(self) -> str | None:
        """The field to ask for beside `FIELDS`, None where there is none."""
        return self._entries.field if self._entries else None

    def read(self, raw: Raw) -> str:
        """Return the BIOS GUID as written, "" where there is none."""
        if self._is_mobile_guid:
            return as_text(raw.get("mobileGuid"))
        if not self._entries:
            return ""
        return next((text for entry in self.entries(raw) if (text := as_text(entry.get(self._entries.value)))), "")

    def entries(self, raw: Raw) -> list[Raw]:
        """Return the questions or custom fields that the setting names; a password is never among them."""
        if not self._entries:
            return []
        listed = raw.get(self._entries.field)
        return [
            entry
            for entry in (listed if isinstance(listed, list) else [])
            if isinstance(entry, dict)
            and as_text(entry.get(self._entries.label)).strip().casefold() == self._caption
            and entry.get("fieldType") != "Password"
        ]


def reduce_row(row: Any, source: BiosGuidSource) -> Raw:
    """
    Return a row with the fields that this program reads and no others.

    Questions may hold passwords, and a server may send more than was asked for; nothing of either may be kept. What is
    no object is kept under `row`, to be quarantined.
    """
    if not isinstance(row, dict):
        return {"row": row if isinstance(row, str | int | float | None) else "(a list)"}
    reduced = {name: row[name] for name in TOP_LEVEL_FIELDS if name in row}
    if source.field and source.field in row:
        reduced[source.field] = source.entries(row)
    return reduced


def parse_row(raw: Raw, source: BiosGuidSource, links_to: str | None) -> Record:
    """
    Map one configuration; values stay as written.

    `links_to` is the provider whose record ids `deviceIdentifier` holds, None where the settings do not say. There is
    no `last_seen`: `lastUpdated` is when somebody edited the row, not when the box was alive.

    Raises:
        Unparsable: No object, or no whole number as its id.
    """
    if not isinstance(raw, dict) or type(raw.get("id")) is not int:
        raise Unparsable("", "it is no object with a whole number as its id")
    identifier = as_text(raw.get("deviceIdentifier"))
    fields = {
        "company_id": inner(raw, "company", "id"),
        "company": inner(raw, "company", "name"),
        "name": as_text(raw.get("name")),
        "type": inner(raw, "type", "name"),
        "bios_guid": source.read(raw),
        "serial": as_text(raw.get("serialNumber")),
        "macs": split_macs(as_text(raw.get("macAddress"))),
        "ips": _split(as_text(raw.get("ipAddress"))),
        "default_gateway": as_text(raw.get("defaultGateway")),
        "os_type": as_text(raw.get("osType")),
        "os_info": as_text(raw.get("osInfo")),
        "manufacturer": inner(raw, "manufacturer", "name"),
        "model": as_text(raw.get("modelNumber")),
        "tag_number": as_text(raw.get("tagNumber")),
        "device_identifier": identifier,
        "links": [{"provider": links_to, "id": identifier}] if links_to and identifier else [],
        "last_user": as_text(raw.get("lastLoginName")),
        "status": inner(raw, "status", "name"),
    }
    record = {"provider": PROVIDER, "id": str(raw["id"]), **{name: value for name, value in fields.items() if value}}
    if isinstance(raw.get("activeFlag"), bool):
        record["active"] = raw["activeFlag"]
    return cast(Record, record)


def as_text(value: object) -> str:
    """Return a value as text; absent, null, empty and blank are alike: ""."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else ""


def inner(raw: Raw, reference: str, name: str) -> str:
    """Return a field of a reference such as `company`, as text."""
    value = raw.get(reference)
    return as_text(value.get(name)) if isinstance(value, dict) else ""


def shown(value: object) -> str:
    """Return a server's value fit for a terminal: printable, not long, `unknown` where there is none."""
    text = "".join(character for character in as_text(value) if character.isprintable())
    return text[:100] or "unknown"


def _split(text: str) -> list[str]:
    return [part for part in SEPARATORS.split(text) if part]
