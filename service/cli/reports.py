"""The command `report`: reports as files, and in short on a terminal."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.files import write_chunks
from service.cli.session import session_of
from service.cli.terminal import say, show_chunks, show_table
from service.core.errors import BadRequest, NotFound
from service.reports.billing.billed import LARGEST, read_billed
from service.reports.catalogue import REPORTS, report_named
from service.reports.context import ReportRequest
from service.reports.counts import BILLED
from service.reports.coverage import SUGGEST
from service.reports.formats import Format, chunks
from service.reports.making import made_report
from service.reports.rules import ReportRules


def _known(name: str | None) -> str | None:
    try:
        return name and report_named(name).name
    except NotFound as error:
        raise typer.BadParameter(str(error)) from None


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [(name, report.description) for name, report in REPORTS.items() if name.startswith(incomplete)]


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
            help=f"{', '.join(REPORTS)}. Without a name: list the reports.",
        ),
    ] = None,
    format: Annotated[
        Format | None, typer.Option(help="Write the report in this format; default: by the name of the file, else csv.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report into this file; default: standard output.")
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
) -> None:
    """
    Write a report: as a file for a spreadsheet, or as JSON for a program.

    Rows are work to do; what asks for nothing is counted. `samebox report` alone lists the reports.

    \b
    Examples:
      samebox report duplicates --out duplicates.xlsx
      samebox report coverage --company "Acme Inc." > coverage.csv
      samebox report coverage --all --format json
      samebox report counts --billed invoice.csv --out counts.xlsx
      samebox report coverage --suggest --out suggestions.xlsx
    """
    if name is None:
        show_table("Reports", ("name", "what it lists"), [(each.name, each.description) for each in REPORTS.values()])
        return
    form = format or _by_name(out)
    if form is Format.XLSX and out is None and sys.stdout.isatty():
        raise typer.BadParameter("a workbook is no text for a terminal; name a file with --out")
    options: dict[str, Any] = {} if billed is None else {BILLED: read_billed(_content(billed))}
    options |= {SUGGEST: True} if suggest else {}
    _require_filters(name, wanted := ReportRequest(company, provider, type, since, all, options))
    session = session_of(context)
    with (
        session.world() as world,
        made_report(world, ReportRules.of(session.settings), report_named(name), wanted) as made,
    ):
        for warning in made.head.warnings:
            say(warning)
        written: Iterator[bytes] = chunks(made, form)
        if out is None:
            show_chunks(written)
        else:
            write_chunks(out, written)
            say(f"{name} is in {out}")


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
