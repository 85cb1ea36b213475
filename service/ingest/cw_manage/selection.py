"""
Select the configurations that are devices: by `conditions` that the server applies, and by a test of single rows.

The server selects for a full sync. An incremental one asks for every row that changed, whatever the settings select,
and tests the rows here by the same rule, because the selecting condition would hide rows that have just been
deactivated or now have another type.
"""

from datetime import UTC, datetime

from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.parse import inner, shown
from service.ingest.protocol import Raw


class Selection:
    """The selection that the settings describe: by type, and active rows only or all of them."""

    def __init__(self, settings: ConnectWiseManage) -> None:
        self._active_only = settings.active_only
        self._included = {_folded(name) for name in settings.types.include}
        self._excluded = {_folded(name) for name in settings.types.exclude}
        self._conditions = _conditions(settings)

    def query(self, since: datetime | None = None) -> dict[str, str]:
        """Return the query for the selected rows, or for every row that changed after `since`; {} asks for all."""
        if since is not None:
            return {"conditions": f"lastUpdated > [{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}]"}
        return {"conditions": self._conditions} if self._conditions else {}

    def why_unselected(self, raw: Raw) -> str | None:
        """
        Return why a row is not selected, None if it is; words that follow `provider:id`.

        As on the server, text compares without case, and a row without a type is not of any type.
        """
        if self._active_only and raw.get("activeFlag") is not True:
            return "was deactivated at the provider"
        type_name = inner(raw, "type", "name")
        folded = _folded(type_name)
        if (self._included and folded not in self._included) or (self._excluded and folded in {"", *self._excluded}):
            named = shown(type_name) if type_name else "(none)"
            return f"is of the type {named} now, which the settings do not select"
        return None


def _conditions(settings: ConnectWiseManage) -> str:
    """Precedence of `and` over `or` is not documented, so an `or` stands in brackets always."""
    included = " OR ".join(f"type/name={_quoted(name)}" for name in settings.types.include)
    terms = [
        "activeFlag=true" if settings.active_only else "",
        f"({included})" if included else "",
        *(f"type/name!={_quoted(name)}" for name in settings.types.exclude),
    ]
    return " AND ".join(filter(None, terms))


def _quoted(name: str) -> str:
    """Quote a text for `conditions`; the vendor asks for `[` as `[[]`. Settings hold no quotes."""
    return '"' + name.replace("[", "[[]") + '"'


def _folded(name: str) -> str:
    return name.strip().casefold()
