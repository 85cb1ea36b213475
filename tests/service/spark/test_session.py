"""What is missing, and what Spark says went wrong, are sentences."""

from pathlib import Path

import pytest

from tests.service.spark.requirements import require_spark

require_spark()

from service.core.errors import EngineMissing, UnreadableFile, WorkerFailed
from service.spark.session import failure, require_java


@pytest.mark.parametrize("home", [None, "jdk"])
def test_without_java_the_sentence_says_what_to_install(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where JAVA_HOME names a folder without one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", str(tmp_path / home))

    with pytest.raises(EngineMissing, match=r"Spark needs Java 17 or newer.*apt install default-jre-headless"):
        require_java()


def test_a_file_that_spark_could_not_read_is_named() -> None:
    """Whatever lies around that line."""
    error = failure("Job aborted\n  [FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///f.gz. \n")

    assert isinstance(error, UnreadableFile)
    assert str(error).endswith("Encountered error while reading file file:///f.gz.")


def test_a_want_of_memory_is_told_as_one() -> None:
    """Also where it came up while a file was read, which is not at fault."""
    error = failure(
        "[FAILED_READ_FILE.NO_HINT] reading file file:///x\nCaused by: java.lang.OutOfMemoryError: Java heap"
    )

    assert isinstance(error, WorkerFailed)
    assert str(error).startswith("Spark ran out of memory; give it more")


def test_of_a_chain_of_causes_the_last_is_told() -> None:
    """It is where the failure began; without a chain the first line says what happened."""
    assert str(failure("Job aborted\nCaused by: first\nat x\nCaused by: the disk is full\n at y")) == (
        "Spark gave up: Caused by: the disk is full"
    )
    assert isinstance(failure("Job 3 cancelled"), WorkerFailed)
