"""Reports as files: named with the date, known again by their tag, open until they are taken."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request

from service.api.http.context import Context
from service.api.http.report_files import opened_report, report_file
from service.core.settings import Settings, SyncSettings
from service.reports.catalogue.duplicates import DUPLICATES
from service.reports.context import ReportRequest
from service.reports.formats import Format
from service.reports.rules import ReportRules
from service.stewardship.recalibrating import BackgroundRecalibrations
from tests.service.api.conftest import seeded_world


def context_of(folder: Path) -> Context:
    """Return what endpoints are given, over a store with devices."""
    syncs: Any = None  # no sync runs here
    world = seeded_world(folder)
    recalibrations = BackgroundRecalibrations(world)
    return Context(world, syncs, recalibrations, SyncSettings(), 0.01, ReportRules(), Settings())


def asking(**headers: str) -> Request:
    """Return a request with these headers."""
    return Request({"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers.items()]})


@pytest.mark.parametrize("form", list(Format))
def test_a_file_has_a_name_and_is_known_again(tmp_path: Path, form: Format) -> None:
    """Who has the same rows already is sent none."""
    context = context_of(tmp_path)
    with ExitStack() as opened:
        first = report_file(asking(), context, opened, DUPLICATES, form, ReportRequest())
        tag = first.headers["etag"]
        again = report_file(asking(**{"if-none-match": tag}), context, opened, DUPLICATES, form, ReportRequest())

    assert first.headers["content-disposition"] == f'attachment; filename="samebox-duplicates-2026-11-23.{form}"'
    assert first.media_type == form.media_type
    assert (first.status_code, again.status_code, again.body) == (200, 304, b"")


def test_a_report_can_be_read_until_the_answer_is_taken(tmp_path: Path) -> None:
    """It is read after the endpoint has returned."""
    with ExitStack() as opened:
        made = opened_report(context_of(tmp_path), opened, DUPLICATES, ReportRequest(all=True))
        rows = list(made.rows)

    assert "cw_manage" in {row.provider for row in rows}
