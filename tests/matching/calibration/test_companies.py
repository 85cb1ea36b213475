"""Companies of different providers are one customer by name, by hardware, or by the operator's word."""

from dataclasses import replace

import pytest

from matching.calibration.companies import CompanyMap, Ground, Relation, company_names
from matching.model import Record
from matching.policy import Policy
from matching.results.resolution import resolve_records
from service.core.policy_settings import PolicySettings
from tests.matching.calibration.boxes import box
from tests.matching.stories import identity


def alignment(
    left: str, right: str, boxes: int, policy: Policy | None = None, others: int = 0
) -> tuple[Ground, int] | None:
    """Why two companies are one customer that share some boxes, where one has others as well; None if they are not."""
    fleet = [
        box(n, provider, company=name) for n in range(boxes) for provider, name in (("alpha", left), ("beta", right))
    ]
    fleet += [box(boxes + n, "beta", company=right) for n in range(others)]
    why = resolve_records(fleet, policy).calibration.companies.why
    return (why[0].ground, why[0].boxes) if why else None


@pytest.mark.parametrize(
    ("left", "right", "boxes", "others", "ground"),
    [
        ("Acme Inc.", "ACME", 0, 1, None),
        ("Fenwick & Oakes Solicitors", "Fenwick & Oaks", 2, 0, Ground.LIKE_NAMES),
        ("Acme Berlin", "Acme", 2, 0, Ground.BRANCH),
        ("Heritage Staffing", "HS", 2, 0, None),
        ("Heritage Staffing", "HS", 3, 0, Ground.INITIALS),
        ("Heritage Staffing", "HS", 3, 30, None),
        ("Heritage Staffing", "HS - Leeds", 5, 30, Ground.BRANCH),
        ("Fabrikam", "Tailspin Toys", 4, 0, None),
        ("Fabrikam", "Tailspin Toys", 5, 0, Ground.HARDWARE_ALONE),
        ("Fabrikam", "Tailspin Toys", 5, 30, None),
        ("Fabrikam", "Tailspin Toys", 9, 30, Ground.HARDWARE_ALONE),
    ],
)
def test_the_less_names_say_the_more_boxes_it_takes(
    left: str, right: str, boxes: int, others: int, ground: Ground | None
) -> None:
    """And more of them in a larger company, whose boxes are sold and lent."""
    assert alignment(left, right, boxes, others=others) == (ground and (ground, boxes))


def test_only_providers_that_are_trusted_across_customers_align_by_boxes() -> None:
    """Equal names need no box, and so nobody's trust."""
    trusted = frozenset({"alpha"})

    assert alignment("Fabrikam", "Tailspin Toys", 9, Policy(trusted_across_customers=trusted)) is None
    assert alignment("Fabrikam", "Tailspin Toys", 9, Policy(trusted_across_customers=trusted | {"beta"}))
    assert alignment("Acme Inc.", "ACME", 9, Policy(trusted_across_customers=trusted)) == (Ground.EQUAL_NAMES, 0)


@pytest.mark.parametrize(
    "names", [("Fabrikam", "Tailspin Toys"), ("Fenwick & Oakes Ltd", "Fenwick & Oaks"), ("A", "a")]
)
def test_the_operator_says_that_companies_are_two_customers(names: tuple[str, str]) -> None:
    """Boxes and names do not count against it, and the two are known to differ, whoever lists them."""
    left, right = f"alpha:{names[0]}", f"beta:{names[1]}"
    policy = Policy(different_companies=(frozenset({left, right}),))
    fleet = [
        box(n, provider, company=name)
        for n in range(9)
        for provider, name in zip(("alpha", "beta"), names, strict=True)
    ]

    companies = resolve_records(fleet, policy).calibration.companies

    assert companies.why == ()
    assert companies.relation(frozenset({left}), frozenset({right})) is Relation.DIFFERENT


def test_the_operators_map_outweighs_that_two_companies_differ() -> None:
    """Who says both is taken at the word that joins."""
    group = frozenset({"alpha:Fabrikam", "beta:Tailspin Toys"})

    assert alignment("Fabrikam", "Tailspin Toys", 1, Policy(company_map=(group,), different_companies=(group,))) == (
        Ground.OPERATOR,
        0,
    )


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
    assert replace(known, different=frozenset({("a", "c")})).relation(*map(frozenset, "ca")) is Relation.DIFFERENT


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


@pytest.mark.parametrize(
    ("bought", "strangers", "relation"),
    [
        (8, 0, Relation.UNKNOWN),
        (4, 0, Relation.DIFFERENT),  # a few boxes that were sold
        (8, 12, Relation.DIFFERENT),  # boxes of a third customer as well: rather a company for everything
    ],
)
def test_two_customers_that_one_provider_lists_as_one_are_not_known_to_differ(
    bought: int, strangers: int, relation: Relation
) -> None:
    """A record of that one company may be of either, where nearly all of one customer's boxes are in it."""
    owners = ["Buyer"] * 12 + ["Bought"] * bought + ["Stranger"] * strangers
    rows = [box(number, "cw_manage", company="Buyer") for number in range(len(owners))]
    rows += [box(number, "alpha", company=company) for number, company in enumerate(owners)]
    companies = resolve_records(rows).calibration.companies

    one, other = (companies.of(company) for company in ("cw_manage:Buyer", "alpha:Bought"))
    assert one != other
    assert companies.relation(frozenset((one or "",)), frozenset((other or "",))) is relation
