"""What is between the steps lies where all machines find it; that it goes at the end is tested in `test_run`."""

from pathlib import Path

import pytest

from tests.service.spark.requirements import require_spark

require_spark()

from service.core.errors import BadRequest
from service.spark.scratch import address_of


def test_on_one_machine_a_folder_of_the_driver_is_taken() -> None:
    """As an address, so that it is local whatever file system Spark takes by default."""
    assert address_of("run", "local[4]", Path("/out/x y"), None) == "file:///out/x%20y/run"


@pytest.mark.parametrize("master", ["local[4]", "yarn", "spark://one:7077"])
def test_a_folder_that_is_named_is_taken(master: str) -> None:
    """A folder inside it, for others may work there as well."""
    assert address_of("run", master, Path("/out"), "s3a://bucket/tmp/") == "s3a://bucket/tmp/run"


def test_on_several_machines_a_folder_has_to_be_named() -> None:
    """Else each would keep its part to itself."""
    with pytest.raises(BadRequest, match=r"yarn need a folder that all of them reach: name one with --scratch"):
        address_of("run", "yarn", Path("/out"), None)
