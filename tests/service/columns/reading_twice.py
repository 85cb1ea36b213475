"""The same files read line by line and by columns, and lines of every kind to read."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from hypothesis import strategies as st

from matching.evidence.identity import Identity, identify
from matching.model import Key
from matching.policy import Policy
from matching.relations.database import SqlRow
from matching.relations.tables import held_rows, link_rows, record_row
from service.columns.database import DuckDBTables
from service.columns.reading import read_records
from service.core.workers import NO_WORKERS, WorkerPool
from service.ingest.linefiles import BadLine, LineFiles
from service.ingest.ndjson import GZIP_MAGIC, Rejected, is_later, read_line
from tests.matching.fleets import GUIDS, MACS, NAMES, SERIALS, records


class Found(NamedTuple):
    """All that came of files; rows in order, and places as (record, file, start)."""

    records: Sequence[SqlRow]
    held: Sequence[SqlRow]
    links: Sequence[SqlRow]
    places: Sequence[SqlRow]
    rejected: Sequence[BadLine]
    repeated: int


def by_line(files: LineFiles, policy: Policy, as_of: datetime | None = None) -> Found:
    """Return what is read line by line."""
    standing: dict[Key, tuple[bytes, int, int, Identity]] = {}
    rejected: list[BadLine] = []
    numbers: Counter[int] = Counter()
    records = 0
    for file, start, line in _lines(files):
        numbers[file] += 1
        item = read_line(numbers[file], line)
        if isinstance(item, Rejected):
            rejected.append(BadLine(files.names[file], *item))
        elif item is not None:
            records += 1
            identity = identify(item, policy)
            if identity.key not in standing or is_later(line, standing[identity.key][0], as_of):
                standing[identity.key] = line, file, start, identity
    found = [each for _, each in sorted(standing.items())]
    numbered = list(enumerate(identity for *_, identity in found))
    return Found(
        records=[record_row(number, identity) for number, identity in numbered],
        held=sorted((row for each in numbered for row in held_rows(*each)), key=repr),
        links=sorted(row for each in numbered for row in link_rows(*each)),
        places=[(number, file, start) for number, (_, file, start, _) in enumerate(found)],
        rejected=rejected,
        repeated=records - len(found),
    )


def _lines(files: LineFiles) -> Iterator[tuple[int, int, bytes]]:
    """Yield the lines of all files, in order, with file and place."""
    for block in files.blocks(1):
        for start, line in files.descriptors.lines(block):
            yield block.file, start, line


def by_columns(
    files: LineFiles, policy: Policy, as_of: datetime | None = None, pool: WorkerPool = NO_WORKERS, threads: int = 1
) -> Found:
    """Return what is read by columns."""
    with DuckDBTables(threads) as tables:
        read = read_records(tables, files, policy, pool, as_of=as_of)
        rows = {name: list(tables.rows(f"SELECT * FROM {name} ORDER BY record")) for name in TABLE_NAMES}
        places = list(tables.rows("SELECT record, file, start FROM places ORDER BY record"))
    assert read.records == len(rows["records"])
    return Found(
        records=rows["records"],
        held=sorted(rows["held"], key=repr),
        links=sorted(rows["links"]),
        places=places,
        rejected=read.rejected,
        repeated=read.repeated,
    )


TABLE_NAMES = ("records", "held", "links")


def assert_read_alike(contents: Iterable[bytes], policy: Policy | None = None, as_of: datetime | None = None) -> Found:
    """Assert that both ways find the same in files of these contents; return it."""
    with TemporaryDirectory() as folder:
        paths = []
        for number, content in enumerate(contents):
            paths.append(Path(folder) / f"{number}.ndjson")
            paths[-1].write_bytes(content)
        with LineFiles([str(path) for path in paths], Path(folder)) as files:
            found = by_columns(files, policy or Policy(), as_of)
            expected = by_line(files, policy or Policy(), as_of)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == theirs
    return found


def lines_of(rows: Iterable[object]) -> bytes:
    """Return rows as lines; bytes are a line as they are."""
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


SPELLINGS: dict[str, Sequence[Any]] = {
    "bios_guid": (
        *GUIDS,
        *(
            "bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5",
            "BC4C4D56A9C669193FEEFA0F3887B6A5",
            "uuid: 7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
        ),
        *("56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5", "4C4C4544-0000-2010-8020-80C04F202020", "{}", "-" * 36),
        *(
            "00000000-0000-0000-0000-3C5282000001",
            "37383638-3330-4835-4331-3C5282000001",
            "7b1d6c2e-0a11-4d4f-9e55-1c2b3a4d5e6é",
        ),
    ),
    "serial": (
        *SERIALS,
        *(
            "d34623j",
            "PF0EXMPL ",
            "S/N: PF0EXMPL",
            "SerialNumber=5CG1234ABC",
            "PF0-EXMPL",
            "PF0EXMPL\n",
            "[PF0EXMPL]",
            "[]",
        ),
        *(
            "Default string",
            "Latitude5440",
            "LATITUDE 5440",
            "Dell Inc.Latitude5440",
            "DELLINC.",
            "Not Specified At All",
            "ÜBER123",
        ),
        *(
            "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
            ".D34623J.CN1234567800A1.",
            "..CN1234567800A1.",
            "0",
            "A" * 256,
            "a" * 257,
        ),
        *(
            "1.2E+11",
            "1111111",
            "ＰＦ０ＥＸＭＰＬ",
            "a\u00adb12345",
            "12345678",
            "(PF0EXMPL)",
            "PF0EXMPL-OLD",
            4711,
            4711.5,
            True,
        ),
    ),
    "macs": (
        *MACS,
        *(
            "3C:52:82:00:00:01 3C:52:82:00:00:02",
            "3C:52:82-00-00-01",
            "0:15:17:6a:44:4c",
            "0015.17AA.BBCC",
            "abcdefghijkl",
        ),
        *(
            '{"001122334477","3C5282000001"}',
            "MAC Address: 3C:52:82:00:00:01",
            "zz:52:82:00:00:01",
            "3C:52:82:00:00:0",
            "n/a",
            "",
        ),
        *(
            "3C 52 82 00 00 01",
            "3C:52:82:00:00:01\n",
            " ".join(f"3C:52:82:00:01:{n:02X}" for n in range(20)),
            "00:00:00:00:00:00",
            7,
        ),
    ),
    "hostname": (
        *NAMES,
        *(
            "printer",
            "localhost",
            "idrac-abc",
            "10.0.0.1",
            "10",
            "7-pc",
            "-",
            "_a",
            ".",
            "pc1.",
            "a b",
            "pc1 ",
            "PC1.Acme.Test",
            "ÄPC1",
        ),
        *(
            "a" * 63,
            "a" * 64,
            "a" * 60 + ".example.com",
            "minint-x",
            "pc_1",
            "pc1\t",
            "laptop-07",
            "ﬁle1",
            " pc2",
            "1234.corp",
        ),
    ),
    "company": (
        "Acme Inc.",
        "Unassigned",
        " n/a ",
        "Böse GmbH",
        "",
        " ",
        "\u00a0",
        "A\tB",
        "a\\b",
        'say "x"',
        17,
        None,
    ),
    "company_id": ("17", " 17", "", "\u00a0", 17, "x:y"),
    "type": ("Workstation", "Software License", "lizenz", "domain", "SSL-Zertifikat", "", "Warrantý", "sub_license"),
    "status": ("Active", "retired", " Retired ", "RETIRED\t", "", "Ｒetired", "Straße"),
    "active": (True, False, None, "false", 0, [True], {}),
    "manufacturer": ("Dell Inc.", "LATITUDE5440", "", "Dell", None),
    "model": ("Latitude 5440", "Latitude5440", "D34623J", "PF0EXMPL", "", None),
    "last_seen": ("2026-01-05T10:11:12Z", "2027-01-05T10:11:12Z", "yesterday", ""),
    "last_user": ("ACME\\ursula", "ACME\\jd", "ü", "x\u0000y", "\ud800"),
    "x": (
        1,
        -0.5,
        1e300,
        10**45,
        {"a": 1},
        [],
        ["a"],
        [1],
        [None],
        "y",
        {},
        [{}],
        [[]],
        [{"provider": "alpha", "id": "1"}],
    ),
}
"""Field -> what providers write into it, and what they should not."""

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)

_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)

_links = st.lists(
    st.fixed_dictionaries(
        {
            "provider": st.sampled_from(("alpha", " beta", "a:b", "ü", "", 5)),
            "id": st.sampled_from(("1", " 2", "", 3, "é")),
        }
    )
    | st.fixed_dictionaries({"id": st.just("1"), "provider": st.just("alpha")})
    | _anything,
    max_size=3,
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A record with the fields that providers fill, now and then with what is none."""
    row: dict[str, Any] = {
        "provider": draw(
            st.sampled_from(("alpha", "alpha", "beta", "cw_manage", "a.b", "..", "a/b", " alpha", None, 5))
        ),
        "id": draw(
            st.sampled_from(("1", "2", "3", "4", "A-17", " 1", "x y", "", "é", "\t", 17, "[1]", "i" * 201, None))
        ),
    }
    for field in draw(st.sets(st.sampled_from(sorted({*SPELLINGS} - {"macs", "serial"})), max_size=5)):
        row[field] = draw(st.sampled_from(SPELLINGS[field]))
    if draw(st.booleans()):
        row["serial"] = draw(
            st.sampled_from(SPELLINGS["serial"])
            | st.lists(st.sampled_from(SPELLINGS["serial"]), max_size=3)
            | _anything
        )
    if draw(st.booleans()):
        row["macs"] = draw(st.lists(st.sampled_from(SPELLINGS["macs"]), max_size=4) | _anything)
    if draw(st.booleans()):
        row["name"] = draw(st.sampled_from(SPELLINGS["hostname"]))
    if draw(st.integers(0, 3)) == 0:
        row["links"] = draw(_links | _anything)
    if draw(st.integers(0, 7)) == 0:
        row[draw(st.sampled_from(sorted(SPELLINGS)) | texts)] = draw(_anything)
    return row


