"""The providers as people and programs see them: what each lists, and how its last sync went."""

from pydantic import BaseModel, Field

from matching.codes import Code
from service.core.paging import FIRST_PAGE, Page, PageRequest
from service.store.ingested import known_names, syncs
from service.store.ingested.syncs import IMPORT, SYNCS, SyncStatus
from service.store.resolved import counts
from service.store.world import World
from service.syncs.synclog import SyncView, held_run, shown

PROVIDERS = "providers"
"""The list of them, in cursors."""


class ProviderRole(Code):
    """What a provider is to golden records."""

    PSA = "psa", "PSA", "People enter its records: it counts first for company, tag and status."
    AGENT = "agent", "agent", "Programs on devices report to it: it counts first for hardware and OS."


class ProviderView(BaseModel):
    """Who lists devices."""

    name: str = Field(description="What it is called.", examples=["cw_manage"])
    role: ProviderRole = Field(
        description="What it is to golden records: a PSA where the policy says so, else one of agents.",
        examples=["psa"],
    )
    records: int = Field(description="Records that it lists.", examples=[1200])
    quarantined: int = Field(description="Rows of it that could not be read or stored.", examples=[0])
    last_sync: SyncView | None = Field(description="Its last sync; null where it was never synced.")
    is_held: bool = Field(description="Whether a sync is held because too many records would go.")


def list_providers(world: World, page: PageRequest = FIRST_PAGE) -> Page[ProviderView]:
    """
    Return a page of the providers that list records, have rows in quarantine or were ever synced, in order of name.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
    """
    [after] = page.after(PROVIDERS, str) or [""]
    with world.store.reading() as connection:
        names = [name for name in known_names.providers(connection) if name > after and name != IMPORT]
        records, quarantined = counts.records(connection), counts.quarantined(connection)
        psa_providers = world.policy_in(connection).psa_providers
        found = []
        for name in names[: page.limit]:
            last = syncs.latest(connection, name, tuple(SyncStatus), SYNCS)
            found.append(
                ProviderView(
                    name=name,
                    role=ProviderRole.PSA if name in psa_providers else ProviderRole.AGENT,
                    records=records.get(name, 0),
                    quarantined=quarantined.get(name, 0),
                    last_sync=shown(last) if last else None,
                    is_held=held_run(connection, name) is not None,
                )
            )
    return page.page(PROVIDERS, found, lambda view: (view.name,), is_last=len(names) <= page.limit)
