"""What the house promises beyond any one module: floors, sizes, docs that keep step with the code."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from matching.clustering.vetoes import VETOES
from matching.model import Kind, ReviewReason
from service.cli.commands import COMMANDS
from service.cli.reference import PAGES
from service.core.settings import known_settings
from tests.service.api.conftest import the_document

ROOT = Path(__file__).parent.parent
PACKAGES = ("matching", "service")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
REFERENCE = ROOT / "docs" / "reference"
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

PURE = """
    bisect collections contextlib copy dataclasses datetime enum functools hashlib heapq ipaddress itertools json math
    operator re statistics string types typing unicodedata uuid zlib
"""
"""What the engine may take of the standard library: nothing that reaches a file, a clock, a process or the network."""

WORLD = {"open", "print", "input", "breakpoint", "exec", "eval", "now", "today", "utcnow", "uuid1", "uuid4", "getnode"}
"""Names whose call reaches out of the engine even so."""

MATCHING_FLOORS = """
    version codes errors model checksums disjoint_sets records policy values evidence calibration clustering relations
    results
"""
"""The rooms of `matching` from the bottom to the top: each imports only rooms before it, and itself."""

SERVICE_FLOORS = [
    "core",
    "store ingest",
    "columns",
    "resolution",
    "syncs",
    "intake",
    "stewardship",
    "devices",
    "access files",
    "spark",
    "reports",
    "api",
    "server",
    "console",
    "app cli demo",
]
"""The floors of `service` from the bottom to the top. Rooms of one floor do not know each other, but for the doors."""

STORE_FLOORS = "database access ingested resolved indexes stewardship migrations schema state engine world"
"""The rooms of `service.store` from the bottom to the top: each imports only rooms before it, and itself."""

TESTED_ELSEWHERE = {
    "matching/relations/database.py",  # a protocol: every test of the room runs on an implementation
    "service/core/progress.py",  # a protocol, and a function that does nothing
    "service/store/database/interface.py",  # a protocol: every test of the store runs on both databases
    "service/store/database/dialects.py",  # one mapping, by which every test of the store finds its database
}
"""Modules without a page of tests, each with the reason."""

TERMINAL = {"cli", "demo"}
"""The rooms of `service` that may write to standard output."""


def module_name(path: Path) -> str:
    """Return the dotted name under which a file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the second part of a dotted name."""
    return [*module.split("."), ""][1]


def height(module: str) -> int:
    """Return the floor of a module of `service`, counted from the bottom."""
    [found] = [place for place, rooms in enumerate(SERVICE_FLOORS) if room_of(module) in rooms.split()]
    return found


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything a file imports, wherever in it; relative imports by their full name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(path: Path) -> set[str]:
    """Return the top-level packages a file imports."""
    return {name.partition(".")[0] for name in imports(path)}


def calls(path: Path) -> set[str]:
    """Return the last name of everything a file calls."""
    called = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in called}


def name_of(node: ast.AST) -> str:
    """Return what a node names, without what it is an attribute of; empty where it names nothing."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def within(package: str) -> list[Path]:
    """Return the modules of one package."""
    return [path for path in MODULES if path.is_relative_to(ROOT / package)]


MADE_UP = [*within("service/demo/connectwise"), *within("service/demo/fleet"), ROOT / "service/demo/data.py"]
"""The fake server, the generator of the fleet, and what tells both where the data are."""


