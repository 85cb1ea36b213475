"""One value a field, from the record that is believed in that field, whatever the order."""

from typing import cast

from hypothesis import given

from matching.model import GoldenRecord, Record
from matching.policy import Policy
from matching.results.golden import GOLDEN_FIELDS
from matching.results.resolution import resolve_records
from service.core.policy_settings import PolicySettings
from tests.matching.fleets import fleets

GUID = "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5"
TWIN = "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5"

AGENT = Record(
    provider="alpha",
    id="A-1",
    company="ACME",
    hostname="pc1.acme.test",
    serial="5CG1234ABC",
    bios_guid=GUID,
    os_type="Windows",
    os_info="Windows 11 Pro 22631",
    last_seen="2026-10-30T08:00:00Z",
)
ROW = Record(
    provider="cw_manage",
    id="4711",
    company="Acme Inc.",
    name="PC1",
    type="Laptop",
    serial="5cg1234abc",
    bios_guid=TWIN,
    os_type="Windows 10",
    tag_number="T-1",
    device_identifier="A-1",
    status="Active",
)


def replaced(record: Record, **fields: object) -> Record:
    return cast("Record", {**record, **fields})


def golden(*records: Record, policy: Policy | None = None) -> GoldenRecord:
    (device,) = resolve_records(records, policy).devices
    return device.golden


def test_agents_are_believed_for_hardware_and_the_psa_for_administration() -> None:
    """Each in its own field."""
    values = golden(AGENT, ROW).values

    assert values["hostname"] == "pc1.acme.test"
    assert values["os"] == "Windows 11 Pro 22631"
    assert values["company"] == "Acme Inc."
    assert values["tag_number"] == "T-1"
    assert values["type"] == "Laptop"


def test_the_names_of_connectwise_manage_are_on_the_golden_record() -> None:
    """Stored under the names that the integration gives them."""
    values = golden(AGENT, ROW).values

    assert values["cw_manage_device_id"] == 4711
    assert values["cw_manage_device_ids"] == [4711]
    assert values["cw_manage_device_identifier"] == "A-1"


JUNK = {"manufacturer": "System manufacturer", "model": "To Be Filled By O.E.M."}


def test_a_placeholder_is_no_maker_and_no_model() -> None:
    """Whoever knows is believed, also a PSA beside an agent; what firmware left does not even lose."""
    device = golden(replaced(AGENT, **JUNK), replaced(ROW, manufacturer="Acme Computers", model="Slate 3"))

    assert (device.values["manufacturer"], device.values["model"]) == ("Acme Computers", "Slate 3")
    assert {device.provenance[field].provider for field in JUNK} == {"cw_manage"}
    assert {device.provenance[field].others for field in JUNK} == {()}


def test_a_placeholder_does_not_lose_to_a_name_either() -> None:
    """It is no value that somebody may want to see beside the one that was chosen."""
    device = golden(replaced(AGENT, model="Slate 3"), replaced(ROW, **JUNK))

    assert device.values["model"] == "Slate 3"
    assert device.provenance["model"].others == ()


def test_where_nobody_knows_the_maker_it_is_absent() -> None:
    """Even where the settings prefer the provider that has a placeholder."""
    policy = Policy(precedence={"model": ("alpha",)})
    values = golden(replaced(AGENT, **JUNK), replaced(ROW, model="Default string"), policy=policy).values

    assert not values.keys() & JUNK.keys()


def test_os_info_is_preferred_over_os_type() -> None:
    """The detailed version, where there is one."""
    assert golden(ROW).values["os"] == "Windows 10"
    assert golden(replaced(ROW, os_info="Windows 10 Pro 19045")).values["os"] == "Windows 10 Pro 19045"


def test_the_value_that_lost_stands_beside_with_its_record() -> None:
    """Nothing is hidden by the choice."""
    provenance = golden(AGENT, ROW).provenance["company"]

    assert (provenance.provider, provenance.record_id) == ("cw_manage", "4711")
    assert provenance.others == (("ACME", "alpha:A-1"),)


def test_precedence_is_a_setting() -> None:
    """A named provider is believed first."""
    policy = PolicySettings.model_validate({"Precedence": {"company": ["alpha"]}}).to_policy()

    assert golden(AGENT, ROW, policy=policy).values["company"] == "ACME"


def test_the_most_recent_agent_is_believed_among_agents() -> None:
    """Then, and only then, the clock decides."""
    later = replaced(AGENT, provider="beta", id="B-1", hostname="pc1-new.acme.test", last_seen="2026-11-01T08:00:00Z")

    assert golden(AGENT, later).values["hostname"] == "pc1-new.acme.test"
    assert golden(AGENT, later).values["last_seen"] == "2026-11-01T08:00:00Z"


def test_of_several_configurations_the_live_and_fullest_is_proposed_to_survive() -> None:
    """All of them are listed."""
    retired = replaced(ROW, id="12", active=False)
    sparse = Record(provider="cw_manage", id="9", company="Acme Inc.", serial="5CG1234ABC")

    values = golden(retired, sparse, ROW).values

    assert values["cw_manage_device_id"] == 4711
    assert values["cw_manage_device_ids"] == [9, 12, 4711]


def test_a_dell_guid_is_shown_in_the_decoded_order() -> None:
    """Whatever order the providers send."""
    raw = "44454C4C-3300-1034-8036-C4C04F32334A"

    assert (
        golden(Record(provider="alpha", id="1", bios_guid=raw)).values["bios_guid"]
        == "4C4C4544-0033-3410-8036-C4C04F32334A"
    )


def test_a_placeholder_is_on_no_golden_record() -> None:
    """A value that identifies nobody is not the device's."""
    values = golden(Record(provider="alpha", id="1", serial="To be filled by O.E.M.", hostname="pc1")).values

    assert "serial" not in values


@given(fleets())
def test_every_golden_value_comes_from_a_record_of_the_device(fleet: list[Record]) -> None:
    """Provenance names a member; the fields are those that there may be."""
    for device in resolve_records(fleet).devices:
        assert {*device.golden.values} <= {*GOLDEN_FIELDS}
        for provenance in device.golden.provenance.values():
            assert (provenance.provider, provenance.record_id) in device.keys


def test_a_device_says_on_which_hardware_its_records_contradict_each_other() -> None:
    """A repaired box that the policy joins has two GUIDs; one whose agent reads the board's serial has two serials."""
    repaired = replaced(ROW, bios_guid="7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", name="PC1", company="ACME")
    lenient = PolicySettings.model_validate({"BoardReplacement": "join"}).to_policy()

    assert golden(AGENT, repaired, policy=lenient).values["conflicts"] == ["bios_guid"]
    assert golden(AGENT, replaced(ROW, serial="PF0EXMPL")).values["conflicts"] == ["serial"]
    assert "conflicts" not in golden(AGENT, ROW).values


def test_every_golden_field_can_be_there() -> None:
    """A field that no device can have would be a name that answers nothing."""
    said = {"manufacturer": "Dell", "model": "Latitude", "default_gateway": "10.0.0.1", "last_user": "anna"}
    agent = replaced(AGENT, **said, macs=["3C-52-82-AA-BB-01"], ips=["10.0.0.2"], active=True)
    values = golden(agent, replaced(ROW, serial="PF0EXMPL", company_id="12")).values

    assert {*values} == {*GOLDEN_FIELDS}
