"""The command `keys`: make, list, rotate and revoke API keys."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from service.access import keys
from service.access.keys import NOT_AT_ALL, KeyView, Rights
from service.access.scopes import Scope
from service.cli.commands import group
from service.cli.session import AsJson, now, session_of
from service.cli.terminal import say, show, show_json, show_table
from service.store.access.visibility import Customer

keys_app = group("Make, list, rotate and revoke API keys.")

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta:
    """
    Return how long a text such as `24h` or `90d` says. Raises: BadParameter.

    >>> duration("36h")
    datetime.timedelta(days=1, seconds=43200)
    """
    found = re.fullmatch(r"([0-9]{1,6})([mhdw])", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text[:100]!r} is no time; write minutes, hours, days or weeks: 30m, 24h, 90d, 12w")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def moment(text: str, at: datetime) -> datetime:
    """
    Return the time that a text says: a duration from `at` on, a date (its beginning), or a date and time.

    What names no zone is UTC. Raises: BadParameter.

    >>> moment("2027-03-01", datetime(2026, 11, 1, tzinfo=UTC)).isoformat()
    '2027-03-01T00:00:00+00:00'
    """
    try:
        said = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            return at + duration(text)
        except OverflowError:
            raise typer.BadParameter(f"{text!r} is too long a time") from None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def _expiry(text: str) -> datetime:
    return moment(text, now())


KeyId = Annotated[str, typer.Argument(metavar="ID", help="The id of the key; `samebox keys list` shows it.")]


@keys_app.command("create")
def create_key(  # noqa: PLR0913, PLR0917 - a parameter an option
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Who will use the key; give each user a key of their own.")
    ],
    scopes: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="Let the key do this; may be given several times; default: read."),
    ] = None,
    providers: Annotated[
        list[str] | None,
        typer.Option(
            "--provider",
            metavar="PROVIDER",
            help="Let a key with the scope ingest write records of this provider; may be given several times.",
        ),
    ] = None,
    customers: Annotated[
        list[str] | None,
        typer.Option(
            "--customer",
            metavar="PROVIDER:COMPANY_ID",
            help="Let the key see and write records of this company alone; may be given several times; default: all.",
        ),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME", parser=_expiry, help="Let the key expire after 90d, or at 2027-03-01; default: never."
        ),
    ] = None,
) -> None:
    """
    Make an API key and show it once.

    The scope says what the key may do: `read` looks up, lists and reports; `ingest` pushes and deletes records of the
    providers that the key names, and reads nothing; `steward` decides, and reads; `admin` does everything. Only the
    hash of the key is stored, so that nobody can show it again.

    A key that is bound to customers is answered as if there were no records but theirs; calls that cannot be answered
    so are refused.

    \b
    Examples:
      samebox keys create helpdesk > helpdesk.key
      curl -H "Authorization: Bearer $(cat helpdesk.key)" \\
        http://HOST:8000/v1/devices
      samebox keys create agent --scope ingest --provider rmm_alpha \\
        --expires 90d
      samebox keys create acme --customer cw_manage:250 \\
        --customer cw_rmm:acme-1
    """
    bound_to = frozenset(map(Customer.parse, customers or ()))
    rights = Rights(frozenset(scopes or [Scope.READ]), frozenset(providers or ()), expires, bound_to)
    with session_of(context).world(create=True) as world:
        key_id, token = keys.create(world, name, secrets.token_bytes, rights)
    show(token)
    say(f"this key is shown once; keep it as you keep a password. To take it back: samebox keys revoke {key_id}")
    if rights.customers:
        say(f"it sees records of {', '.join(sorted(map(str, rights.customers)))}, and no others")
    say(f"it has the scope {', '.join(sorted(rights.scopes))}, and {_until(rights.expires_at)}")
    say("send it as the header Authorization: Bearer TOKEN; a service that runs without keys has to be started anew")


@keys_app.command("list")
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """
    List the API keys.

    The list shows for whom each key was made, what it may do, when it was last used, when it expires, and whether it is
    revoked.

    \b
    Example:
      samebox keys list
    """
    with session_of(context).world() as world:
        found, old = keys.list_keys(world), keys.keys_before_scopes(world)
    if as_json:
        show_json([key.model_dump(mode="json") for key in found])
    elif found:
        columns = ("id", "name", "scopes", "providers", "customers", "made", "expires", "last used", "revoked")
        show_table("API keys", columns, map(_row, found))
    else:
        say("there is no key; `samebox keys create NAME` makes one")
    if old:
        say(old)


@keys_app.command("rotate")
def rotate_key(
    context: typer.Context,
    key_id: KeyId,
    keep_old: Annotated[
        timedelta | None,
        typer.Option(
            metavar="TIME",
            parser=duration,
            help="Let the present token hold for this long, such as 24h; default: it ends at once.",
        ),
    ] = None,
    expires: Annotated[
        datetime | None,
        typer.Option(metavar="TIME", parser=_expiry, help="Let the key expire after 90d, or at 2027-03-01, instead."),
    ] = None,
) -> None:
    """
    Give an API key a new token and show it once.

    Its name, scopes, providers and customers stay. The present token ends at once, or after the time that --keep-old
    says; a token that an earlier rotation kept ends now.

    \b
    Examples:
      samebox keys rotate 9f2c41d07ab3 > helpdesk.key
      samebox keys rotate 9f2c41d07ab3 --keep-old 24h --expires 90d
    """
    with session_of(context).world() as world:
        token = keys.rotate(world, key_id, secrets.token_bytes, keep_old=keep_old or NOT_AT_ALL, expires_at=expires)
    show(token)
    say("this token is shown once; keep it as you keep a password")
    say(f"the token before it {_until(now() + keep_old)}" if keep_old else "the token before it has ended")


@keys_app.command("revoke")
def revoke_key(context: typer.Context, key_id: KeyId) -> None:
    """
    Revoke an API key for good.

    \b
    Example:
      samebox keys revoke 9f2c41d07ab3
    """
    with session_of(context).world() as world:
        keys.revoke(world, key_id)
    say(f"{key_id} is revoked")


def _until(expires_at: datetime | None) -> str:
    return f"expires at {expires_at:%Y-%m-%d %H:%M %Z}" if expires_at else "does not expire"


def _row(key: KeyView) -> tuple[object, ...]:
    scopes = ", ".join(key.scopes) + (" (made before scopes)" if key.made_before_scopes else "")
    providers = ", ".join(key.providers or ())
    return (
        key.id,
        key.name,
        scopes,
        providers,
        ", ".join(key.customers or ()) or "all",
        key.created_at,
        key.expires_at,
        key.last_used_at,
        key.revoked_at,
    )
