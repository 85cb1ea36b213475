"""The numbers for Prometheus over HTTP."""

from pathlib import Path

from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import empty_world


def test_prometheus_is_told_numbers_in_its_own_format(client: Client) -> None:
    """As a scraper of any version reads it; what is counted is what the store holds."""
    answer = client.get("/metrics")

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'samebox_records{provider="cw_manage"} 3.0\n' in answer.text
    assert "# TYPE samebox_devices gauge\nsamebox_devices 3.0\n" in answer.text


def test_a_service_without_devices_has_numbers_already(tmp_path: Path) -> None:
    """A dashboard that is set up before the first sync shows zero and no fault."""
    with asking(application(empty_world(tmp_path))) as client:
        answer = client.get("/metrics")

    assert answer.status_code == 200
    assert "samebox_devices 0.0\n" in answer.text
