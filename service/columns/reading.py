"""
Read the records of files into the tables of `matching.relations` (`records`, `held`, `links`), and where each line is.

Records of ordinary lines of which every value is plain come from columns, and no `Identity` is made of them. All other
lines go through `read_line` and `identify`, in the worker processes. The rows are those that `record_row`, `held_rows`
and `link_rows` give of each record that stands, numbered in order of key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from matching.model import Kind
from matching.policy import Policy
from matching.relations.tables import HELD, LINKS, RECORDS, Standing
from service.columns.database import DuckDBTables
from service.columns.lines import read_lines
from service.columns.meanings import CARRIES, DOUBTFUL, read_meanings
from service.columns.ordinary import leave_out
from service.columns.others import OTHER, read_others
from service.columns.repeated import find_repeated
from service.columns.rows import fill_tables
from service.columns.words import read_words
from service.core.progress import Progress, silent
from service.core.workers import WorkerPool
from service.ingest.linefiles import BadLine, LineFiles


class FilesRead(NamedTuple):
    """
    What came of reading files: the number of records, and the lines of which none could be made, in order.

    `repeated` counts the lines whose key another line holds as well, and which do not stand.
    """

    records: int
    rejected: Sequence[BadLine]
    repeated: int


def read_records(  # noqa: PLR0913, PLR0917 - what is read, by what rules, with whom
    tables: DuckDBTables,
    files: LineFiles,
    policy: Policy,
    pool: WorkerPool,
    progress: Progress = silent,
    as_of: datetime | None = None,
) -> FilesRead:
    """
    Fill the tables `records`, `held`, `links` and `places(record, file, start, length)` from files.

    A record is its position in order of key, from 0. Times after `as_of` do not decide which of two lines with one key
    stands.

    Raises:
        WorkerFailed: A process that worked for us was ended.
    """
    create_types(tables)
    read_lines(tables, files, progress)
    read_meanings(tables, policy, pool)
    read_words(tables, policy)
    leave_out(tables)
    rejected = read_others(tables, files, policy, pool)
    find_repeated(tables, files.descriptors, as_of)
    records = fill_tables(tables)
    [(repeated,)] = tables.rows("SELECT count(*) FROM repeated")
    for name in _NO_LONGER_NEEDED:
        tables.connection.execute(f"DROP TABLE {name}")
    return FilesRead(records, rejected, repeated)


def create_types(tables: DuckDBTables) -> None:
    """Create the types of the columns that have few values: `kinds` and `standings`."""
    for name, values in _TYPES.items():
        listed = ", ".join(f"'{value}'" for value in values)
        tables.connection.execute(f"CREATE TYPE {name} AS ENUM ({listed})")


_TYPES = {
    "kinds": (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC),
    "standings": (Standing.OWN, Standing.WEAK, CARRIES, DOUBTFUL),
}

_NO_LONGER_NEEDED = (
    *(
        "fields",
        "texts",
        "linked",
        "others",
        "numbered",
        "plain",
        "odd",
        "meanings",
        "hostnames",
        "companies",
        "states",
    ),
    *("other_types", "own_names", "said", "left_out", "keys", "repeated", "numbers", "id_checksums"),
    *(OTHER + name for name in (RECORDS, HELD, LINKS)),
)
