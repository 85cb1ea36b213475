"""A fake ConnectWise Manage with the clock of a test's world, and syncs from it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from starlette.applications import Starlette

from service.core.settings import SyncSettings
from service.demo.connectwise.faults import Fault
from service.demo.connectwise.server import create_fake, running
from service.ingest.cw_manage import CwManage
from service.store.ingested.syncs import SyncMode
from service.syncs.runs import SyncOptions
from service.syncs.syncing import SyncOutcome, sync
from tests.service.ingest.virtual import SECRETS, VirtualTime, cw_settings
from tests.service.sandbox import Sandbox

LIST = "/company/configurations"


class Psa:
    """The server: its rows can be edited, its requests counted, its answers spoilt."""

    def __init__(self, app: Starlette, base_url: str) -> None:
        self.app = app
        self.base_url = base_url

    def fill(self, count: int) -> None:
        """Begin anew with this many active servers, none of them edited lately."""
        self.app.state.faults.clear()
        for rows in (self.app.state.rows, self.app.state.agreements, self.app.state.additions):
            for old in rows.all():
                rows.remove(old["id"])
        for number in range(1, count + 1):
            self.edit(number)
        self.forget()

    def edit(self, number: int, at: datetime | None = None, **fields: Any) -> None:
        """Change a row, or make it; the server notes when."""
        known = self.app.state.rows.find(number) or {
            "id": number,
            "name": f"SRV-{number}",
            "serialNumber": f"SN-{number:05}",
            "type": {"id": 1, "name": "Server"},
            "company": {"id": 12, "identifier": "acme", "name": "Acme"},
            "activeFlag": True,
        }
        updated = f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "2026-01-01T00:00:00Z"
        self.app.state.rows.put({**known, **fields, "_info": {"lastUpdated": updated}})

    def agree(self, number: int, company_id: int = 12, company: str = "Acme", status: str = "Active") -> None:
        """Make an agreement, or change it."""
        held = {"id": company_id, "identifier": company.casefold(), "name": company}
        agreement = {"id": number, "name": f"{company} {number}", "company": held, "agreementStatus": status}
        self.app.state.agreements.put({**agreement, "type": {"id": 3, "name": "Managed"}, "cancelledFlag": False})

    def bill(self, agreement: int, number: int, product: str = "Managed Server", **fields: Any) -> None:
        """Make an addition of an agreement, or change it."""
        known = {
            "id": number,
            "agreementId": agreement,
            "product": {"id": 1, "identifier": product},
            "unitPrice": 110.0,
        }
        self.app.state.additions.put({**known, "billCustomer": "Billable", "quantity": 1.0, **fields})

    def delete(self, *numbers: int) -> None:
        """Take rows out for good."""
        for number in numbers:
            self.app.state.rows.remove(number)

    def forget(self) -> None:
        """Count requests from here on."""
        self.app.state.log.seen.clear()

    def asked(self) -> list[str]:
        """Return what was asked for: a path, and for the list where the page begins."""
        return [
            f"after {each.query.get('pageId', 0)}" if each.path == LIST else each.path
            for each in self.app.state.log.seen
        ]

    def plan(self, fault: Fault, path: str = LIST, **when: Any) -> None:
        """Spoil answers."""
        self.app.state.faults.plan(fault, path=path, **when)

    def adapter(self, **changed: Any) -> CwManage:
        """Return the adapter for this server; waiting takes no time."""
        settings = cw_settings(**{"base_url": self.base_url, "page_size": 10, **changed})
        return CwManage(settings, VirtualTime().runtime())

    def sync(self, world: Sandbox, *, accept: bool = False, mode: Any = None, **settings: Any) -> SyncOutcome:
        """Sync into a world; `settings` are those of ConnectWise Manage and of syncs."""
        rules = {name: settings.pop(name) for name in tuple(settings) if name in SyncSettings.model_fields}
        options = SyncOptions(mode and SyncMode(mode), accept, SyncSettings.model_validate(rules))
        adapter = self.adapter(**settings)
        [outcome] = asyncio.run(sync(world, [adapter], options))
        return outcome


def environment(psa: Psa, world: Sandbox) -> dict[str, str]:
    """Return the settings of a process that syncs from the server into a world."""
    keys = {"BaseUrl": psa.base_url, "CompanyId": "acme", "PageSize": "10", "MaxAttempts": "1"}
    keys |= {f"Api{name.removeprefix('api_').title().replace('_', '')}": key for name, key in SECRETS.items()}
    settings = {f"Providers__ConnectWiseManage__{name}": value for name, value in keys.items()}
    return settings | {"Database__Url": world.store.engine.url.render_as_string(hide_password=False)}


@contextmanager
def running_psa() -> Iterator[Psa]:
    """Serve one."""
    app = create_fake([], company_id="acme", **{name.removeprefix("api_"): key for name, key in SECRETS.items()})
    with running(app) as base_url:
        yield Psa(app, base_url)
