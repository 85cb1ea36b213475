"""Whatever a provider sends: a record, or a refusal with a reason; never anything else."""

import inspect
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.evidence.identity import identify
from matching.evidence.search import search_terms
from matching.policy import Policy
from matching.records import canonical_bytes, read_record
from service.core.errors import ProviderError, Unparsable
from service.core.settings import FeedFolder
from service.ingest import cw_automate, cw_rmm, ninjaone
from service.ingest.cw_automate import CwAutomate
from service.ingest.cw_rmm import CwRmm
from service.ingest.files import FileAdapter
from service.ingest.ninjaone import NinjaOne
from tests.service.ingest.feeds import rows, write

ADAPTERS: list[FileAdapter] = [adapter(FeedFolder(folder=Path())) for adapter in (CwRmm, CwAutomate, NinjaOne)]

FIELDS = st.sampled_from(
    # what the adapters look for, so that chance finds its way into the depths of a row
    [
        name
        for file in (cw_rmm, cw_automate, ninjaone)
        for name in re.findall(r'"([A-Za-z_]+)"', inspect.getsource(file))
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["1", "ConnectWise Manage", "vEthernet", "10.0.0.1", "2026-01-05T10:11:12Z", 1767607872.4])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6), max_leaves=12
)
OBJECTS = st.dictionaries(FIELDS, VALUES, max_size=6)

calm = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
@calm
@given(outer=OBJECTS, inner=OBJECTS, row_id=st.sampled_from([1, "a"]) | SCALARS)
def test_parse_raises_nothing_but_unparsable(
    adapter: FileAdapter, outer: dict[str, Any], inner: dict[str, Any], row_id: object
) -> None:
    """What comes out is a clean record of that provider, and the engine can read it."""
    main = inner | {"id": row_id, "Id": row_id, "endpointID": row_id}
    try:
        record = adapter.parse(outer | {"endpoint": main, "computer": main, "device": main})
    except Unparsable:
        return

    assert record["provider"] == adapter.name
    assert read_record(record) == (record, ())
    assert canonical_bytes(record)
    assert identify(record, Policy()).key.id == record["id"]
    assert search_terms(record)


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.name)
@calm
@given(answers=st.lists(VALUES, min_size=3, max_size=3))
def test_any_answers_join_to_rows_or_name_the_provider(adapter: FileAdapter, answers: list[Any]) -> None:
    """JSON of any shape in the files gives rows that `parse` can judge, or an error of the provider."""
    files = dict(zip((*adapter.files, *adapter.optional), answers, strict=False))
    try:
        joined = list(adapter.join(files))
    except ProviderError:
        return

    for raw in joined:
        with suppress(Unparsable):
            assert adapter.parse(raw)["id"]


def test_the_order_of_a_join_list_does_not_matter(tmp_path: Path) -> None:
    """Several rows of one id in a list that is joined give the same answer whichever comes first."""
    device = [{"id": 1}]
    systems = [{"deviceId": 1, "serialNumber": serial} for serial in ("B", "A", None, "C")]
    found = []
    for n, listed in enumerate((systems, systems[::-1])):
        feed = write(tmp_path / str(n), devices_detailed=device, computer_systems=listed, network_interfaces=[])
        found.append(rows(NinjaOne(feed))[0]["computer_system"]["serialNumber"])

    assert found == ["C", "C"]
