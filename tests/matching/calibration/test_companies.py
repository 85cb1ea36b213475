"""Companies of different providers are one customer by name, by hardware, or by the operator's word."""

import pytest

from matching.calibration.companies import CompanyMap, Relation, company_names
from matching.model import Record
from matching.results.resolution import resolve_records
from service.core.policy_settings import PolicySettings
from tests.matching.calibration.boxes import box
from tests.matching.stories import identity


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


def test_a_customer_in_common_makes_groups_the_same_whatever_else_they_belong_to() -> None:
    """Then a provider that lists both makes them different, and nothing known makes them unknown."""
    known = CompanyMap(
        providers={"a": frozenset({"alpha", "beta"}), "b": frozenset({"beta"}), "c": frozenset({"gamma"})}
    )

    assert known.relation(frozenset("ab"), frozenset("bc")) is Relation.SAME
    assert known.relation(frozenset("a"), frozenset("b")) is Relation.DIFFERENT
    assert known.relation(frozenset("a"), frozenset("c")) is Relation.UNKNOWN
    assert known.relation(frozenset(), frozenset("a")) is Relation.UNKNOWN


def test_a_company_whose_boxes_are_of_many_customers_is_a_catch_all() -> None:
    """`Intake` holds boxes that another provider lists under four customers: its rows are of unknown company."""
    fleet = [box(n, "alpha", company="Intake") for n in range(8)]
    fleet += [box(n, "beta", company=f"Customer {'ABCD'[n % 4]}") for n in range(8)]
    companies = resolve_records(fleet).calibration.companies

    assert companies.catch_alls == {"alpha:Intake"}
    assert companies.of("alpha:Intake") is None


def test_a_name_that_one_provider_uses_twice_aligns_with_nobody() -> None:
    """It leaves open which of the two it means."""
    fleet = [
        box(1, "alpha", company="Acme", company_id="1"),
        box(2, "alpha", company="ACME Inc.", company_id="2"),
        box(3, "beta", company="Acme"),
    ]
    companies = resolve_records(fleet).calibration.companies

    assert len({companies.of(ref) for ref in ("alpha:1", "alpha:2", "beta:Acme")}) == 3


def test_a_company_goes_by_its_most_frequent_name() -> None:
    """Of equally frequent ones by the alphabet's first, so that no order matters."""
    rows = [
        identity(f"alpha:{n}", company_id="7", company=name)
        for n, name in enumerate(["Zed", "Acme", "Acme", "Zed", "Why"])
    ]

    assert company_names(rows) == company_names(rows[::-1]) == {"alpha:7": "Acme"}
