"""What Prometheus is told of the fleet."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from matching.model import Record
from service.ingest.protocol import Quarantined
from service.reports.metrics import metrics
from service.resolution.recalibration import recalibrate
from service.syncs.synclog import sync_runs
from tests.service import people
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

Numbers = dict[tuple[str, ...], float]

GUID = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"


def told(world: Sandbox) -> Numbers:
    """Return name and label values -> value, as a scraper reads them."""
    text = metrics(world).decode()
    families = list(text_string_to_metric_families(text))
    assert {family.type for family in families} == {"gauge"}
    assert all(family.documentation for family in families)
    return {
        (sample.name.removeprefix("samebox_"), *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def boxes(provider: str, count: int) -> list[Record]:
    """Return records of so many boxes."""
    return [record(f"{provider}:{n}", serial=f"SN-{n:05}") for n in range(count)]


def test_an_empty_store_has_numbers_already(tmp_path: Path) -> None:
    """A dashboard works before the first sync."""
    assert told(Sandbox(tmp_path)) == {
        ("devices",): 0,
        ("decisions",): 0,
        ("reviews_answered", "taken"): 0,
        ("reviews_answered", "not_taken"): 0,
        ("calibration_held",): 0,
        ("last_change",): 0,
    }


def test_the_numbers_are_those_of_the_store(tmp_path: Path) -> None:
    """Records and rows set aside a provider, devices, reviews by reason, decisions, syncs and the place in the feed."""
    world = Sandbox(tmp_path)
    world.sync("alpha", *boxes("alpha", 3), quarantined=[Quarantined("alpha", "7", "no id", {})])
    world.sync("beta", record("beta:1", serial="SN-00001", bios_guid=GUID))
    world.push(record("gamma:1", serial="SN-00001", bios_guid=GUID.replace("7B", "8B")))
    made = people.decide(world, "different", "alpha:0", "alpha:1")
    people.decide(world, "different", "alpha:0", "alpha:2")
    people.revoke(world, made.decision.id)
    counted = world.rows("SELECT reason, count(*) FROM reviews GROUP BY reason")
    reviews: Numbers = {("reviews", reason): count for reason, count in counted}
    [beta, alpha] = sync_runs(world).data
    assert reviews
    assert alpha.finished_at
    assert beta.finished_at

    assert told(world) == {
        ("records", "alpha"): 3,
        ("records", "beta"): 1,
        ("records", "gamma"): 1,
        ("devices",): len(world.devices()),
        **reviews,
        ("decisions",): 1,
        ("reviews_answered", "taken"): 0,
        ("reviews_answered", "not_taken"): 0,
        ("quarantined_rows", "alpha"): 1,
        ("quarantined_rows", "beta"): 0,
        ("quarantined_rows", "gamma"): 0,
        ("last_sync_timestamp_seconds", "alpha"): alpha.finished_at.timestamp(),
        ("last_sync_timestamp_seconds", "beta"): beta.finished_at.timestamp(),
        ("sync_held", "alpha"): 0,
        ("sync_held", "beta"): 0,
        ("calibration_held",): 0,
        ("last_change",): world.rows("SELECT max(seq) FROM changes")[0][0],
    }


def test_how_often_people_take_the_proposal_is_a_number(tmp_path: Path) -> None:
    """Decisions that answer a review, by whether they are as it proposed; a revoked one counts no more."""
    world = Sandbox(tmp_path)
    other = f"5{GUID[1:]}"
    world.push(*(record(f"alpha:{n}", serial=f"SN-1000{n}", bios_guid=f"{GUID[:-1]}{n}") for n in range(3)))
    world.push(*(record(f"beta:{n}", serial=f"SN-1000{n}", bios_guid=f"{other[:-1]}{n}") for n in range(3)))
    verdicts = ["same", "same", "different"]
    made = [people.decide(world, verdict, f"alpha:{n}", f"beta:{n}") for n, verdict in enumerate(verdicts)]
    answered = told(world)
    people.revoke(world, made[0].decision.id)

    assert (answered["reviews_answered", "taken"], answered["reviews_answered", "not_taken"]) == (2, 1)
    assert told(world)["reviews_answered", "taken"] == 1


def test_a_held_sync_can_be_alarmed_on(tmp_path: Path) -> None:
    """Held it is 1 and the last success stays where it was; when the records are back it is 0."""
    world = Sandbox(tmp_path)
    world.sync("alpha", *boxes("alpha", 10))
    before = told(world)
    assert world.sync("alpha", *boxes("alpha", 2)).status == "held"
    held = told(world)
    world.sync("alpha", *boxes("alpha", 10))
    after = told(world)

    assert [numbers["sync_held", "alpha"] for numbers in (before, held, after)] == [0, 1, 0]
    success = "last_sync_timestamp_seconds", "alpha"
    assert before[success] == held[success] < after[success]


def test_a_held_calibration_can_be_alarmed_on(tmp_path: Path) -> None:
    """1 as long as it waits for a person."""
    world = Sandbox(tmp_path)
    first, *others = (record(f"alpha:{n}", bios_guid=GUID, hostname=f"image-{n}") for n in range(3))
    world.take_in(*boxes("beta", 20), first)
    for each in others:
        world.push(each)
    assert recalibrate(world).outcome == "held"

    assert told(world)["calibration_held",] == 1


def test_what_a_provider_calls_itself_cannot_forge_a_number(tmp_path: Path) -> None:
    """Quotes, backslashes and braces arrive as they were written, as a part of the one label."""
    world = Sandbox(tmp_path)
    hostile = 'a"} 1 \\n samebox_devices 99 #\\'
    world.take_in(record(f"{hostile}:1", serial="SN-10001"))  # a name from before there was a rule on them

    numbers = told(world)

    assert numbers["records", hostile] == 1
    assert numbers["devices",] == 1
