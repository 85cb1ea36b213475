"""`/static/`: what pages are made with. Anybody may have it, because it says nothing about the data."""

from fastapi import APIRouter, Response

from service.console.rendering import STYLE, STYLE_VERSION

router = APIRouter()

KEPT = "public, max-age=31536000, immutable"
"""For how long a browser keeps what has its version in its address."""


@router.get("/static/console.css")
def get_style(v: str = "") -> Response:
    """Return the style of all pages."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": KEPT} if v == STYLE_VERSION else {})
