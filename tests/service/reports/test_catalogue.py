"""Reports are asked for by name."""

import pytest

from service.core.errors import NotFound
from service.reports.catalogue import REPORTS, report_named


def test_a_report_is_found_by_its_name() -> None:
    """Whatever is listed can be asked for."""
    assert [report_named(name).name for name in REPORTS] == list(REPORTS)


def test_a_misspelt_name_is_told_the_nearest() -> None:
    """With those that there are."""
    with pytest.raises(NotFound, match="did you mean 'duplicates'"):
        report_named("duplicate")
