"""The summary of a run counts what is in the files and what came of it."""

from dataclasses import replace
from pathlib import Path

from matching.clustering.partition import partition
from matching.model import Key, Kind, SharedValue
from matching.policy import Policy
from service.core.workers import NO_WORKERS
from service.files.gathering import gather
from service.files.linking import link
from service.files.summary import MOST_HOLDERS, counted_in, summarise
from service.ingest.linefiles import LineFiles
from tests.service.files.matching import A17, CW, SERVER, ndjson


def test_every_line_and_every_record_is_counted_once(tmp_path: Path) -> None:
    """Lines are records, repeated or rejected; records are counted by provider, devices by how many they have."""
    path = ndjson(tmp_path / "f", [CW, A17, "{", SERVER, CW])
    with LineFiles([str(path)], tmp_path) as files:
        gathered = gather(files, Policy(), NO_WORKERS)
    whole = partition(gathered.identities, Policy())

    told = summarise(counted_in(gathered, whole, link(whole, NO_WORKERS, with_reviews=True)))

    assert (told["records"], told["repeated_lines"], told["rejected_lines"]) == (3, 1, 1)
    assert told["records_by_provider"] == {"cw_manage": 1, "rmm_alpha": 2}
    assert (told["devices"], told["devices_by_records"]) == (2, {"1": 1, "2": 1})
    assert (told["reviews"], told["reviews_by_reason"]) == (0, {})


def test_what_the_records_say_is_counted_before_calibration(tmp_path: Path) -> None:
    """A value that is over-shared is said all the same; a line that does not stand is in no count."""
    rows = [{"provider": "a", "id": f"{n:02}", "hostname": f"pc-{n:04}", "serial": "5CG1234ABC"} for n in range(25)]
    path = ndjson(tmp_path / "f", [*rows, CW, rows[0]])
    with LineFiles([str(path)], tmp_path) as files:
        gathered = gather(files, Policy(), NO_WORKERS)
    whole = partition(gathered.identities, Policy())

    told = summarise(counted_in(gathered, whole, link(whole, NO_WORKERS, with_reviews=True)))

    assert [value["value"] for value in told["over_shared"]] == ["5CG1234ABC"]
    assert told["evidence_by_provider"] == {
        "a": {"bios_guid": 0, "serial": 25, "link": 0, "mac": 0, "hostname": 25, "company": 0},
        "cw_manage": {"bios_guid": 0, "serial": 1, "link": 0, "mac": 1, "hostname": 1, "company": 1},
    }
    [warning] = told["warnings"]
    assert warning.startswith("a: none of 25 records names a company, so its hostnames join nobody")


def test_of_many_holders_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    """A placeholder that a whole fleet carries does not fill the summary."""
    path = ndjson(tmp_path / "f", [CW])
    with LineFiles([str(path)], tmp_path) as files:
        gathered = gather(files, Policy(), NO_WORKERS)
    whole = partition(gathered.identities, Policy())
    holders = tuple(Key("a", f"{number:03}") for number in reversed(range(MOST_HOLDERS + 5)))
    shared = SharedValue(Kind.SERIAL, "5CG1234ABC", "on too many boxes", holders)
    whole = replace(whole, calibration=replace(whole.calibration, shared=(shared,)))

    [value] = summarise(counted_in(gathered, whole, link(whole, NO_WORKERS, with_reviews=True)))["over_shared"]

    assert value["holder_count"] == MOST_HOLDERS + 5
    assert value["holders"] == [f"a:{number:03}" for number in range(MOST_HOLDERS)]
