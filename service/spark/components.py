"""
Connected components by the smallest number, as steps over tables of edges.

A round gives each record the smallest number among itself and its neighbours, then follows these numbers to their end
(pointer jumping). Records with one number become one, and the edges between them go; the next round takes the edges
that are left. A path of n records takes about log2(n) rounds. Every step has one result, whatever the partitions.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from service.spark.tables import SparkTables


def connect(tables: SparkTables, edges: str, out: str) -> None:
    """
    Keep the components of a graph under the name `out`: record and component, its smallest record.

    Args:
        edges: A table with the columns `low` and `high`, two records; records without an edge are in no component.
    """
    rounds: list[DataFrame] = []
    left = tables.session.table(edges).select("low", "high").where("low <> high")
    while not left.isEmpty():
        labels = _labels(tables, left)
        rounds.append(labels)
        ends = _relabelled(_relabelled(left, "low", labels), "high", labels)
        smaller, larger = sql.least("low", "high").alias("low"), sql.greatest("low", "high").alias("high")
        left = tables.keep("edges_left", ends.where("low <> high").select(smaller, larger).distinct())
    tables.keep(out, _composed(tables, rounds))


def _labels(tables: SparkTables, edges: DataFrame) -> DataFrame:
    """Return record and label: the smallest number that is reached from neighbour to smaller neighbour."""
    both = edges.unionAll(edges.select(sql.col("high").alias("low"), sql.col("low").alias("high")))
    smallest = both.groupBy(sql.col("low").alias("record")).agg(sql.min("high").alias("neighbour"))
    labels = tables.keep("labels", smallest.select("record", sql.least("record", "neighbour").alias("label")))
    while True:
        jumped = tables.keep("labels", _relabelled(labels, "label", labels))
        if _total(jumped) == _total(labels):  # labels only fall
            return jumped
        labels = jumped


def _relabelled(frame: DataFrame, column: str, labels: DataFrame) -> DataFrame:
    """Return a table with the label of each record in a column in its place; every record there has a label."""
    found = labels.select(sql.col("record").alias("_record"), sql.col("label").alias("_label"))
    joined = frame.join(found, frame[column] == found["_record"])
    return joined.select(*("_label" if name == column else name for name in frame.columns)).toDF(*frame.columns)


def _composed(tables: SparkTables, rounds: list[DataFrame]) -> DataFrame:
    """Return the label that each record has after all rounds."""
    if not rounds:
        return tables.session.createDataFrame([], "record BIGINT, component BIGINT")
    first, *others = rounds
    found = first
    for labels in others:
        later = labels.select(sql.col("record").alias("_record"), sql.col("label").alias("_label"))
        joined = found.join(later, found["label"] == later["_record"], "left")
        found = joined.select("record", sql.coalesce("_label", "label").alias("label"))
    return found.select("record", sql.col("label").alias("component"))


def _total(labels: DataFrame) -> int:
    [row] = labels.agg(sql.sum(sql.col("label").cast("decimal(38,0)")).alias("total")).collect()
    return int(row.total)
