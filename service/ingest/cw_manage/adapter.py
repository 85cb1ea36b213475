"""The adapter of ConnectWise Manage: GET /company/configurations and what belongs to it."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime
from hashlib import sha256

from matching.model import Record
from service.core.errors import NotFound, ProviderChanged, ProviderRefused
from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.agreements import AgreementsOfCwManage
from service.ingest.cw_manage.client import open_client, require_short
from service.ingest.cw_manage.names import CONFIGURATIONS, FIELDS, INFO, PROVIDER, SECTION
from service.ingest.cw_manage.paging import pages
from service.ingest.cw_manage.parse import BiosGuidSource, parse_row, reduce_row, shown
from service.ingest.cw_manage.selection import Selection
from service.ingest.http.runtime import Runtime
from service.ingest.protocol import Adapter, AgreementReader, FetchedPage, Raw


class CwManage(Adapter):
    """
    Configurations as records.

    A cursor is the last id that was read and a fingerprint of what was asked for, so that a sync under other settings
    does not go on from it.
    """

    name = PROVIDER
    setting = SECTION
    live = True

    def __init__(self, settings: ConnectWiseManage, runtime: Runtime | None = None) -> None:
        """
        Make an adapter; nothing is asked yet.

        Raises:
            SettingsError: The types of the settings do not fit into one request.
        """
        self._settings = settings
        runtime = runtime or Runtime()
        self._client, self._now = open_client(settings, runtime), runtime.now
        self._selection = Selection(settings)
        self._source = BiosGuidSource(settings.bios_guid_source)
        self._fields = {"fields": ",".join(filter(None, [*FIELDS, self._source.field]))}
        selected = self._selection.query()
        require_short(settings, CONFIGURATIONS, {**selected, **self._fields})
        asked = "\n".join((settings.base_url, settings.bios_guid_source, *selected.values()))
        self._fingerprint = sha256(asked.encode()).hexdigest()[:16]

    @property
    def heard_at(self) -> datetime | None:
        """The server's own time, as of its latest answer."""
        return self._client.heard_at

    @property
    def agreements(self) -> AgreementReader | None:
        """What reads the agreements, where the settings have them read."""
        if not self._settings.agreements:
            return None
        return AgreementsOfCwManage(self._client, self._settings, self._now)

    async def fetch(self, after: str | None = None, since: datetime | None = None) -> AsyncIterator[FetchedPage]:
        """Yield every selected configuration, or every one that changed after `since`. Raises: ProviderError."""
        query = {**self._selection.query(since), **self._fields}
        last_id = int(after.partition(" ")[0]) if after else 0
        size = self._settings.page_size
        async with aclosing(pages(self._client, CONFIGURATIONS, query, size=size, after=last_id)) as found:
            async for page in found:
                rows = [reduce_row(row, self._source) for row in page.rows]
                yield FetchedPage(rows, f"{page.last_id} {self._fingerprint}")

    def goes_on_from(self, cursor: str) -> bool:
        """Whether the rows up to a cursor were asked for as they would be now."""
        return cursor.partition(" ")[2] == self._fingerprint

    async def one(self, record_id: str) -> Raw | None:
        """Return one configuration, None if there is none with that id. Raises: ProviderError."""
        if not record_id.isascii() or not record_id.isdecimal():
            return None  # never an id of this provider: the record was pushed or imported
        try:
            return await self.fetch_one(int(record_id))
        except NotFound:
            return None

    async def fetch_one(self, record_id: int) -> Raw:
        """
        Return one configuration.

        Raises:
            NotFound: There is none with that id, or it may not be seen.
            ProviderError: Anything else.
        """
        try:
            return reduce_row(await self._client.get(f"{CONFIGURATIONS}/{record_id}", self._fields), self._source)
        except ProviderRefused as error:
            if error.answered == 404:
                raise NotFound(f"{PROVIDER}: there is no configuration {record_id}") from error
            raise

    async def expected(self, since: datetime | None = None) -> int:
        """Return how many configurations a fetch should bring. Raises: ProviderError."""
        answer = await self._client.get(f"{CONFIGURATIONS}/count", self._selection.query(since))
        count = answer.get("count") if isinstance(answer, dict) else None
        if type(count) is not int or count < 0:
            raise ProviderChanged(PROVIDER, "answered no number when asked for the count of configurations")
        return count

    async def check(self) -> list[tuple[str, str]]:
        """Return version, kind of hosting, time zone, and what a full sync would pull. Raises: ProviderError."""
        info = await self._client.get(INFO)
        if not isinstance(info, dict):
            raise ProviderChanged(PROVIDER, f"answered no object when asked for {INFO}")
        return [
            ("address", self._settings.base_url),
            ("version", shown(info.get("version"))),
            ("cloud", {"True": "yes", "False": "no"}.get(str(info.get("isCloud")), "unknown")),
            ("time zone", shown(info.get("serverTimeZone"))),
            ("conditions", self._selection.query().get("conditions", "none")),
            ("configurations", str(await self.expected())),
        ]

    def parse(self, raw: Raw) -> Record:
        """Map one configuration; values stay as written. Raises: Unparsable."""
        return parse_row(raw, self._source, self._settings.device_identifier_provider)

    def unselected(self, raw: Raw) -> str | None:
        """Return why the settings do not select a row, None if they do."""
        return self._selection.why_unselected(raw)
