"""A misspelt name in a filter is a mistake, and no empty list."""

from pathlib import Path

import pytest

from service.core.errors import UnknownValue
from service.ingest.protocol import Quarantined
from service.store.access.visibility import Customer
from service.store.ingested import known_names
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a device, a provider that lists nothing any more, and one of which nothing could be read."""
    world = Sandbox(tmp_path)
    world.push(record("rmm_alpha:1", company_id="a-1", company="Straße GmbH", type="Laptop"), record("rmm_beta:1"))
    world.sync("cw_manage")
    world.take_in(quarantined=[Quarantined("ninjaone", "1", "no record", {})])
    return world


def test_a_provider_is_known_by_all_that_is_stored_of_it(world: Sandbox) -> None:
    """Also when no record of it is; the nearest is told where none is known."""
    with world.store.reading() as connection:
        for name in ("rmm_alpha", "cw_manage", "ninjaone", None):
            known_names.require_provider(connection, name)
        with pytest.raises(UnknownValue, match=r"^no provider 'rmm_alfa'; did you mean 'rmm_alpha'\?"):
            known_names.require_provider(connection, "rmm_alfa")


def test_a_company_or_type_is_known_in_any_case(world: Sandbox) -> None:
    """Those of devices; what is near is told in lower case."""
    with world.store.reading() as connection:
        known_names.require_value(connection, "company", "STRASSE gmbh")
        known_names.require_value(connection, "type", "laptop")
        known_names.require_value(connection, "company", None)
        for parameter, name, nearest in (("company", "Strase GmbH", "strasse gmbh"), ("type", "Labtop", "laptop")):
            with pytest.raises(UnknownValue, match=f"^no {parameter} '{name}'; did you mean '{nearest}'"):
                known_names.require_value(connection, parameter, name)


def test_a_customer_is_known_by_its_records(world: Sandbox) -> None:
    """One that no record is of is a mistake."""
    with world.store.reading() as connection:
        known_names.require_customer(connection, None)
        known_names.require_customer(connection, Customer("rmm_alpha", "a-1"))
        with pytest.raises(UnknownValue, match=r"^no customer 'rmm_alpha:a-2'; did you mean 'rmm_alpha:a-1'"):
            known_names.require_customer(connection, Customer("rmm_alpha", "a-2"))
