"""
The command line: `samebox`.

Exit codes: 0 done, 1 failed, 2 wrong usage or a name that is not known, 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from traceback import format_exception
from typing import Annotated

import typer

from matching.errors import MatchingError
from service.cli.commands import Commands
from service.cli.logs import tell_warnings
from service.cli.session import Session, session_of
from service.cli.terminal import say, show, survive_any_encoding
from service.core.errors import ServiceError, UnknownValue

FAILED = 1
WRONG_USAGE = 2

INTERRUPTED = 130
"""128 + SIGINT, as shells have it; the library's code for Ctrl-C."""

app = typer.Typer(
    name="samebox",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"samebox {version('samebox')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    settings: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Read settings from this file; default: the one that SAMEBOX_SETTINGS names, else ./appsettings.json.",
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program a failure happened.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """
    Which records, in which of your systems, are the same box?

    Samebox reads device records from ConnectWise Manage and from RMM feeds. It ranks the identity evidence between them
    (BIOS GUID, serial, link, MAC, hostname) and resolves them into devices, each with one golden record.

    \b
    Examples:
      samebox demo                                try it on a made-up fleet
      samebox check                               is everything set up?
      samebox sync                                read the configured providers
      samebox devices files01                     what is called like that?
      samebox lookup 00-15-5D-01-02-03            which device is that?
      samebox explain cw_manage:4711 ninjaone:88  are they one box, and why?
      samebox report duplicates --out dup.csv     which records are surplus?
      samebox reviews                             what is left for a person?

    Results go to standard output, everything else to standard error. The exit code is 0 when done, 1 when failed, 2 for
    wrong usage or a name that is not known, and 130 when interrupted. The database is an SQLite file; Database:Url can
    name a PostgreSQL database instead.
    """
    session = session_of(context)
    session.settings_file, session.debug = settings, debug


def start() -> None:
    """
    Be the process `samebox`: run the command that its arguments name.

    A million objects that a command has kept are not freed one by one: the system takes all of them back at once.
    """
    session = Session()
    try:
        main(session=session)
    except SystemExit as end:
        if not session.kept:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 0)


def main(arguments: Sequence[str] | None = None, session: Session | None = None) -> None:
    """Run one command and raise SystemExit; whatever goes wrong is a line and an exit code."""
    survive_any_encoding()
    tell_warnings()
    session = session or Session()
    try:
        app(arguments, prog_name="samebox", obj=session)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            say("interrupted; what was being stored is stored whole or not at all")
        raise
    except (ServiceError, MatchingError) as error:
        say(error)
        _trace(error, session)
        sys.exit(WRONG_USAGE if isinstance(error, UnknownValue) else FAILED)
    except Exception as error:  # noqa: BLE001 - the outermost door: a defect, too, gets a line and not a trace
        say(f"a defect in samebox ({type(error).__name__}); the option --debug before the command shows where")
        _trace(error, session)
        sys.exit(FAILED)


def _trace(error: Exception, session: Session) -> None:
    if session.debug:
        for line in format_exception(error):
            say(line)
