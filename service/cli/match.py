"""The commands `match` and `evaluate`, which work on files without a database."""

from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from matching.policy import Policy
from service.cli.session import AsJson
from service.cli.terminal import say, show_json, show_table
from service.core.errors import BadRequest, EngineMissing
from service.core.workers import cores
from service.files.evaluating import Evaluation, evaluate_files
from service.files.inputs import read_decisions, read_policy
from service.files.outputs import REJECTED
from service.files.run import Matched, MatchOptions, match_files

TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
"""How `--as-of` may be written."""


SPARK_PACKAGES = ("pyspark", "pyarrow", "pandas")
"""What the extra `spark` installs: PySpark hands rows to Python by way of the other two."""


class Engine(StrEnum):
    """Who does the work."""

    SINGLE = "single"
    SPARK = "spark"


class Only(StrEnum):
    """Outputs that can be had alone."""

    CLUSTERS = "clusters"


def match(  # noqa: PLR0913, PLR0917 - each is an option of the command
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="NDJSON files, plain or gzip; - is standard input. Spark takes what it can read: folders, patterns, s3a://"
            " and hdfs:// addresses; also Parquet, if the name ends in .parquet.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Write into this folder; it is made if it does not exist.")],
    policy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Match by this policy: JSON, with the keys of the settings section Policy."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Match by these decisions: NDJSON, with verdict, left and right."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=64, help="Work in N processes; default: one for each core.")
    ] = None,
    only: Annotated[Only | None, typer.Option(help="Write only clusters.csv, which is quicker.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            formats=TIMES,
            help="When the records were received, in UTC or with an offset; a last_seen more than a day later counts"
            " for nothing. Default: every last_seen counts.",
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="Work on this machine alone, or on Apache Spark (pip install 'samebox[spark]').")
    ] = Engine.SINGLE,
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Where Spark runs, such as local[4] or spark://HOST:7077; default: what spark-submit says, else"
            " local[*].",
        ),
    ] = None,
    scratch: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Keep what is between Spark's steps in this folder, which all of its machines reach, such as"
            " s3a://BUCKET/tmp. On one machine the default is in DIR; elsewhere name one.",
        ),
    ] = None,
) -> None:
    """
    Resolve files of records into files of devices.

    This needs no database and reads no settings. It writes five files into DIR: clusters.csv (provider,id,device_id),
    devices.ndjson (golden records), reviews.ndjson (questions for a person, the most worthwhile first), summary.json
    and rejected.ndjson (lines that are no record).

    summary.json counts records, devices and reviews, says what calibration learnt, counts how many records of each
    provider give each kind of evidence (evidence_by_provider), and warns if many records of a provider name no company
    (warnings); the warnings are shown as well.

    The same records give the same bytes in any order of lines and files; only rejected.ndjson keeps their order. The
    files replace earlier ones all at once, when all of them are complete.

    \b
    Examples:
      samebox match machines.ndjson --out matched
      samebox match *.ndjson.gz --out matched --policy policy.json
      samebox match machines.ndjson --out matched --decisions decided.ndjson
      samebox match machines.ndjson --out matched --only clusters --jobs 2
      samebox match machines.ndjson --out matched --as-of 2026-11-01
      samebox match m.ndjson --out matched --engine spark --master 'local[4]'
    """
    rules = read_policy(policy) if policy else Policy()
    decided = read_decisions(decisions) if decisions else []
    received = as_of.replace(tzinfo=as_of.tzinfo or UTC) if as_of else None
    options = MatchOptions(rules, decided, jobs or cores(), clusters_only=only is not None, as_of=received)
    _refuse_options_of_the_other(engine, jobs, master, scratch)
    if engine is Engine.SPARK:
        matched = _match_on_spark(files, out, options, master, scratch)
    else:
        matched = match_files(files, out, options, say)
    _tell(matched, out)
    if matched.rejected_lines and not matched.records:
        raise typer.Exit(1)


def _refuse_options_of_the_other(engine: Engine, jobs: int | None, master: str | None, scratch: str | None) -> None:
    """An option that has no effect would be taken for one that has."""
    if engine is Engine.SPARK and jobs is not None:
        raise BadRequest("--jobs is for one machine; with Spark, --master says how many work, such as local[4]")
    if engine is not Engine.SPARK and (master or scratch):
        raise BadRequest("--master and --scratch are Spark's: add --engine spark")


def _match_on_spark(
    files: list[str], out: Path, options: MatchOptions, master: str | None, scratch: str | None
) -> Matched:
    if missing := [name for name in SPARK_PACKAGES if find_spec(name) is None]:
        raise EngineMissing(
            f"Spark needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed here:"
            " pip install 'samebox[spark]'"
        )
    from service.spark.run import Cluster, match_on_spark  # noqa: PLC0415 - PySpark is an extra

    return match_on_spark(files, out, options, Cluster(master, scratch), say)


def _tell(matched: Matched, out: Path) -> None:
    for file, line, reason in matched.rejected:
        say(f"{file}, line {line}: {reason}")
    if matched.rejected_lines:
        say(f"rejected lines: {matched.rejected_lines:,}; all of them are listed in {out / REJECTED}")
    for warning in matched.warnings:
        say(warning)
    asked = "" if matched.reviews is None else f", with {matched.reviews:,} reviews"
    say(f"{matched.records:,} records are {matched.devices:,} devices{asked}; the files are in {out}")


def evaluate(
    truth: Annotated[Path, typer.Option(metavar="T.csv", help="The truth, as CSV: provider,id,device.")],
    clusters: Annotated[Path, typer.Option(metavar="C.csv", help="The clusters, as CSV: provider,id,device_id.")],
    as_json: AsJson = False,
) -> None:
    """
    Score clusters against the truth.

    The scores are precision, recall and F1 of pairs and of records (B-cubed).

    \b
    Example:
      samebox evaluate --truth truth.csv --clusters matched/clusters.csv
    """
    found = evaluate_files(truth, clusters)
    if as_json:
        scores = asdict(found.scores)
        show_json({**scores, "only_in_truth": found.only_truth, "only_in_clusters": found.only_clusters})
    else:
        _show(found)
    for count, name in ((found.only_truth, truth), (found.only_clusters, clusters)):
        if count:
            say(f"{count:,} records are in {name} alone and were not scored")


def _show(found: Evaluation) -> None:
    scores = found.scores
    rows = [
        ("pairwise precision", f"{scores.precision:.4f}", "of the pairs joined, those that are one box in truth"),
        ("pairwise recall", f"{scores.recall:.4f}", "of the pairs that are one box in truth, those joined"),
        ("pairwise F1", f"{scores.f1:.4f}", ""),
        ("B-cubed precision", f"{scores.bcubed_precision:.4f}", "the same, a record at a time"),
        ("B-cubed recall", f"{scores.bcubed_recall:.4f}", ""),
        ("B-cubed F1", f"{scores.bcubed_f1:.4f}", ""),
        ("over-merged", f"{scores.over_merged:,}", "devices found that are several in truth"),
        ("split", f"{scores.split:,}", "devices in truth that were found in parts"),
        ("records", f"{scores.records:,}", "that both files name"),
    ]
    show_table("Scores", ("", "value", ""), rows)
