"""What devices are called, many at once."""

from pathlib import Path

from service.devices.names import device_names
from tests.service.sandbox import Sandbox, record


def test_devices_are_called_by_name_or_hostname(tmp_path: Path) -> None:
    """One that has neither is absent, as one that there is not."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", name="NB-1", hostname="nb-1"), record("a:2", hostname="nb-2"), record("a:3", serial="SN-10003")
    )
    homes = [world.home(key) for key in ("a:1", "a:2", "a:3")]

    assert device_names(world, [*homes, "none"]) == {homes[0]: "NB-1", homes[1]: "nb-2"}
