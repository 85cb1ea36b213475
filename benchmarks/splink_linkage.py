"""
Splink 5 on the same records, cleaned as for `naive`: its deterministic link, and its model, trained on them by EM.

    python -m benchmarks.splink_linkage {deterministic,EM} fleet.ndjson clusters.csv

The comparisons follow Splink's own advice: exact GUID with term frequencies, serials that share one or are one edit
apart, MACs that share one, hostname and company exact or alike. Pairs at a probability of 0.95 are clustered.
"""

import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.blocking_rule_creator import BlockingRuleCreator

from benchmarks.cleaned import read
from benchmarks.fleet import Fleet
from benchmarks.match import write_records
from benchmarks.scoring import Result, read_clusters, result

THRESHOLD = 0.95
DETERMINISTIC, EM = "deterministic", "EM"
SERIAL = compare.CustomComparison(
    output_column_name="serial",
    comparison_levels=[
        levels.NullLevel("first_serial"),
        levels.ArrayIntersectLevel("serials", min_intersection=1),
        levels.LevenshteinLevel("first_serial", distance_threshold=1),
        levels.ElseLevel(),
    ],
)


def link(fleet: Fleet) -> Iterator[Result]:
    """Score both ways of using Splink."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "fleet.ndjson"), Path(folder, "clusters.csv")
        write_records(source, fleet)
        for way, name in ((DETERMINISTIC, "Splink deterministic"), (EM, f"Splink EM at {THRESHOLD}")):
            start = perf_counter()
            write_clusters(way, source, target)
            seconds = perf_counter() - start
            yield result(name, fleet, read_clusters(target), seconds)


def write_clusters(way: str, source: Path, target: Path) -> None:
    """Write each record's cluster as CSV; a record in no pair is a cluster of its own. Rows stand in no order."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = false")
        read(database, source)
        linker = _linker(database)
        if way == EM:
            _train(linker)
            pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
        else:
            pairs = linker.inference.deterministic_link()
        threshold = THRESHOLD if way == EM else None
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        )
        database.execute(
            f"COPY (SELECT provider, id, coalesce(cluster_id, n) AS device_id"
            f" FROM flat LEFT JOIN {found.physical_name} ON unique_id = n) TO '{target}' (HEADER)"
        )


def _linker(database: duckdb.DuckDBPyConnection) -> Linker:
    database.execute(
        "CREATE TABLE records AS"
        " SELECT n AS unique_id, guid, serials, macs, hostname, company, serials[1] AS first_serial FROM flat"
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.ExactMatch("guid").configure(term_frequency_adjustments=True),
            SERIAL,
            compare.ArrayIntersectAtSizes("macs", [1]),
            compare.JaroWinklerAtThresholds("hostname", [0.95]).configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("company", [0.9]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("guid"),
            block_on("serials", arrays_to_explode=["serials"]),
            block_on("macs", arrays_to_explode=["macs"]),
            block_on("hostname", "company"),
        ],
        retain_matching_columns=False,
    )
    return Linker(DuckDBAPI(database).register("records"), settings, log_level=None)


def _train(linker: Linker) -> None:
    sure: list[str | BlockingRuleCreator] = [block_on("guid"), block_on("first_serial", "hostname")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("guid"), block_on("first_serial"), block_on("hostname", "company")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


if __name__ == "__main__":
    write_clusters(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
