"""Counts of devices, alone and beside what is billed: labelled small fleets."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from matching.policy import Policy
from service.reports.catalogue.billing.billed import read_billed
from service.reports.catalogue.counts import BILLED
from service.reports.context import ReportRequest
from service.reports.rules import FeedRole, ReportRules
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import NOW, record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

LATELY, LONG_AGO = ((NOW - timedelta(days=days)).isoformat() for days in (3, 200))


def box(number: int, type_: str = "Laptop", seen: str = LATELY, **fields: Any) -> dict[str, Any]:
    """Return the record of an RMM of a box, by its number."""
    said = {"serial": f"5CG{number:04}ABC", "hostname": f"acme-{number}", "name": f"ACME-{number}", **fields}
    return record(said.pop("provider", "cw_rmm"), f"a{number}", type=type_, last_seen=seen, **said)


def row_of_psa(number: int, type_: str = "Laptop", **fields: Any) -> dict[str, Any]:
    """Return the configuration of a box; it says nothing of when it was seen."""
    named = {"serial": f"5CG{number:04}ABC", "hostname": f"acme-{number}", "name": f"ACME-{number}"}
    return record("cw_manage", str(number), type=type_, **named | fields)


def counted(world: World, billed: str | None = None, rules: ReportRules = ReportRules(), **wanted: Any) -> Any:  # noqa: B008 - frozen
    """Return the report, beside the lines of a list, whose columns are company, product, quantity and price."""
    options = {} if billed is None else {BILLED: read_billed(f"company,product,quantity,price\n{billed}".encode())}
    return json.loads(report("counts", world, wanted=ReportRequest(**wanted, options=options), rules=rules))


def one(whole: Any, **named: Any) -> dict[str, Any]:
    """Return the one row with these cells."""
    [row] = [row for row in whole["rows"] if named.items() <= row.items()]
    found: dict[str, Any] = row
    return found


def test_devices_are_counted_by_customer_and_type(tmp_path: Path) -> None:
    """Active beside all; what is of no customer, or of a catch-all, is a line of its own at the end."""
    world = world_of(
        tmp_path,
        *(box(1), box(2), box(3, seen=LONG_AGO), box(4, "Server"), box(5, company="Beta")),
        *(box(6, company=""), box(7, company="Unassigned")),
    )

    whole = counted(world)

    assert [(row["company"], row["type"], row["active"], row["devices"]) for row in whole["rows"]] == [
        ("Acme", "Laptop", 2, 3),
        ("Acme", "Server", 1, 1),
        ("Beta", "Laptop", 1, 1),
        (None, "Laptop", 2, 2),
    ]
    assert {row["outcome"] for row in whole["rows"]} == {"counted"}
    assert {name: whole["totals"][name] for name in ("devices", "active", "found", "billed", "money_not_billed")} == {
        **{"devices": 7, "active": 6, "found": 6.0},
        **{"billed": None, "money_not_billed": None},
    }


def test_a_type_counts_as_often_as_it_weighs(tmp_path: Path) -> None:
    """The sentence says so."""
    world = world_of(tmp_path, box(1, "Server"), box(2, "Server"), box(3))

    whole = counted(world, rules=ReportRules(weights={"server": 2, "laptop": 0.5}))

    assert (one(whole, type="Server")["found"], one(whole, type="Laptop")["found"]) == (4.0, 0.5)
    assert one(whole, type="Server")["finding"] == "2 of 2 active, which count as 4"
    assert whole["totals"]["found"] == 4.5


def test_more_found_than_billed_names_the_newest(tmp_path: Path) -> None:
    """With the money, the devices in the order in which they came, and a record of each that the PSA has."""
    world = Sandbox(tmp_path)
    world.push(row_of_psa(1), box(1))
    world.push(box(2))
    world.push(box(3))

    row = one(counted(world.changed(now=lambda: NOW), "Acme,Laptop,1,9.50"), product="Laptop")

    assert (row["outcome"], row["billed"], row["found"], row["difference"]) == ("more_found", 1.0, 3.0, 2.0)
    assert (row["price"], row["money"]) == (9.5, 19.0)
    assert row["names"] == "ACME-3, ACME-2, ACME-1"
    assert row["records"] == "cw_rmm:a3, cw_rmm:a2, cw_manage:1"
    assert row["finding"] == (
        "2 more found than billed; the newest: ACME-3 (first seen 2026-11-01), ACME-2 (first seen 2026-11-01)"
    )


def test_more_billed_than_found_names_what_is_not_active(tmp_path: Path) -> None:
    """First what the PSA still lists as in use, then what was gone first: that is what somebody bills."""
    world = world_of(
        tmp_path,
        box(1),
        box(2, seen=LONG_AGO),
        *(row_of_psa(3), box(3, seen=LONG_AGO)),
        row_of_psa(4),
        row_of_psa(5, status="Retired"),
    )

    row = one(counted(world, "Acme,Laptop,4,10"), product="Laptop")

    assert (row["outcome"], row["difference"], row["money"]) == ("more_billed", -3.0, -30.0)
    assert row["names"] == "ACME-4, ACME-3, ACME-5, ACME-2"
    assert row["records"] == "cw_manage:4, cw_manage:3, cw_manage:5, cw_rmm:a2"
    assert row["finding"] == (
        "3 more billed than found; not active: ACME-4 (never seen), ACME-3 (last seen 2026-05-07), ACME-5 (never seen)"
    )


def test_what_is_billed_as_it_is_found_is_counted_and_listed_with_all(tmp_path: Path) -> None:
    """It asks for nothing."""
    world = world_of(tmp_path, box(1), box(2))

    work, everything = (counted(world, "Acme,Laptop,2,10", all=all) for all in (False, True))

    assert (work["rows"], work["totals"]["equal"]) == ([], 1)
    assert [(row["outcome"], row["difference"], row["money"], row["names"]) for row in everything["rows"]] == [
        ("equal", 0.0, 0.0, None)
    ]


def test_a_type_that_nobody_bills_is_a_row(tmp_path: Path) -> None:
    """For each customer; what is not active asks for nothing, and devices of no customer can be billed to none."""
    world = world_of(
        tmp_path, box(1), box(2, "Server"), box(3, company="Beta"), box(4, "Printer", LONG_AGO), box(5, company="")
    )

    whole = counted(world, "Acme,Laptop,1,")

    assert [(row["company"], row["type"], row["billed"], row["found"], row["outcome"]) for row in whole["rows"]] == [
        ("Acme", "Server", 0.0, 1.0, "not_billed"),
        ("Beta", "Laptop", 0.0, 1.0, "not_billed"),
        (None, "Laptop", 0.0, 1.0, "not_billed"),
    ]
    assert whole["rows"][0]["finding"] == (
        "1 of 1 active, and no line bills them; the newest: ACME-2 (first seen 2026-11-23)"
    )
    assert (whole["totals"]["equal"], whole["totals"]["not_billed"]) == (1, 3)


def test_lines_of_one_customer_and_product_add_up(tmp_path: Path) -> None:
    """However both are written; where prices differ the money is by their average, and that is told."""
    world = world_of(tmp_path, *(box(number, company="Acme, Inc.") for number in range(5)))

    row = one(counted(world, "Acme,Laptop,1,10\nACME INC, laptop ,3,14\n", all=True), product="Laptop")

    assert (row["company"], row["billed"], row["price"], row["money"]) == ("Acme, Inc.", 4.0, 13.0, 13.0)
    assert row["lines"] == "2, 3"
    assert "(prices differ: 10, 14)" in row["finding"]


def test_names_of_one_customer_are_one(tmp_path: Path) -> None:
    """By cleaned names, and by the operator's map, which may name the list itself; the most usual name is shown."""
    world = world_of(
        tmp_path,
        *(
            box(1, company="Acme, Inc."),
            box(2, company="Acme, Inc."),
            box(3, company="The ACME", provider="cw_automate"),
        ),
        box(4, company="Harrow Lane", provider="ninjaone"),
        policy=Policy(
            company_map=(frozenset({"cw_rmm:Acme, Inc.", "ninjaone:Harrow Lane", "billed:Our first customer"}),)
        ),
    )

    [row] = counted(world, "Our first customer,Laptop,9,")["rows"]

    assert (row["company"], row["billed"], row["found"]) == ("Acme, Inc.", 9.0, 4.0)


