"""Which companies are taken for one customer, and what somebody should look at."""

import json
from pathlib import Path
from typing import Any

from matching.policy import Policy
from service.reports.context import ReportRequest
from service.resolution.recalibration import recalibrate
from tests.service.reports.fleets import record, report, world_of
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

COMPANIES = [
    ("cw_manage", "250", "Acme Inc.", range(10)),
    ("rmm_alpha", "a-1", "ACME", range(12)),
    ("cw_manage", "251", "Zebra Logistics", range(20, 40)),
    ("rmm_alpha", "a-2", "Nordwind Spedition", range(20, 40)),
    ("rmm_alpha", "a-3", "Beta GmbH", range(50, 51)),
    ("cw_manage", "", "Gamma AG", range(60, 62)),
    ("rmm_alpha", "", "Gamma", range(62, 63)),
]


def companies(
    tmp_path: Path,
    wanted: ReportRequest = ReportRequest(),  # noqa: B008 - frozen
    policy: Policy = Policy(),  # noqa: B008 - frozen
) -> dict[str, Any]:
    """Return the report over the companies."""
    world = world_of(
        tmp_path,
        *(
            record(provider, f"{company_id}{name}-{n}", serial=f"SN-{n:05}", company=name, company_id=company_id)
            for provider, company_id, name, numbers in COMPANIES
            for n in numbers
        ),
        policy=policy,
    )
    recalibrate(world)
    whole: dict[str, Any] = json.loads(report("companies", world, wanted=wanted))
    return whole


def test_customers_of_several_companies_are_listed_with_the_reason(tmp_path: Path) -> None:
    """What hardware alone aligned comes first and is marked; a company that stands alone is only counted."""
    whole = companies(tmp_path)

    assert [(row["customer"], row["company"], row["ground"]) for row in whole["rows"]] == [
        ("Zebra Logistics", "Zebra Logistics", "hardware_alone"),
        ("Zebra Logistics", "Nordwind Spedition", "hardware_alone"),
        ("Acme Inc.", "Acme Inc.", "like_names"),
        ("Acme Inc.", "ACME", "like_names"),
        ("Gamma AG", "Gamma AG", "equal_names"),
        ("Gamma AG", "Gamma", "equal_names"),
    ]
    first = whole["rows"][0]
    assert first["aligned_with"] == "Nordwind Spedition (rmm_alpha:a-2): 20 shared boxes, nearly all of both"
    assert first["check"] == "one customer by shared devices alone, and the names are not alike"
    assert (first["boxes"], whole["rows"][4]["boxes"]) == (20, None)
    totals = whole["totals"]
    assert (totals["companies"], totals["customers"], totals["aligned"], totals["by_hardware_alone"]) == (7, 4, 3, 1)
    assert totals["calibrated_at"] is not None


def test_devices_are_counted_by_company_and_by_customer(tmp_path: Path) -> None:
    """A device that two providers list counts once for the customer, also where companies have no id."""
    rows = {row["company"]: row for row in companies(tmp_path)["rows"]}

    assert {name: (row["devices"], row["customer_devices"]) for name, row in rows.items() if "Z" not in name} == {
        "Acme Inc.": (10, 12),
        "ACME": (12, 12),
        "Nordwind Spedition": (20, 20),
        "Gamma AG": (2, 3),
        "Gamma": (1, 3),
    }


def test_all_companies_are_listed_where_all_are_wanted(tmp_path: Path) -> None:
    """Also those that stand alone."""
    rows = companies(tmp_path, ReportRequest(all=True))["rows"]

    assert [(row["company"], row["ground"], row["customer_id"]) for row in rows if row["ground"] is None] == [
        ("Beta GmbH", None, "rmm_alpha:a-3")
    ]
    assert len(rows) == 7


def test_what_an_operator_keeps_apart_is_told_at_both(tmp_path: Path) -> None:
    """And both are listed, although each stands alone."""
    apart = Policy(different_companies=(frozenset({"cw_manage:250", "rmm_alpha:a-1"}),))

    whole = companies(tmp_path, policy=apart)

    kept = {row["company"]: row["kept_apart"] for row in whole["rows"] if row["kept_apart"]}
    assert kept == {"Acme Inc.": "ACME (rmm_alpha:a-1)", "ACME": "Acme Inc. (cw_manage:250)"}
    assert whole["totals"]["kept_apart"] == 1


def test_a_customer_is_shown_whole(tmp_path: Path) -> None:
    """Also where it is asked for by one of its names, or by a provider."""
    by_name = companies(tmp_path / "name", ReportRequest(company="zebra logistics"))["rows"]
    by_provider = companies(tmp_path / "provider", ReportRequest(provider="rmm_alpha", all=True))["rows"]

    assert [row["company"] for row in by_name] == ["Zebra Logistics", "Nordwind Spedition"]
    assert len(by_provider) == 7


def test_before_the_first_calibration_there_is_none(tmp_path: Path) -> None:
    """Of an empty store nothing is said."""
    whole = json.loads(report("companies", world_of(tmp_path)))

    assert (whole["rows"], whole["totals"]["calibrated_at"], whole["totals"]["customers"]) == ([], None, 0)


def test_it_asks_no_question_a_device(tmp_path: Path) -> None:
    """A hundred devices cost as many statements as one."""
    asked = []
    for size in (1, 100):
        records = [record("cw_manage", str(n), serial=f"SN-{n:05}", company_id="1") for n in range(size)]
        world = world_of(tmp_path / str(size), *records)
        recalibrate(world)
        with collected(world.store) as statements:
            report("companies", world, wanted=ReportRequest(all=True))
        asked.append(len(statements))

    assert asked[0] == asked[1]
