"""The generator: the same bytes for the same seed, a documented fleet, identities built as makers build them."""

from pathlib import Path

import pytest

from service.demo.data import FEEDS
from service.demo.fleet.feeds import draw_fleet, feeds
from service.demo.fleet.generate import SEED, main, table
from service.demo.fleet.guids import dell_guid, hp_server_guid, swapped, vmware_serial
from service.demo.fleet.pathologies import PATHOLOGIES, DemoFleet

README = FEEDS.parent / "README.md"


@pytest.fixture(scope="module")
def fleet() -> DemoFleet:
    return draw_fleet(SEED)


def test_the_committed_feeds_are_what_the_generator_writes(fleet: DemoFleet) -> None:
    """No file differs by a byte, none is missing, none is left over."""
    committed = {path.relative_to(FEEDS).as_posix(): path.read_bytes() for path in FEEDS.rglob("*.*")}

    assert committed == {path: text.encode() for path, text in feeds(fleet).items()}


def test_the_command_writes_the_same_files_elsewhere(
    tmp_path: Path, fleet: DemoFleet, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--out` takes another folder, and the table of pathologies is printed."""
    main(["--out", str(tmp_path)])

    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert written == set(feeds(fleet))
    assert capsys.readouterr().out.strip() == table(fleet)


def test_another_seed_gives_another_fleet_with_the_same_pathologies() -> None:
    """Every pathology that is aimed at occurs as often under any seed; the records are others."""
    other = draw_fleet(SEED + 1)

    assert feeds(other)["truth.csv"] != (FEEDS / "truth.csv").read_text()
    assert all(other.tally[pathology.name] > 0 for pathology in PATHOLOGIES)


def test_the_readme_has_the_real_counts(fleet: DemoFleet) -> None:
    """The table of pathologies in the README is the one that the generator prints."""
    assert table(fleet) in README.read_text(encoding="utf-8")


def test_every_pathology_that_is_counted_is_in_the_catalogue(fleet: DemoFleet) -> None:
    """Nothing goes wrong under a name that the README does not explain, and nothing explained is absent."""
    assert {name for name, count in fleet.tally.items() if count} == {pathology.name for pathology in PATHOLOGIES}


def test_the_feeds_stay_small() -> None:
    """All feeds together are below two megabytes."""
    assert sum(path.stat().st_size for path in FEEDS.rglob("*.*")) < 2_000_000


def test_guids_are_built_as_the_makers_build_them() -> None:
    """Published examples of Dell, HP and VMware come out digit by digit."""
    assert dell_guid("D34623J") == "4C4C4544-0033-3410-8036-C4C04F32334A"
    assert hp_server_guid("859084", "MXQ65102P1") == "30393538-3438-584D-5136-353130325031"
    raw = "420E3F74-EA84-F9A2-7736-6106BB5DBF6B"
    assert vmware_serial(raw) == "VMware-42 0e 3f 74 ea 84 f9 a2-77 36 61 06 bb 5d bf 6b"
    assert swapped(raw) == "743F0E42-84EA-A2F9-7736-6106BB5DBF6B"
    assert swapped(swapped(raw)) == raw
