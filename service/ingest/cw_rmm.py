"""
ConnectWise RMM (Asio platform): endpoints grouped by company and site, and the companies' names.

`endpointID` is the platform's own and no BIOS GUID; `baseboard.serialNumber` is the board's and not the machine's;
`remoteAddress` is the office's public address.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from matching.model import Link, Record
from service.ingest.fields import dig, make_record, moment, objects, serials, text, texts, with_version
from service.ingest.files import FileAdapter, by_id, key_of
from service.ingest.interfaces import own_macs
from service.ingest.protocol import Raw

ENDPOINTS = "endpoints.json"
COMPANIES = "companies.json"
HEARTBEAT = "heartbeat.json"

VENDORS = {
    "connectwisemanage": "cw_manage",
    "connectwisepsa": "cw_manage",
    "manage": "cw_manage",
    "connectwiseautomate": "cw_automate",
    "automate": "cw_automate",
    "labtech": "cw_automate",
    "ninjaone": "ninjaone",
    "ninjarmm": "ninjaone",
}
"""`endpointMapping[].vendorName`, letters and digits alone -> the provider whose record `vendorID` names."""


class CwRmm(FileAdapter):
    """Endpoints as records; a row is an endpoint with its group's ids, its company and its last heartbeat."""

    name = "cw_rmm"
    setting = "Providers:ConnectWiseRmm:Folder"
    files = (ENDPOINTS, COMPANIES)
    optional = (HEARTBEAT,)

    def join(self, answers: Mapping[str, Any]) -> Iterable[Raw]:
        """Yield the endpoints of all groups, each with its company and its heartbeat, which are found by id."""
        companies = by_id(self.listed(answers, COMPANIES), "id")
        heartbeats = by_id(_heartbeats(answers[HEARTBEAT]), "endpointID")
        for group, endpoint in _endpoints(self._groups(answers)):
            yield {
                "endpoint": endpoint,
                "companyID": dig(group, "companyID"),
                "siteID": dig(group, "siteID"),
                "company": companies.get(key_of(group, "companyID")),
                "heartbeat": heartbeats.get(key_of(endpoint, "endpointID")),
            }

    def parse(self, raw: Raw) -> Record:
        """Map one endpoint. Raises: Unparsable."""
        endpoint, networks = dig(raw, "endpoint"), dig(raw, "endpoint", "networks")
        system, version = text(endpoint, "os", "product"), text(endpoint, "os", "version")
        fields = {
            "company_id": dig(raw, "companyID"),
            "company": text(raw, "company", "name") or text(raw, "company", "friendlyName"),
            "name": dig(endpoint, "friendlyName"),
            "hostname": dig(endpoint, "deviceName"),
            "type": text(endpoint, "type") or text(endpoint, "endpointType"),
            "bios_guid": dig(endpoint, "baseboard", "hardwareUUID"),
            "serial": serials(dig(endpoint, "system", "serialNumber"), dig(endpoint, "bios", "serialNumber")),
            "macs": own_macs(dig(endpoint, "macAddress"), networks),
            "ips": _private(texts(dig(endpoint, "ipAddress"), *(nic.get("ipv4List") for nic in objects(networks)))),
            "os_type": system,
            "os_info": with_version(system, version),
            "manufacturer": dig(endpoint, "system", "manufacturer"),
            "model": dig(endpoint, "system", "model"),
            "links": _links(dig(endpoint, "endpointMapping")),
            "last_seen": moment(dig(raw, "heartbeat", "DcDateTimeUTC")),
        }
        return make_record(self.name, dig(endpoint, "endpointID"), fields)

    def _groups(self, answers: Mapping[str, Any]) -> list[Any]:
        """Return the groups of every category in the platform's answer, which may also be a plain list of groups."""
        categories = dig(answers[ENDPOINTS], "endpoints")
        if isinstance(categories, dict):
            lists = (self.listed(answers, ENDPOINTS, "endpoints", category) for category in categories)
            return [group for groups in lists for group in groups]
        return self.listed(answers, ENDPOINTS, "endpoints")


def _endpoints(groups: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each endpoint with its group; a row of another shape counts as an endpoint, so that `parse` refuses it."""
    for group in groups:
        members = dig(group, "endpoints") if isinstance(group, dict) else [group]
        if members is not None:
            yield from ((group, member) for member in (members if isinstance(members, list) else [members]))


def _heartbeats(answer: object) -> list[Any]:
    return [beat for group in objects(dig(answer, "successfulRecords")) for beat in objects(group.get("endpoints"))]


def _private(addresses: list[str]) -> list[str]:
    return [address for address in addresses if _is_private(address)]


def _is_private(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    return ip.is_private and not (ip.is_loopback or ip.is_link_local or ip.is_unspecified)


def _links(mapping: object) -> list[Link]:
    named = ((_vendor(entry), text(entry, "vendorID")) for entry in objects(mapping))
    return [Link(provider=provider, id=other) for provider, other in named if provider and other]


def _vendor(entry: object) -> str | None:
    letters = "".join(filter(str.isalnum, text(entry, "vendorName") or ""))
    return VENDORS.get(letters.casefold())
