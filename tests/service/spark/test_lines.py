"""The lines of files as tables; how Spark reads them is tested in `test_run`, whose files are of all kinds."""

import pytest

from tests.service.spark.requirements import require_spark

require_spark()

from service.spark.lines import name_of


@pytest.mark.parametrize(
    ("name", "path", "shown"),
    [
        ("feeds/one two.ndjson", "file:/tmp/feeds/one%20two.ndjson", "feeds/one two.ndjson"),
        ("feeds", "file:///tmp/feeds/one%20two.ndjson", "/tmp/feeds/one two.ndjson"),
        ("s3a://bucket/*.gz", "s3a://bucket/a.gz", "s3a://bucket/a.gz"),
    ],
)
def test_a_file_is_called_what_the_command_line_calls_it(name: str, path: str, shown: str) -> None:
    """By its path where the command line names a folder or a pattern."""
    assert name_of(name, path) == shown
