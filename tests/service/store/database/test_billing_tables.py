"""What the tables of agreements themselves refuse."""

from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from service.store.database.billing_tables import billed_additions
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

ADDITION = {
    **{"provider": "cw_manage", "id": 2**40, "agreement": "Managed", "company_id": "12", "company": "Acme"},
    **{"product": "Server", "quantity": "5"},
}


@pytest.mark.parametrize("provider", ["cw_manage", "other"])
def test_an_addition_of_a_provider_is_there_once(tmp_path: Path, provider: str) -> None:
    """Else it would be billed twice; another provider may have the same id."""
    world = Sandbox(tmp_path)

    def store_both() -> None:
        with world.store.writing() as connection:
            connection.execute(insert(billed_additions), ADDITION)
            connection.execute(insert(billed_additions), {**ADDITION, "provider": provider})

    if provider == "cw_manage":
        with pytest.raises(IntegrityError):
            store_both()
    else:
        store_both()
    assert len(world.rows("SELECT * FROM billed_additions")) == (0 if provider == "cw_manage" else 2)
