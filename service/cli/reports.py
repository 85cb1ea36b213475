"""The command `report`: reports as files, and in short on a terminal."""

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.files import write_chunks
from service.cli.report_views import counted, show_report
from service.cli.session import session_of
from service.cli.terminal import progress, say, show_chunks, show_table
from service.core.errors import BadRequest, NotFound
from service.reports.batch import write_batch
from service.reports.catalogue import REPORTS, report_named
from service.reports.catalogue.billing.billed import LARGEST, read_billed
from service.reports.catalogue.counts import BILLED
from service.reports.catalogue.coverage import SUGGEST
from service.reports.catalogue.new import BATCH
from service.reports.context import ReportRequest
from service.reports.formats import Format, chunks
from service.reports.making import made_report
from service.reports.overview import SUMMARY
from service.reports.rules import ReportRules

ALL = "all"
"""What stands for all reports at once, and the name of such a batch where none is given."""

UNRELIABLE = 3
"""Exit code of a batch that is in place, and rests on a feed that is late, held, empty or failing."""


def _known(name: str | None) -> str | None:
    try:
        return name if name in {None, ALL} else report_named(str(name)).name
    except NotFound as error:
        raise typer.BadParameter(str(error)) from None


def _names(incomplete: str) -> list[tuple[str, str]]:
    described = {**{name: report.description for name, report in REPORTS.items()}, ALL: "Every report in every format."}
    return [(name, description) for name, description in described.items() if name.startswith(incomplete)]


def _moment(text: str) -> datetime:
    """A day or a time; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a day as 2026-11-01, or a time as 2026-11-01T08:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_report(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            callback=_known,
            autocompletion=_names,
            help=f"{', '.join(REPORTS)}; or all: every report in every format. Without a name: list the reports.",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            help="Write the report in this format; default: by the name of the file, else csv; in short on a terminal."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the report into this file, and all reports into this folder; default: standard output.",
        ),
    ] = None,
    company: Annotated[str | None, typer.Option(metavar="NAME", help="Report only devices of this customer.")] = None,
    provider: Annotated[
        str | None, typer.Option(metavar="PROVIDER", help="Report only what is about records of this provider.")
    ] = None,
    type: Annotated[str | None, typer.Option(metavar="TYPE", help="Report only devices of this type.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(parser=_moment, metavar="TIME", help="Report only what happened then or later."),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Write also the rows that ask for nothing.")] = False,
    billed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Lay `counts` beside what this CSV file bills: columns company, product, quantity, and price if any.",
        ),
    ] = None,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest",
            help=(
                "Write of `coverage`, instead of the gaps, the PSA's rows without any identifier, each with the devices"
                " that it may be and the command that says so."
            ),
        ),
    ] = False,
    batch: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="Remember all reports under this name, and count `new` from the last of this name; default: all.",
        ),
    ] = None,
) -> None:
    """
    Write a report: for a spreadsheet, or as JSON for a program.

    Rows are work to do; what asks for nothing is counted. `samebox report` alone lists the reports. A terminal is shown
    the totals and the first rows.

    `samebox report all --out FOLDER` writes every report in every format, and summary.html over all of them. The folder
    is replaced when the new one is whole, and must hold nothing else. The exit code is 0; 3 if all is written, but a
    feed is late, held, empty or failing; 1 if nothing is. `new` counts from the last one that ended under --name.

    \b
    Examples:
      samebox report duplicates
      samebox report duplicates --out duplicates.xlsx
      samebox report coverage --company "Acme Inc." > coverage.csv
      samebox report counts --billed invoice.csv --out counts.xlsx
      samebox report coverage --suggest --out suggestions.xlsx
      samebox report new --since 2026-11-01
      samebox report all --out /srv/reports/weekly --name weekly
    """
    options: dict[str, Any] = {} if billed is None else {BILLED: read_billed(_content(billed))}
    options |= {SUGGEST: True} if suggest else {}
    options |= {BATCH: batch or ALL} if name == "new" or batch else {}
    wanted = ReportRequest(company, provider, type, since, all, options)
    if name is None:
        show_table("Reports", ("name", "what it lists"), [(each.name, each.description) for each in REPORTS.values()])
    elif name == ALL:
        _write_all(context, out, format, batch or ALL, wanted)
    else:
        _write_one(context, name, format, out, wanted)


def _write_one(
    context: typer.Context, name: str, format: Format | None, out: Path | None, wanted: ReportRequest
) -> None:
    form = format or _by_name(out)
    is_terminal = out is None and sys.stdout.isatty()
    if form is Format.XLSX and is_terminal:
        raise typer.BadParameter("a workbook is no text for a terminal; name a file with --out")
    _require_filters(name, wanted)
    session = session_of(context)
    with (
        session.world() as world,
        made_report(world, ReportRules.of(session.settings), report_named(name), wanted) as made,
    ):
        if is_terminal and format is None:
            show_report(made)
            return
        for sentence in (*made.head.notes, *made.head.warnings):
            say(sentence)
        if out is None:
            show_chunks(chunks(made, form))
            return
        with counted(made) if sys.stderr.isatty() else nullcontext():
            write_chunks(out, chunks(made, form))
        say(f"{name} is in {out}")


def _write_all(
    context: typer.Context, out: Path | None, format: Format | None, batch: str, wanted: ReportRequest
) -> None:
    if out is None:
        raise typer.BadParameter("all reports are files of a folder; name it with --out")
    if format or SUGGEST in wanted.options or wanted != ReportRequest(options=wanted.options):
        raise typer.BadParameter(
            "all reports are written whole and in every format: no filter, --format or --suggest goes with all"
        )
    session = session_of(context)
    with session.world() as world, progress("files") as report:
        written = write_batch(world, ReportRules.of(session.settings), out, batch, report, wanted.options)
    for warning in (*written.warnings, *(warning for each in written.reports for warning in each.warnings)):
        say(warning)
    say(f"{len(written.reports)} reports are in {out}; begin with {out / SUMMARY}")
    if written.warnings:
        raise typer.Exit(UNRELIABLE)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}") from None


def _require_filters(name: str, wanted: ReportRequest) -> None:
    try:
        report_named(name).require_filters(wanted)
    except BadRequest as error:
        raise typer.BadParameter(str(error)) from None


def _by_name(out: Path | None) -> Format:
    ending = out.suffix.removeprefix(".").casefold() if out else ""
    return Format(ending) if ending in list(Format) else Format.CSV
