"""The benchmark of Spark as a command, on a fleet small enough for a test."""

import pytest

from tests.service.spark.requirements import require_spark

require_spark()

from benchmarks import spark


def test_both_write_the_same_files_and_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """With what each step on Spark took."""
    assert spark.main(["--sizes", "300", "--master", "local[2]"]) == 0

    told = " ".join(capsys.readouterr().out.split())
    assert "times one machine" in told
    assert "records: reading lines" in told
    assert "finding components" in told
