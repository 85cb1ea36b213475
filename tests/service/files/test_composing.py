"""Lines of clusters and of devices come in order of key, and say what the tables do."""

import json
from pathlib import Path

from matching.model import Key
from matching.relations.partition import make_devices
from service.core.progress import silent
from service.core.workers import NO_WORKERS
from service.files.composing import cluster_lines, device_lines
from service.files.outputs import CLUSTERS_HEADING, cluster_line, device_id
from service.files.resolving import resolve_components
from tests.service.files.matching import A17, CW, SERVER
from tests.service.files.partitioned import partitioned

LAPTOP, AGENT, OTHER = Key("cw_manage", "4711"), Key("rmm_alpha", "A-17"), Key("rmm_alpha", "A-18")


def test_every_record_has_the_id_of_its_device(tmp_path: Path) -> None:
    """The id follows from the smallest key; golden records have it too."""
    with partitioned(tmp_path, [SERVER, A17, CW]) as found:
        resolve_components(found.tables, found.lines, found.linker, NO_WORKERS, silent)
        sizes = make_devices(found.tables)
        clusters = list(cluster_lines(found.tables))
        devices = b"".join(device_lines(found.tables, found.lines, NO_WORKERS, None, silent)).splitlines()

    assert sizes == {1: 1, 2: 1}
    assert clusters == [
        CLUSTERS_HEADING,
        cluster_line(LAPTOP, device_id(LAPTOP)),
        cluster_line(AGENT, device_id(LAPTOP)),
        cluster_line(OTHER, device_id(OTHER)),
    ]
    assert [(line["device_id"], line["records"]) for line in map(json.loads, devices)] == [
        (device_id(LAPTOP), [str(LAPTOP), str(AGENT)]),
        (device_id(OTHER), [str(OTHER)]),
    ]
