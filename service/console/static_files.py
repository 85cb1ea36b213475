"""The files that pages are made with: read once, and each under an address that changes with its text."""

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "static"

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript"}


class StaticFile(NamedTuple):
    """A file that pages are made with; `version` is another one for another text."""

    text: str
    media_type: str
    version: str


def _read(path: Path) -> StaticFile:
    text = path.read_text("utf-8")
    return StaticFile(text, MEDIA_TYPES[path.suffix], sha256(text.encode()).hexdigest()[:12])


FILES = {path.name: _read(path) for path in sorted(HERE.iterdir())}
"""The files by their names: nothing else is served."""


def address(name: str) -> str:
    """
    Return the address of a file, which browsers may keep for good.

    >>> address("console.css").partition("?v=")[0]
    '/static/console.css'
    """
    return f"/static/{name}?v={FILES[name].version}"
