"""A value on several boxes is no evidence, although no list names it."""

from matching.model import Key, Kind, Record
from matching.policy import Policy
from matching.results.resolution import resolve_records
from service.core.policy_settings import PolicySettings
from tests.matching.calibration.boxes import guid


def test_an_unlisted_guid_on_a_batch_of_boxes_is_no_evidence() -> None:
    """Three boxes of one agent with nothing else in common: reported with its holders, and nobody joins on it."""
    fleet = [
        Record(provider="alpha", id=str(n), company="Acme", hostname=f"pos-{n}", bios_guid=guid(1)) for n in range(3)
    ]

    resolution = resolve_records(fleet)

    assert [(value.kind, len(value.holders)) for value in resolution.shared] == [(Kind.BIOS_GUID, 3)]
    assert len(resolution.devices) == 3
    assert "over-shared" in resolution.explain(Key("alpha", "0"), Key("alpha", "1")).sentence


def test_one_box_that_an_agent_lists_three_times_is_not_over_shared() -> None:
    """Re-installed agents agree on a hostname, so they are one island."""
    fleet = [Record(provider="alpha", id=str(n), hostname="pc1", bios_guid=guid(1)) for n in range(5)]

    assert len(resolve_records(fleet).devices) == 1


def test_retired_rows_do_not_make_a_value_over_shared() -> None:
    """A serial kept on retired configurations under old names is still the box's own."""
    fleet = [
        Record(provider="cw_manage", id=str(n), hostname=f"old-{n}", serial="5CG10001", active=n == 0) for n in range(4)
    ]

    assert resolve_records(fleet).shared == ()


def test_the_allow_list_outweighs_the_data() -> None:
    """An operator who knows that the value is sound is believed."""
    fleet = [Record(provider="alpha", id=str(n), hostname=f"pos-{n}", bios_guid=guid(1)) for n in range(3)]
    policy = PolicySettings.model_validate({"Allow": {"bios_guid": [guid(1)]}}).to_policy()

    assert resolve_records(fleet, policy).shared == ()


def test_rows_without_a_name_are_no_proof_of_several_boxes() -> None:
    """An agent may list one box three times; only a name or a stronger value shows that there are more."""
    fleet = [Record(provider="alpha", id=str(n), bios_guid=guid(1)) for n in range(3)]

    assert resolve_records(fleet).shared == ()


def test_more_holders_than_a_box_can_have_rows_are_too_many() -> None:
    """Whatever they agree on besides, each of another provider."""
    fleet = [Record(provider=f"p{n}", id="1", hostname="pc1", bios_guid=guid(1)) for n in range(6)]

    [shared] = resolve_records(fleet, Policy(max_holders=5)).shared
    assert shared.reason == "on 6 live records, more than 5"
    assert resolve_records(fleet, Policy(max_holders=6)).shared == ()
