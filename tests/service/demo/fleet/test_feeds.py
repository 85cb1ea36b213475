"""The committed feeds: the vendors' shapes, a complete truth, an answerable question in every box."""

import csv
import json
import re
from collections import Counter, defaultdict
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from service.demo.data import API_DESCRIPTION, FEEDS
from service.demo.fleet.boxes import Box
from service.demo.fleet.companies import Role
from service.demo.fleet.feeds import draw_fleet
from service.demo.fleet.generate import SEED
from service.demo.fleet.hardware_faults import BLANK_DELL_GUID, PLACEHOLDER_GUIDS, PLACEHOLDER_SERIALS
from service.demo.fleet.pathologies import DemoFleet

CONFIGURATIONS: list[dict[str, Any]] = json.loads((FEEDS / "cw_manage/configurations.json").read_bytes())
COMPUTERS: list[dict[str, Any]] = json.loads((FEEDS / "cw_automate/computers.json").read_bytes())
CHASSIS: list[dict[str, Any]] = json.loads((FEEDS / "cw_automate/chassis.json").read_bytes())
DEVICES: list[dict[str, Any]] = json.loads((FEEDS / "ninjaone/devices-detailed.json").read_bytes())
GROUPS: list[dict[str, Any]] = json.loads((FEEDS / "cw_rmm/endpoints.json").read_bytes())["endpoints"]["platform"]
ENDPOINTS = [endpoint for group in GROUPS for endpoint in group["endpoints"]]
README = (FEEDS.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def fleet() -> DemoFleet:
    return draw_fleet(SEED)


def truth() -> list[tuple[str, str, str]]:
    with (FEEDS / "truth.csv").open(encoding="utf-8", newline="") as file:
        return [(row["provider"], row["id"], row["device"]) for row in csv.DictReader(file)]


def configuration_schema() -> dict[str, Any]:
    """The vendor's schema as JSON Schema: OpenAPI's `nullable` in today's words, its known lie put right."""
    text = API_DESCRIPTION.read_text(encoding="utf-8")
    schemas = json.loads(text.replace("#/components/schemas/", "#/$defs/"))["components"]["schemas"]
    schemas["ConfigurationQuestion"]["properties"]["answer"] = {}  # called an object, is a scalar
    for schema in schemas.values():
        for field in schema.get("properties", {}).values():
            if field.pop("nullable", False):
                field["type"] = [field["type"], "null"]
            field.pop("enum", None)
    return {"$ref": "#/$defs/Company.Configuration", "$defs": schemas}


def test_configurations_satisfy_the_vendors_schema() -> None:
    """Every row is a `Company.Configuration`, formats included."""
    validator = Draft202012Validator(configuration_schema(), format_checker=FormatChecker())

    assert [error.message for row in CONFIGURATIONS for error in validator.iter_errors(row)] == []


def test_configurations_fit_the_vendors_field_lengths() -> None:
    """No text is longer than the length that the API description gives for its field."""
    fields = configuration_schema()["$defs"]["Company.Configuration"]["properties"]
    limits = {name: re.match(r"Max length: (\d+)", field.get("description", "")) for name, field in fields.items()}
    too_long = [
        (row["id"], name)
        for row in CONFIGURATIONS
        for name, limit in limits.items()
        if limit and len(row.get(name, "")) > int(limit[1])
    ]

    assert too_long == []


def test_every_record_of_every_feed_is_in_the_truth_once() -> None:
    """The truth has one row a record: none missing, none twice, none without a record."""
    listed = [("cw_manage", str(row["id"])) for row in CONFIGURATIONS]
    listed += [("cw_automate", row["Id"]) for row in COMPUTERS]
    listed += [("cw_rmm", row["endpointID"]) for row in ENDPOINTS]
    listed += [("ninjaone", str(row["id"])) for row in DEVICES]

    assert sorted(listed) == sorted((provider, record) for provider, record, _ in truth())


def test_the_second_lists_join_to_the_first() -> None:
    """Automate's chassis list and NinjaOne's reports speak of listed computers only, the chassis list of each once."""
    reports = [
        json.loads((FEEDS / f"ninjaone/{name}.json").read_bytes())
        for name in ("computer-systems", "network-interfaces")
    ]
    known = {row["id"] for row in DEVICES}

    assert Counter(row["ComputerId"] for row in CHASSIS) == Counter(row["Id"] for row in COMPUTERS)
    for report in reports:
        assert {row["deviceId"] for row in report["results"]} <= known
        assert report["cursor"]["count"] == len(report["results"])


def test_an_endpoint_has_no_more_fields_than_one_call_may_ask_for() -> None:
    """The Asio list gives fifteen fields at most."""
    assert {len(endpoint) for endpoint in ENDPOINTS} == {15}


def test_the_demo_device_is_known_everywhere_and_documented() -> None:
    """All four providers list it; every value that the README gives for it stands in the feeds."""
    keys = [(provider, record) for provider, record, device in truth() if device == "demo"]
    values = re.findall(r"`([^`]+)`", README.partition("## The demo device")[2].partition("##")[0])
    feeds = "".join(path.read_text(encoding="utf-8") for path in FEEDS.rglob("*.json"))

    assert sorted(provider for provider, _ in keys) == ["cw_automate", "cw_manage", "cw_rmm", "ninjaone"]
    assert {f"{provider}:{record}" for provider, record in keys} - {"cw_manage:4711"} <= set(values)
    assert [value for value in values if value.rpartition(":")[2] not in feeds and value not in feeds] == []


def test_only_fake_secrets_are_kept_as_passwords() -> None:
    """Password answers are there, for tests of hygiene, and each says that it is none."""
    answers = [
        question["answer"]
        for row in CONFIGURATIONS
        for question in row["questions"]
        if question["fieldType"] == "Password"
    ]

    assert len(answers) >= 4
    assert all(re.fullmatch(r"not-a-real-secret-\d+", answer) for answer in answers)


def test_hardware_identifiers_are_shared_only_where_a_pathology_says_so(fleet: DemoFleet) -> None:
    """Clones and two batches aside, a GUID or a real serial belongs to one box."""
    serials, guids = Counter(box.serial for box in fleet.boxes), Counter(box.guid for box in fleet.boxes)
    shared_serials = {serial for serial, boxes in serials.items() if boxes > 1} - {"", *PLACEHOLDER_SERIALS}
    shared_guids = {guid for guid, boxes in guids.items() if boxes > 1} - {"", BLANK_DELL_GUID, *PLACEHOLDER_GUIDS}

    clones = {box.serial for box in fleet.boxes if box.role is Role.VMWARE and serials[box.serial] > 1}
    assert shared_serials == clones | {"POSBOARD-R2-0417"}
    assert len(shared_guids) == len(clones) + 1


def test_a_name_is_shared_inside_a_company_only_with_a_retired_box(fleet: DemoFleet) -> None:
    """Two living boxes of one customer never carry one name: nobody could tell their bare names apart."""
    living: dict[tuple[str, str], list[Box]] = defaultdict(list)
    for box in fleet.boxes:
        if not box.retired:
            living[box.owner.key, box.name.casefold()].append(box)

    assert [names for names, boxes in living.items() if len(boxes) > 1] == []


def test_every_box_gives_at_least_one_honest_clue(fleet: DemoFleet) -> None:
    """Every record has a serial, a GUID, a MAC or a name of a host."""
    assert [row.id for row in fleet.sightings if not (row.serial or row.guid or row.macs or row.name)] == []
