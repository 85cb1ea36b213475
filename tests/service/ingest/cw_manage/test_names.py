"""Names that errors and queries are made of."""

from service.core.settings import known_settings
from service.ingest.cw_manage.names import FIELDS, SECTION


def test_the_cursor_is_among_the_fields() -> None:
    """Without `id` there is no next page."""
    assert "id" in FIELDS
    assert len(set(FIELDS)) == len(FIELDS)


def test_the_section_is_one_of_the_settings() -> None:
    """No error sends an operator to keys that do not exist."""
    keys = {known.key for known in known_settings()}
    named = ("BaseUrl", "CompanyId", "ApiPublicKey", "ApiPrivateKey", "ApiClientId", "ApiVersion", "MaxWaitSeconds")

    assert {f"{SECTION}:{name}" for name in named} <= keys
