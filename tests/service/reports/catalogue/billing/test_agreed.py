"""Counts beside what agreements bill: as of when, to whom, and what is said where it is not known."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.core.processes import ProcessTable
from service.reports.batch import write_batch
from service.reports.catalogue.billing.billed import read_billed
from service.reports.catalogue.counts import BILLED, COUNTS
from service.reports.context import ReportRequest
from service.reports.overview import SUMMARY
from service.reports.rules import ReportRules
from service.resolution.recalibration import recalibrate
from service.store.access.visibility import Customer, Visibility
from service.store.ingested import agreements, leases
from service.store.ingested.agreements import BilledAddition
from service.store.world import World
from service.syncs.agreements import lease_name
from service.syncs.runs import lease_of
from tests.service.reports.catalogue.test_counts import LATELY, LONG_AGO, box, one, row_of_psa
from tests.service.reports.fleets import NOW, record, report, world_of
from tests.service.stores import on_both

pytestmark = on_both

HOUR = timedelta(hours=1)


def addition(number: int, product: str, quantity: int | None, company: str = "Acme", **fields: Any) -> BilledAddition:
    """Return an addition of ten a piece; companies have the ids by which the PSA's records name them."""
    known = {"price": Decimal(10), "company_id": {"Acme": "12", "Beta": "13"}.get(company, "99"), **fields}
    many = None if quantity is None else Decimal(quantity)
    return BilledAddition(
        "cw_manage", number, f"{company} managed", company=company, product=product, quantity=many, **known
    )


def note(world: World, *additions: BilledAddition, hours_ago: float = 1, error: str | None = None) -> None:
    """Note a reading that brought these, and perhaps a later one that failed."""
    with world.store.writing() as connection:
        at = NOW - hours_ago * HOUR
        agreements.begin(connection, "cw_manage", at)
        agreements.replace(connection, "cw_manage", at, 2, additions)
        if error:
            agreements.begin(connection, "cw_manage", NOW)
            agreements.fail(connection, "cw_manage", error)


def counted(world: World, rules: ReportRules = ReportRules(), billed: str | None = None, **wanted: Any) -> Any:  # noqa: B008 - frozen
    """Return the report."""
    options = {} if billed is None else {BILLED: read_billed(f"company,product,quantity\n{billed}".encode())}
    return json.loads(report("counts", world, wanted=ReportRequest(**wanted, options=options), rules=rules))


def of_acme(number: int, **fields: Any) -> list[dict[str, Any]]:
    """Return a box of Acme's by the PSA, which names the company by its id, and by an RMM."""
    return [row_of_psa(number, company_id="12", **fields), box(number, **fields)]


def test_agreements_stand_in_for_a_list(tmp_path: Path) -> None:
    """The head says whose they are and when they were read; the row has the money and the ids of the additions."""
    world = world_of(tmp_path, *of_acme(1), *of_acme(2))
    note(world, addition(71, "Laptop", 1), addition(72, "Laptop", 4))

    whole = counted(world)
    row = one(whole, product="Laptop")

    assert (row["billed"], row["found"], row["difference"], row["money"]) == (5.0, 2.0, -3.0, -30.0)
    assert (row["lines"], row["marked_because"], row["company"]) == ("71, 72", None, "Acme")
    assert whole["notes"] == [
        "billed quantities are of the active agreements of cw_manage (2), read 2026-11-23 11:00 UTC"
    ]
    assert whole["warnings"] == []
    assert whole["totals"]["billed"] == 5.0


