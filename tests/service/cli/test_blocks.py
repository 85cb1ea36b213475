"""
Blocks: a heading, sentences, fields below each other, and the commands to go on with.

The last test shows them in the commands that ask and tell, on the store of the demo: made-up devices with the faults of
real ones.
"""

import json
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cli.blocks import Labelled, TextBlock, block_lines
from service.cli.layout import widest
from service.store.engine import open_store
from service.store.ingested import records
from tests.end_to_end.commands import PATIENCE, start
from tests.service.conftest import Run

WORDS = st.text("abcxyz0189:-", min_size=1, max_size=36)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def test_a_block_says_what_it_holds_in_order() -> None:
    """Values stand below each other, also where they go on; what says nothing is left out."""
    fields = [Labelled("A", "NB-1 (cw_manage:4711, ninjaone:88)"), Labelled("proposed", None), Labelled("against", "x")]
    block = TextBlock("17  Acme Inc.", ["Are these one box?"], fields, ["samebox decide same 17"])

    assert list(block_lines(block, 40)) == [
        "17  Acme Inc.",
        "  Are these one box?",
        "  A        NB-1 (cw_manage:4711,",
        "           ninjaone:88)",
        "  against  x",
        "  samebox decide same 17",
    ]


def test_a_word_too_wide_to_stand_beside_its_label_has_a_line_of_its_own() -> None:
    """An id of 64 digits is whole in 80 columns, whatever the label."""
    block = TextBlock("x", fields=[Labelled("the id of the review", "a" * 64)])

    assert list(block_lines(block, 80)) == ["x", "  the id of the review", f"    {'a' * 64}"]


@given(TEXTS.filter(bool), st.lists(TEXTS, max_size=2), st.lists(st.tuples(WORDS, TEXTS), max_size=4), TEXTS)
def test_no_line_is_too_wide_and_no_word_is_broken(
    heading: str, sentences: list[str], fields: list[tuple[str, str]], command: str
) -> None:
    """Every word of at most 36 letters is found whole, whatever a block holds."""
    lines = list(block_lines(TextBlock(heading, sentences, [Labelled(*each) for each in fields], [command]), 80))

    told = " ".join([heading, *sentences, command, *(text for _, text in fields)]).split()
    assert widest(lines) <= 80
    assert not set(told) - set(" ".join(lines).split())


COMMANDS = [
    *("reviews", "reviews --full", "reviews --reason clone", "decisions"),
    *("decide same FIRST --preview", "decide different LAST --preview --full", "decide same LAST --preview"),
    *("decide different cw_manage:4711 cw_automate:4702 --preview", "decide same ACD-VM08 FNO-FILES01 --preview"),
    *("syncs", "syncs --full", "changes --limit 200", "changes --limit 200 --full", "changes --after 0 --limit 50"),
    *("check", "check --all", "quarantine"),
]
"""What is typed in each case; FIRST and LAST stand for the numbers of reviews."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the store of the demo, once."""
    folder = tmp_path_factory.mktemp("demo")
    process = start(folder, "demo", "--no-serve", "--keep", ".")
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return folder / "demo.db"


@pytest.fixture(scope="module")
def identifiers(demo: Path) -> frozenset[str]:
    """Return what a person copies: records and their ids, serials and GUIDs."""
    store = open_store(f"sqlite:///{demo}")
    found: set[str] = set()
    with store.reading() as connection:
        for record in records.every(connection):
            serial = record.get("serial", "")
            found |= {f"{record['provider']}:{record['id']}", record["id"], record.get("bios_guid", "")}
            found |= {serial} if isinstance(serial, str) else set(serial)
    store.engine.dispose()
    return frozenset(each for each in found if len(each) > 10 and " " not in each)


def broken(text: str, whole: frozenset[str]) -> Iterator[str]:
    """Yield the identifiers of which a text has a line that ends within one, and another that goes on with it."""
    lines = [line.strip() for line in text.splitlines()]
    for above, below in pairwise(lines):
        head, tail = above.split()[-1:], below.split()[:1]
        if head and tail and head[0] + tail[0] in whole and not {head[0], tail[0]} & whole:
            yield head[0] + tail[0]


@pytest.mark.usefixtures("logging_as_before")
@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_of_a_command_is_wider_than_80_columns_and_no_identifier_is_broken(
    command: str, run: Run, demo: Path, identifiers: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a pipe as on a terminal; a store has no path that is wider, as that of a test has."""
    monkeypatch.setenv("Database__Url", "sqlite:///demo.db")
    monkeypatch.chdir(demo.parent)
    numbers = [str(each["number"]) for each in json.loads(run("reviews", "--json").out)]
    ran = run(*shlex.split(command.replace("FIRST", numbers[0]).replace("LAST", numbers[-1])))

    assert ran.code == 0, ran.err
    assert [line for line in ran.out.splitlines() if widest([line]) > 80] == []
    assert list(broken(ran.out, identifiers)) == []
