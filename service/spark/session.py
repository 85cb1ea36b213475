"""
Start Spark and end it, and say in a sentence what is missing or what went wrong there.

Under `spark-submit` its configuration stands, and nothing is set here but the time zone and how Parquet is read.
Elsewhere the driver gets what a run on one machine needs.
"""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from service.core.errors import EngineMissing, ServiceError, UnreadableFile, WorkerFailed

OLDEST_JAVA = 17

EVERYWHERE = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.columnarReaderBatchSize": "256",
}
"""
What is set wherever Spark runs.

A reader holds as many rows at once as a batch has; with Spark's 4,096, long lines and pieces of files take gigabytes.
"""

LOCAL = {
    "spark.driver.memory": "4g",
    "spark.log.level": "FATAL",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "localhost",
}
"""What is set where Spark is started here and its workers are threads of one process."""

MORE_MEMORY = "give it more by spark-submit: --driver-memory on one machine, --executor-memory on a cluster"

ENDED = f"Spark's JVM ended before its work did; if the machine was short of memory, {MORE_MEMORY}"

BLOCKS_A_CORE = 2
"""Partitions that a core of a local master works on, one after the other."""


@contextmanager
def spark_session(master: str | None) -> Iterator[SparkSession]:
    """
    Give a session of Spark, and stop it at the end, also after an interrupt.

    Args:
        master: Where Spark runs, such as `local[4]` or `spark://host:7077`; None for what `spark-submit` says, and
            without it `local[*]`.

    Raises:
        EngineMissing: There is no Java, an older one than Spark needs, or no such master.
        UnreadableFile: Spark could not read an input to its end.
        WorkerFailed: Spark gave a task up.
    """
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not is_submitted:
        require_java()
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    handler = signal.getsignal(signal.SIGINT)
    session = _started(master or (None if is_submitted else "local[*]"))
    try:
        yield session
    except (PySparkException, Py4JError) as error:
        raise failure(str(error)) from error
    except ConnectionError as error:
        raise WorkerFailed(ENDED) from error
    finally:
        with suppress(ConnectionError, Py4JError):  # whose JVM has ended needs no end
            session.stop()
        signal.signal(signal.SIGINT, handler)


def require_java() -> None:
    """Raises: EngineMissing."""
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        raise EngineMissing(
            f"Spark needs Java {OLDEST_JAVA} or newer, and there is no java"
            f" {f'in {home}, which JAVA_HOME names' if home else 'in the PATH'}; on Debian and Ubuntu:"
            " apt install default-jre-headless"
        )


def failure(text: str) -> ServiceError:
    """Return the error that the text of one of Spark's amounts to."""
    if "OutOfMemoryError" in text:
        return WorkerFailed(f"Spark ran out of memory; {MORE_MEMORY}")
    if "Py4JNetworkError" in text or "Answer from Java side is empty" in text:
        return WorkerFailed(ENDED)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    read = next((line for line in lines if "FAILED_READ_FILE" in line), None)
    if read:
        return UnreadableFile(f"Spark: {read}")
    cause = next((line for line in reversed(lines) if line.startswith("Caused by:")), None)
    return WorkerFailed(f"Spark gave up: {cause or (lines or ['it does not say why'])[0]}")


def _started(master: str | None) -> SparkSession:
    is_local = master is not None and master.startswith("local")
    builder = SparkSession.builder.appName("samebox match")
    for key, value in {**EVERYWHERE, **(LOCAL if is_local else {})}.items():
        builder = builder.config(key, value)
    if master:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise EngineMissing(
            f"Spark does not start ({str(error).splitlines()[0]}); it needs Java {OLDEST_JAVA} or newer, and a master"
            " that can be reached"
        ) from error
    # A thread of PySpark's would print a trace when the JVM is gone, of which we tell in a sentence.
    session.sparkContext._accumulatorServer.handle_error = lambda *_: None
    if is_local:
        session.conf.set("spark.sql.shuffle.partitions", str(session.sparkContext.defaultParallelism * BLOCKS_A_CORE))
    return session
