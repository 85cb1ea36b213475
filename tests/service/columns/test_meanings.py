"""What a text says by itself is what `identify` makes of it, and what depends on more than the text is said to."""

import pytest

from matching.calibration.proportions import sampling_checksum
from matching.evidence.identity import identify
from matching.model import Kind
from matching.policy import Policy
from matching.relations.tables import held_rows
from service.columns.database import DuckDBTables
from service.columns.meanings import CARRIES, DOUBTFUL, Judge, read_meanings
from service.columns.reading import create_types
from service.columns.spellings import WRITTEN
from service.core.workers import NO_WORKERS, WorkerPool
from tests.matching.stories import record
from tests.service.columns.reading_twice import SPELLINGS

DELL = "44454C4C330010348036C4C04F32334A"
FIELDS = {Kind.BIOS_GUID: "bios_guid", Kind.SERIAL: "serial", Kind.MAC: "macs"}


def meanings(kind: Kind, text: str, policy: Policy | None = None) -> list[tuple[str | None, str]]:
    """Return the values and standings of a text."""
    plain, odd = Judge(policy or Policy()).meanings([(7, str(kind), text)])
    found: list[tuple[str | None, str]] = [(text, "weak" if is_weak else "own") for _, is_weak, _ in plain]
    return found + [(value, standing) for _, value, standing, _ in odd]


@pytest.mark.parametrize("kind", FIELDS)
def test_a_text_says_what_a_record_with_it_alone_holds(kind: Kind) -> None:
    """Own and weak values are those of the definition, in any spelling; a value that it carries is not its own."""
    for text in (text for text in SPELLINGS[FIELDS[kind]] if isinstance(text, str) and text.strip()):
        row = record("alpha:1", **{FIELDS[kind]: [text] if kind is Kind.MAC else text})
        held = {(value, standing) for *_, value, standing, _, _, _ in held_rows(0, identify(row, Policy()))}
        found = meanings(kind, WRITTEN + text)

        if (None, DOUBTFUL) not in found:
            assert {each for each in found if each[1] != CARRIES} == {
                each for each in held if each[1] in {"own", "weak"}
            }
            assert any(each[1] == CARRIES for each in found) == any(each[1] in {"derived", "carried"} for each in held)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.SERIAL, "5CG1234ABC", [("5CG1234ABC", "own")]),
        (Kind.SERIAL, "X1", [("X1", "weak")]),
        (Kind.SERIAL, "NONE", []),
        (Kind.SERIAL, " /D34623J/CN1234567800A1/", [(None, DOUBTFUL)]),
        (Kind.BIOS_GUID, DELL, [(DELL, "own"), ("serial", CARRIES)]),
        (Kind.BIOS_GUID, "F" * 32, []),
        (Kind.MAC, "02005e100001", [("02005e100001", "weak")]),
        (Kind.MAC, " 3C:52:82:00:00:01;0050B6000001", [("3c5282000001", "own"), ("0050b6000001", "weak")]),
        (Kind.MAC, " 3C:52:82-00-00-01", [("3c5282000001", "own")]),
        (Kind.MAC, " n/-3C5282000001  ", [(None, DOUBTFUL)]),
        (Kind.MAC, " " + " ".join(f"3C52820000{n:02X}" for n in range(17)), [(None, DOUBTFUL)]),
    ],
)
def test_texts_and_what_they_say(kind: Kind, text: str, expected: list[tuple[str | None, str]]) -> None:
    """A value, a weak one, none, one of another kind inside, or nothing for sure."""
    assert meanings(kind, text) == expected


def test_the_policy_has_its_word() -> None:
    """On values that it allows although a list is against them, and on those that it denies."""
    policy = Policy(allow={"serial": frozenset({"NONE", "X1"})}, deny={"serial": frozenset({"5CG1234ABC"})})

    assert meanings(Kind.SERIAL, "NONE", policy) == [("NONE", "own")]
    assert meanings(Kind.SERIAL, "X1", policy) == [("X1", "own")]
    assert meanings(Kind.SERIAL, "5CG1234ABC", policy) == []
    assert Judge(Policy(deny={"hostname": frozenset({"pc1"})})).hostnames([("pc1",)]) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_text_is_judged_once_in_any_process(jobs: int) -> None:
    """However many records have it; hostnames with their checksum, and whether they are generic."""
    with WorkerPool(jobs) if jobs > 1 else NO_WORKERS as pool, DuckDBTables(jobs) as tables:
        create_types(tables)
        texts = [
            (0, "serial", "5CG1234ABC"),
            (1, "serial", "5CG1234ABC"),
            (1, "mac", " n/a"),
            (1, "mac", "02005e100001"),
        ]
        tables.load("texts", "position BIGINT, kind kinds, text STRING", texts)
        tables.load(
            "fields", "hostname STRING, name STRING", [("pc1", None), ("printer", " PC1 "), (None, "localhost")]
        )
        read_meanings(tables, Policy(), pool)

        assert sorted(tables.rows("SELECT * FROM meanings")) == [
            ("mac", "02005e100001", "02005e100001", "weak", sampling_checksum("02005e100001")),
            ("serial", "5CG1234ABC", "5CG1234ABC", "own", sampling_checksum("5CG1234ABC")),
        ]
        assert sorted(tables.rows("SELECT text, hostname, is_generic FROM hostnames")) == [
            *((" PC1 ", "pc1", False), ("pc1", "pc1", False), ("printer", "printer", True))
        ]
