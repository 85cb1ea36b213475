"""The command `history`."""

import json

import pytest

from tests.service.cli.examples import OTHERS, device
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_the_history_of_a_retired_id_says_where_it_leads(fleet: Run) -> None:
    """Its own lines, then those of its successor."""
    ids = {device(fleet, record) for record in OTHERS}
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    heir = device(fleet, OTHERS[0])
    [gone] = ids - {heir}

    ran = fleet("history", gone)

    assert f"merged with {gone}" in ran.out
    assert f"{gone} is retired; it leads to {heir}" in ran.err
    assert json.loads(fleet("history", gone, "--json").out)["leads_to"] == heir


@on_both
def test_the_history_of_no_device_is_one_line(fleet: Run) -> None:
    """It names the id, and the exit code is 1."""
    assert fleet("history", "none") == (1, "", "samebox: no device 'none'\n")