def test_a_list_that_is_given_wins(tmp_path: Path) -> None:
    """Nothing of the agreements is in the report then."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 5))

    whole = counted(world, billed="Acme,Laptop,2")

    assert (one(whole, product="Laptop")["billed"], whole["notes"]) == (2.0, [])


def test_without_agreements_nothing_is_said_of_them(tmp_path: Path) -> None:
    """As before: a count alone."""
    whole = counted(world_of(tmp_path, *of_acme(1)))

    assert (whole["notes"], whole["rows"][0]["outcome"], whole["totals"]["billed"]) == ([], "counted", None)


@pytest.mark.parametrize("error", [None, "cw_manage: answered 403"])
def test_what_was_never_read_is_unknown_and_not_zero(tmp_path: Path, error: str | None) -> None:
    """Devices are counted alone, and the warning says why."""
    world = world_of(tmp_path, *of_acme(1))
    with world.store.writing() as connection:
        agreements.begin(connection, "cw_manage", NOW - HOUR)
        if error:
            agreements.fail(connection, "cw_manage", error)

    whole = counted(world)

    [row] = whole["rows"]
    assert (row["outcome"], row["billed"], row["found"], whole["totals"]["billed"]) == ("counted", None, 1.0, None)
    [warning] = whole["warnings"]
    assert warning.startswith("what is billed is not known: the agreements of cw_manage were never read to their end; ")
    assert (error or "began 2026-11-23 11:00 UTC has not come to its end") in warning


@pytest.mark.parametrize(
    ("hours_ago", "error", "why"),
    [
        (30, "cw_manage: answered 403", "the last reading failed: cw_manage: answered 403"),
        (50, None, "that is longer ago than Reports:LateFeedHours says"),
    ],
)
def test_what_was_read_long_ago_is_marked(tmp_path: Path, hours_ago: float, error: str | None, why: str) -> None:
    """Each number, and the head; a failure does not make it zero."""
    world = world_of(tmp_path, *of_acme(1), box(2, "Printer"))
    note(world, addition(71, "Laptop", 3), hours_ago=hours_ago, error=error)

    whole = counted(world)

    when = f"{NOW - hours_ago * HOUR:%Y-%m-%d %H:%M} UTC"
    assert {(row["type"], row["billed"]) for row in whole["rows"]} == {("Laptop", 3.0), ("Printer", 0.0)}
    assert {row["marked_because"] for row in whole["rows"]} == {f"the agreements of cw_manage were last read {when}"}
    assert whole["warnings"] == [
        f"billed quantities may be out of date: agreements of cw_manage, last read {when}; {why}"
    ]


def test_a_batch_of_reports_begins_with_agreements_that_are_out_of_date(tmp_path: Path) -> None:
    """As with a feed, so that its exit code says so; the report itself says it too, and the summary once."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 3), error="cw_manage: answered 403")

    written = write_batch(world, ReportRules(), tmp_path / "reports", "all")

    [warning] = written.warnings
    assert warning.endswith("the last reading failed: cw_manage: answered 403")
    assert [each.warnings for each in written.reports if each.report is COUNTS] == [[]]
    assert warning in json.loads((tmp_path / "reports" / "counts.json").read_text())["warnings"]
    summary = (tmp_path / "reports" / SUMMARY).read_text()
    assert summary.count("billed quantities may be out of date") == 1
    assert "Billed quantities are of the active agreements of cw_manage (2)" in summary


def test_a_reading_under_way_marks_nothing_and_a_killed_one_does(tmp_path: Path) -> None:
    """A lease that holds tells one from the other."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 3))
    with world.store.writing() as connection:
        agreements.begin(connection, "cw_manage", NOW)
        leases.put(connection, lease_of(lease_name("cw_manage"), "run", NOW, ProcessTable()))
    under_way = counted(world)
    with world.store.writing() as connection:
        leases.release(connection, "run")
    killed = counted(world)

    assert under_way["warnings"] == []
    assert killed["warnings"][0].endswith("the reading that began 2026-11-23 12:00 UTC has not come to its end")


def test_a_company_is_found_by_its_id_whatever_it_is_called(tmp_path: Path) -> None:
    """The agreement has another name for it than any device."""
    world = world_of(tmp_path, *of_acme(1), *of_acme(2))
    recalibrate(world, max_change=1)
    note(world, addition(71, "Laptop", 5, company="Renamed Holdings", company_id="12"))

    row = one(counted(world), product="Laptop")

    assert (row["company"], row["billed"], row["found"]) == ("Acme", 5.0, 2.0)


def test_a_customer_of_whom_nothing_is_listed_is_billed_and_not_there(tmp_path: Path) -> None:
    """The PSA says who it is; a list would have to be asked whether the name is misspelt."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 1), addition(72, "Laptop", 4, company="Old Mill"))

    row = one(counted(world), company="Old Mill")

    assert (row["outcome"], row["found"], row["difference"], row["money"]) == ("more_billed", 0.0, -4.0, -40.0)


