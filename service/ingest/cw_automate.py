"""
ConnectWise Automate: computers, and their chassis in a second list.

Only a chassis knows the BIOS UUID; its `MainBoardSerialNumber` is the board's and not the machine's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.model import Record
from service.ingest.fields import dig, make_record, moment, serials, text, texts, with_version
from service.ingest.files import FileAdapter, by_id, key_of
from service.ingest.protocol import Raw

COMPUTERS = "computers.json"
CHASSIS = "chassis.json"


class CwAutomate(FileAdapter):
    """Computers as records; a row is a computer with its chassis, if it has one."""

    name = "cw_automate"
    setting = "Providers:ConnectWiseAutomate:Folder"
    files = (COMPUTERS, CHASSIS)

    def join(self, answers: Mapping[str, Any]) -> Iterable[Raw]:
        """Yield each computer with its chassis; one list writes the id as text, the other may write a number."""
        chassis = by_id(self.listed(answers, CHASSIS), "ComputerId")
        for computer in self.listed(answers, COMPUTERS):
            yield {"computer": computer, "chassis": chassis.get(key_of(computer, "Id"))}

    def parse(self, raw: Raw) -> Record:
        """Map one computer. Raises: Unparsable."""
        computer, chassis = dig(raw, "computer"), dig(raw, "chassis")
        system, version = text(computer, "OperatingSystemName"), text(computer, "OperatingSystemVersion")
        fields = {
            "company_id": dig(computer, "Client", "Id"),
            "company": dig(computer, "Client", "Name"),
            "name": dig(computer, "FriendlyName"),
            "hostname": dig(computer, "ComputerName"),
            "type": dig(computer, "Type"),
            "bios_guid": dig(chassis, "UUID"),
            "serial": serials(dig(computer, "SerialNumber"), dig(chassis, "SerialNumber")),
            "macs": texts(dig(computer, "MACAddress")),
            "ips": texts(dig(computer, "LocalIPAddress")),
            "default_gateway": dig(computer, "GatewayIPAddress"),
            "os_type": system,
            "os_info": with_version(system, version),
            "tag_number": dig(computer, "AssetTag"),
            "last_user": dig(computer, "LastUserName"),
            "last_seen": moment(dig(computer, "RemoteAgentLastContact")) or moment(dig(computer, "LastHeartbeat")),
        }
        return make_record(self.name, dig(computer, "Id"), fields)
