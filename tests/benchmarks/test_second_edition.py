"""What the second edition of the made-up fleet adds: values that carry others, clouds, images, customers' names."""

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from uuid import UUID

import pytest

from benchmarks.fleet import Fleet, generate
from benchmarks.fleet.boxes import Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.clouds import AZURE_CHASSIS
from benchmarks.fleet.customers import LARGEST, Customer, customers
from benchmarks.fleet.hardware import FIRMWARE_TEXTS
from benchmarks.fleet.rates import RATES
from benchmarks.fleet.readings import rewrite
from benchmarks.fleet.sights import Row


@cache
def fleet() -> Fleet:
    """Return the fleet that the tests of this module share."""
    return generate(seed=7, records=20_000, edition=2)


@cache
def rows_of() -> dict[str, list[Row]]:
    """Return each device's rows."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in fleet().records:
        rows[fleet().truth[row["provider"], row["id"]]].append(row)
    return rows


def struck(pathology: str, provider: str = "rmm_alpha") -> list[Row]:
    """Return what a provider says of the devices of a pathology."""
    labels = sorted(fleet().pathologies[pathology])
    return [row for label in labels for row in rows_of()[label] if row["provider"] == provider]


def readings(row: Row) -> set[str]:
    """Return the 32 digits of a row's GUID in both byte orders; none where it is not plain."""
    try:
        guid = UUID(row.get("bios_guid", ""))
    except ValueError:
        return set()
    return {guid.hex, guid.bytes_le.hex()}


def macs_of(row: Row) -> set[str]:
    """Return the addresses of a row as 12 digits, where they are spelt plainly."""
    return {mac.replace(":", "").replace("-", "").replace(".", "").lower() for mac in row.get("macs", [])}


def test_an_hp_guid_spells_the_serial() -> None:
    """16 bytes of ASCII in one of the byte orders: on a server behind the product number, else in front."""
    told = [row for row in struck("hp_guid") if readings(row) and len(row.get("serial", "")) == 10]
    places = Counter((row["type"] == "server", place_of(row["serial"], row)) for row in told)

    assert places[False, 0] > 100
    assert places[True, 6] > 5
    assert (places[False, 0] + places[True, 6]) / len(told) > 0.97  # a replaced board has a GUID of another kind


def place_of(serial: str, row: Row) -> int:
    """Return where in the bytes of a row's GUID a serial stands; -1 where it is not in them."""
    return max(bytes.fromhex(reading).find(serial.encode()) for reading in readings(row))


def test_a_dell_board_carries_the_service_tag() -> None:
    """Beside it most boards of the same maker come from spares and carry a blank, or are of another kind."""
    boards = [
        (min(row["serial"], key=len), text)
        for row in struck("dell_board", "rmm_gamma")
        for text in row.get("serial", [])
    ]
    tagged = [(tag, text) for tag, text in boards if text.startswith(("/", "."))]

    assert len(tagged) > 20
    assert sum(tag in text for tag, text in tagged) / len(tagged) > 0.9  # a replaced board, a node of an enclosure
    assert any(
        text.startswith("..CN") for row in struck("dell_board_blank", "rmm_gamma") for text in row.get("serial", [])
    )


def test_a_template_guid_carries_one_of_the_box_s_own_adapters() -> None:
    """Zeros and the MAC, or its six octets each at its place in a template."""
    told = [row for row in struck("mac_in_guid") if readings(row) and len(macs_of(row)) == len(row["macs"])]
    carried = [row for row in told if macs_of(row) & {carried_mac(reading) for reading in readings(row)}]

    assert len(told) > 20
    assert len(carried) / len(told) > 0.9


def carried_mac(digits: str) -> str:
    """Return the address that the digits of a template carry."""
    return digits[20:] if digits[:20] == "0" * 20 else "".join(digits[at : at + 2] for at in (6, 2, 10, 14, 16, 20))


@pytest.mark.parametrize("platform", ["virtualbox", "parallels", "google_cloud", "ec2", "xen"])
def test_the_serial_of_a_guest_carries_its_guid(platform: str) -> None:
    """In one of the byte orders, behind the platform's word or bare."""
    told = [row for row in struck(platform) if row.get("serial") and readings(row)]
    plain = [row for row in told if "=" not in row["serial"] and "\n" not in row["serial"]]

    assert plain
    for row in plain:
        written = row["serial"].lower().removeprefix(f"{platform.partition('_')[0]}-").removeprefix("googlecloud-")
        assert "".join(filter(str.isalnum, written)) in readings(row)


