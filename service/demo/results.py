"""What the demo shows of its result: the accuracy against the truth, one device, and requests worth trying."""

import csv
import shlex

from matching.model import Key
from matching.results.evaluation import Scores, score
from service.demo.data import FEEDS
from service.devices.explaining import explain
from service.devices.lookup import DeviceView, all_devices, lookup
from service.devices.searching import LookupKind
from service.store.world import World

LEFT, RIGHT = Key("cw_automate", "4702"), Key("cw_manage", "4711")
"""Two records of the demo device of `fixtures/README.md`, which all four providers list."""

SHOWN = (
    "company",
    "hostname",
    "type",
    "manufacturer",
    "model",
    "serial",
    "bios_guid",
    "macs",
    "cw_manage_device_id",
    "last_seen",
)
"""The fields of a golden record that the demo prints: their values fit into 80 columns."""


def accuracy(world: World) -> Scores:
    """Compare the devices with the fleet's truth, over the records that were pulled."""
    with (FEEDS / "truth.csv").open(encoding="utf-8", newline="") as lines:
        truth = {Key(line["provider"], line["id"]): line["device"] for line in csv.DictReader(lines)}
    found = {Key(each.provider, each.id): device.id for device in all_devices(world) for each in device.records}
    return score(truth, found)


def demo_device(world: World) -> DeviceView:
    """Return the device that holds the record `RIGHT`."""
    [device] = lookup(world, str(RIGHT), LookupKind.RECORD)
    return device


def golden_rows(device: DeviceView) -> list[tuple[str, str, str]]:
    """Return the known fields of `SHOWN` as rows: the field, its golden value, and the provider that it came from."""
    known = [field for field in SHOWN if field in device.values]
    return [(field, _text(device.values[field]), device.provenance[field].provider) for field in known]


def why_one_device(world: World) -> str:
    """Return the sentence that explains why the records `LEFT` and `RIGHT` are one device."""
    return explain(world, LEFT, RIGHT).sentence


def worth_trying(device: DeviceView, url: str) -> list[str]:
    """Return shell commands that ask the service at `url` for the demo device by serial, by MAC, and why it is one."""
    return [
        _curl(f"{url}/v1/lookup", identifier=_as_typed(device.values["serial"])),
        _curl(f"{url}/v1/lookup", identifier=_dotted(device.values["macs"][0])),
        _curl(f"{url}/v1/explain", left=str(LEFT), right=str(RIGHT)),
    ]


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _as_typed(serial: str) -> str:
    """Return a serial as a person types it from a label: lower case, with a blank after every fourth character."""
    return " ".join(serial[start : start + 4] for start in range(0, len(serial), 4)).lower()


def _dotted(mac: str) -> str:
    """Return a MAC as a switch shows it: 0015.5d01.0203."""
    digits = mac.replace(":", "").lower()
    return ".".join(digits[start : start + 4] for start in range(0, 12, 4))


def _curl(url: str, **query: str) -> str:
    parts = (f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in query.items())
    return f"curl -sG {' '.join(parts)} {url}"
