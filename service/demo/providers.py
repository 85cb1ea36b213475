"""The four providers of the demo: a fake ConnectWise Manage over HTTP, and the feed files of three RMMs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from service.core.settings import ConnectWiseManage, DatabaseSettings, FeedFolder, Providers, Settings
from service.demo.connectwise.server import create_fake, running
from service.demo.data import FEEDS

COMPANY_ID, PUBLIC_KEY, PRIVATE_KEY = "samebox", "demo-public", "demo-private"
CLIENT_ID = "00000000-0000-0000-0000-000000000000"

PAGE_SIZE = 100
"""Rows a page: few, so that the demo reads several pages, as with a large fleet."""


@contextmanager
def connectwise() -> Iterator[str]:
    """Run the fake ConnectWise Manage with the fleet's configurations; the value is its `BaseUrl`."""
    configurations = json.loads((FEEDS / "cw_manage" / "configurations.json").read_bytes())
    fake = create_fake(
        configurations, company_id=COMPANY_ID, public_key=PUBLIC_KEY, private_key=PRIVATE_KEY, client_id=CLIENT_ID
    )
    with running(fake) as url:
        yield url


def demo_settings(base_url: str, database: Path) -> Settings:
    """Return the settings of an operator who has this fleet; they take nothing from the real environment."""
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