def test_a_cloud_s_constant_is_on_many_machines() -> None:
    """Linking by serial must go wrong unless the constant is known."""
    holders = {
        fleet().truth[row["provider"], row["id"]]
        for row in fleet().records
        if AZURE_CHASSIS in ([row.get("serial")] if isinstance(row.get("serial"), str) else row.get("serial", []))
    }

    assert len(holders) > 5
    assert holders <= fleet().pathologies["azure"]


def test_readers_of_an_old_smbios_disagree() -> None:
    """Some boxes show one provider the one byte order and another the other one."""
    disagreed = 0
    for label in fleet().pathologies["old_smbios"]:
        guids = {UUID(row["bios_guid"]).hex for row in rows_of()[label] if readings(row)}
        disagreed += len(guids) == 2 and len({min(reading, UUID(reading).bytes_le.hex()) for reading in guids}) == 1

    assert disagreed / len(fleet().pathologies["old_smbios"]) > 0.2


def test_an_image_gives_one_guid_to_boxes_of_their_own() -> None:
    """One GUID on several boxes of a customer, each with its own serial and its own adapters."""
    boxes: defaultdict[str, list[Row]] = defaultdict(list)
    for row in struck("image_guid", "iot_epsilon"):
        boxes[row["bios_guid"]].append(row)
    largest = max(boxes.values(), key=len)

    assert len(largest) > 1
    assert len({row["serial"] for row in largest}) == len(largest)
    macs = Counter(mac for row in largest for mac in macs_of(row))
    assert max(macs.values()) == 1


def test_an_image_may_give_one_serial_to_boxes_with_guids_of_their_own() -> None:
    """The other way round: the serial was copied, the GUIDs are the boxes' own."""
    boxes: defaultdict[str, set[str]] = defaultdict(set)
    for row in struck("image_serial"):
        if "serial" in row and readings(row):
            boxes[row["serial"]].add(min(readings(row)))

    assert max(len(guids) for guids in boxes.values()) > 1


def test_a_copied_guest_keeps_guid_and_serial_and_has_its_own_adapter() -> None:
    """And there are enough of them for a line of the table to mean something at 200,000 records."""
    boxes: defaultdict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
    for row in struck("cloned_vm"):
        if row.get("serial") and readings(row):
            label = fleet().truth[row["provider"], row["id"]]
            boxes[min(readings(row)), row["serial"]][label] = macs_of(row)
    copied = [group for group in boxes.values() if len(group) > 1]

    assert 10 * len(fleet().pathologies["cloned_vm"]) > 500
    assert copied
    for group in copied:
        assert len(set[str]().union(*group.values())) == sum(map(len, group.values()))


def test_a_rerolled_guest_keeps_name_and_adapter() -> None:
    """Some provider still holds another GUID for it, and the adapter is the same."""
    changed = 0
    for label in fleet().pathologies["rerolled_vm"]:
        told = [row for row in rows_of()[label] if readings(row) and macs_of(row)]
        changed += len({min(readings(row)) for row in told}) > 1 and bool(set.intersection(*map(macs_of, told)))

    assert changed > 2


def test_an_agent_that_few_customers_have_lists_some_of_the_adapters() -> None:
    """It lists one or two of those that are up, so that nobody can tell whether its list is complete."""
    for row in fleet().records:
        if row["provider"] == "iot_epsilon":
            assert 1 <= len(row["macs"]) <= 2


def test_firmware_writes_texts_that_no_list_has() -> None:
    """Beside the listed placeholders, which the first edition has as well."""
    serials = {row["serial"] for row in struck("firmware_text") if "serial" in row}

    assert serials & set(FIRMWARE_TEXTS)


def test_firmware_texts_stand_for_maker_and_model() -> None:
    """Of a branded machine an agent reads a text where the PSA knows the maker."""
    assert {row["manufacturer"] for row in struck("placeholder_maker")} & {"System manufacturer", "Default string"}
    assert {row["model"] for row in struck("placeholder_model")} & {"System Product Name", "Default string"}


def row(provider: str, **fields: object) -> Row:
    """Return a row with the fields that `rewrite` looks at."""
    return {"provider": provider, "serial": "5CG0217KXM", "bios_guid": "A-B", "macs": [], **fields}


