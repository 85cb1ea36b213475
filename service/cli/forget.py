"""The command `forget`, for a person who asks that his or her name be removed."""

import secrets
from typing import Annotated

import typer

from service.cli.session import session_of
from service.cli.terminal import say
from service.stewardship.forgetting import ForgottenName, forget, remember


def forget_user(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="The user's name, as providers write it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    undo: Annotated[
        bool,
        typer.Option("--undo", help="Store the name again when a provider sends it; nothing comes back by itself."),
    ] = False,
) -> None:
    """
    Remove a last user's name from everything that is stored.

    The name is removed from records, golden records, the change feed, the quarantine and people's notes, and from
    whatever is synced, imported or pushed later: a salted hash of it is kept for that. It is found in any case of
    letters; jdoe is also found as ACME\\jdoe and jdoe@acme.com, while ACME\\jdoe is found only as it is. The name of a
    device stays, also if a user is in it.

    Providers are not changed, and neither are backups and files that were written earlier.

    \b
    Examples:
      samebox forget jdoe
      samebox forget 'ACME\\jdoe' --yes
      samebox forget jdoe --undo
    """
    with session_of(context).world(create=True) as world:
        if undo:
            was_there = remember(world, user)
            say(f"{user} is stored again when it comes" if was_there else f"{user} was no name to forget")
            return
        if not yes:
            _tell(forget(world, user, secrets.token_bytes, dry_run=True), "would be removed from")
            typer.confirm(f"Remove {user}? This cannot be undone", abort=True)
        _tell(forget(world, user, secrets.token_bytes), "is removed from")
    say("providers still have it: Samebox drops it whenever it comes again, so remove it there too")


def _tell(done: ForgottenName, what: str) -> None:
    say(f"the name {what} {done.records:,} records of {done.devices:,} devices")
    for table, count in done.rows.items():
        say(f"the name {what} {count:,} rows of {table}")
    if done.elsewhere:
        say(f"{done.elsewhere:,} records hold it in a field by which a device is known, such as its hostname: it stays")
