"""What the seeded store leaves to a person, and which device a record belongs to."""

from tests.service.api.conftest import FLEET, Client

BOARD = {**FLEET[2], "provider": "cw_automate", "id": "4799", "bios_guid": "5C4C4544-0042-3510-8054-B4C04F4A5931"}
"""The laptop's serial under another GUID, which a second agent measured as well: a question for a person."""

SAME = {"verdict": "same", "left": "cw_manage:4713", "right": "cw_rmm:A-18", "why": "went there and looked"}


def home(client: Client, record: str) -> str:
    """Return the id of a record's device."""
    params = {"identifier": record, "kind": "record"}
    return str(client.get("/v1/lookup", params=params).json()["data"][0]["id"])
