"""Take the pictures of the console from the folder that `samebox demo` keeps, as `make pictures` does."""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.end_to_end.console.browser import NARROW, WIDE, Scheme, Visit, chromium, visiting
from tests.end_to_end.console.pages import PAGES
from tests.end_to_end.console.service import copied


class Picture(NamedTuple):
    """A page as it is seen: how wide, how high at the most, how lit, and the part to which it is scrolled."""

    page: str
    width: int = WIDE
    height: int = 860
    scheme: Scheme = "light"
    part: str = ""

    def take(self, visit: Visit, file: Path) -> None:
        """Write the picture."""
        PAGES[self.page].open(visit)
        page = visit.page
        page.set_viewport_size({"width": self.width, "height": self.height})
        top = 0.0
        if self.part:
            box = page.locator(self.part).first.bounding_box()
            assert box, f"{self.page} has no {self.part}"
            top = box["y"]
        whole = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
        height = min(self.height, whole - top)
        page.screenshot(path=file, full_page=True, clip={"x": 0, "y": top, "width": self.width, "height": height})


PICTURES = {
    "console-overview": Picture("overview", height=720),
    "console-review": Picture("review", height=1000),
    "console-review-dark": Picture("review", height=760, scheme="dark"),
    "console-review-phone": Picture("review", NARROW, 780),
    "console-alike": Picture("reviews-alike"),
    "console-search": Picture("search-several"),
    "console-device": Picture("device-laptop", height=900),
    "console-evidence": Picture("device-under-review", part="section[aria-labelledby=evidence]"),
    "console-device-phone-dark": Picture("device-laptop", NARROW, 780, "dark"),
    "console-suggestion": Picture("device-says-nothing", height=480),
    "console-customers": Picture("customers"),
    "console-customer-correction": Picture("customer-correction", height=640),
    "console-shared-identifiers": Picture("shared-identifiers"),
    "console-decide": Picture("decide", height=760),
    "console-coverage": Picture("report-coverage", height=1100),
    "console-counts": Picture("report-counts", height=1000),
    "console-syncs": Picture("syncs"),
    "console-held": Picture("sync-held", height=780),
    "console-held-phone": Picture("sync-held", NARROW, 780, part="section[aria-labelledby=held]"),
    "console-quarantine": Picture("quarantine", height=560),
    "console-policy": Picture("policy", height=900),
}
"""Name of the file -> what is in it."""


def main(demo: Path, folder: Path) -> None:
    """Take every picture from a copy of the demo."""
    with tempfile.TemporaryDirectory() as copy, copied(demo, Path(copy)).served() as home, chromium() as browser:
        for name, picture in PICTURES.items():
            with visiting(browser, home, width=picture.width, scheme=picture.scheme) as visit:
                picture.take(visit, folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
