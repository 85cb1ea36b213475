"""Every outcome of a row is counted in the totals."""

from dataclasses import fields

from service.reports.catalogue.billing.rows import CountOutcome, CountTotals


def test_every_outcome_has_its_total() -> None:
    """But for what is counted alone."""
    named = {field.name for field in fields(CountTotals)}

    assert {each.value for each in CountOutcome} - named == {CountOutcome.COUNTED.value}
