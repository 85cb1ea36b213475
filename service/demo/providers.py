"""The demo's settings, and its providers: a fake ConnectWise Manage over HTTP, and the feed files of three RMMs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from service.core.report_settings import ReportSettings
from service.core.settings import ConnectWiseManage, DatabaseSettings, FeedFolder, Providers, Settings
from service.demo.connectwise.server import create_fake, running
from service.demo.data import ADDITIONS, AGREEMENTS, FEEDS
from service.ingest.registry import SETTINGS

COMPANY_ID, PUBLIC_KEY, PRIVATE_KEY = "samebox", "demo-public", "demo-private"
CLIENT_ID = "00000000-0000-0000-0000-000000000000"

FLEET_DAY = datetime(2026, 11, 20, tzinfo=UTC)
"""The day of which the made-up fleet is."""

WORKSTATIONS = "Managed Workstation, Workstation, Desktop, Laptop, WINDOWS_WORKSTATION"
SERVERS = "Managed Server, Server, WINDOWS_SERVER"
PRODUCTS = {
    "managed workstation": WORKSTATIONS,
    "managed server": SERVERS,
    "endpoint protection": f"{WORKSTATIONS}, {SERVERS}",
}
"""
Product of the agreements and the invoice -> the types that it bills.

A device that the PSA does not list has the type of an RMM.
"""

PAGE_SIZE = 100
"""Rows a page: few, so that the demo reads several pages, as with a large fleet."""


@contextmanager
def connectwise() -> Iterator[str]:
    """Run the fake ConnectWise Manage with the fleet's configurations and agreements; the value is its `BaseUrl`."""
    files = FEEDS / "cw_manage" / "configurations.json", AGREEMENTS, ADDITIONS
    fake = create_fake(
        *(json.loads(file.read_bytes()) for file in files),
        company_id=COMPANY_ID,
        public_key=PUBLIC_KEY,
        private_key=PRIVATE_KEY,
        client_id=CLIENT_ID,
    )
    with running(fake) as url:
        yield url


def demo_settings(base_url: str, folder: Path, now: datetime) -> Settings:
    """
    Return the settings of an operator who has this fleet; they take nothing from the real environment.

    Args:
        base_url: Of the fake ConnectWise Manage.
        folder: Where the database is kept, and the feeds of the RMMs.
        now: The present.
    """
    return Settings(
        providers=Providers(
            connect_wise_manage=ConnectWiseManage(
                base_url=base_url,
                company_id=COMPANY_ID,
                api_public_key=SecretStr(PUBLIC_KEY),
                api_private_key=SecretStr(PRIVATE_KEY),
                api_client_id=SecretStr(CLIENT_ID),
                page_size=PAGE_SIZE,
                agreements=True,
            ),
            connect_wise_rmm=FeedFolder(folder=feeds_in(folder) / "cw_rmm"),
            connect_wise_automate=FeedFolder(folder=feeds_in(folder) / "cw_automate"),
            ninja_one=FeedFolder(folder=feeds_in(folder) / "ninjaone"),
        ),
        database=DatabaseSettings(url=f"sqlite:///{database_in(folder)}"),
        # the fake server has no pages for people
        reports=ReportSettings(active_days=active_days(now), products=PRODUCTS, psa_links="none"),
    )


def database_in(folder: Path) -> Path:
    """Return the database that a demo keeps in its folder."""
    return folder / "demo.db"


def feeds_in(folder: Path) -> Path:
    """Return the folder with the feeds of the RMMs, one of each, in a demo's folder."""
    return folder / "feeds"


def active_days(now: datetime) -> int:
    """Return within how many days a device was seen that is active: the fleet is of one day, and the clock goes on."""
    return min(30 + max(0, (now - FLEET_DAY).days), 3650)


def file_settings(folder: Path, now: datetime) -> dict[str, Any]:
    """
    Return the settings that another command needs to read the demo's database and sync its RMMs, as a file has them.

    The fake ConnectWise Manage is not among them: it ends with the demo.
    """
    feeds = feeds_in(folder).resolve()
    sections = {"ConnectWiseRmm": "cw_rmm", "ConnectWiseAutomate": "cw_automate", "NinjaOne": "ninjaone"}
    return {
        "Database": {"Url": f"sqlite:///{database_in(folder).resolve()}"},
        "Providers": {section: {"Folder": str(feeds / name)} for section, name in sections.items()},
        # without all its providers the file would say another policy than the one that the devices follow from
        "Policy": {"TrustedAcrossCustomers": sorted(SETTINGS)},
        "Reports": {"ActiveDays": active_days(now), "Products": PRODUCTS},
    }
