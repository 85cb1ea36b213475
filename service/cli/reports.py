"""The command `report`."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.files import write_file
from service.cli.session import session_of
from service.cli.terminal import say, show_bytes
from service.reports import REPORTS, run_report
from service.reports.formats import Format


def _known_report(name: str) -> str:
    if name not in REPORTS:
        raise typer.BadParameter(f"there is no such report; there are {', '.join(REPORTS)}")
    return name


def write_report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", callback=_known_report, help=" or ".join(REPORTS))],
    format: Annotated[Format, typer.Option(help="Write the report in this format.")] = Format.CSV,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report into this file; default: standard output.")
    ] = None,
) -> None:
    """
    Write a report about all stored devices.

    The report `duplicates` lists the surplus records, `coverage` the devices that are missing from a provider.

    \b
    Examples:
      samebox report duplicates > duplicates.csv
      samebox report coverage --format json --out coverage.json
    """
    with session_of(context).world() as world:
        content = run_report(world, name, format)
    if out is None:
        show_bytes(content)
    else:
        write_file(out, content)
        say(f"{name} is in {out}")