def test_two_customers_of_one_provider_stay_two_however_alike_their_names_are(tmp_path: Path) -> None:
    """Each is found by its own name; a name that may be either's is nobody's."""
    world = world_of(tmp_path, box(1, company="Acme Inc."), box(2, company="Acme Ltd."))

    rows = counted(world, "ACME  inc.,Laptop,1,\nAcme Ltd.,Laptop,1,\nAcme,Laptop,1,", all=True)["rows"]

    assert [(row["company"], row["found"], row["outcome"]) for row in rows] == [
        ("Acme", None, "unknown_customer"),
        ("Acme Inc.", 1.0, "equal"),
        ("Acme Ltd.", 1.0, "equal"),
    ]


def test_a_customer_that_is_only_like_another_is_not_it(tmp_path: Path) -> None:
    """The nearest is named, and a person decides."""
    world = world_of(tmp_path, box(1, company="Harrow Lane Veterinary, LLC"))

    row = one(counted(world, "Harrow Lane Vet,Laptop,1,10"), product="Laptop")

    assert (row["outcome"], row["found"], row["difference"], row["devices"]) == ("unknown_customer", None, None, None)
    assert "no customer is named 'Harrow Lane Vet'; the nearest is 'Harrow Lane Veterinary, LLC'" in row["finding"]
    assert "'billed:Harrow Lane Vet' with one of its companies in Policy:CompanyMap" in row["finding"]


