"""Lines that are not ordinary are read one by one, wherever they are, into rows of the same tables."""

from pathlib import Path

import pytest

from matching.policy import Policy
from service.columns.others import PIECE, read_others
from service.core.workers import WorkerPool
from service.ingest.linefiles import LineFiles
from tests.service.columns.test_lines import BAD, read


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_rows_have_the_position_of_their_line(tmp_path: Path, jobs: int) -> None:
    """For the number of the record, which is not known yet; what holds no record comes back in order."""
    good = b'{"provider":"alpha","id":7,"serial":"5CG1234ABC","links":[{"provider":"beta","id":7}]}'
    contents = b"\n".join([BAD, b" ", good]), b"\n".join([b'{"provider":"alpha","id":{}}'] * (PIECE + 1))
    names = [str(tmp_path / str(number)) for number in range(2)]
    for name, content in zip(names, contents, strict=True):
        Path(name).write_bytes(content)
    with LineFiles(names, tmp_path) as files, WorkerPool(jobs) as pool, read(tmp_path, *contents) as tables:
        rejected = read_others(tables, files, Policy(), pool)

        position = len(BAD) + 3
        records = list(tables.rows("SELECT record, provider, id, live FROM other_records"))
        assert records == [(position, "alpha", "7", True)]
        assert list(tables.rows("SELECT record, kind, value FROM other_held")) == [(position, "serial", "5CG1234ABC")]
        assert list(tables.rows("FROM other_links")) == [(position, "beta", "7")]
    assert [(bad.file, bad.line) for bad in rejected] == [(names[0], 1), *((names[1], n + 1) for n in range(PIECE + 1))]
    assert rejected[0].reason == "an object that has the member 'id' twice"
