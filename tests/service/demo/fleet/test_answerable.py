"""The fleet put to the real adapters and the real matcher: every row can be read, every box has an honest answer."""

import asyncio
import csv
import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from matching.model import Key, Record, key_of
from matching.results.evaluation import score
from matching.results.resolution import resolve_records
from service.core.settings import ConnectWiseManage, FeedFolder
from service.demo.data import FEEDS
from service.demo.fleet.feeds import draw_fleet
from service.demo.fleet.generate import SEED, write
from service.ingest.cw_automate import CwAutomate
from service.ingest.cw_manage import CwManage
from service.ingest.cw_rmm import CwRmm
from service.ingest.files import FileAdapter
from service.ingest.ninjaone import NinjaOne
from service.ingest.protocol import pull

AGENTS: tuple[type[FileAdapter], ...] = (CwRmm, CwAutomate, NinjaOne)


def configurations(feeds: Path) -> list[Record]:
    """Every configuration, the inactive ones too, as the adapter reads it; nothing is fetched."""
    adapter = CwManage(
        ConnectWiseManage(
            base_url="https://na.psa.example/v4_6_release/apis/3.0",
            company_id="demo",
            api_public_key=SecretStr("public"),
            api_private_key=SecretStr("private"),
            api_client_id=SecretStr("client"),
        )
    )
    return [adapter.parse(row) for row in json.loads((feeds / "cw_manage/configurations.json").read_bytes())]


def read_all(feeds: Path) -> list[Record]:
    """Every record of every provider; a row that cannot be read fails the test."""
    records = configurations(feeds)
    for agent in AGENTS:
        pulled = asyncio.run(pull(agent(FeedFolder(folder=feeds / agent.name)), lambda *_: None))
        assert pulled.quarantined == []
        records += pulled.records
    return records


def read_truth(feeds: Path) -> dict[Key, str]:
    with (feeds / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {Key(row["provider"], row["id"]): row["device"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_an_honest_matcher_can_tell_the_boxes_apart(seed: int, tmp_path: Path) -> None:
    """With the default policy nothing is joined wrongly, and what waits for a person is a few pairs in a hundred."""
    write(draw_fleet(seed), tmp_path)
    records, truth = read_all(tmp_path), read_truth(tmp_path)
    devices = resolve_records(records).devices
    scores = score(truth, {key: str(device.keys[0]) for device in devices for key in device.keys})

    assert {key_of(record) for record in records} == set(truth)
    assert scores.precision == 1.0
    assert scores.recall >= 0.97


def test_the_demo_device_is_one_device_with_all_its_records() -> None:
    """Both byte orders, the short name and the full one, and four ids come together."""
    demo = {key for key, device in read_truth(FEEDS).items() if device == "demo"}
    device = resolve_records(read_all(FEEDS)).device_of(Key("cw_manage", "4711"))

    assert set(device.keys) == demo
    assert device.golden.values["serial"] == "CZJ3420X7K"