def test_a_product_bills_the_types_that_the_setting_says(tmp_path: Path) -> None:
    """One, several, all, or by default the one of its name, in whatever case."""
    world = world_of(tmp_path, box(1), box(2, "Desktop"), box(3, "Server"))
    rules = ReportRules(products={"seat": "Laptop, Desktop", "protection": "*", "node": "Server"})

    whole = counted(world, "Acme,Seat,1,\nAcme,Protection,1,\nAcme,NODE,2,\nAcme,server,3,", rules)

    assert {row["product"]: (row["type"], row["found"]) for row in whole["rows"]} == {
        "Seat": ("Laptop, Desktop", 2.0),
        "Protection": ("all types", 3.0),
        "NODE": ("Server", 1.0),
        "server": ("server", 1.0),
    }


def test_a_product_of_no_known_type_is_told(tmp_path: Path) -> None:
    """With the nearest type; a type that only other customers have is known."""
    world = world_of(tmp_path, box(1, "Managed Server"), box(2, "Printer", company="Beta"))

    whole = counted(world, "Acme,Managed Servers,4,\nAcme,Printer,1,")

    row = one(whole, product="Managed Servers")
    assert (row["outcome"], row["found"]) == ("unknown_product", None)
    assert "no device is of the type 'Managed Servers'; the nearest is 'managed server'" in row["finding"]
    assert (one(whole, product="Printer")["found"], one(whole, product="Printer")["outcome"]) == (0.0, "more_billed")


def test_a_product_for_all_types_bills_none_that_another_is_for_by_name(tmp_path: Path) -> None:
    """Protection on every device does not mean that the server is billed; the printer has nothing else."""
    world = world_of(tmp_path, box(1, "Server"), box(2, "Printer"), box(3, "Server", company="Beta"))

    whole = counted(world, "Acme,Protection,2,\nBeta,Server,1,", ReportRules(products={"protection": "*"}))

    assert [(row["company"], row["type"], row["outcome"]) for row in whole["rows"]] == [
        ("Acme", "Server", "not_billed")
    ]


def test_most_money_comes_first_then_the_largest_difference(tmp_path: Path) -> None:
    """Of what cannot be compared, all that is billed is at stake."""
    world = world_of(tmp_path, *(box(number) for number in range(4)), *(box(number, "Server") for number in (8, 9)))
    lines = "Acme,Server,1,100\nAcme,Laptop,9,10\nAcmo,Laptop,1,70\nAcme,Laptops,7,\nAcmo,Server,2,"

    rows = counted(world, lines)["rows"]

    assert [(row["company"], row["product"], row["outcome"]) for row in rows] == [
        ("Acme", "Server", "more_found"),
        ("Acmo", "Laptop", "unknown_customer"),
        ("Acme", "Laptop", "more_billed"),
        ("Acme", "Laptops", "unknown_product"),
        ("Acmo", "Server", "unknown_customer"),
    ]


