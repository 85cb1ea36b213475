"""The commands `policy entries` and `policy revoke`: what people added to the policy of the settings."""

from typing import Annotated

import typer

from service.cli.blocks import Labelled, TextBlock
from service.cli.cards import counted
from service.cli.session import AsJson, login, session_of
from service.cli.terminal import say, show_blocks, show_json
from service.stewardship import correcting
from service.stewardship.correcting import PolicyEntryView
from service.stewardship.entry_contradictions import spelled


def list_entries(
    context: typer.Context,
    revoked: Annotated[bool, typer.Option("--all", help="List revoked entries as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    List what people added to the policy, the latest first.

    People make entries in the console: two companies are one customer, or are two; a value is allowed, or denied. They
    are in force beside the section Policy of the settings until they are revoked.

    \b
    Examples:
      samebox policy entries
      samebox policy entries --all --json
    """
    with session_of(context).world() as world:
        found = [each for each in correcting.list_entries(world) if revoked or each.revoked_at is None]
    if as_json:
        show_json([each.model_dump(mode="json") for each in found])
    elif found:
        show_blocks(map(_block, found))
    else:
        say("nobody has added to the policy; the settings alone are in force")


def revoke_entry(
    context: typer.Context,
    entry_id: Annotated[str, typer.Argument(metavar="ID", help="An entry, as `samebox policy entries` shows it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Give the reason, for people who ask later.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Name who revokes; default: your name.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """
    Revoke an entry of the policy.

    All records are measured again, and the devices follow at once: nothing that rested on the entry stays.

    \b
    Examples:
      samebox policy revoke ENTRY-ID --why "they are two firms after all"
    """
    with session_of(context).world() as world:
        done = correcting.revoke_entry(world, entry_id, by or login(), why)
    if as_json:
        show_json([each.model_dump(mode="json") for each in done.entries])
        return
    show_blocks(map(_block, done.entries))
    say(f"the entry is revoked; {counted(done.devices_changed, 'device')} changed")


def _block(each: PolicyEntryView) -> TextBlock:
    fields = [Labelled("by", f"{each.by}, {each.at:%Y-%m-%d %H:%M}"), Labelled("why", each.why)]
    if each.revoked_at is None:
        return TextBlock(spelled(each.entry), fields=fields, commands=[f"samebox policy revoke {each.id} --why TEXT"])
    revoked = f"{each.revoked_at:%Y-%m-%d %H:%M} by {each.revoked_by}: {each.revoked_why}"
    return TextBlock(spelled(each.entry), fields=[*fields, Labelled("revoked", revoked), Labelled("id", each.id)])
