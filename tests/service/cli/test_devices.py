"""The command `devices`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import device
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
@pytest.mark.parametrize("text", ["ACME-LT", "lt-1", "5cg12", "34abc"])
def test_a_part_of_a_name_finds_a_device(fleet: Run, text: str) -> None:
    """It is shown with all that tells it from others, and with a record that other commands take."""
    ran = fleet("devices", text)

    assert ran.out.split() == [
        *("acme-lt-1", "Acme", "Inc.", "5CG1234ABC"),
        *("last", "seen", "not", "known", "cw_manage,", "rmm_alpha", "cw_manage:4711"),
    ]
    assert (ran.code, ran.err) == (0, "samebox: 1 device\n")
    assert fleet("lookup", ran.out.split()[-1]).code == 0


@on_both
@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ((), ["acme-lt-1", "acme-srv-1"]),
        (("acme inc",), ["acme-lt-1", "acme-srv-1"]),
        (("--provider", "cw_manage"), ["acme-lt-1"]),
        (("--missing", "cw_manage"), ["acme-srv-1"]),
        (("--company", "ACME inc."), ["acme-lt-1", "acme-srv-1"]),
        (("srv", "--provider", "rmm_alpha"), ["acme-srv-1"]),
    ],
)
def test_the_list_is_narrowed(fleet: Run, arguments: tuple[str, ...], names: list[str]) -> None:
    """By a part of a name, and by each option; in order of customer and name. JSON has the same devices."""
    shown, as_json = fleet("devices", *arguments), fleet("devices", *arguments, "--json")

    assert [line.split()[0] for line in shown.out.splitlines()[::2]] == names
    assert {each["values"]["hostname"] for each in json.loads(as_json.out)} == set(names)
    assert shown.err == as_json.err


def test_a_long_list_says_how_long_it_is(fleet: Run, tmp_path: Path) -> None:
    """It is read page by page, as far as it is asked for."""
    many = [{"provider": "rmm_beta", "id": str(n), "hostname": f"pc-{n:04}"} for n in range(1200)]
    fleet("import", ndjson(tmp_path / "many.ndjson", *many))

    assert fleet("devices").err == "samebox: 1,202 devices; these are the first 20, and --limit N shows more\n"
    assert len(json.loads(fleet("devices", "--limit", "1100", "--json").out)) == 1100
    assert fleet("devices", "--limit", "2000").err == "samebox: 1,202 devices\n"


def test_a_text_that_is_nowhere_ends_with_1(fleet: Run) -> None:
    """As a look-up does; the nearest name is told."""
    ran = fleet("devices", "acme-lx-1")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("samebox: no device has 'acme-lx-1' in its name, hostname, serial or customer; did you ")
    assert "'acme-lt-1'" in ran.err
    assert (fleet("devices", "acme-lx-1", "--json").code, fleet("devices", "acme-lx-1", "--json").out) == (1, "[]\n")


@pytest.mark.parametrize(
    ("option", "value", "nearest"),
    [("provider", "cw_manag", "cw_manage"), ("missing", "rmm_alfa", "rmm_alpha"), ("company", "Acme", "acme inc.")],
)
def test_a_name_that_is_not_known_ends_with_2(fleet: Run, option: str, value: str, nearest: str) -> None:
    """It is no empty list."""
    ran = fleet("devices", f"--{option}", value)

    assert (ran.code, ran.out) == (2, "")
    assert f"did you mean '{nearest}'? known: " in ran.err


def test_a_type_is_compared_without_case(run: Run, tmp_path: Path) -> None:
    """And a misspelt one is named."""
    run("import", ndjson(tmp_path / "typed.ndjson", {**RECORDS[0], "type": "Managed Laptop"}))

    assert "Managed Laptop" in run("devices", "--type", "managed laptop").out
    assert run("devices", "--type", "laptop") == (
        2,
        "",
        "samebox: no type 'laptop'; did you mean 'managed laptop'? known: managed laptop\n",
    )


def test_json_names_the_device_that_other_commands_take(fleet: Run) -> None:
    """Its id is that of a look-up."""
    [found] = json.loads(fleet("devices", "lt-1", "--json").out)

    assert found["id"] == device(fleet, "cw_manage:4711")
    assert found["providers"] == ["cw_manage", "rmm_alpha"]
