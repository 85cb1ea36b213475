"""A made-up fleet to try everything on: its four systems, the truth about it, and what is worth asking."""

import csv
import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

import fixtures
from fixtures.connectwise.server import create_fake, running
from matching.model import Key
from matching.results.evaluation import Scores, score
from service.core.settings import ConnectWiseManage, DatabaseSettings, FeedFolder, Providers, Settings
from service.devices.lookup import DeviceView, all_devices
from service.store.engine import Store

FEEDS = Path(fixtures.__path__[0], "feeds")

COMPANY_ID, PUBLIC_KEY, PRIVATE_KEY = "samebox", "demo-public", "demo-private"
CLIENT_ID = "00000000-0000-0000-0000-000000000000"

PAGE_SIZE = 100
"""Rows a page: small, so that the demo turns pages as a large fleet does."""


@contextmanager
def connectwise() -> Iterator[str]:
    """Run the fake ConnectWise Manage with the fleet's configurations; gives its `BaseUrl`."""
    configurations = json.loads((FEEDS / "cw_manage" / "configurations.json").read_bytes())
    fake = create_fake(
        configurations, company_id=COMPANY_ID, public_key=PUBLIC_KEY, private_key=PRIVATE_KEY, client_id=CLIENT_ID
    )
    with running(fake) as url:
        yield url


def demo_settings(base_url: str, database: Path) -> Settings:
    """Return the settings of an operator who has this fleet; nothing of the real environment is in them."""
    return Settings(
        providers=Providers(
            connect_wise_manage=ConnectWiseManage(
                base_url=base_url,
                company_id=COMPANY_ID,
                api_public_key=SecretStr(PUBLIC_KEY),
                api_private_key=SecretStr(PRIVATE_KEY),
                api_client_id=SecretStr(CLIENT_ID),
                page_size=PAGE_SIZE,
            ),
            connect_wise_rmm=FeedFolder(folder=FEEDS / "cw_rmm"),
            connect_wise_automate=FeedFolder(folder=FEEDS / "cw_automate"),
            ninja_one=FeedFolder(folder=FEEDS / "ninjaone"),
        ),
        database=DatabaseSettings(url=f"sqlite:///{database}"),
    )


def accuracy(store: Store) -> Scores:
    """Compare the devices with the fleet's truth, over the records that were pulled."""
    with (FEEDS / "truth.csv").open(encoding="utf-8", newline="") as lines:
        truth = {Key(line["provider"], line["id"]): line["device"] for line in csv.DictReader(lines)}
    found = {Key(each.provider, each.id): device.id for device in all_devices(store) for each in device.records}
    return score(truth, found)


def worth_trying(store: Store, url: str) -> list[str]:
    """Return shell lines that ask the service at `url` about a device that many systems list, each in another way."""
    device = max(all_devices(store), key=_worth)
    values = device.values
    first, *_, last = (f"{each.provider}:{each.id}" for each in device.records)
    return [
        _curl(f"{url}/v1/lookup", identifier=_typed(str(values["serial"]))),
        _curl(f"{url}/v1/lookup", identifier=_dotted(values["macs"][0])),
        _curl(f"{url}/v1/explain", left=first, right=last),
    ]


def _worth(device: DeviceView) -> tuple[bool, int, int, int]:
    """Devices that can be asked for by serial and MAC, of many systems; the later one of equals does as well."""
    providers = len({each.provider for each in device.records})
    askable = {"serial", "macs", "bios_guid"} <= device.values.keys() and len(device.records) > 1
    return askable, providers, len(device.values.get("macs", ())), len(device.records)


def _typed(serial: str) -> str:
    """As a person types it from a label: lower case, with a blank after every fourth letter."""
    return " ".join(serial[start : start + 4] for start in range(0, len(serial), 4)).lower()


def _dotted(mac: str) -> str:
    """As a switch shows it: 0015.5d01.0203."""
    digits = mac.replace(":", "").lower()
    return ".".join(digits[start : start + 4] for start in range(0, 12, 4))


def _curl(url: str, **query: str) -> str:
    parts = (f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in query.items())
    return f"curl -sG {' '.join(parts)} {url}"
