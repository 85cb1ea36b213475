"""A person's word binds, lasts, and can be taken back."""

from pathlib import Path

import pytest

from service.core.errors import BadRequest, Conflict, Contradiction, NotFound
from service.core.paging import PageRequest
from service.stewardship.deciding import LONGEST_TEXT, find_decision, list_decisions
from service.stewardship.reviewing import list_reviews
from tests.service.people import decide, preview, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
TWIN = GUID.replace("4C4C", "5C4C")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world of three boxes; two of them may be one."""
    world = Sandbox(tmp_path)
    world.push(
        record("a:1", serial="SN-10001", bios_guid=GUID, hostname="pc-1"),
        record("b:1", serial="SN-10001", bios_guid=TWIN, type="Laptop"),
        record("c:1", hostname="pc-3"),
    )
    return world


def compositions(world: Sandbox) -> set[frozenset[str]]:
    """Return what is one device with what."""
    return {frozenset(keys) for keys in world.groups().values()}


def test_same_joins_and_a_revocation_leaves_no_trace(world: Sandbox) -> None:
    """The devices follow at once, both ways, and the id that lived on stays."""
    before = world.groups()

    made = decide(world, "same", "b:1", "a:1")
    assert compositions(world) == {frozenset({"a:1", "b:1"}), frozenset({"c:1"})}
    assert (made.is_new, made.decision.left, made.decision.right) == (True, "a:1", "b:1")
    assert [each.what for each in made.changes] == ["merged", "retired"]

    taken = revoke(world, made.decision.id)
    assert compositions(world) == {frozenset(keys) for keys in before.values()}
    assert (taken.decision.revoked_by, taken.decision.revoked_why) == ("bob", "was a mistake")
    assert sorted(each.what for each in taken.changes) == ["changed", "split"]


def test_different_parts(world: Sandbox) -> None:
    """Records that agree on everything come apart when a person says so."""
    world.push(record("d:1", hostname="pc-9", serial="SN-90009"), record("e:1", hostname="pc-9", serial="SN-90009"))
    assert world.home("d:1") == world.home("e:1")

    decide(world, "different", "d:1", "e:1")

    assert world.home("d:1") != world.home("e:1")


def test_a_decision_outlives_its_records(world: Sandbox) -> None:
    """Gone and come back, synced again, changed: the word still binds."""
    decide(world, "same", "a:1", "c:1")

    world.delete("c:1")
    assert world.groups()[world.home("a:1")] == {"a:1"}
    world.sync("c", record("c:1", hostname="renamed"))
    world.sync("a", record("a:1", serial="SN-77777"))

    assert world.home("a:1") == world.home("c:1")


def test_the_same_word_twice_is_one(world: Sandbox) -> None:
    """Whoever says it second, in whatever order of the records, is given the decision that stands."""
    first = decide(world, "same", "a:1", "b:1", by="anna")
    before = world.everything()

    second = decide(world, "same", "b:1", "a:1", by="bob")

    assert (second.is_new, second.changes, second.decision) == (False, (), first.decision)
    assert world.everything() == before
    assert len(list_decisions(world).data) == 1


def test_a_decision_that_was_revoked_can_be_made_anew(world: Sandbox) -> None:
    """The old one stays in the list, for who asks for it; the new one has its own id."""
    first = decide(world, "same", "a:1", "b:1").decision
    assert revoke(world, first.id).is_new
    again = revoke(world, first.id, by="carla", why="another reason")
    second = decide(world, "same", "a:1", "b:1").decision

    assert (again.is_new, again.decision.revoked_by) == (False, "bob")
    assert second.id != first.id
    assert [each.id for each in list_decisions(world).data] == [second.id]
    assert {each.id for each in list_decisions(world, revoked=True).data} == {first.id, second.id}


def test_a_contradiction_is_refused_and_all_sides_are_named(world: Sandbox) -> None:
    """Through a chain of others too; who revokes one of those named can then decide. Nothing is stored meanwhile."""
    one = decide(world, "same", "a:1", "b:1", by="anna").decision
    two = decide(world, "same", "b:1", "c:1", by="bob").decision
    before = world.everything()

    with pytest.raises(Contradiction) as refused:
        decide(world, "different", "c:1", "a:1")

    assert refused.value.members["decision_id"] in {one.id, two.id}
    assert {(each["id"], each["verdict"], each["by"]) for each in refused.value.members["decisions"]} == {
        (one.id, "same", "anna"),
        (two.id, "same", "bob"),
    }
    assert all(part in str(refused.value) for part in (one.id, two.id, "anna", "bob", "a:1 and c:1"))
    with pytest.raises(Conflict):
        preview(world, "different", "a:1", "c:1")
    assert world.everything() == before
    revoke(world, two.id)
    decide(world, "different", "a:1", "c:1")
    with pytest.raises(Conflict, match=r"decision id-\d+ of anna .*: different\) and decision id-\d+ of anna .*: same"):
        decide(world, "same", "b:1", "c:1")


def test_a_decision_about_what_is_not_there_is_refused(world: Sandbox) -> None:
    """A misspelt record is told by its name; so is one record given twice."""
    with pytest.raises(NotFound, match="'a:99'"):
        decide(world, "same", "a:1", "a:99")
    with pytest.raises(BadRequest, match="both are the same one"):
        decide(world, "same", "a:1", "a:1")
    with pytest.raises(NotFound, match="no decision 'id-none'"):
        revoke(world, "id-none")
    assert list_decisions(world, revoked=True).data == []


@pytest.mark.parametrize("why", ["", "   ", "x" * (LONGEST_TEXT + 1), "nul \0", "half \ud800"])
def test_a_reason_has_to_be_one_that_can_be_stored(world: Sandbox, why: str) -> None:
    """Empty, endless, or not to be written by every database: refused before anything happens."""
    with pytest.raises(BadRequest, match="why"):
        decide(world, "same", "a:1", "b:1", why=why)


def test_a_preview_tells_all_and_changes_nothing(world: Sandbox) -> None:
    """Devices, values and reviews as they would be are those that the decision then brings; the store is as it was."""
    [question] = list_reviews(world).data
    before = world.everything()

    foreseen = preview(world, "same", "a:1", "b:1")

    assert world.everything() == before
    assert [each.id for each in foreseen.closes] == [question.id]
    assert foreseen.opens == []
    made = decide(world, "same", "a:1", "b:1")
    told = [(each.device_id, each.what, {**each.detail, "because": None}) for each in made.changes]
    assert [(each.device_id, each.what, {**each.detail, "because": None}) for each in foreseen.changes] == told
    assert foreseen.changes[0].detail["fields"]["type"] == {"from": None, "to": "Laptop"}
    assert list_reviews(world).data == []
    assert preview(world, "same", "a:1", "b:1").sentences == ["It stands already; nothing would change."]


def test_a_preview_of_a_split_invents_no_id(world: Sandbox) -> None:
    """A device that would be new has a name that nobody can take for an id, and a review may open."""
    world.push(record("d:1", serial="SN-90009"), record("e:1", serial="SN-90009"))
    next_id = world.new_id()

    foreseen = preview(world, "different", "d:1", "e:1")

    assert next((each.device_id, each.what) for each in foreseen.changes) == ("new-1", "split")
    assert f"id-{int(next_id[-4:]) + 1:04}" == world.new_id()


def test_a_change_names_the_decision_behind_it(world: Sandbox) -> None:
    """Which, by whom and why, also when it is taken back."""
    made = decide(world, "same", "a:1", "b:1")
    taken = revoke(world, made.decision.id)

    assert all(each.detail["because"]["decision"] == made.decision.id for each in made.changes)
    assert {each.detail["because"]["by"] for each in taken.changes} == {"bob"}
    assert "By a decision of anna: same box (saw both stickers)." in made.changes[0].sentence
    assert "By bob, who revoked the decision: same box (was a mistake)." in taken.changes[0].sentence


def test_a_decision_is_found_by_its_id_also_when_it_is_revoked(world: Sandbox) -> None:
    """An id that there is not is told."""
    made = decide(world, "same", "a:1", "b:1").decision
    assert find_decision(world, made.id) == made
    assert made != revoke(world, made.id).decision == find_decision(world, made.id)
    with pytest.raises(NotFound, match="no decision 'nothing'"):
        find_decision(world, "nothing")


def test_decisions_come_in_pages(world: Sandbox) -> None:
    """Each once, in order of id."""
    made = [decide(world, "different", *pair).decision for pair in (("a:1", "b:1"), ("a:1", "c:1"), ("b:1", "c:1"))]

    first = list_decisions(world, PageRequest(2))
    rest = list_decisions(world, PageRequest(2, first.next_cursor))

    assert [*first.data, *rest.data] == made
    assert rest.next_cursor is None
