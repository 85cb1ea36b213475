"""An identifier in any notation finds its device; lists come page by page; a retired id leads on."""

from pathlib import Path

import pytest
from sqlalchemy import select

from matching.checksums import checksum
from matching.values.spelling import byte_swapped
from service.core.errors import BadRequest, Moved, NotFound
from service.core.paging import PageRequest
from service.devices.inspecting import inspect
from service.devices.lookup import all_devices, devices, lookup
from service.devices.searching import LookupKind
from service.store.database.tables import identifiers, records
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
LAPTOP = record(
    "cw_manage:4711",
    serial="5CG 1234 abc",
    macs=["00-15-5E-AA-BB-CC"],
    bios_guid=GUID,
    hostname="acme-lt-0421.corp.acme.example",
    name="ACME-LT-0421",
    company="Acme Inc.",
    type="Laptop",
    tag_number="T-0042",
    device_identifier="dev-77",
    ips=["10.1.2.3"],
)
OTHER = record("cw_rmm:x-9", serial="5CG9999XYZ", hostname="beta-srv-01", company="Beta GmbH", type="Server")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with two devices."""
    world = Sandbox(tmp_path)
    world.push(LAPTOP, OTHER)
    return world


def found(world: Sandbox, identifier: str, kind: LookupKind | None = None) -> list[str]:
    """Return the records of what a look-up finds."""
    return [f"{row.provider}:{row.id}" for view in lookup(world, identifier, kind) for row in view.records]


def test_a_value_with_the_checksum_of_another_one_finds_nothing(world: Sandbox) -> None:
    """The index is of checksums; whether a record says what is looked for, it says itself."""
    with world.store.writing() as connection:
        [number] = connection.execute(select(records.c.number).where(records.c.record_id == "x-9")).scalars()
        connection.execute(identifiers.insert(), [{"term": checksum(("serial", "PF0EXMPL")), "record": number}])

    assert found(world, "PF0EXMPL", LookupKind.SERIAL) == []
    assert found(world, "5CG9999XYZ", LookupKind.SERIAL) == ["cw_rmm:x-9"]


@pytest.mark.parametrize(
    "identifier",
    [
        "5cg1234abc",
        " 5CG 1234 ABC ",
        "00:15:5e:aa:bb:cc",
        "00-15-5E-AA-BB-CC",
        "0015.5eaa.bbcc",
        "00155EAABBCC",
        GUID.lower(),
        f"{{{GUID}}}",
        byte_swapped(GUID.replace("-", "")),
        "acme-lt-0421.corp.acme.example",
        "acme-lt-0421",
        "ACME-LT-0421.elsewhere.example",
        "4711",
        "cw_manage:4711",
        "t-0042",
        "DEV-77",
        "10.1.2.3",
    ],
)
def test_every_notation_finds_the_same_device(world: Sandbox, identifier: str) -> None:
    """Whatever an engineer has at hand: the kind is detected, the spelling does not matter."""
    assert found(world, identifier) == ["cw_manage:4711"]


@pytest.mark.parametrize(
    ("kind", "identifier"),
    [
        (LookupKind.BIOS_GUID, GUID),
        (LookupKind.SERIAL, "5CG1234ABC"),
        (LookupKind.MAC, "00155EAABBCC"),
        (LookupKind.HOSTNAME, "acme-lt-0421"),
        (LookupKind.CW_MANAGE_DEVICE_ID, "4711"),
        (LookupKind.DEVICE_IDENTIFIER, "dev-77"),
        (LookupKind.TAG_NUMBER, "T-0042"),
        (LookupKind.IP, "10.1.2.3"),
        (LookupKind.RECORD, "cw_manage:4711"),
        (LookupKind.NAME, "acme-lt-0421"),
    ],
)
def test_a_given_kind_is_the_only_one_looked_for(world: Sandbox, kind: LookupKind, identifier: str) -> None:
    """Every kind that can be named is found under its own name, and under no other that does not fit."""
    assert found(world, identifier, kind) == ["cw_manage:4711"]
    assert found(world, "5CG1234ABC", kind) == (["cw_manage:4711"] if kind == "serial" else [])


def test_a_blank_is_not_looked_up(world: Sandbox) -> None:
    """Everything has one."""
    with pytest.raises(BadRequest, match="no identifier"):
        lookup(world, "  ")


def test_what_nobody_holds_finds_nothing(world: Sandbox) -> None:
    """An empty answer is an answer; neither wildcards nor endless texts mean anything."""
    for identifier in ("nothing", "%", "5CG%", "' OR 1=1 --", "\0", "x" * 100_000, "2001:db8::1"):
        assert lookup(world, identifier) == []


def test_a_value_on_several_devices_finds_them_all_the_likeliest_kind_first(world: Sandbox) -> None:
    """An asset tag may equal a ConnectWise id: both are shown, and a kind tells them apart."""
    world.push(record("ninjaone:5", serial="SN-50005", tag_number="4711"))

    assert found(world, "4711") == ["cw_manage:4711", "ninjaone:5"]
    assert found(world, "4711", LookupKind.TAG_NUMBER) == ["ninjaone:5"]


def test_a_placeholder_finds_everybody_who_has_it(world: Sandbox) -> None:
    """It is no evidence, and still a fair question."""
    world.push(record("a:1", serial="To be filled by O.E.M."), record("a:2", serial="To Be Filled By O.E.M."))

    assert sorted(found(world, "to be filled by o.e.m.")) == ["a:1", "a:2"]
    [view] = lookup(world, "a:1")
    assert [value.kind for value in view.records[0].suppressed] == ["serial"]


def test_what_a_record_no_longer_says_no_longer_finds_it(world: Sandbox) -> None:
    """The index follows the records."""
    world.push({**OTHER, "serial": "5CG0000NEW"})

    assert found(world, "5CG9999XYZ") == []
    assert found(world, "5CG0000NEW") == ["cw_rmm:x-9"]


def test_a_look_up_asks_the_database_the_same_number_of_questions_whatever_it_finds(world: Sandbox) -> None:
    """The cost must not grow with the devices found."""
    numbers = set()
    for rows in range(3):
        world.push(*(record(f"a:{rows}{n}", serial="To be filled by O.E.M.") for n in range(20)))
        with collected(world.store) as asked:
            assert len(lookup(world, "to be filled by o.e.m.")) == 20 * (rows + 1)
        numbers.add(len(asked))

    assert numbers == {4}  # after a change one of them asks which entries of the policy stand


def test_a_device_shows_its_golden_record_where_it_came_from_and_its_records(world: Sandbox) -> None:
    """All that is known, and who said so."""
    [view] = lookup(world, "4711")

    assert inspect(world, view.id).device == view
    assert view.values["cw_manage_device_id"] == 4711
    assert view.provenance["serial"].record_id == "4711"
    assert view.records[0].payload == LAPTOP


def test_an_id_that_was_never_given_out_is_not_found(world: Sandbox) -> None:
    """Nothing is made up."""
    with pytest.raises(NotFound, match="no device 'id-9999'"):
        inspect(world, "id-9999")


def test_a_retired_id_names_its_successor(world: Sandbox) -> None:
    """Old links keep working."""
    old, young = world.home("cw_manage:4711"), world.home("cw_rmm:x-9")
    world.push(record("a:1", serial=["5CG1234ABC", "5CG9999XYZ"]))

    with pytest.raises(Moved) as moved:
        inspect(world, max(old, young))
    assert moved.value.successor == min(old, young)


def test_pages_show_every_device_once_and_in_order(world: Sandbox) -> None:
    """The cursor survives devices that come and go between pages."""
    world.push(*(record(f"a:{n:02}", serial=f"SN-{n:05}") for n in range(20)))
    everybody = [view.id for view in all_devices(world)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = devices(world, PageRequest(5, cursor))
        seen += [view.id for view in page.data]
        cursor = page.next_cursor
        if len(seen) == 5:
            world.delete("cw_manage:4711")

    assert seen == everybody == sorted(everybody)
    assert len(seen) == 22


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({"company": "ACME inc."}, ["cw_manage:4711"]),
        ({"type": "server"}, ["cw_rmm:x-9"]),
        ({"provider": "cw_rmm"}, ["cw_rmm:x-9"]),
        ({"q": "LT-04"}, ["cw_manage:4711"]),
        ({"q": "5cg"}, ["cw_manage:4711", "cw_rmm:x-9"]),
        ({"q": "5cg", "type": "Server"}, ["cw_rmm:x-9"]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"company": "Acme"}, []),
    ],
)
def test_filters_narrow_the_list(world: Sandbox, filters: dict[str, str], keys: list[str]) -> None:
    """Whole names without case; text search anywhere in name, hostname and serial, taken literally."""
    page = devices(world, **filters)  # type: ignore[arg-type]  # filters alone, never the limit
    assert sorted(f"{row.provider}:{row.id}" for view in page.data for row in view.records) == keys


@pytest.mark.parametrize("cursor", ["!", "Z", "ä", "_w"])
def test_a_cursor_that_is_none_of_ours_is_refused(world: Sandbox, cursor: str) -> None:
    """A wrong cursor must not look like the end of the list."""
    with pytest.raises(BadRequest, match="cursor"):
        devices(world, PageRequest(cursor=cursor))


@pytest.mark.parametrize("limit", [0, 1001, -1])
def test_a_page_has_bounds(world: Sandbox, limit: int) -> None:
    """One question cannot ask for the whole fleet at once."""
    with pytest.raises(BadRequest, match="1 to 1000"):
        devices(world, PageRequest(limit))
