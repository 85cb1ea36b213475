"""What all records together teach: bad fields, over-shared values, complete lists, and which companies are one."""

from typing import cast

import pytest

from matching.calibration.companies import Relation, clean
from matching.calibration.proportions import rules_out_half
from matching.model import Key, Kind, Record
from matching.policy import Policy, Trust
from matching.results.resolution import resolve_records, resolve_under
from service.core.policy_settings import PolicySettings


def box(number: int, provider: str, **fields: object) -> Record:
    """A record of one of many distinct boxes, with what every provider says about it."""
    own = {"provider": provider, "id": str(number), "serial": f"5CG10{number:04d}", "company": "Acme"}
    return cast("Record", own | fields)


def guid(number: int, salt: int = 0) -> str:
    return f"7B1D6C2E-{salt:04X}-4D4F-9E55-1C2B3A4D{number:04X}"


def row_id_fleet(size: int) -> list[Record]:
    """A PSA whose GUID field holds row ids, beside agents whose serials agree with it."""
    psa = [box(n, "cw_manage", bios_guid=guid(n, salt=9)) for n in range(size)]
    return psa + [box(n, "alpha", bios_guid=guid(n)) for n in range(size)]


def test_a_field_that_never_agrees_is_set_aside_and_stops_vetoing() -> None:
    """Seven pairs of which none agrees suffice: row ids in the GUID field no longer part right joins."""
    resolution = resolve_records(row_id_fleet(7))

    assert [(t.provider, t.kind, t.pairs, t.agreeing) for t in resolution.calibration.untrusted] == [
        ("cw_manage", Kind.BIOS_GUID, 7, 0)
    ]
    assert len(resolution.devices) == 7


def test_six_pairs_are_too_few_to_set_a_field_aside() -> None:
    """A field is taken at its word until the data rule it out."""
    resolution = resolve_records(row_id_fleet(6))

    assert resolution.calibration.untrusted == ()
    assert len(resolution.devices) == 12
    assert {review.reason for review in resolution.reviews} == {"mainboard_replaced"}


def test_a_good_agent_is_not_blamed_for_a_bad_partner() -> None:
    """The worst field goes first; who agrees with the others stays."""
    fleet = row_id_fleet(20) + [box(n, "beta", bios_guid=guid(n)) for n in range(10)]

    assert [trust.provider for trust in resolve_records(fleet).calibration.untrusted] == ["cw_manage"]


@pytest.mark.parametrize(("word", "devices"), [(Trust.ALWAYS, 14), (Trust.NEVER, 7)])
def test_the_operator_has_the_last_word_on_trust(word: Trust, devices: int) -> None:
    """`always` keeps a field whatever the data say; `never` drops it without asking."""
    policy = Policy(trust={"cw_manage": {"bios_guid": word}, "alpha": {"bios_guid": Trust.ALWAYS}})

    assert len(resolve_records(row_id_fleet(7), policy).devices) == devices


@pytest.mark.parametrize(
    ("agreeing", "pairs", "out"), [(0, 6, False), (0, 7, True), (500, 1000, False), (900, 2000, True)]
)
def test_half_is_ruled_out_at_one_per_cent(agreeing: int, pairs: int, out: bool) -> None:
    """The bound of the design, in small and in large numbers."""
    assert rules_out_half(agreeing, pairs) is out


def test_an_unlisted_guid_on_a_batch_of_boxes_is_no_evidence() -> None:
    """Three boxes of one agent with nothing else in common: reported with its holders, and nobody joins on it."""
    fleet = [
        Record(provider="alpha", id=str(n), company="Acme", hostname=f"pos-{n}", bios_guid=guid(1)) for n in range(3)
    ]

    resolution = resolve_records(fleet)

    assert [(value.kind, len(value.holders)) for value in resolution.shared] == [(Kind.BIOS_GUID, 3)]
    assert len(resolution.devices) == 3
    assert "over-shared" in resolution.explain(Key("alpha", "0"), Key("alpha", "1")).sentence


def test_an_over_shared_value_is_none_for_records_that_came_later() -> None:
    """A calibration speaks of values: whoever comes with one afterwards is not joined, nor parted, by it."""
    measured = resolve_records([box(n, "alpha", bios_guid=guid(1), hostname=f"pc-{n}") for n in range(9)])
    later = box(77, "beta", bios_guid=guid(1), hostname="pc-77")

    resolution = resolve_under([later], Policy(), (), measured.calibration)

    [value] = resolution.suppressed(Key("beta", "77"))
    assert value.kind == Kind.BIOS_GUID
    assert value.reason.startswith("over-shared: ")


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


def adapter_fleet(size: int) -> list[Record]:
    """An agent with every adapter beside a PSA with one."""
    macs = [[f"3C:52:82:00:{n:02X}:01", f"3C:52:82:00:{n:02X}:02"] for n in range(size)]
    agent = [box(n, "alpha", macs=macs[n]) for n in range(size)]
    return agent + [box(n, "cw_manage", macs=macs[n][:1]) for n in range(size)]


def test_who_lists_every_adapter_is_measured() -> None:
    """A complete list holds what others know; a list of one never passes."""
    assert resolve_records(adapter_fleet(30)).calibration.complete == {"alpha"}