def test_a_line_that_cannot_be_read_is_a_row_and_a_warning(tmp_path: Path) -> None:
    """Also in a CSV file, which has no warnings."""
    whole = counted(world_of(tmp_path, box(1)), "Acme,Laptop,one,\nAcme,Laptop,1,")

    [row] = whole["rows"]
    assert (row["outcome"], row["lines"]) == ("not_read", "2")
    assert row["finding"] == "line 2 cannot be read: its quantity 'one' is no number ('Acme,Laptop,one,')"
    assert whole["warnings"] == ["lines of the billed list that cannot be read: 1; the last rows say which, and why"]
    assert whole["totals"]["not_read"] == 1


def test_a_cell_names_so_many_devices_and_counts_the_rest(tmp_path: Path) -> None:
    """A cell of a thousand names is read by nobody; none is lost from the number."""
    world = world_of(tmp_path, *(box(number) for number in range(130)))

    row = one(counted(world, "Acme,Laptop,1,"), product="Laptop")

    assert row["names"].count("ACME-") == row["records"].count("cw_rmm:") == 50
    assert row["names"].endswith(", and 80 more")


def synced(tmp_path: Path, *records: dict[str, Any]) -> Sandbox:
    """Return a world that has read these from a PSA, whose clock stands still."""
    world = Sandbox(tmp_path, now=lambda: NOW)
    world.sync("cw_manage", *records)  # type: ignore[arg-type]
    return world


@pytest.mark.parametrize("billed", [None, "Acme,Laptop,2,10", ""])
def test_an_empty_feed_never_shows_that_nothing_is_found(tmp_path: Path, billed: str | None) -> None:
    """The RMM did not come: that nothing is active is no number, with a list and without, in rows and totals."""
    world = synced(tmp_path, row_of_psa(1), row_of_psa(2))
    world.sync("cw_rmm")

    whole = counted(world, billed, all=True)

    [row] = whole["rows"]
    assert (row["found"], row["active"], row["difference"], row["money"]) == (None, None, None, None)
    assert (row["outcome"], row["marked_because"], row["devices"]) == ("not_counted", "cw_rmm is empty", 2)
    assert "not counted, because cw_rmm is empty" in row["finding"]
    assert (whole["totals"]["found"], whole["totals"]["active"], whole["totals"]["not_counted"]) == (None, None, 1)
    assert b"0.0" not in report("counts", world, "csv").splitlines()[1]


def test_what_is_neither_billed_nor_counted_is_listed_with_all(tmp_path: Path) -> None:
    """One empty feed would else be a row for each customer and type; what is billed is a row all the same."""
    world = synced(tmp_path, row_of_psa(1), row_of_psa(2, "Server"), row_of_psa(3, "Printer"))
    world.sync("cw_rmm")

    work, everything = (counted(world, "Acme,Laptop,2,10", all=all) for all in (False, True))

    assert [(row["product"], row["outcome"]) for row in work["rows"]] == [("Laptop", "not_counted")]
    assert work["rows"][0]["finding"] == "2 billed; not counted, because cw_rmm is empty"
    assert (len(everything["rows"]), work["totals"]["not_counted"]) == (3, 3)


def test_without_any_feed_that_sees_devices_nothing_is_counted(tmp_path: Path) -> None:
    """A PSA alone says nothing of who is active, and neither does a provider that the settings name and nobody saw."""
    world = synced(tmp_path, row_of_psa(1))

    alone, named = counted(world), counted(world, rules=ReportRules(active_providers=frozenset({"cw_rmm"})))

    assert alone["rows"][0]["marked_because"] == "no provider that says when devices were last seen lists any"
    assert named["rows"][0]["found"] is None


