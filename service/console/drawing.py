"""
Draw the evidence around a device: its records on one side, the identifiers between, records kept apart on the other.

Only places are worked out here; a template makes the picture of them. What an edge means is shown by its line and by
the mark on it, not by its colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from matching.model import Key, Kind
from service.devices.evidence_graph import DECISION, EdgeState, EvidenceEdge, EvidenceGraph
from service.devices.naming import short_record

MOST_VALUES = 24
"""Identifiers that are drawn; the others are in the table alone."""

LONGEST_TEXT = 36
"""Letters that fit into a box: a GUID does."""

BOX_WIDTH, BOX_HEIGHT = 308.0, 42.0
PITCH, GAP, MARGIN = 54.0, 110.0, 12.0
"""
Pixels from one box to the next below it, between two columns, and around all. All sizes are floats, because pages write
integers with thousands separators.
"""

LEAST, MOST = 0.25, 0.75
"""The marks of an identifier stand between these parts of the way, each identifier's a little further than the last."""

T = TypeVar("T")

ShownValue = tuple[str, str]
"""A kind, and a value as it is shown."""


class DrawnBox(NamedTuple):
    """A record or an identifier: the corner of its box, its two lines, the whole text, and what it is."""

    x: float
    y: float
    above: str
    text: str
    title: str
    role: str


class DrawnEdge(NamedTuple):
    """A line between two boxes, where its mark stands, and what it says."""

    path: str
    x: float
    y: float
    state: EdgeState
    title: str


@dataclass(frozen=True)
class Drawing:
    """All boxes and lines with the size of the picture; `left_out` counts identifiers that are not drawn."""

    width: float
    height: float
    boxes: Sequence[DrawnBox]
    edges: Sequence[DrawnEdge]
    left_out: int


def draw(graph: EvidenceGraph) -> Drawing:
    """Return the places of everything in the picture of a device's evidence."""
    order = {key: place for place, key in enumerate((*graph.members, *graph.others))}
    edges = _by_identifier(graph.edges)
    drawn = sorted(edges, key=lambda each: _importance(edges[each]))[:MOST_VALUES]
    drawn.sort(key=lambda each: (_middle(edges[each], order), each))
    rows = max(len(graph.members), len(drawn), len(graph.others), 1)
    columns = 3 if graph.others else 2
    members = _column(0, rows, graph.members)
    values = _column(1, rows, drawn)
    others = _column(2, rows, graph.others)
    boxes = [
        *(_record_box(key, place, "record") for key, place in members.items()),
        *(_value_box(each, place, edges[each]) for each, place in values.items()),
        *(_record_box(key, place, "other") for key, place in others.items()),
    ]
    lines = [
        _line(each, members, values, others, LEAST + (MOST - LEAST) * (place + 0.5) / len(drawn))
        for place, node in enumerate(drawn)
        for each in edges[node]
    ]
    width = 2 * MARGIN + columns * BOX_WIDTH + (columns - 1) * GAP
    return Drawing(width, 2 * MARGIN + rows * PITCH - (PITCH - BOX_HEIGHT), boxes, lines, len(edges) - len(drawn))


def kind_label(kind: str) -> str:
    """
    Return what a page calls a kind of evidence.

    >>> kind_label("bios_guid"), kind_label("decision")
    ('BIOS GUID', 'decision')
    """
    return kind if kind == DECISION else Kind(kind).label


def _by_identifier(edges: Sequence[EvidenceEdge]) -> dict[ShownValue, list[EvidenceEdge]]:
    found: dict[ShownValue, list[EvidenceEdge]] = {}
    for each in edges:
        found.setdefault((each.kind, each.value), []).append(each)
    return found


def _importance(edges: Sequence[EvidenceEdge]) -> tuple[bool, bool, bool]:
    """What keeps apart or joins comes first, then what is no evidence, then what one record alone carries."""
    states = [each.state for each in edges]
    return EdgeState.VETOED not in states, len(edges) == 1, EdgeState.SUPPRESSED not in states


def _middle(edges: Sequence[EvidenceEdge], order: Mapping[Key, int]) -> float:
    """The mean place of the records that carry an identifier: in this order, fewer lines cross."""
    return sum(order[each.record] for each in edges) / len(edges)


def _column(column: int, rows: int, nodes: Sequence[T]) -> dict[T, tuple[float, float]]:
    """The corners of the boxes of a column, which stands in the middle of the height."""
    above = MARGIN + (rows - len(nodes)) * PITCH / 2
    x = MARGIN + column * (BOX_WIDTH + GAP)
    return {node: (float(x), above + place * PITCH) for place, node in enumerate(nodes)}


def _line(
    edge: EvidenceEdge,
    members: Mapping[Key, tuple[float, float]],
    values: Mapping[ShownValue, tuple[float, float]],
    others: Mapping[Key, tuple[float, float]],
    along: float,
) -> DrawnEdge:
    left, right = members.get(edge.record), values[edge.kind, edge.value]
    if left is None:
        left, right = right, others[edge.record]
    x1, y1, x2, y2 = left[0] + BOX_WIDTH, left[1] + BOX_HEIGHT / 2, right[0], right[1] + BOX_HEIGHT / 2
    bend = (x2 - x1) / 2
    path = f"M{x1:g} {y1:g} C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    title = f"{edge.record}, {kind_label(edge.kind)} {edge.value}: {edge.state.label}. {edge.reason}"
    return DrawnEdge(path, *_on_curve(x1, y1, x2, y2, along), edge.state, title)


def _on_curve(x1: float, y1: float, x2: float, y2: float, along: float) -> tuple[float, float]:
    """The point of a line that is `along` of the way from its left end; the bends of the curve are half way across."""
    rest = 1 - along
    bends = 3 * rest * rest * along, 3 * rest * along * along
    middle = (x1 + x2) / 2
    x = rest**3 * x1 + sum(bends) * middle + along**3 * x2
    y = (rest**3 + bends[0]) * y1 + (bends[1] + along**3) * y2
    return round(x, 1), round(y, 1)


def _record_box(key: Key, place: tuple[float, float], role: str) -> DrawnBox:
    return DrawnBox(*place, key.provider, _cut(short_record(str(key)).partition(":")[2]), str(key), role)


def _value_box(node: ShownValue, place: tuple[float, float], edges: Sequence[EvidenceEdge]) -> DrawnBox:
    kind, value = kind_label(node[0]), node[1]
    return DrawnBox(*place, kind, _cut(value), f"{kind} {value}", _role(edges))


def _role(edges: Sequence[EvidenceEdge]) -> str:
    if all(each.state is EdgeState.SUPPRESSED for each in edges):
        return "no-evidence"
    return "shared" if len(edges) > 1 else "value"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 2]}.."
