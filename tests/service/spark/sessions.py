"""A session of Spark for tests: few partitions, and a JVM that is quick to start."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.spark.tables import SparkTables

QUICK = "--driver-java-options=-XX:TieredStopAtLevel=1 pyspark-shell"


@contextmanager
def spark_tables(folder: Path, master: str = "local[2,4]") -> "Iterator[SparkTables]":
    """Give tables in a folder. PySpark is imported here, for doctests are looked for on every page."""
    from service.spark.session import spark_session  # noqa: PLC0415
    from service.spark.tables import SparkTables  # noqa: PLC0415

    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", QUICK)
    with spark_session(master) as session:
        yield SparkTables(session, folder.as_uri())
