"""
Draw which combination of feeds sees how many devices: a bar a combination, below it a dot for each of its feeds.

Everything is drawn in the colour of the text around it, so that the picture is readable on a light page and on a dark
one, and needs no style that a page may forbid. Who cannot see it finds the numbers in its description.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.reports.catalogue.coverage.totals import CoverageCombination
from service.reports.pictures.svg_text import CELL, FONT, cells, shortened, svg_safe
from service.reports.rules import FeedRole

MOST_BARS = 12
"""Combinations that have a bar; the others are counted in a line below."""

LONGEST_NAME = 24
"""Letters of a provider's name that are shown; the whole of it is in the description."""

SIZE, SMALL = 12, 11
"""Height of letters, and of those of numbers above bars."""

MARGIN, HEADING, BARS, ROW, GAP = 12, 34, 160, 24, 10
"""Heights, in pixels: around all, of the heading, of the longest bar, of a feed, between bars and feeds."""

NARROWEST, LEAST_WIDTH = 40, 420
"""Width of a column at the least, and of the whole picture."""

TITLE = "Which feeds see how many devices"


def coverage_svg(combinations: Sequence[CoverageCombination]) -> str:
    """Return the picture of combinations, which come in order, as an SVG document that may also stand in a page."""
    return _Picture(combinations).drawn()


@dataclass(frozen=True)
class _Feed:
    """A provider: its name and role as shown, and how many devices it lists."""

    provider: str
    role: FeedRole
    devices: int


