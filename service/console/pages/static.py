"""`/static/`: what pages are made with. Anybody may have it, because it says nothing about the data."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from service.console.static_files import FILES

router = APIRouter()

KEPT = "public, max-age=31536000, immutable"
"""For how long a browser keeps what has its version in its address."""


@router.get("/static/{name}")
def get_file(name: str, v: str = "") -> Response:
    """Return a file that pages are made with."""
    if name not in FILES:
        raise HTTPException(404)
    found = FILES[name]
    return Response(
        found.text, media_type=found.media_type, headers={"Cache-Control": KEPT} if v == found.version else {}
    )