def named(path: Path) -> str:
    """Return a path as a test id."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", within("matching"), ids=named)
def test_the_engine_is_pure(path: Path) -> None:
    """matching knows the standard library without I/O, networkx and rapidfuzz; no clock, no chance, no output."""
    assert roots(path) <= {"matching", "networkx", "rapidfuzz", *PURE.split()}
    assert not calls(path) & WORLD


@pytest.mark.parametrize("path", within("service"), ids=named)
def test_each_floor_of_the_service_imports_only_floors_below(path: Path) -> None:
    """Store and ingest do not know each other, and nothing knows what stands above it."""
    here = module_name(path)
    rooms = {room_of(name) for name in imports(path) if name.startswith("service.")} - {room_of(here)}

    if here != "service":
        is_door = height(here) == len(SERVICE_FLOORS) - 1
        allowed = SERVICE_FLOORS if is_door else SERVICE_FLOORS[: height(here)]
        assert rooms <= set(" ".join(allowed).split())


@pytest.mark.parametrize("path", within("matching"), ids=named)
def test_each_room_of_the_engine_imports_only_rooms_below(path: Path) -> None:
    """What a record says is known before what all teach, and that before what is joined."""
    rooms = MATCHING_FLOORS.split()
    here = room_of(module_name(path))
    others = {room_of(name) for name in imports(path) if name.startswith("matching.")} - {here}

    assert not here or others <= set(rooms[: rooms.index(here)])


@pytest.mark.parametrize("path", within("service/store"), ids=named)
def test_each_room_of_the_store_imports_only_rooms_below(path: Path) -> None:
    """The tables are known before what is stored in them, and that before what opens a store."""
    rooms = STORE_FLOORS.split()
    here = room_of(module_name(path).removeprefix("service."))
    names = [name.removeprefix("service.") for name in imports(path) if name.startswith("service.store")]
    others = {room_of(name) for name in names} - {here}

    assert not here or others <= set(rooms[: rooms.index(here)])


@pytest.mark.parametrize("path", within("service"), ids=named)
def test_only_its_own_command_uses_the_demo(path: Path) -> None:
    """The service depends on nothing that is made up, and no installed module needs the checkout's `fixtures`."""
    uses_the_demo = any(room_of(name) == "demo" for name in imports(path) if name.startswith("service."))

    assert not uses_the_demo or room_of(module_name(path)) == "demo" or named(path) == "service/cli/demo.py"
    assert "fixtures" not in roots(path)


@pytest.mark.parametrize("path", within("service"), ids=named)
def test_only_the_store_knows_its_tables(path: Path) -> None:
    """A use case asks the module of a concept; which columns there are, the store alone knows."""
    own = module_name(path).startswith("service.store")

    tables = (
        "service.store.database.tables",
        "service.store.database.feed_tables",
        "service.store.database.billing_tables",
        "service.store.database.policy_tables",
    )
    assert own or not [name for name in imports(path) if name.startswith(tables)]


@pytest.mark.parametrize("path", within("service/store"), ids=named)
def test_the_store_hands_out_typed_rows(path: Path) -> None:
    """A row that is a dict is one in which nobody notices a column that is not there."""
    assert not calls(path) & {"mappings"}
    assert "RowMapping" not in path.read_text()


@pytest.mark.parametrize("path", MADE_UP, ids=named)
def test_what_is_made_up_shares_no_code_with_what_it_tests(path: Path) -> None:
    """A truth written by the code under test would prove nothing; all that is shared is where the data files are."""
    ours = {name for name in imports(path) if name.partition(".")[0] in {"matching", "service", "tests"}}
    package = "".join(f"{part}." for part in module_name(path).split(".")[:3])

    assert all(name.startswith((package, "service.demo.data.")) for name in ours)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    """Every module opens with its purpose, and is split by concept before 400 lines."""
    assert ast.get_docstring(tree(path)) or not tree(path).body
    assert len(path.read_text().splitlines()) < 400


def public_types(path: Path) -> Iterator[str]:
    """Yield the names of the classes and type aliases that a module defines for others."""
    for node in tree(path).body:
        names = [node.name] if isinstance(node, ast.ClassDef) else []
        if isinstance(node, ast.Assign | ast.AnnAssign):
            names = [name_of(each) for each in (node.targets if isinstance(node, ast.Assign) else [node.target])]
        yield from (name for name in names if re.match(r"[A-Z][a-z]", name))


def test_a_name_of_a_type_means_one_thing() -> None:
    """Who reads a name in one room may take it for what it is in another; shapes of the API are no exception."""
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for name in public_types(path):
            homes.setdefault(name, []).append(named(path))

    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("path", [*within("matching"), *within("service")], ids=named)
def test_a_module_has_its_page_of_tests(path: Path) -> None:
    """
    Tests mirror the code file by file, so a reader finds beside a module what it promises.

    The demo is tested by running it, migrations by walking them, the API's schemas on one page.
    """
    page = ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.name}"
    is_whole_elsewhere = path.name in {"__init__.py", "__main__.py"} or {"demo", "migrations", "schemas"} & set(
        path.parts
    )

    assert is_whole_elsewhere or named(path) in TESTED_ELSEWHERE or page.exists()


@pytest.mark.parametrize("path", within("service"), ids=named)
def test_only_the_terminal_rooms_write_to_standard_output(path: Path) -> None:
    """A service logs; only the command line prints."""
    assert room_of(module_name(path)) in TERMINAL or "print" not in calls(path)