class _Picture:
    """The places of everything; columns are combinations, rows are feeds."""

    def __init__(self, combinations: Sequence[CoverageCombination]) -> None:
        self.all = combinations
        self.shown = combinations[:MOST_BARS]
        self.rest = combinations[MOST_BARS:]
        self.total = sum(each.devices for each in combinations)

    @cached_property
    def feeds(self) -> list[_Feed]:
        """Every provider of the combinations, in order of role and name."""
        roles = {provider: role for each in self.all for provider, role in zip(each.providers, each.roles, strict=True)}
        order = list(FeedRole)
        return [
            _Feed(provider, role, sum(each.devices for each in self.all if provider in each.providers))
            for provider, role in sorted(roles.items(), key=lambda item: (order.index(item[1]), item[0]))
        ]

    @cached_property
    def label_width(self) -> float:
        """Of name, role and number of the feeds."""
        widths = [
            max((cells(text) for text in texts), default=0)
            for texts in (
                [self.name(feed) for feed in self.feeds],
                [feed.role.label for feed in self.feeds],
                [f"{feed.devices:,}" for feed in self.feeds],
            )
        ]
        return (sum(widths) + 5) * SIZE * CELL

    @cached_property
    def column(self) -> float:
        """The width of a column: no number touches the next."""
        return max(NARROWEST, max(cells(f"{each.devices:,}") for each in self.shown) * SMALL * CELL + 12)

    @property
    def width(self) -> float:
        """Of the whole picture; also its texts have to fit in."""
        texts = (SIZE + 2) * CELL * cells(TITLE), SIZE * CELL * cells(self.note)
        drawn = self.label_width + self.column * len(self.shown) if self.shown else 0
        return 2 * MARGIN + max(LEAST_WIDTH, drawn, *texts)

    @property
    def height(self) -> float:
        """Of the whole picture."""
        if not self.shown:
            return 2 * MARGIN + HEADING + ROW
        return 2 * MARGIN + HEADING + SIZE + BARS + GAP + ROW * len(self.feeds) + ROW * bool(self.rest)

    @property
    def note(self) -> str:
        """What the bars do not show."""
        if not self.shown:
            return "No device is in use."
        return (
            f"{len(self.rest):,} further combinations see {sum(each.devices for each in self.rest):,} devices."
            if self.rest
            else ""
        )

    def name(self, feed: _Feed) -> str:
        return shortened(feed.provider, LONGEST_NAME)

    def row(self, place: int) -> float:
        """The middle of a feed's row."""
        return MARGIN + HEADING + SIZE + BARS + GAP + ROW * (place + 0.5)

    def middle(self, place: int) -> float:
        """The middle of a combination's column."""
        return MARGIN + self.label_width + self.column * (place + 0.5)

    def drawn(self) -> str:
        described = "; ".join(_sentence(each, self.total) for each in self.shown)
        text = f"{described}. {self.note}" if described else self.note
        return "\n".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
                f' width="{self.width:.0f}" height="{self.height:.0f}" role="img" fill="currentColor" {FONT}'
                f' font-size="{SIZE}" aria-labelledby="coverage-title coverage-description">',
                f'<title id="coverage-title">{TITLE}</title>',
                f'<desc id="coverage-description">{svg_safe(text.strip())}</desc>',
                f'<text x="{MARGIN}" y="{MARGIN + SIZE}" font-size="{SIZE + 2}" font-weight="bold">{TITLE}</text>',
                *self._rows(),
                *(part for place, each in enumerate(self.shown) for part in self._column(place, each)),
                *self._note(),
                "</svg>\n",
            )
        )

    def _rows(self) -> Iterator[str]:
        end = MARGIN + self.label_width
        for place, feed in enumerate(self.feeds):
            y = self.row(place)
            if place % 2 == 0:
                wide = self.label_width + self.column * len(self.shown)
                yield (
                    f'<rect x="{MARGIN}" y="{y - ROW / 2:g}" width="{wide:.1f}" height="{ROW}" fill-opacity="0.07"/>'
                )
            line, role = y + SIZE / 3, f'<tspan fill-opacity="0.75">{feed.role.label}</tspan>'
            yield f'<text x="{MARGIN + 4}" y="{line:g}">{svg_safe(self.name(feed))} {role}</text>'
            yield f'<text x="{end - 10:.1f}" y="{line:g}" text-anchor="end">{feed.devices:,}</text>'

    def _column(self, place: int, combination: CoverageCombination) -> Iterator[str]:
        x, base = self.middle(place), MARGIN + HEADING + SIZE + BARS
        tall = max(1.0, BARS * combination.devices / max(1, self.shown[0].devices))
        wide = self.column * 0.6
        yield f"<g><title>{svg_safe(_sentence(combination, self.total))}</title>"
        yield (
            f'<rect x="{x - wide / 2:.1f}" y="{base - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
            ' fill-opacity="0.7"/>'
        )
        yield (
            f'<text x="{x:.1f}" y="{base - tall - 4:.1f}" font-size="{SMALL}" text-anchor="middle">'
            f"{combination.devices:,}</text>"
        )
        listed = [feed.provider in combination.providers for feed in self.feeds]
        yield from (self._dot(x, row, 3, 0.25) for row, is_listed in enumerate(listed) if not is_listed)
        rows = [self.row(row) for row, is_listed in enumerate(listed) if is_listed]
        yield (
            f'<line x1="{x:.1f}" y1="{rows[0]:g}" x2="{x:.1f}" y2="{rows[-1]:g}" stroke="currentColor"'
            ' stroke-width="2"/>'
        )
        yield from (self._dot(x, row, 6, 1) for row, is_listed in enumerate(listed) if is_listed)
        yield "</g>"

    def _dot(self, x: float, row: int, radius: int, opacity: float) -> str:
        return f'<circle cx="{x:.1f}" cy="{self.row(row):g}" r="{radius}" fill-opacity="{opacity}"/>'

    def _note(self) -> Iterator[str]:
        if self.note:
            yield f'<text x="{MARGIN}" y="{self.height - MARGIN - 6:g}">{self.note}</text>'


def _sentence(combination: CoverageCombination, total: int) -> str:
    """`cw_manage (PSA) and cw_rmm (RMM): 900 devices, 75 %`."""
    pairs = zip(combination.providers, combination.roles, strict=True)
    *others, last = (f"{provider} ({role.label})" for provider, role in pairs)
    who = f"{', '.join(others)} and {last}" if others else f"{last} alone"
    share = 100 * combination.devices / max(1, total)
    return f"{who}: {combination.devices:,} device{'s' * (combination.devices != 1)}, {share:.0f} %"
