"""The companies of each device's records."""

from pathlib import Path

from service.store.resolved import device_companies
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_a_record_is_read_only_where_its_company_has_no_id(tmp_path: Path) -> None:
    """Those of one device come together."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001", company_id="7"),
        record("b:1", serial="SN-10001", company="Acme"),
        record("a:2", serial="SN-20002", company_id="8"),
    )

    with world.store.reading() as connection:
        found = list(device_companies.by_device(connection))

    told = [{(each.provider, each.company_id, each.payload is None) for each in device} for device in found]
    assert told == [{("a", "7", True), ("b", None, False)}, {("a", "8", True)}]
