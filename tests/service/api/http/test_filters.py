"""The list of devices is narrowed by parameters; what names nothing known is a mistake."""

import pytest

from tests.service.api.conftest import Client


@pytest.mark.parametrize(
    ("params", "records"),
    [
        ({"active": "false"}, []),
        ({"without_provider": "cw_rmm"}, [1]),
        ({"provider": "cw_rmm", "without_provider": "cw_manage"}, [1]),
        ({"seen_after": "2026-11-20T10:00:00+05:00"}, [3]),
        ({"seen_before": "2026-11-20T08:00:00Z"}, []),
        ({"updated_since": "2100-01-01T00:00:00Z"}, []),
        ({"has_conflict": "true"}, []),
        ({"has_review": "false", "type": "server"}, [1]),
    ],
    ids=str,
)
def test_the_list_is_narrowed(client: Client, params: dict[str, str], records: list[int]) -> None:
    """By what devices are, by who lists them and by when; a time may be in any zone."""
    found = client.get("/v1/devices", params=params).json()

    assert [each["counts"]["records"] for each in found["data"]] == records
    assert found["total"] == len(records)


@pytest.mark.parametrize(
    ("address", "params", "nearest"),
    [
        ("/v1/devices", {"provider": "cw-rmm"}, "cw_rmm"),
        ("/v1/devices", {"without_provider": "cw-manage"}, "cw_manage"),
        ("/v1/devices", {"company": "Acme Ink."}, "acme inc."),
        ("/v1/devices", {"type": "Servr"}, "server"),
        ("/v1/reviews", {"provider": "cw-rmm"}, "cw_rmm"),
        ("/v1/reviews", {"company": "Acme Ink."}, "acme inc."),
        ("/v1/reviews", {"reason": "clones"}, "clone"),
        ("/v1/syncs", {"provider": "cw-rmm"}, "cw_rmm"),
    ],
    ids=str,
)
def test_a_filter_that_names_nothing_known_is_a_mistake(
    client: Client, address: str, params: dict[str, str], nearest: str
) -> None:
    """The nearest known is told; an empty list would look like an answer."""
    problem = client.get(address, params=params)

    assert (problem.status_code, problem.json()["code"]) == (400, "unknown-value")
    assert f"did you mean {nearest!r}? " in problem.json()["detail"]


@pytest.mark.parametrize("moment", ["2026-11-20T08:00:00", "tomorrow", "9999-12-31T23:59:59-12:00"])
def test_a_time_without_a_zone_or_beyond_the_calendar_is_refused(client: Client, moment: str) -> None:
    """Two callers would mean two moments by it."""
    assert client.get("/v1/devices", params={"seen_before": moment}).status_code == 422


@pytest.mark.parametrize(("customer", "code"), [("cw_manage:250", "unknown-value"), ("cw_manage", "bad-request")])
def test_a_customer_is_a_company_of_a_provider(client: Client, customer: str, code: str) -> None:
    """One that no record is of, and a name without a provider, are mistakes."""
    problem = client.get("/v1/devices", params={"customer": customer})

    assert (problem.status_code, problem.json()["code"]) == (400, code)
