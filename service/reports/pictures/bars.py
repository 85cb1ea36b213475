"""A bar for each of some numbers, with its label and its value."""

from collections.abc import Sequence
from typing import NamedTuple

from service.reports.pictures.svg_text import shortened, svg_safe

LABELS, BARS, VALUES = 200, 360, 80
"""Width of the labels, of the longest bar, and of the values, in pixels."""

LINE = 26
"""Height of a bar with the space below it."""

THICKNESS = 16

LONGEST_LABEL = 28
"""Letters of a label; of a longer one begin and end are shown, and it can be read whole when it is pointed at."""


class Bar(NamedTuple):
    """A number with its label."""

    label: str
    value: int


def bars_svg(title: str, bars: Sequence[Bar]) -> str:
    """Return a bar chart as SVG; its title is what a screen reader says."""
    width, height = LABELS + BARS + VALUES, LINE * len(bars) + 4
    longest = max((bar.value for bar in bars), default=0) or 1
    said = "; ".join(f"{bar.label} {bar.value:,}" for bar in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}"'
        f' fill="currentColor" font-family="system-ui, sans-serif" font-size="13"><title>{svg_safe(f"{title}: {said}")}'
        f"</title>{''.join(_bar(place, bar, longest) for place, bar in enumerate(bars))}</svg>"
    )


def _bar(place: int, bar: Bar, longest: int) -> str:
    top = place * LINE + 4
    label = svg_safe(shortened(bar.label, LONGEST_LABEL))
    length = max(round(BARS * bar.value / longest), 1 if bar.value else 0)
    return (
        f"<g><title>{svg_safe(bar.label)}: {bar.value:,}</title>"
        f'<text x="{LABELS - 8}" y="{top + 13}" text-anchor="end">{label}</text>'
        f'<rect x="{LABELS}" y="{top}" width="{length}" height="{THICKNESS}" opacity="0.7"/>'
        f'<text x="{LABELS + length + 6}" y="{top + 13}">{bar.value:,}</text></g>'
    )
