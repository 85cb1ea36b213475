"""The summary of a run counts what is in the files and what came of it."""

from dataclasses import replace
from pathlib import Path

from matching.clustering.partition import partition
from matching.model import Key, Kind, SharedValue
from matching.policy import Policy
from service.core.workers import NO_WORKERS
from service.files.gathering import gather
from service.files.linking import link
from service.files.summary import MOST_HOLDERS, summarise
from service.ingest.linefiles import LineFiles
from tests.service.files.matching import A17, CW, SERVER, ndjson


def test_every_line_and_every_record_is_counted_once(tmp_path: Path) -> None:
    """Lines are records, repeated or rejected; records are counted by provider, devices by how many they have."""
    path = ndjson(tmp_path / "f", [CW, A17, "{", SERVER, CW])
    with LineFiles([str(path)], tmp_path) as files:
        gathered = gather(files, Policy(), NO_WORKERS)
    whole = partition(gathered.identities, Policy())

    told = summarise(gathered, whole, link(whole, NO_WORKERS, with_reviews=True))

    assert (told["records"], told["repeated_lines"], told["rejected_lines"]) == (3, 1, 1)
    assert told["records_by_provider"] == {"cw_manage": 1, "rmm_alpha": 2}
    assert (told["devices"], told["devices_by_records"]) == (2, {"1": 1, "2": 1})
    assert (told["reviews"], told["reviews_by_reason"]) == (0, {})


def test_of_many_holders_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    """A placeholder that a whole fleet carries does not fill the summary."""
    path = ndjson(tmp_path / "f", [CW])
    with LineFiles([str(path)], tmp_path) as files:
        gathered = gather(files, Policy(), NO_WORKERS)
    whole = partition(gathered.identities, Policy())
    holders = tuple(Key("a", f"{number:03}") for number in reversed(range(MOST_HOLDERS + 5)))
    shared = SharedValue(Kind.SERIAL, "5CG1234ABC", "on too many boxes", holders)
    whole = replace(whole, calibration=replace(whole.calibration, shared=(shared,)))

    [value] = summarise(gathered, whole, link(whole, NO_WORKERS, with_reviews=True))["over_shared"]

    assert value["holder_count"] == MOST_HOLDERS + 5
    assert value["holders"] == [f"a:{number:03}" for number in range(MOST_HOLDERS)]
