"""The command `decisions`."""

import json

import pytest

from tests.service.cli.examples import OTHERS
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_decision_is_a_block_that_ends_with_the_command_that_takes_it_back(fleet: Run) -> None:
    """Records first, and the id last; one that was revoked says by whom and why instead."""
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    [made] = json.loads(fleet("decisions", "--json").out)
    standing = fleet("decisions").out.splitlines()
    fleet("decide", "revoke", made["id"], "--why", "wrong room", "--by", "bob")
    revoked = fleet("decisions", "--all").out

    assert standing[0] == "same box: cw_manage:4711 and rmm_alpha:A-18"
    assert standing[1].startswith("  by   anna, 20")
    assert standing[2:] == ["  why  one asset tag", f"  samebox decide revoke {made['id']} --why TEXT"]
    assert "by bob: wrong room" in revoked
    assert f"samebox decide revoke {made['id']}" not in revoked
    assert made["id"] in revoked
