"""The folder for what is between the steps: beside the outputs, or wherever driver and workers can reach one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

from service.core.errors import BadRequest


@contextmanager
def scratch_folder(session: SparkSession, local: Path, shared: str | None) -> Iterator[str]:
    """
    Give the address of an empty folder, which is gone at the end.

    Args:
        local: A folder of the driver, to be taken where all work is done on its machine.
        shared: The address of a folder that all machines reach, such as `s3a://bucket/tmp`, to be taken in its place.

    Raises:
        BadRequest: There are several machines, and no folder that all of them reach.
    """
    context = session.sparkContext
    address = address_of(f"samebox-{context.applicationId}", context.master, local, shared)
    try:
        yield address
    finally:
        path = context._jvm.org.apache.hadoop.fs.Path(address)
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)


def address_of(name: str, master: str, local: Path, shared: str | None) -> str:
    """
    Return the address of a folder inside one of two (`scratch_folder`).

    On several machines each would write into a folder of its own, and the driver would find its part alone.

    Raises:
        BadRequest: There are several machines, and no folder that all of them reach.
    """
    if shared:
        return f"{shared.rstrip('/')}/{name}"
    if master.startswith("local"):
        return (local / name).absolute().as_uri()
    raise BadRequest(f"the machines of {master} need a folder that all of them reach: name one with --scratch")
