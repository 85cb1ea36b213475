"""
Read the agreements of ConnectWise Manage: the active ones in one list, then the additions of each by a call of its own.

An addition names no configuration: what is billed and what is there meet by quantities alone.

Source: reference/connectwise-billing.md.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime

from service.core.errors import ProviderChanged
from service.core.progress import Progress
from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.additions import ADDITION_FIELDS, ActiveAgreement, active_agreement, addition_billed
from service.ingest.cw_manage.names import AGREEMENTS, PROVIDER
from service.ingest.cw_manage.paging import pages
from service.ingest.http.client import ApiClient
from service.ingest.protocol import Addition, Agreements

AGREEMENT_FIELDS = "id,name,company/id,company/name,agreementStatus,cancelledFlag"

ACTIVE = 'agreementStatus="Active"'

NOTHING_BILLED = (
    "lists {active:,} active agreements and no addition that is billed today; if there are any, the security role has"
    " to allow Inquire: All, not Mine, on Finance > Agreements"
)


class AgreementsOfCwManage:
    """Reads agreements by the client that reads the configurations, and so within the same rate."""

    def __init__(self, client: ApiClient, settings: ConnectWiseManage, now: Callable[[], datetime]) -> None:
        self._client, self._settings, self._now = client, settings, now

    async def read(self, progress: Progress) -> Agreements:
        """
        Return what is billed today, in UTC; `progress` is called for every agreement, with how long all will take.

        Raises:
            ProviderError: The server failed, or lists nothing that is billed: that is taken for a fault.
        """
        active = [agreement async for agreement in self._active()]
        what = f"{PROVIDER}, agreements one by one, {self._estimate(len(active))}"
        progress(what, 0, len(active))
        additions: list[Addition] = []
        for place, agreement in enumerate(active, start=1):
            additions += [addition async for addition in self._billed(agreement)]
            progress(what, place, len(active))
        if not additions:
            raise ProviderChanged(PROVIDER, NOTHING_BILLED.format(active=len(active)))
        return Agreements(len(active), additions)

    async def check(self) -> str:
        """Say how many agreements are active, after the additions of the first were read. Raises: ProviderError."""
        active = [agreement async for agreement in self._active()]
        if not active:
            raise ProviderChanged(PROVIDER, NOTHING_BILLED.format(active=0))
        billed = [addition async for addition in self._billed(active[0])]
        return f"{len(active):,} active, {self._estimate(len(active))}; the first bills {len(billed):,} additions"

    def _estimate(self, requests: int) -> str:
        """How long a request for each agreement takes at the rate that the settings allow."""
        minutes = max(0, requests - self._settings.burst) / self._settings.requests_per_minute
        return f"about {minutes:,.0f} min" if minutes >= 1 else "less than a minute"

    async def _active(self) -> AsyncGenerator[ActiveAgreement]:
        query = {"conditions": ACTIVE, "fields": AGREEMENT_FIELDS}
        async with aclosing(pages(self._client, AGREEMENTS, query, size=self._settings.page_size)) as found:
            async for page in found:
                for row in page.rows:
                    if agreement := active_agreement(row):
                        yield agreement

    async def _billed(self, agreement: ActiveAgreement) -> AsyncGenerator[Addition]:
        path = f"{AGREEMENTS}/{agreement.id}/additions"
        query = {"fields": ADDITION_FIELDS}
        async with aclosing(pages(self._client, path, query, size=self._settings.page_size)) as found:
            async for page in found:
                for row in page.rows:
                    if addition := addition_billed(row, agreement, self._now().date()):
                        yield addition
