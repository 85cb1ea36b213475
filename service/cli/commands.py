"""
The commands, and the module that implements each.

A module is imported only when its command runs, so that `match` need not wait a second for what `serve` imports.
"""

from collections.abc import Callable, Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

GROUPS = {
    "Get started": {
        "demo": "demo:demo",
        "check": "check:check",
    },
    "Take records in": {
        "sync": "sync:sync_providers",
        "syncs": "syncs:show_syncs",
        "import": "imports:import_files",
        "quarantine": "sync:list_quarantine",
    },
    "Ask": {
        "devices": "devices:list_devices",
        "lookup": "lookup:look_up",
        "explain": "explain:explain_pair",
        "report": "reports:write_report",
        "changes": "changes:show_changes",
        "history": "history:show_history",
    },
    "Answer reviews": {
        "reviews": "reviews:show_reviews",
        "decide": "decide:decide_app",
        "decisions": "decisions:list_decisions",
    },
    "Match files without a database": {
        "match": "match:match",
        "evaluate": "match:evaluate",
    },
    "Operate": {
        "serve": "serve:serve",
        "keys": "keys:keys_app",
        "calibrate": "calibrate:calibrate",
        "rebuild": "calibrate:rebuild",
        "policy": "policy:policy_app",
        "forget": "forget:forget_user",
        "db": "admin:db_app",
    },
}
"""Heading of the help -> name -> module and function, or group of commands; all in the order of the help."""

COMMANDS = {name: place for commands in GROUPS.values() for name, place in commands.items()}
"""Name -> module and function, or group of commands."""


def group(about: str | None = None) -> typer.Typer:
    """Return a command that has commands of its own, and what its help says (None: its function does)."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    if about is not None:
        app.info.help = about
    return app


class Commands(TyperGroup):
    """The outermost group of commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": None})
        self.commands = _Imported()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the library calls it
        """Return the names; the commands themselves stay where they are."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as the library calls it
        """Write the commands under their headings, all in one column."""
        widest = max(map(len, COMMANDS))
        for heading, names in GROUPS.items():
            with formatter.section(heading):
                limit = formatter.width - widest - 6
                lines = [(name.ljust(widest), self.commands[name].get_short_help_str(limit)) for name in names]
                formatter.write_dl(lines)


class _Imported(MutableMapping[str, Any]):
    """Name -> command, made at the first look."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _, attribute = COMMANDS[name].partition(":")
            self._made[name] = _command(name, getattr(import_module(f"{__package__}.{module}"), attribute))
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _command(name: str, does: typer.Typer | Callable[..., Any]) -> Any:
    if isinstance(does, typer.Typer):
        app = does
    else:
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(name)(does)
    command = get_command(app)
    command.name = name
    return command
