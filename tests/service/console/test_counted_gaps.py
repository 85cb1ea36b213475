"""The gaps on the first page are those of the report, however large the store is."""

import re
from pathlib import Path

import pytest

from service.console import counted_gaps
from service.intake.importing import import_rows
from service.store.ingested.records import entry
from tests.service.console.conftest import browsing, main_of
from tests.service.reports.fleets import world_of

ACME = {"provider": "p", "id": "1", "name": "ACME-1", "company": "Acme", "hostname": "acme-1", "serial": "5CG1234ABC"}


def test_the_gaps_are_those_of_the_coverage_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A licence, and a box that the PSA lists as retired, are no gaps.

    In a large store they are shown once the report has counted them, which the picture on the page asks for.
    """
    listed = {"provider": "cw_manage", "company": "Acme"}
    records = (
        ACME,
        {**listed, "id": "1", "name": "ACME-9", "serial": "R9YRPKMX", "type": "Managed Workstation"},
        {**listed, "id": "2", "name": "Microsoft 365", "type": "Software License"},
        {**listed, "id": "3", "name": "ACME-OLD", "serial": "PF0EXMPL", "active": False},
    )
    with browsing(world_of(tmp_path, *records), keys_required=False) as browser:
        monkeypatch.setattr(counted_gaps, "FEW", 0)
        before = main_of(browser.page("/"))
        picture = browser.get("/reports/coverage.svg")
        after = main_of(browser.page("/"))
        report = main_of(browser.page("/reports/coverage"))

    assert picture.status_code == 200
    assert "unmanaged" not in before
    assert "unbilled 1 in use, and not in the PSA unmanaged 1 in use in the PSA, and in no RMM" in after
    assert re.search(r"[Uu]nmanaged 1\b", report)


def test_a_change_of_the_store_is_counted_anew(tmp_path: Path) -> None:
    """What was kept is of an earlier state; without a feed that should list devices nothing is said to be missing."""
    world = world_of(tmp_path, ACME)
    with browsing(world, keys_required=False) as browser:
        without_psa = main_of(browser.page("/"))
        import_rows(world, [entry({"provider": "cw_manage", "id": "1", "name": "ACME-9", "company": "Acme"})])
        before = main_of(browser.page("/"))
        import_rows(world, [entry({"provider": "p", "id": "2", "serial": "PF0EXMPL", "company": "Acme"})])
        after = main_of(browser.page("/"))

    assert "unbilled ? " in without_psa
    assert "unbilled 1 " in before
    assert "unbilled 2 " in after
