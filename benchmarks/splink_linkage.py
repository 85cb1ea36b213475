"""
Splink 5 on the same records, cleaned as for `naive`: its deterministic link, and its model, trained on them by EM.

The comparisons follow Splink's own advice: exact GUID with term frequencies, serials that share one or are one edit
apart, MACs that share one, hostname and company exact or alike. Pairs at a probability of 0.95 are clustered.
"""

import logging
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as compare
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.blocking_rule_creator import BlockingRuleCreator

from benchmarks.flat import flat
from benchmarks.fleet import Fleet
from benchmarks.naive import load
from benchmarks.scoring import Clusters, Result, result
from matching.model import Key

THRESHOLD = 0.95
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
    logging.getLogger("splink").setLevel(logging.ERROR)
    with duckdb.connect() as database:
        start = perf_counter()
        linker = _linker(database, fleet)
        pairs = linker.inference.deterministic_link()
        yield result("Splink deterministic", fleet, _clusters(linker, pairs, fleet, None), perf_counter() - start)
    with duckdb.connect() as database:
        start = perf_counter()
        linker = _linker(database, fleet)
        _train(linker)
        pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
        found = _clusters(linker, pairs, fleet, THRESHOLD)
        yield result(f"Splink EM at {THRESHOLD}", fleet, found, perf_counter() - start)


def _linker(database: duckdb.DuckDBPyConnection, fleet: Fleet) -> Linker:
    load(database, [flat(n, row, cleaned=True) for n, row in enumerate(fleet.records)])
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


def _clusters(linker: Linker, pairs: Any, fleet: Fleet, threshold: float | None) -> Clusters:
    """Return each record's cluster; a record in no pair is a cluster of its own."""
    clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=threshold
    )
    found = {row["unique_id"]: str(row["cluster_id"]) for row in clustered.as_record_list()}
    keys = (Key(row["provider"], row["id"]) for row in fleet.records)
    return {key: found.get(n, f"alone {n}") for n, key in enumerate(keys)}