def _written(row: Any, form: int) -> bytes:
    """Write a row as JSON, in one of the ways in which programs do."""
    separators = (",", ":") if form % 2 else (", ", ": ")
    try:
        return json.dumps(row, separators=separators, ensure_ascii=form % 3 > 0).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only an escape can say
        return json.dumps(row).encode()


@st.composite
def sound_rows(draw: st.DrawFn) -> dict[str, Any]:
    """A record of which every field has its type, whatever the texts say."""
    row: dict[str, Any] = {
        "provider": draw(st.sampled_from(("alpha", "beta", "a.b"))),
        "id": draw(st.sampled_from("12345678")),
    }
    for field in draw(st.sets(st.sampled_from(sorted(_SOUND)), max_size=6)):
        some = st.sampled_from(_SOUND[field])
        is_list = field == "macs" or (field == "serial" and draw(st.booleans()))
        row[field] = draw(st.lists(some, min_size=1, max_size=3)) if is_list else draw(some)
    if draw(st.integers(0, 5)) == 0:
        row["links"] = [
            {"provider": "beta", "id": draw(st.sampled_from("123"))} for _ in range(draw(st.integers(0, 2)))
        ]
    return row


_SOUND = {
    field: [value for value in values if isinstance(value, str) and "\ud800" not in value and "\0" not in value]
    for field, values in {**SPELLINGS, "name": SPELLINGS["hostname"]}.items()
    if field != "active"
}