def test_whatever_goes_wrong_is_caught_in_two_places_alone() -> None:
    """A worker tells its parent, and the command line writes a line; anywhere else it would hide a defect."""
    broad = {
        named(path): [
            node
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or {"Exception", "BaseException"} & {name_of(each) for each in ast.walk(node.type)})
        ]
        for path in within("service")
    }

    assert {name: len(found) for name, found in broad.items() if found} == {
        "service/cli/__init__.py": 1,
        "service/core/workers.py": 1,
    }


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("test_*.py")), ids=named)
def test_every_test_says_what_must_hold(path: Path) -> None:
    """A test without a docstring leaves its reader to guess."""
    tests = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]

    assert [test.name for test in tests if not ast.get_docstring(test)] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_says_what_the_program_says(name: str) -> None:
    """The pages that are committed are those that the program makes of itself."""
    written = (REFERENCE / name).read_text("utf-8")

    assert written == PAGES[name](), f"docs/reference/{name} is not what the program says: run `make reference`"


def test_every_reference_page_is_made_by_the_program() -> None:
    """A page that nothing makes would be behind the program one day."""
    assert {path.name for path in REFERENCE.iterdir()} == set(PAGES)


@pytest.mark.parametrize(("key", "default"), [(each.key, each.default) for each in known_settings()])
def test_every_setting_is_in_the_reference(key: str, default: str) -> None:
    """The page lists every key that the settings know, with the default that is in force and what it means."""
    page = (REFERENCE / "settings.md").read_text("utf-8")

    assert re.search(rf"^\| `{re.escape(key)}` \| `?{re.escape(default)}`? \| \S", page, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_reference(command: str) -> None:
    """The page describes every command there is."""
    page = (REFERENCE / "commands.md").read_text("utf-8")

    assert re.search(rf"^### samebox {command}\n\n```text\nsamebox {command} ", page, re.M)


def test_every_call_is_in_the_reference() -> None:
    """The page describes every path that the service answers, with its methods."""
    page = (REFERENCE / "calls.md").read_text("utf-8")
    calls = {
        f"{method.upper()} {path}" for path, operations in the_document()["paths"].items() for method in operations
    }

    assert [call for call in sorted(calls) if f"\n### {call}\n\n**" not in page] == []


def test_every_veto_and_reason_is_in_the_reference() -> None:
    """The page lists every kind of evidence, every veto and every reason of a review."""
    page = (REFERENCE / "vetoes.md").read_text("utf-8")

    assert [each for each in (*Kind, *ReviewReason) if not re.search(rf"\| `{each}` \| \S", page)] == []
    assert [veto.code for veto in VETOES if f"| `{veto.code}` | " not in page or veto.remedy not in page] == []


def requirement_names(requirements: list[str]) -> list[str]:
    """Return the bare names of requirement lines."""
    return [re.split(r"[\[<>=;~! ]", line, maxsplit=1)[0].lower() for line in requirements]


RUN_TIME = requirement_names(PROJECT["project"]["dependencies"])
EXTRAS = PROJECT["project"]["optional-dependencies"]
SPARK = requirement_names(EXTRAS["spark"])
DEVELOPMENT = requirement_names(
    [*PROJECT["build-system"]["requires"], *EXTRAS["dev"], *EXTRAS["client"], *EXTRAS["bench"]]
)


def test_every_dependency_is_explained_and_none_besides() -> None:
    """Each dependency has one line of reason, and no reason outlives its dependency."""
    reasons, _, _ = (ROOT / "docs/decisions/0004-dependencies.md").read_text().partition("## Considered and left out")
    explained = re.findall(r"^\| (?!dependency \|)([a-z][a-z0-9-]+) \| \S", reasons, re.M)

    assert explained == [*RUN_TIME, *SPARK, *DEVELOPMENT]


def test_every_run_time_dependency_is_imported() -> None:
    """What nothing imports is not worth its download."""
    imported = set().union(*(roots(path) for path in MODULES))

    assert [name for name in RUN_TIME if name.replace("-", "_") not in imported] == []


@pytest.mark.parametrize("path", LOCKS, ids=named)
def test_a_lock_has_hashes_and_names_no_index(path: Path) -> None:
    """Every pinned version carries its hashes, and where it comes from is for the machine to say."""
    text = path.read_text()
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]

    assert pins
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"://|-index|find-links|trusted-host", text)


def test_the_lock_knows_every_dependency() -> None:
    """A dependency added to pyproject.toml is locked by `make lock` before it lands."""
    pinned = {path.stem: set(re.findall(r"^([a-z0-9-]+)==", path.read_text(), re.M)) for path in LOCKS}

    assert set(RUN_TIME) <= pinned["run"] <= pinned["dev"] <= pinned["bench"]
    assert pinned["run"] | set(SPARK) <= pinned["spark"]
    assert set(DEVELOPMENT) <= pinned["bench"] | pinned["build"] | pinned["client"]
