"""The folder for what is between the steps: beside the outputs, or wherever driver and workers can reach one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession


@contextmanager
def scratch_folder(session: SparkSession, local: Path, shared: str | None) -> Iterator[str]:
    """
    Give the address of an empty folder, which is gone at the end.

    Args:
        local: A folder of the driver that is removed by whoever made it; its own folder inside is taken.
        shared: The address of a folder in a file system of Spark's, such as `s3a://bucket/tmp`, to be taken in its
            place.
    """
    context = session.sparkContext
    name = f"samebox-{context.applicationId}"
    address = f"{shared.rstrip('/')}/{name}" if shared else (local / name).absolute().as_uri()
    try:
        yield address
    finally:
        path = context._jvm.org.apache.hadoop.fs.Path(address)
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)
