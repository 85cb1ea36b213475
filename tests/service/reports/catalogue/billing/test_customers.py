"""Whose a name is: as the company map in force says, and never by likeness alone."""

import pytest

from matching.calibration.companies import CompanyMap
from matching.policy import Policy
from service.reports.catalogue.billing.customers import MOST_HINTS, CustomerNames, NearestNames

MAP = CompanyMap(
    customer={
        **{"cw_manage:250": "cw_manage:250", "cw_rmm:a1": "cw_manage:250"},
        **{"cw_manage:251": "cw_manage:251", "cw_manage:252": "cw_manage:252", "cw_rmm:new": "cw_rmm:new"},
    },
    catch_alls=frozenset({"cw_rmm:new"}),
    names={
        **{"cw_manage:250": "Heritage Staffing, Inc.", "cw_rmm:a1": "HSI"},
        **{"cw_manage:251": "Acme Inc.", "cw_manage:252": "Acme Ltd.", "cw_rmm:new": "New boxes"},
    },
)


@pytest.mark.parametrize(
    ("name", "customer"),
    [
        ("Heritage Staffing", "cw_manage:250"),
        ("heritage  STAFFING inc", "cw_manage:250"),
        ("HSI", "cw_manage:250"),
        ("acme inc.", "cw_manage:251"),
        ("Acme Ltd.", "cw_manage:252"),
        ("Acme", "=acme"),
        ("Heritage Staffing Group", "=heritage staffing group"),
        ("***", "=.***"),
        ("New boxes", None),
        ("Unassigned", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_of_the_customer_that_the_map_says(name: str | None, customer: str | None) -> None:
    """As written, else as cleaned; one that may be of two is of neither, and a catch-all is no customer."""
    assert CustomerNames(MAP, Policy()).of(name) == customer


@pytest.mark.parametrize("other", ["cw_manage:250", "cw_rmm:HSI", "ninjaone:Heritage Staffing"])
def test_the_operator_may_say_what_a_name_in_the_list_means(other: str) -> None:
    """By the id or the name of one of the customer's companies."""
    policy = Policy(company_map=(frozenset({other, "billed:Head office"}),))

    assert CustomerNames(MAP, policy).of("HEAD office") == "cw_manage:250"


def test_the_operator_tells_apart_what_names_do_not() -> None:
    """Two companies of one provider are like each other; the one that is said is meant."""
    policy = Policy(company_map=(frozenset({"cw_manage:Acme Ltd.", "billed:Acme"}),))

    assert CustomerNames(MAP, policy).of("Acme") == "cw_manage:252"


def test_an_alias_of_nothing_is_none() -> None:
    """The list alone names no customer."""
    assert (
        CustomerNames(MAP, Policy(company_map=(frozenset({"billed:Head office"}),))).of("Head office") == "=head office"
    )


def test_the_nearest_is_named_where_one_is_near() -> None:
    """A name like none of them is no hint."""
    names = NearestNames(["Acme", "Heritage Staffing, Inc."])

    assert names.of("Heritage Stafing") == "Heritage Staffing, Inc."
    assert names.of("Zebra") is None
    assert NearestNames([]).of("Zebra") is None


def test_for_so_many_names_alone_the_nearest_is_looked_for() -> None:
    """A list of names that all are wrong holds nobody up."""
    names = NearestNames(["Acme"])
    found = [names.of("Acmo") for _ in range(MOST_HINTS + 1)]

    assert found[-2:] == ["Acme", None]
