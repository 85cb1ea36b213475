"""The customers are those of the calibration in force, with the reasons."""

from pathlib import Path

from service.core.paging import PageRequest
from service.resolution.recalibration import recalibrate
from service.stewardship.customers import list_customers
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

COMPANIES = [
    ("cw_manage", "250", "Acme Inc.", range(10)),
    ("rmm_alpha", "a-1", "ACME", range(10)),
    ("cw_manage", "251", "Zebra Logistics", range(20, 40)),
    ("rmm_alpha", "a-2", "Nordwind Spedition", range(20, 40)),
    ("rmm_alpha", "a-3", "Beta GmbH", range(50, 51)),
]


def test_customers_are_told_with_why_their_companies_are_one(tmp_path: Path) -> None:
    """Names as most records have them; shared hardware alone is marked, and before a calibration there are none."""
    world = Sandbox(tmp_path)
    assert list_customers(world).data == []
    world.take_in(
        *(
            record(f"{provider}:{company_id}-{n}", serial=f"SN-{n:05}", company=name, company_id=company_id)
            for provider, company_id, name, numbers in COMPANIES
            for n in numbers
        )
    )
    recalibrate(world)

    by_name, by_hardware, alone = list_customers(world).data

    assert [(each.id, each.provider, each.name) for each in by_name.companies] == [
        ("cw_manage:250", "cw_manage", "Acme Inc."),
        ("rmm_alpha:a-1", "rmm_alpha", "ACME"),
    ]
    [why] = by_name.alignments
    assert (why.left, why.right, why.ground) == ("cw_manage:250", "rmm_alpha:a-1", "like_names")
    assert not by_name.is_by_hardware_alone
    [why] = by_hardware.alignments
    assert (by_hardware.id, why.ground, why.boxes) == ("cw_manage:251", "hardware_alone", 20)
    assert by_hardware.is_by_hardware_alone
    assert (alone.id, alone.alignments, alone.is_by_hardware_alone) == ("rmm_alpha:a-3", [], False)

    first = list_customers(world, PageRequest(2))
    rest = list_customers(world, PageRequest(2, first.next_cursor))
    assert [*first.data, *rest.data] == [by_name, by_hardware, alone]
    assert rest.next_cursor is None
