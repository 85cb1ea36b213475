"""
Lines of the inputs as tables, from anywhere that Spark reads.

A name that ends in `.parquet` is Parquet, whose rows become JSON lines; anything else is NDJSON, compressed where its
name says so, as in `.gz`. A name may be a folder or a pattern of Spark's, such as `s3a://feeds/2026-11-*/*.ndjson.gz`.
"""

from collections.abc import Sequence
from functools import reduce
from pathlib import PurePosixPath
from urllib.parse import unquote

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

from service.core.errors import BadRequest, UnreadableFile
from service.ingest.linefiles import STDIN


def lines_of(session: SparkSession, names: Sequence[str]) -> DataFrame:
    """
    Return the lines: `file` (place in `names`), `path`, `block`, `number` and the bytes of the `line`.

    A block is a part of a file, by where it begins; its lines follow each other in one partition. `number` is the row
    of a Parquet file, from 1, and NULL where lines are yet to be counted.

    Raises:
        UnreadableFile: A name names nothing.
        BadRequest: Standard input, which no worker can read.
    """
    return reduce(DataFrame.unionAll, (_lines(session, file, name) for file, name in enumerate(names)))


def name_of(name: str, path: str) -> str:
    """Return what to call the file at a path: as the command line names it, or by its path if that names several."""
    plain = unquote(path)
    is_the_file = PurePosixPath(plain).name == PurePosixPath(name).name
    return name if is_the_file else plain.removeprefix("file://").removeprefix("file:")


def _lines(session: SparkSession, file: int, name: str) -> DataFrame:
    if name == STDIN:
        raise BadRequest("Spark cannot read standard input: name files, or leave --engine out")
    is_parquet = name.rstrip("/").endswith(".parquet")
    try:
        frame = session.read.parquet(name) if is_parquet else session.read.option("lineSep", "\n").text(name)
    except AnalysisException as error:
        raise UnreadableFile(f"{name} cannot be read: {str(error).splitlines()[0]}") from None
    where = sql.lit(file).alias("file"), sql.col("_metadata.file_path").alias("path")
    if is_parquet:
        block, number = sql.lit(0).cast("bigint"), sql.col("_metadata.row_index") + 1
        line = sql.encode(sql.to_json(sql.struct("*")), "UTF-8")
    else:
        block, number = sql.col("_metadata.file_block_start"), sql.lit(None).cast("bigint")
        line = sql.col("value").cast("binary")
    return frame.select(*where, block.alias("block"), number.alias("number"), line.alias("line"))
