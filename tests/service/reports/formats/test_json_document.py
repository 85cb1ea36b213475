"""JSON: one object, whatever the number of rows."""

import json

import pytest

from service.reports.formats.json_document import ROWS, json_chunks
from tests.service.reports.formats.lines import NOON, Line, made_of


@pytest.mark.parametrize("count", [0, 1, ROWS, ROWS + 1])
def test_a_report_is_one_object(count: int) -> None:
    """Head, rows and totals, in whatever portions it is written."""
    whole = json.loads(b"".join(json_chunks(made_of(Line(str(n), n, at=NOON) for n in range(count)))))

    assert [whole[name] for name in ("report", "generated_at", "position")] == ["lines", "2026-11-23T12:00:00Z", 7]
    assert whole["sources"][0]["state"] == "held"
    assert [row["name"] for row in whole["rows"]] == [str(n) for n in range(count)]
    assert all(row["at"] == "2026-11-23T12:00:00Z" for row in whole["rows"])
    assert whole["totals"] == {"lines": count, "note": None}
