"""
GoldenMatch on the same records, cleaned as for Splink: its probabilistic model, trained on them by EM.

    python -m benchmarks.goldenmatch_linkage fleet.ndjson clusters.csv

It follows GoldenMatch's documentation: several values stand in one text that `array_intersect` compares, blocks are
those of equal tokens (the strategy for records that share one value of many), the native kernel is on, as advised for
measurements. Its automatic configuration took longer on these columns and is left out, as are its suggestions.
"""

import csv
import os
import sys
from pathlib import Path

import duckdb

os.environ |= {"GOLDENMATCH_NATIVE": "1", "GOLDENMATCH_SUGGEST_ON_DEDUPE": "0"}  # read when it is imported

import goldenmatch
from goldenmatch.config.schemas import TokenBlockingConfig

from benchmarks.cleaned import read

COLUMNS = """
    SELECT guid, array_to_string(serials, '|') AS serials, array_to_string(macs, '|') AS macs, hostname, company,
           concat_ws(' ', 'guid' || guid,
               array_to_string(list_transform(serials, lambda serial:
                   'serial' || regexp_replace(serial, '[^a-z0-9]', '', 'g')), ' '),
               array_to_string(list_transform(macs, lambda mac: 'mac' || mac), ' '),
               CASE WHEN hostname IS NOT NULL AND company IS NOT NULL THEN 'name' || hash(hostname, company) END
           ) AS tokens
    FROM flat ORDER BY n
"""
"""A token names its kind, so that a serial does not block with a MAC; a name counts within its company."""


def link(source: Path, target: Path) -> None:
    """Write each record's cluster as CSV; a record in no pair is a cluster of its own."""
    with duckdb.connect() as database:
        read(database, source)
        table = database.sql(COLUMNS).to_arrow_table()
        keys = database.execute("SELECT provider, id FROM flat ORDER BY n").fetchall()
    found = goldenmatch.dedupe_df(table, config=_configuration())
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("provider", "id", "device_id"))
        for number, cluster in found.clusters.items():
            writer.writerows((*keys[row], number) for row in cluster["members"])


def _configuration() -> goldenmatch.GoldenMatchConfig:
    field = goldenmatch.MatchkeyField
    matchkey = goldenmatch.MatchkeyConfig(
        name="device",
        type="probabilistic",
        missing="unobserved",  # a provider that does not show a field says nothing of it
        fields=[
            field(field="guid", scorer="exact"),
            field(field="serials", scorer="array_intersect:overlap"),
            field(field="macs", scorer="array_intersect:overlap"),
            field(field="hostname", scorer="jaro_winkler", levels=3, level_thresholds=[1.0, 0.95]),
            field(field="company", scorer="jaro_winkler", levels=3, level_thresholds=[1.0, 0.9]),
        ],
    )
    blocking = goldenmatch.BlockingConfig(strategy="token", token=TokenBlockingConfig(column="tokens"))
    return goldenmatch.GoldenMatchConfig(matchkeys=[matchkey], blocking=blocking)


if __name__ == "__main__":  # it starts processes that import this module
    link(Path(sys.argv[1]), Path(sys.argv[2]))
