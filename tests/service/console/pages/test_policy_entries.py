"""The page on which an entry of the policy is revoked."""

from pathlib import Path

from service.stewardship.correcting import list_entries, revoke_entry
from tests.service.console.conftest import OURS, browsing, form_token_of, main_of
from tests.service.stewardship.test_correcting import ONE, companies_in, said


def test_an_entry_is_revoked_with_a_reason(tmp_path: Path) -> None:
    """After a look at what would change without it; what is revoked already says by whom."""
    world = companies_in(tmp_path)
    entry = said(world, ONE).entries[0].id
    path = f"/policy-entries/{entry}"
    with browsing(world, keys_required=False) as browser:
        page = browser.page(path)
        assert "Heritage Staffing psa:h and North Temps rmm:n are one customer" in main_of(page)
        assert "would be 2 devices" in main_of(page)
        fields = {"form_token": form_token_of(page)}
        assert browser.post(path, data={**fields, "why": ""}, headers=OURS).status_code == 422
        assert list_entries(world)[0].revoked_at is None

        revoke_entry(world, entry, "ben", "was a mistake")

        assert "It is revoked already, by ben: was a mistake" in main_of(browser.page(path))
        assert browser.get("/policy-entries/none").status_code == 404
