"""Records of many distinct boxes, as providers list them."""

from typing import cast

from matching.model import Record


def box(number: int, provider: str, **fields: object) -> Record:
    """Return the record of one of many distinct boxes, with what every provider says about it."""
    own = {"provider": provider, "id": str(number), "serial": f"5CG10{number:04d}", "company": "Acme"}
    return cast("Record", own | fields)


def guid(number: int, salt: int = 0) -> str:
    """Return the GUID of a box; another salt gives other ones."""
    return f"7B1D6C2E-{salt:04X}-4D4F-9E55-1C2B3A4D{number:04X}"
