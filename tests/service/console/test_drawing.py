"""The picture of the evidence: where everything stands."""

import re

from matching.model import Key
from service.console.drawing import BOX_HEIGHT, BOX_WIDTH, MOST_VALUES, draw
from service.devices.evidence_graph import EdgeState, EvidenceEdge, EvidenceGraph

A, B, X = Key("cw_manage", "1"), Key("cw_rmm", "2"), Key("ninjaone", "3")


def edge(key: Key, value: str, state: EdgeState = EdgeState.ACCEPTED, kind: str = "serial") -> EvidenceEdge:
    """Return an edge."""
    return EvidenceEdge(key, kind, value, state, "The reason.")


def graph(*edges: EvidenceEdge, members: tuple[Key, ...] = (A, B), others: tuple[Key, ...] = ()) -> EvidenceGraph:
    """Return a graph of two records and perhaps one that is kept apart."""
    return EvidenceGraph(members, others, {}, edges, 0, ())


def test_records_stand_left_identifiers_between_and_others_right() -> None:
    """All inside the picture, and no two boxes on each other."""
    drawn = draw(graph(edge(A, "S1"), edge(B, "S1"), edge(X, "S1", EdgeState.VETOED), others=(X,)))

    places = {each.text: each.x for each in drawn.boxes}
    assert places["1"] == places["2"] < places["S1"] < places["3"]
    assert len({(each.x, each.y) for each in drawn.boxes}) == len(drawn.boxes) == 4
    assert all(0 <= each.x <= drawn.width - BOX_WIDTH for each in drawn.boxes)
    assert all(0 <= each.y <= drawn.height - BOX_HEIGHT for each in drawn.boxes)


def test_without_others_the_picture_is_narrower() -> None:
    """No empty column."""
    assert draw(graph(edge(A, "S1"))).width < draw(graph(edge(A, "S1"), others=(X,))).width


def test_a_line_leads_from_the_box_of_its_record_to_that_of_its_identifier() -> None:
    """From the right side of the left box to the left side of the right one; its mark stands between the two."""
    drawn = draw(graph(edge(A, "S1"), edge(X, "S1", EdgeState.VETOED), others=(X,)))

    boxes = {each.text: each for each in drawn.boxes}
    own, other = drawn.edges
    for line, left, right in ((own, boxes["1"], boxes["S1"]), (other, boxes["S1"], boxes["3"])):
        x1, y1, *_, x2, y2 = map(float, re.findall(r"[\d.]+", line.path))
        assert (x1, y1) == (left.x + BOX_WIDTH, left.y + BOX_HEIGHT / 2)
        assert (x2, y2) == (right.x, right.y + BOX_HEIGHT / 2)
        assert x1 < line.x < x2
        assert min(y1, y2) <= line.y <= max(y1, y2)


def test_the_title_of_a_line_says_what_it_does_and_why() -> None:
    """For who points at it; the table says the same."""
    [line] = draw(graph(edge(A, "S1", EdgeState.SUPPRESSED), members=(A,))).edges

    assert line.title == "cw_manage:1, serial S1: no evidence. The reason."


def test_of_many_identifiers_those_that_say_most_are_drawn() -> None:
    """What keeps apart, and what joins; the rest is counted."""
    alone = [edge(A, f"S{number:02}") for number in range(MOST_VALUES + 5)]
    drawn = draw(
        graph(
            *alone,
            edge(A, "SHARED"),
            edge(B, "SHARED"),
            edge(A, "APART"),
            edge(X, "APART", EdgeState.VETOED),
            others=(X,),
        )
    )

    texts = {each.text for each in drawn.boxes}
    assert {"SHARED", "APART"} <= texts
    assert drawn.left_out == 7
    assert len(drawn.boxes) == 3 + MOST_VALUES


def test_a_long_value_is_cut_in_its_box_and_whole_in_its_title() -> None:
    """It would stand out of the box."""
    value = "V" * 100
    drawn = draw(graph(edge(A, value)))

    [box] = [each for each in drawn.boxes if each.above == "serial"]
    assert len(box.text) < 40
    assert box.title == f"serial {value}"