def test_what_bills_no_device_is_no_work_and_is_told(tmp_path: Path) -> None:
    """Licences and labour are most of what agreements bill; the head names them, in case one lacks its setting."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 1), addition(72, "M365", 40), addition(73, "Helpdesk", 1))

    work, everything = counted(world), counted(world, all=True)

    assert (work["rows"], work["totals"]["unknown_product"], work["totals"]["billed"]) == ([], 2, 1.0)
    assert {row["product"] for row in everything["rows"] if row["outcome"] == "unknown_product"} == {"M365", "Helpdesk"}
    assert work["notes"][1] == (
        "products that are compared with no device, because none is of their type: 'M365' (40), 'Helpdesk' (1); name in"
        " Reports:Products the types of those that bill devices"
    )
    named = counted(world, ReportRules(products={"m365": "Laptop"}))
    assert one(named, product="M365")["difference"] == -39.0


def test_an_addition_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    """With its id and its agreement, by which somebody finds it."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 1), addition(72, "Laptop", None, unread="it has no quantity"))

    whole = counted(world)

    [row] = whole["rows"]
    assert (row["outcome"], row["finding"]) == (
        "not_read",
        "addition 72 of the agreement 'Acme managed' cannot be read: it has no quantity ('Acme, Laptop')",
    )
    assert whole["warnings"] == ["additions of agreements that cannot be read: 1; the last rows say which, and why"]


def test_narrowed_to_a_provider_devices_are_counted_alone(tmp_path: Path) -> None:
    """Agreements bill the devices of all."""
    world = world_of(tmp_path, *of_acme(1))
    note(world, addition(71, "Laptop", 5))

    whole = counted(world, provider="cw_rmm")

    assert [row["outcome"] for row in whole["rows"]] == ["counted"]
    assert "counted alone" in whole["notes"][0]


def test_a_bound_key_sees_what_is_billed_to_its_customers_alone(tmp_path: Path) -> None:
    """Neither what others are billed, nor how the reading went, nor zero for what it may not see."""
    world = world_of(
        tmp_path,
        *of_acme(1),
        *(row_of_psa(2, company="Beta", company_id="13"), box(2, company="Beta")),
        record("cw_rmm", "a9", company="Gamma", company_id="g", last_seen=LATELY, serial="5CG9999ABC", name="GAMMA-9"),
        row_of_psa(3, company_id="12", last_seen=LONG_AGO),
    )
    note(
        world,
        *(
            addition(71, "Laptop", 5),
            addition(72, "Laptop", 7, company="Beta"),
            addition(73, "M365", 1, company="Beta"),
        ),
        error="cw_manage: answered 403 (secret words)",
    )
    seen = frozenset({Customer("cw_manage", "12"), Customer("cw_rmm", "g")})
    bound = World(world.store, world.policy, world.now, world.new_id, visibility=Visibility(seen))

    whole = counted(bound, all=True)

    assert {(row["company"], row["outcome"], row["billed"]) for row in whole["rows"]} == {
        ("Acme", "more_billed", 5.0),
        ("Gamma", "counted", None),
    }
    assert "secret words" not in json.dumps(whole)
    assert not {"Beta", "M365"} & set(json.dumps(whole).replace('"', " ").split())
    assert whole["notes"] == ["billed quantities are of the active agreements of cw_manage, read 2026-11-23 11:00 UTC"]


def test_a_key_bound_to_no_customer_of_the_psa_is_told_nothing_of_agreements(tmp_path: Path) -> None:
    """Not even that there are any."""
    world = world_of(tmp_path, record("cw_rmm", "a9", company="Gamma", company_id="g", last_seen=LATELY, name="G-9"))
    note(world, addition(71, "Laptop", 5))
    seen = Visibility(frozenset({Customer("cw_rmm", "g")}))

    whole = counted(World(world.store, world.policy, world.now, world.new_id, visibility=seen))

    assert (whole["notes"], whole["warnings"], [row["outcome"] for row in whole["rows"]]) == ([], [], ["counted"])