def test_the_setting_outweighs_the_measurement_of_adapters() -> None:
    """An operator who knows the product is believed."""
    policy = Policy(complete_adapters={"alpha": False, "beta": True})

    assert resolve_records(adapter_fleet(30), policy).calibration.complete == {"beta"}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Acme Inc.", "ACME"),
        ("The Acme Company, LLC", "acme"),
        ("Müller & Söhne GmbH & Co. KG", "Muller und Sohne"),
        ("O'Brien Ltd", "OBrien Limited"),
        ("A.B.C. Corp", "ABC"),
    ],
)
def test_spellings_of_one_company_clean_to_one_name(left: str, right: str) -> None:
    """Legal forms, case, accents and punctuation are not the name."""
    assert clean(left) == clean(right)


def test_a_name_of_nothing_but_legal_forms_keeps_them() -> None:
    """Cleaning never leaves a company without a name."""
    assert clean("The Company") == "the company"


def customers(left: str, right: str, boxes: int, elsewhere: int = 0) -> Relation:
    """How two companies relate that share some boxes, where each provider also lists others."""
    fleet = [box(n, "alpha", company=left) for n in range(boxes)]
    fleet += [box(n, "beta", company=right if n < boxes - elsewhere else "Other") for n in range(boxes)]
    companies = resolve_records(fleet).calibration.companies
    return companies.relation(*(frozenset({str(companies.of(ref))}) for ref in (f"alpha:{left}", f"beta:{right}")))


@pytest.mark.parametrize(
    ("left", "right", "boxes", "relation"),
    [
        ("Fenwick and Oakes Solicitors", "Fenwick & Oakes", 2, Relation.SAME),
        ("Fenwick and Oakes Solicitors", "Fenwick & Oakes", 1, Relation.UNKNOWN),
        ("Northwind Traders", "NWT-001", 3, Relation.UNKNOWN),
        ("Northwind Traders", "NWT-001", 9, Relation.SAME),
    ],
)
def test_shared_boxes_and_like_names_align_companies(left: str, right: str, boxes: int, relation: Relation) -> None:
    """Likeness needs boxes, and unlike names need many more of them."""
    assert customers(left, right, boxes) is relation


def test_two_companies_of_one_provider_are_different() -> None:
    """Who lists both knows both."""
    fleet = [box(1, "alpha", company="Acme"), box(2, "alpha", company="Acme Holdings"), box(3, "beta", company="Acme")]
    companies = resolve_records(fleet).calibration.companies
    one, other = (frozenset({str(companies.of(ref))}) for ref in ("beta:Acme", "alpha:Acme Holdings"))

    assert companies.relation(one, other) is Relation.DIFFERENT


def test_the_operators_map_makes_one_customer_of_two_names() -> None:
    """By id or by name, whatever the names say."""
    fleet = [
        Record(provider="alpha", id="1", company_id="7", company="Zed", hostname="pc1"),
        Record(provider="beta", id="1", company="Why", hostname="pc1"),
    ]
    policy = PolicySettings.model_validate({"CompanyMap": [["alpha:7", "beta:Why"]]}).to_policy()

    assert len(resolve_records(fleet).devices) == 2
    assert len(resolve_records(fleet, policy).devices) == 1


LONG: list[Record] = [
    {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "acme-laptop-0042"},
    {"provider": "alpha", "id": "2", "company": "Acme", "hostname": "acme-laptop-0043"},
]


def cut(provider: str, company: str = "Acme") -> Record:
    """A record under what both long names are cut to."""
    return {"provider": provider, "id": "9", "company": company, "hostname": "ACME-LAPTOP-004"}


def test_a_beginning_is_crowded_once_several_longer_names_share_it() -> None:
    """The customer is named as the company map has it; one longer name is what the cut one stands for."""
    assert resolve_records([*LONG, cut("beta")]).calibration.ambiguous_prefixes == {("alpha:Acme", "acme-laptop-004")}
    assert resolve_records([LONG[0], cut("beta")]).calibration.ambiguous_prefixes == frozenset()


@pytest.mark.parametrize(
    ("records", "policy"),
    [
        ([*LONG, cut("alpha")], Policy()),
        ([*LONG, cut("beta")], Policy(allow={Kind.HOSTNAME: frozenset({"acme-laptop-004"})})),
        ([*LONG, cut("beta", company="Bolt")], Policy()),
    ],
    ids=["an agent lists it beside a longer one", "the operator says so", "another customer's"],
)
def test_a_name_that_was_not_cut_is_evidence(records: list[Record], policy: Policy) -> None:
    """It joins its namesake, which it is only one of."""
    namesake = {**records[-1], "provider": "gamma"}

    resolution = resolve_records([*records, cast("Record", namesake)], policy)

    assert Key("gamma", "9") in resolution.device_of(Key(records[-1]["provider"], "9")).keys


def test_names_that_became_crowded_since_the_calibration_are_looked_at_together() -> None:
    """Until the next calibration the cut name stands for no one, and its equals are still equal."""
    learnt = resolve_records([LONG[0], cut("beta"), cut("gamma")]).calibration

    resolution = resolve_under([*LONG, cut("beta"), cut("gamma")], Policy(), (), learnt)

    assert sorted(len(device.keys) for device in resolution.devices) == [1, 1, 2]
