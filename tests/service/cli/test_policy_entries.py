"""The commands `policy entries` and `policy revoke`."""

import json
from pathlib import Path

import pytest

from matching.policy import PolicyEntryKind
from service.stewardship.correcting import correct, of_value
from tests.service.conftest import Run, ndjson
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = [on_both, pytest.mark.usefixtures("logging_as_before")]

PAIR = [
    {"provider": "alpha", "id": "1", "hostname": "pc1", "serial": "5CG1234ABC"},
    {"provider": "beta", "id": "1", "hostname": "pc2", "serial": "5CG1234ABC"},
]


def test_entries_are_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    """With who, when and why, and the command that revokes each; the devices follow, and revoked ones stay listed."""
    assert run("import", ndjson(tmp_path / "pair.ndjson", *PAIR)).code == 0
    assert run("policy", "entries").err == "samebox: nobody has added to the policy; the settings alone are in force\n"
    world = Sandbox(tmp_path)
    [made] = correct(world, [of_value(PolicyEntryKind.DENY, "serial", "5CG1234ABC")], "anna", "a sample").entries
    assert len(world.groups()) == 2

    listed = run("policy", "entries").out

    assert "serial 5CG1234ABC: denied" in listed
    assert "anna, 2026-11-01" in listed
    assert "a sample" in listed
    assert f"samebox policy revoke {made.id} --why TEXT" in " ".join(listed.split())
    ran = run("policy", "revoke", made.id, "--why", "was real", "--by", "ben")
    assert ran.code == 0
    assert "was real" in ran.out
    assert ran.err == "samebox: the entry is revoked; 2 devices changed\n"
    assert len(world.groups()) == 1
    assert run("policy", "entries", "--json").out == "[]\n"
    [told] = json.loads(run("policy", "entries", "--all", "--json").out)
    assert (told["id"], told["kind"], told["value"], told["revoked_by"]) == (made.id, "deny", "5CG1234ABC", "ben")


def test_an_entry_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    """Nothing is changed."""
    assert run("import", ndjson(tmp_path / "pair.ndjson", *PAIR)).code == 0

    ran = run("policy", "revoke", "nothing", "--why", "x")

    assert ran.code == 1
    assert "no entry of the policy 'nothing' stands" in ran.err
