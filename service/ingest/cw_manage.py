"""ConnectWise Manage: its configurations as records."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast

from matching.model import Record
from service.core.errors import NotFound, ProviderChanged, ProviderRefused, Unparsable
from service.core.settings import ConnectWiseManage
from service.ingest.client import PROVIDER, Client, Outside
from service.ingest.protocol import Page, Raw

CONFIGURATIONS = "/company/configurations"

FIELDS = (
    "id",
    "name",
    "type/name",
    "status/name",
    "company/id",
    "company/name",
    "manufacturer/name",
    "deviceIdentifier",
    "serialNumber",
    "modelNumber",
    "tagNumber",
    "macAddress",
    "lastLoginName",
    "ipAddress",
    "defaultGateway",
    "osType",
    "osInfo",
    "mobileGuid",
    "activeFlag",
    "_info",
)
"""What is asked for; `id` must be among it, it is the cursor."""

MAC = re.compile(
    r"""
    (?<![0-9a-f]) (?<![0-9a-f][:.-])
    (?: [0-9a-f]{2} ([ :.-]?) (?: [0-9a-f]{2} \1 ){4} [0-9a-f]{2}      # 00:11:22:33:44:55, 00 11 .., 001122334455
      | [0-9a-f]{4} ([ :.-])  [0-9a-f]{4} \2 [0-9a-f]{4} )             # 0011.2233.4455
    (?![0-9a-f]) (?![:.-][0-9a-f])
    """,
    re.VERBOSE | re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s,;|]+")

ENTRIES = {"question": ("questions", "question", "answer"), "customField": ("customFields", "caption", "value")}
"""Kind of `BiosGuidSource` -> the list to look in, what names an entry there, what holds its value."""


class CwManage:
    """The adapter: GET /company/configurations and what belongs to it."""

    name = PROVIDER
    live = True

    def __init__(self, settings: ConnectWiseManage, outside: Outside | None = None) -> None:
        """Raises: SettingsError, if the types do not fit into one request."""
        self._settings = settings
        self._client = Client(settings, outside)
        self._filter = _filter(settings)
        kind, _, caption = settings.bios_guid_source.partition(":")
        self._entry = ENTRIES.get(kind, ("", "", ""))
        self._caption = caption.strip().casefold()
        self._fields = {"fields": ",".join(filter(None, [*FIELDS, self._entry[0]]))}
        self._client.require_short(CONFIGURATIONS, {**self._filter, **self._fields})
        asked = "\n".join((settings.base_url, settings.bios_guid_source, *self._filter.values()))
        self._asked = sha256(asked.encode()).hexdigest()[:16]
        included, excluded = settings.types.include, settings.types.exclude
        self._included, self._excluded = {_folded(name) for name in included}, {_folded(name) for name in excluded}

    @property
    def heard_at(self) -> datetime | None:
        """The server's own time, as of its latest answer."""
        return self._client.heard_at

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[Page]:
        """
        Yield every configuration that the settings call a device, reduced to what is needed.

        With `since`, every one that changed later, whatever the settings call it: the condition that selects would
        hide what has just been deactivated, or is of another type now.
        """
        query = {**self._conditions(since), **self._fields}
        async for rows, last in self._client.pages(CONFIGURATIONS, query, _last_id(after)):
            yield Page([self._needed(row) for row in rows], f"{last} {self._asked}")

    def goes_on_from(self, cursor: str) -> bool:
        """Whether the rows up to a cursor were asked for as they would be now."""
        return cursor.partition(" ")[2] == self._asked

    async def one(self, record_id: str) -> Raw | None:
        """Return one configuration, None if there is none with that id."""
        if not record_id.isascii() or not record_id.isdecimal():
            return None  # never an id of this provider: the record came by another way
        try:
            return await self.fetch_one(int(record_id))
        except NotFound:
            return None

    async def fetch_one(self, record_id: int) -> Raw:
        """
        Return one configuration.

        Raises:
            NotFound: There is none with that id, or it may not be seen.
            ProviderError: Anything else.
        """
        try:
            return self._needed(await self._client.get(f"{CONFIGURATIONS}/{record_id}", self._fields))
        except ProviderRefused as error:
            if error.answered == 404:
                raise NotFound(f"{PROVIDER}: there is no configuration {record_id}") from error
            raise

    async def expected(self, since: datetime | None = None) -> int:
        """Return how many configurations a fetch should bring."""
        answer = await self._client.get(f"{CONFIGURATIONS}/count", self._conditions(since))
        count = answer.get("count") if isinstance(answer, dict) else None
        if type(count) is not int or count < 0:
            raise ProviderChanged(PROVIDER, "answered no number when asked for the count of configurations")
        return count

    async def check(self) -> list[tuple[str, str]]:
        """Return version, kind of hosting, time zone, and what a sync would pull."""
        info = await self._client.get("/system/info")
        if not isinstance(info, dict):
            raise ProviderChanged(PROVIDER, "answered no object when asked for /system/info")
        return [
            ("address", self._settings.base_url),
            ("version", _shown(info.get("version"))),
            ("cloud", {"True": "yes", "False": "no"}.get(str(info.get("isCloud")), "unknown")),
            ("time zone", _shown(info.get("serverTimeZone"))),
            ("conditions", self._filter.get("conditions", "none")),
            ("configurations", str(await self.expected())),
        ]

    def parse(self, raw: Raw) -> Record:
        """
        Map one configuration; values stay as written.

        There is no `last_seen`: `lastUpdated` is when somebody edited the row, not when the box was alive.

        Raises:
            Unparsable: No object, or no whole number as its id.
        """
        if not isinstance(raw, dict) or type(raw.get("id")) is not int:
            raise Unparsable("", "it is no object with a whole number as its id")
        identifier = _text(raw.get("deviceIdentifier"))
        links_to = self._settings.device_identifier_provider
        fields = {
            "company_id": _inner(raw, "company", "id"),
            "company": _inner(raw, "company", "name"),
            "name": _text(raw.get("name")),
            "type": _inner(raw, "type", "name"),
            "bios_guid": self._bios_guid(raw),
            "serial": _text(raw.get("serialNumber")),
            "macs": split_macs(_text(raw.get("macAddress"))),
            "ips": _split(_text(raw.get("ipAddress"))),
            "default_gateway": _text(raw.get("defaultGateway")),
            "os_type": _text(raw.get("osType")),
            "os_info": _text(raw.get("osInfo")),
            "manufacturer": _inner(raw, "manufacturer", "name"),
            "model": _text(raw.get("modelNumber")),
            "tag_number": _text(raw.get("tagNumber")),
            "device_identifier": identifier,
            "links": [{"provider": links_to, "id": identifier}] if links_to and identifier else [],
            "last_user": _text(raw.get("lastLoginName")),
            "status": _inner(raw, "status", "name"),
        }
        record = {
            "provider": PROVIDER,
            "id": str(raw["id"]),
            **{name: value for name, value in fields.items() if value},
        }
        if isinstance(raw.get("activeFlag"), bool):
            record["active"] = raw["activeFlag"]
        return cast(Record, record)

    def unselected(self, raw: Raw) -> str | None:
        """Judge a row as the server's `conditions` would: text compares without case, and no type is no type wanted."""
        if self._settings.active_only and raw.get("activeFlag") is not True:
            return "was deactivated at the provider"
        type_name = _inner(raw, "type", "name")
        folded = _folded(type_name)
        if (self._included and folded not in self._included) or (self._excluded and folded in {"", *self._excluded}):
            return (
                f"is of the type {_shown(type_name) if type_name else '(none)'} now, which the settings do not select"
            )
        return None

    def _conditions(self, since: datetime | None) -> dict[str, str]:
        if since is None:
            return self._filter
        return {"conditions": f"lastUpdated > [{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}]"}

    def _bios_guid(self, raw: Raw) -> str:
        if self._settings.bios_guid_source == "mobileGuid":
            return _text(raw.get("mobileGuid"))
        return next((text for entry in self._wanted(raw) if (text := _text(entry.get(self._entry[2])))), "")

    def _wanted(self, raw: Raw) -> list[Raw]:
        """The questions or custom fields that `BiosGuidSource` names; a password is never wanted."""
        place, label, _ = self._entry
        listed = raw.get(place)
        return [
            entry
            for entry in (listed if isinstance(listed, list) else [])
            if isinstance(entry, dict)
            and _text(entry.get(label)).strip().casefold() == self._caption
            and entry.get("fieldType") != "Password"
        ]

    def _needed(self, row: Any) -> Raw:
        """
        Reduce a row to what this program reads, before anything can keep it.

        Questions may hold passwords, and a server may send more than was asked for. What is no object is kept under
        `row`, to be quarantined.
        """
        if not isinstance(row, dict):
            return {"row": row if isinstance(row, str | int | float | None) else "(a list)"}
        needed = {name: row[name] for name in dict.fromkeys(field.partition("/")[0] for field in FIELDS) if name in row}
        if self._entry[0] in row:
            needed[self._entry[0]] = self._wanted(row)
        return needed


