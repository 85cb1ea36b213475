"""The same records are composed into the same rows."""

import json
from random import Random

from matching.model import Decision, Key, Verdict
from matching.results.resolution import resolve_records
from service.resolution.composing import compose
from service.store.database.postings import unpacked
from tests.service.sandbox import record

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
RECORDS = [
    record("b:1", serial="SN-10001", name="Büro-PC", company="Straße GmbH", type="Laptop", macs=["3C:A9:F4:00:00:01"]),
    record("a:1", serial="sn-10001", hostname="PC-1", company="Straße", last_seen="2026-10-01T00:00:00Z"),
    record("a:2", serial="SN-20002", bios_guid=GUID, company="Acme"),
    record("b:2", serial="SN-20002", bios_guid=GUID.replace("4C4C", "5C4C"), company="Acme"),
    record("c:1"),
]


def test_the_order_in_which_records_come_does_not_matter() -> None:
    """What is stored is compared as text: equal resolutions give equal rows."""
    chance, mixed = Random(7), RECORDS[:]
    expected = compose(resolve_records(RECORDS))

    for _ in range(5):
        chance.shuffle(mixed)
        assert compose(resolve_records(mixed)) == expected
    assert expected.reviews


def test_a_device_has_what_lists_and_searches_ask_for() -> None:
    """Company and type are folded for filters, names and serial for text search; golden values are canonical JSON."""
    devices = {device.keys: device for device in compose(resolve_records(RECORDS)).devices}
    device = devices[Key("a", "1"), Key("b", "1")]

    assert (device.company_key, device.type_key) in {("strasse gmbh", "laptop"), ("strasse", "laptop")}
    assert device.search_text.splitlines() == ["büro-pc", "pc-1", "sn-10001"]
    assert json.loads(device.golden)["name"] == "Büro-PC"
    assert (
        json.dumps(json.loads(device.golden), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        == device.golden
    )


def test_a_device_that_says_nothing_has_no_filters() -> None:
    """A missing company is no company of an empty name."""
    [device] = compose(resolve_records([record("c:1")])).devices

    assert (device.company_key, device.type_key, device.search_text) == (None, None, "")


def test_every_record_has_its_blocking_keys() -> None:
    """Packed as its row holds them, also those of a record that is alone."""
    resolution = resolve_records(RECORDS, decisions=[Decision(Verdict.DIFFERENT, Key("a", "1"), Key("b", "1"))])
    composition = compose(resolution)

    assert {key: unpacked(own) for key, own in composition.blocking_keys.items()} == dict(resolution.blocking_keys)
    assert composition.blocking_keys.keys() == resolution.records.keys()
    assert len(composition.devices) == 5
