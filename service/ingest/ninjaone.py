"""
NinjaOne: devices, and two reports about them: computer systems and network interfaces.

`uid` is Ninja's own id and not a BIOS GUID; this provider reports none. `offline` says that the box is switched off,
not that it is retired. `lastContact` is in seconds.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.model import Record
from service.ingest.fields import dig, make_record, moment, objects, serials, text, texts
from service.ingest.files import FileAdapter, by_id, grouped, key_of
from service.ingest.interfaces import is_foreign, own_macs
from service.ingest.protocol import Raw

DEVICES = "devices-detailed.json"
SYSTEMS = "computer-systems.json"
INTERFACES = "network-interfaces.json"


class NinjaOne(FileAdapter):
    """Devices as records; a row is a device with its computer system, if it has one, and its network interfaces."""

    name = "ninjaone"
    setting = "Providers:NinjaOne:Folder"
    files = (DEVICES, SYSTEMS, INTERFACES)

    def join(self, answers: Mapping[str, Any]) -> Iterable[Raw]:
        """Yield each device with what the two reports say about it."""
        systems = by_id(self.listed(answers, SYSTEMS, "results"), "deviceId")
        interfaces = grouped(self.listed(answers, INTERFACES, "results"), "deviceId")
        for device in self.listed(answers, DEVICES):
            key = key_of(device, "id")
            yield {
                "device": device,
                "computer_system": systems.get(key),
                "network_interfaces": interfaces.get(key, []),
            }

    def parse(self, raw: Raw) -> Record:
        """Map one device. Raises: Unparsable."""
        device, system, interfaces = dig(raw, "device"), dig(raw, "computer_system"), dig(raw, "network_interfaces")
        fields = {
            "company_id": dig(device, "organizationId"),
            "company": dig(device, "references", "organization", "name"),
            "name": dig(device, "displayName"),
            "hostname": text(device, "dnsName") or text(device, "systemName") or text(device, "netbiosName"),
            "type": dig(device, "nodeClass"),
            "serial": serials(dig(system, "serialNumber"), dig(system, "biosSerialNumber")),
            "macs": own_macs(dig(device, "macAddresses"), interfaces),
            "ips": texts(dig(device, "ipAddresses")),
            "default_gateway": _gateway(interfaces),
            "os_type": dig(device, "os", "name"),
            "manufacturer": dig(system, "manufacturer"),
            "model": dig(system, "model"),
            "last_seen": moment(dig(device, "lastContact")),
            "status": dig(device, "approvalStatus"),
        }
        return make_record(self.name, dig(device, "id"), fields)


def _gateway(interfaces: object) -> str | None:
    own = (interface for interface in objects(interfaces) if not is_foreign(interface))
    return next((gateway for interface in own for gateway in texts(interface.get("defaultGateway"))), None)