_sound_lines = st.builds(_written, records() | sound_rows(), st.integers(0, 5))
_json_lines = _sound_lines | st.builds(_written, rows(), st.integers(0, 5))


@st.composite
def _spoilt_lines(draw: st.DrawFn) -> bytes:
    """A line in which something is out of order: a member twice, a piece that is missing or too much."""
    line = draw(_json_lines)
    at = draw(st.integers(0, len(line)))
    return line[:at] + draw(st.sampled_from(PIECES)) + line[at + draw(st.integers(0, 2)) :]


PIECES = (
    *(
        b"",
        b" ",
        b",",
        b'"',
        b"\\",
        b"\xff",
        b"\x00",
        b"\x7f",
        b"\t",
        b"{}",
        b"[",
        b"]",
        b'"id":"1",',
        b'"x":1,',
        b"NaN",
    ),
    *(
        b'"x":{"n":1,"n":2},',
        b"\\u0041",
        b"\\u0000",
        b"1e999",
        b"\r",
        b"/**/",
        b'"serial":["a",1],',
        b'"ID":"9",',
        b"\xef\xbb\xbf",
    ),
)

_odd_lines = st.sampled_from(
    (
        *(b"", b" ", b"\r", b"\xef\xbb\xbf", b"null", b"[]", b"{}", b'"x"', b"{", b'{"provider":"alpha","id":"1"}x'),
        *(
            b'{"provider":"alpha","id":"1","id":"2"}',
            b'\xef\xbb\xbf{"provider":"alpha","id":"1"}',
            b'{"provider":"alpha","id":1}',
        ),
        b'{"provider":"alpha","id":"1","x":"' + b"y" * 70_000 + b'"}',
        b'{"provider":"alpha","id":"1","x":"' + b"y" * 60_000 + b'"}',
        b'{"provider":"alpha","id":"1","macs":['
        + b",".join(b'"3C:52:82:00:%02X:%02X"' % divmod(n, 256) for n in range(300))
        + b"]}",
        b'{"provider":"alpha","id":"1","serial":[' + b",".join(b'"5CG%05d"' % n for n in range(300)) + b"]}",
        b'{"provider":"alpha","id":"1","links":['
        + b",".join(b'{"provider":"beta","id":"%d"}' % n for n in range(300))
        + b"]}",
    )
)

contents = (
    st.lists(
        _sound_lines
        | _sound_lines
        | _sound_lines
        | _json_lines
        | _spoilt_lines()
        | _odd_lines
        | st.binary(max_size=30),
        max_size=12,
    )
    .flatmap(lambda lines: st.sampled_from((b"\n", b"\n", b"\r\n")).map(lambda end: end.join(lines)))
    .filter(lambda content: not content.startswith(GZIP_MAGIC))
)
"""The bytes of a file: lines of every kind."""

sound_contents = st.lists(_sound_lines, max_size=12).map(b"\n".join)
"""The bytes of a file: lines of which nearly all are ordinary."""