@pytest.mark.parametrize(
    ("provider", "pathology", "macs", "expected"),
    [
        ("rmm_gamma", "mac_short_octets", ["00-15-17-6A-44-4C"], ["0:15:17:6a:44:4c"]),
        ("rmm_beta", "mac_array", ["00155d000096"], ['{"00155D000096"}']),
        ("rmm_alpha", "macs_in_one_text", ["00:15:5D:00:00:96", "00:15:5D:00:00:97"], None),
    ],
)
def test_macs_have_the_spellings_of_the_field(
    make_box: Callable[[str], Box], provider: str, pathology: str, macs: list[str], expected: list[str] | None
) -> None:
    """Octets without leading zero, arrays of WMI, several addresses in one text."""
    box = make_box("server")
    told = row(provider, macs=macs)
    rewrite(told, box, box.now, always(pathology))

    if expected is None:
        [text] = told["macs"]
        assert all(mac in text for mac in macs)
    else:
        assert told["macs"] == expected


@pytest.mark.parametrize(
    ("provider", "kind", "pathology", "missing"),
    [
        ("rmm_alpha", "laptop", "serial_only", "bios_guid"),
        ("rmm_beta", "laptop", "guid_only", "serial"),
        ("rmm_alpha", "guest", "vm_guid_only", "serial"),
        ("iot_epsilon", "guest", "vm_guid_only", "serial"),
    ],
)
def test_an_agent_may_give_one_of_guid_and_serial(
    make_box: Callable[[str], Box], provider: str, kind: str, pathology: str, missing: str
) -> None:
    """Only a value that the other one carries can then join its row with one that has the other alone."""
    box = make_box(kind)
    told = row(provider)
    rewrite(told, box, box.now, always(pathology))

    assert {field for field in ("serial", "bios_guid") if told[field] is None} == {missing}


def test_an_agent_may_read_the_board_s_serial(make_box: Callable[[str], Box]) -> None:
    """In place of the machine's, on metal alone."""
    metal, guest = row("mdm_delta"), row("mdm_delta")
    rewrite(metal, make_box("laptop"), make_box("laptop").now, always("board_serial_few"))
    rewrite(guest, make_box("guest"), make_box("guest").now, always("board_serial_few"))

    assert metal["serial"] == "BOARD77"
    assert guest["serial"] == "5CG0217KXM"


def test_a_script_s_output_keeps_its_header(make_box: Callable[[str], Box]) -> None:
    """The label is written before serial and GUID alike, and the value is still in it."""
    box = make_box("laptop")
    told = row("cw_manage")
    rewrite(told, box, box.now, always("labelled_value"))

    assert told["serial"] != "5CG0217KXM" in told["serial"]
    assert told["bios_guid"] != "A-B" in told["bios_guid"]


def test_one_customer_is_large_and_known_by_initials() -> None:
    """At full size it has 2,000 boxes, in a small fleet a share of it."""
    [large] = [each for each in customers(60_000, Chance(1, 2)) if "large_customer" in each.tags]
    [small] = [each for each in customers(4_000, Chance(1, 2)) if "large_customer" in each.tags]

    assert (large.size, small.size) == (LARGEST, 200)
    assert {name for _, name in large.companies["cw_manage"]} == {large.initials}
    assert not any("large_customer" in each.tags for each in customers(60_000, Chance(1, 1)))


@pytest.mark.parametrize("pathology", ["initials_company", "trade_name", "main_office"])
def test_a_customer_has_another_name_with_one_provider(pathology: str) -> None:
    """Initials, a brand with nothing in common, or an addition: at one provider, under the same id for every site."""
    found = [each for each in customers(60_000, Chance(1, 2)) if pathology in each.tags]

    assert found
    for each in found:
        names = {provider: {name for _, name in rows} for provider, rows in each.companies.items()}
        assert any(len(written) == 1 and _fits(pathology, min(written), each) for written in names.values())


def _fits(pathology: str, written: str, customer: Customer) -> bool:
    if pathology == "initials_company":
        return written == customer.initials
    if pathology == "trade_name":
        return " " not in written and not written.lower().startswith(customer.name[:4].lower())
    return "Main" in written or written.endswith((" - HQ", " Head Office"))


def always(pathology: str) -> Chance:
    """Return a source under which one pathology strikes every time, and no other."""
    chance = Chance(1, 2)
    chance.rates = {pathology: RATES[2][pathology]._replace(share=1.0)}
    return chance


@pytest.fixture
def make_box() -> Callable[[str], Box]:
    """Return what makes a box of a kind."""

    def make(kind: str) -> Box:
        customer = Customer(1, "Heritage Staffing", "Ltd", 10, ["Leeds"], "HS")
        phase = Phase(customer, 0, "HS-LT-001", "A-B", "5CG0217KXM", "5CG0217KXM", "BOARD77", [])
        return Box("box-1", kind, "HP", "EliteBook", "6F6Z9EA", "Windows", "5CG0217KXM", "", [phase])

    return make
