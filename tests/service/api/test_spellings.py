"""One value has one spelling in all answers, however the providers write it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matching.model import Kind
from matching.values.normalise import normalise_guid, normalise_mac
from matching.values.spelling import shown
from tests.service.api.conftest import application, asking
from tests.service.reports.fleets import world_of

BOX = {"company": "Acme Inc.", "hostname": "acme-lt-0421", "active": True}
PLACEHOLDER = "03000200-0400-0500-0006-000700080009"
WRITTEN: list[dict[str, Any]] = [
    {
        **BOX,
        "provider": "cw_manage",
        "id": "1",
        "bios_guid": "44454C4C-4200-1035-8054-B4C04F4A5931",
        "macs": ["3c52.82aa.bb01"],
        "last_seen": "2026-11-20T08:00:00Z",
    },
    {
        **BOX,
        "provider": "cw_rmm",
        "id": "2",
        "bios_guid": "{4c4c4544-0042-3510-8054-b4c04f4a5931}",
        "macs": ["3C-52-82-AA-BB-01", "02:00:00:00:00:01"],
        "last_seen": "2026-11-20 10:30:00+02:00",
    },
    {
        **BOX,
        "provider": "ninjaone",
        "id": "3",
        "hostname": "other",
        "bios_guid": "4C4C454400423510 8054B4C04F4A5931",
        "macs": ["3C:52:82:AA:BB:02", "3c52 82aa bb01"],
        "serial": "SN-10001",
    },
    *({"provider": "cw_rmm", "id": f"V{n}", "hostname": f"vm-{n}", "bios_guid": PLACEHOLDER} for n in (1, 2)),
]
GUID = re.compile(r"(?i)(?<![0-9a-f])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})(?![0-9a-f])")
MAC = re.compile(r"(?i)(?<![0-9a-f:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:-])|(?<![0-9a-f-])3c5282[0-9a-f]{6}")
PLACEHOLDER_KEY = normalise_guid(PLACEHOLDER)
ALL = "?expand=provenance,records,reviews,decisions"
AS_WRITTEN = {"payload"}
"""Members that repeat what a provider wrote."""


def texts(answer: Any) -> Iterator[str]:
    """Yield every text of an answer but what providers wrote."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield name
            if name not in AS_WRITTEN:
                yield from texts(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from texts(value)
    elif isinstance(answer, str):
        yield answer


def test_a_guid_a_mac_and_a_time_are_written_one_way(tmp_path: Path) -> None:
    """Values, provenance, evidence, graph, history, reviews, reports and the feed agree to the letter."""
    with asking(application(world_of(tmp_path, *WRITTEN))) as client:
        devices = client.get("/v1/lookup", params={"identifier": "3C5282AABB01"}).json()["data"]
        devices += client.get("/v1/lookup", params={"identifier": PLACEHOLDER}).json()["data"]
        asked = ["/v1/devices", "/v1/reviews", "/v1/changes", "/v1/reports/duplicates?format=json"]
        asked += [f"/v1/devices/{device['id']}{part}" for device in devices for part in (ALL, "/graph", "/history")]
        asked += [f"/v1/explain?left=cw_manage:1&right={right}" for right in ("cw_rmm:2", "ninjaone:3")]
        said = [text for address in asked for text in texts(client.get(address).json())]
        said += texts(devices)

    guids = {found for text in said for found in GUID.findall(text) if normalise_guid(found).startswith("44454C4C")}
    macs = {found for text in said for found in MAC.findall(text) if normalise_mac(found) == "3c5282aabb01"}
    assert {found for text in said for found in GUID.findall(text) if normalise_guid(found) == PLACEHOLDER_KEY} == {
        shown(Kind.BIOS_GUID, PLACEHOLDER_KEY)
    }
    assert guids == {"4C4C4544-0042-3510-8054-B4C04F4A5931"}
    assert macs == {"3C:52:82:AA:BB:01"}
    assert {device["values"]["last_seen"] for device in devices if "last_seen" in device["values"]} <= {
        "2026-11-20T08:30:00Z",
        "2026-11-20T08:00:00Z",
    }