def test_a_number_that_rests_on_a_feed_that_is_held_is_marked(tmp_path: Path) -> None:
    """It stands, and only for the customers of that feed; a zero of another customer is not shown all the same."""
    world = synced(tmp_path, row_of_psa(1, company="Gamma"))
    boxes = [box(number) for number in range(20, 32)]
    world.sync("cw_rmm", *boxes)  # type: ignore[arg-type]
    world.sync("cw_rmm", *boxes[:2])  # type: ignore[arg-type]
    world.sync("ninjaone", box(50, company="Beta", provider="ninjaone"))  # type: ignore[arg-type]

    rows = {row["company"]: row for row in counted(world)["rows"]}

    assert (rows["Acme"]["found"], rows["Acme"]["marked_because"]) == (12.0, "cw_rmm is held")
    assert (rows["Beta"]["found"], rows["Beta"]["marked_because"]) == (1.0, None)
    assert (rows["Gamma"]["found"], rows["Gamma"]["marked_because"]) == (None, "cw_rmm is held")


def test_a_feed_that_counts_for_nothing_marks_nothing(tmp_path: Path) -> None:
    """The operator has said that another one says what is active."""
    world = synced(tmp_path, row_of_psa(1), row_of_psa(2))
    world.sync("cw_rmm", box(1))  # type: ignore[arg-type]
    world.sync("backup")
    rules = ReportRules(active_providers=frozenset({"cw_rmm"}), roles={"backup": FeedRole.BACKUP})

    [row] = counted(world, rules=rules)["rows"]

    assert (row["found"], row["marked_because"]) == (1.0, None)
    assert counted(world)["rows"][0]["marked_because"] == "backup is empty"


def test_it_is_narrowed_to_a_customer_under_all_names_and_to_a_type(tmp_path: Path) -> None:
    """Lines of others are left out, and lines that cannot be read are still told."""
    world = world_of(
        tmp_path, box(1), box(2, company="Acme Ltd.", provider="ninjaone"), box(3, "Server"), box(4, company="Beta")
    )
    lines = "Acme,Laptop,1,\nAcme,Server,2,\nBeta,Laptop,9,\nx"

    whole = counted(world, lines, company="acme")
    servers = counted(world, lines, company="Acme", type="server")

    assert [(row["product"], row["found"]) for row in whole["rows"]] == [("Laptop", 2.0), ("Server", 1.0), (None, None)]
    assert [(row["product"], row["found"]) for row in servers["rows"]] == [("Server", 1.0), (None, None)]
    assert (whole["totals"]["devices"], servers["totals"]["devices"]) == (3, 1)


def test_it_is_narrowed_to_devices_that_a_provider_lists(tmp_path: Path) -> None:
    """Protection is billed for those that it guards; a type that none of them has is known all the same."""
    world = world_of(tmp_path, box(1), box(2), box(1, provider="edr"), box(3, "Server"))

    whole = counted(world, "Acme,Laptop,2,\nAcme,Server,1,", provider="edr", all=True)

    assert {row["product"]: (row["found"], row["outcome"]) for row in whole["rows"]} == {
        "Laptop": (1.0, "more_billed"),
        "Server": (0.0, "more_billed"),
    }


def test_a_bound_key_is_answered_from_its_records_alone(tmp_path: Path) -> None:
    """The company map is learnt from others' records too: names that are not equal are two customers to it."""
    own = [box(number, company_id="7") for number in (1, 2)]
    others = [box(number, company="Harrow Lane", company_id="9", provider="ninjaone") for number in (1, 2, 3, 4)]
    seen = world_of(tmp_path, *own, *others).acting(None, Visibility(frozenset({Customer("cw_rmm", "7")})))

    whole = counted(seen, "Acme,Laptop,3,\nHarrow Lane,Laptop,1,")

    assert {row["company"]: (row["found"], row["outcome"]) for row in whole["rows"]} == {
        "Acme": (2.0, "more_billed"),
        "Harrow Lane": (None, "unknown_customer"),
    }
    assert "nearest" not in one(whole, company="Harrow Lane")["finding"]


def test_formulas_in_a_list_are_harmless_in_a_file(tmp_path: Path) -> None:
    """A list comes from outside, and is opened again in a spreadsheet."""
    world = world_of(tmp_path, box(1))
    billed = read_billed(b"company,product,quantity\n=1+1,@SUM(A1),2\n")

    text = report("counts", world, "csv", ReportRequest(options={BILLED: billed})).decode()

    assert "\n'=1+1,'@SUM(A1)," in text.replace("\r\n", "\n")