def split_macs(text: str) -> list[str]:
    """
    Return the MAC addresses that one text lists, as written.

    Blanks, commas, semicolons and bars part them, and a blank or a dot may also be inside one. What is no MAC is
    returned too, so that somebody says why it is not used.

    >>> split_macs("00 11 22 33 44 55, 0011.2233.4466;00-11-22-33-44-77")
    ['00 11 22 33 44 55', '0011.2233.4466', '00-11-22-33-44-77']
    """
    macs: list[str] = []
    end = 0
    for match in MAC.finditer(text):
        macs += [*_split(text[end : match.start()]), match[0]]
        end = match.end()
    return macs + _split(text[end:])


def _split(text: str) -> list[str]:
    return [part for part in BETWEEN.split(text) if part]


def _text(value: object) -> str:
    """A value as text; absent, null, empty and blank are alike."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else ""


def _inner(raw: Raw, reference: str, name: str) -> str:
    value = raw.get(reference)
    return _text(value.get(name)) if isinstance(value, dict) else ""


def _folded(name: str) -> str:
    return name.strip().casefold()


def _last_id(cursor: str | None) -> int:
    """The id in a cursor of `fetch`; 0 where there is none."""
    return int(cursor.partition(" ")[0]) if cursor else 0


def _shown(value: object) -> str:
    """A fact from outside, fit for a terminal."""
    text = "".join(character for character in _text(value) if character.isprintable())
    return text[:100] or "unknown"


def _filter(settings: ConnectWiseManage) -> dict[str, str]:
    """Which configurations are asked for: `conditions`, or nothing at all for every one there is."""
    included = " OR ".join(f"type/name={_quoted(name)}" for name in settings.types.include)
    terms = [
        "activeFlag=true" if settings.active_only else "",
        f"({included})" if included else "",
        *(f"type/name!={_quoted(name)}" for name in settings.types.exclude),
    ]
    conditions = " AND ".join(filter(None, terms))
    return {"conditions": conditions} if conditions else {}


def _quoted(name: str) -> str:
    """A text of the conditions language; the vendor asks for `[` as `[[]`. Settings hold no quotes."""
    return '"' + name.replace("[", "[[]") + '"'
