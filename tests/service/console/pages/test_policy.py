"""The page of the policy: what is in force, and what another policy would do."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.console.pages import policy
from service.core.settings import load_settings
from service.devices.lookup import lookup
from service.resolution.recalibration import recalibrate
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import OURS, Browser, browsing, form_token_of, main_of, token_of
from tests.service.reports.fleets import world_of

PAIR = {"macs": ["3C:52:82:00:00:01"], "company": "Acme"}
SAME = {"serial": "5CG1234ABC", "company": "Acme"}
BOXES: list[dict[str, Any]] = [
    {**PAIR, "provider": "alpha", "id": "1", "hostname": "old-name", "name": "<b>old"},
    {**PAIR, "provider": "beta", "id": "1", "hostname": "new-name"},
    {**SAME, "provider": "alpha", "id": "2", "hostname": "pc2"},
    {**SAME, "provider": "beta", "id": "2", "hostname": "pc2-new"},
]
ONE_EACH = json.dumps({"MacAgainstName": "join", "Deny": {"serial": ["5CG1234ABC"]}})


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world of these records, calibrated."""
    world = world_of(tmp_path_factory.mktemp("boxes"), *BOXES)
    recalibrate(world)
    return world


@pytest.fixture(scope="module")
def browser(boxes: World) -> Iterator[Browser]:
    """A browser before the console of that world."""
    with browsing(boxes, keys_required=False) as browser:
        yield browser


def tried(browser: Browser, text: str) -> Any:
    """Send the form of the page."""
    token = form_token_of(browser.page("/policy"))
    return browser.post("/policy/try", data={"form_token": token, "policy": text}, headers=OURS)


def typed(html: str) -> str:
    """Return what stands in the form."""
    return unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)[0])


def test_each_setting_is_there_with_its_value_and_who_set_it(
    boxes: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A default, one of a file and one of a variable; the text of the form is the policy in force."""
    monkeypatch.chdir(tmp_path)
    Path("appsettings.json").write_text('{"Policy": {"RetiredStatuses": ["gone", "sold"]}}')
    settings = load_settings(None, {"Policy__Islands": "4"})

    with browsing(boxes, keys_required=False, settings=settings) as browser:
        html = browser.page("/policy")
    said = main_of(html)

    assert "MaxHolders 200 default Suppress a value" in said
    assert "RetiredStatuses gone, sold appsettings.json Treat a record" in said
    assert "Islands 4 environment Policy__Islands" in said
    assert json.loads(typed(html))["RetiredStatuses"] == ["gone", "sold"]
    assert len(typed(html).splitlines()) == 18


def test_what_the_records_teach_is_there(browser: Browser) -> None:
    """From how many, and what is not trusted or complete."""
    said = main_of(browser.page("/policy"))

    assert "has measured 4 records" in said
    assert "Fields that are not trusted None: the fields say what they are called." in said
    assert "Providers that list every network adapter None is known to." in said


def test_a_trial_shows_what_would_merge_and_split_and_stores_nothing(boxes: World, browser: Browser) -> None:
    """With links to the devices, both reasons, and the text to go on with; hostile names are text."""
    before = {each.id: each.values for name in ("new-name", "pc2") for each in lookup(boxes, name)}

    answer = tried(browser, ONE_EACH)
    said = main_of(answer.text)

    assert answer.status_code == 200
    assert "devices 3 now 3 would merge 2 into 1 would split 1" in said
    assert "2 devices would be one <b>old , Acme alpha:1 new-name , Acme beta:1" in said
    assert "Now: beta:1 and alpha:1 are different devices" in said
    assert "Then: beta:1 and alpha:1 are one device" in said
    assert "pc2 would be 2 devices pc2, Acme alpha:2 pc2-new, Acme beta:2" in said
    assert "<b>old" not in answer.text
    assert all(f'href="/devices/{each}"' in answer.text for each in before)
    assert typed(answer.text) == ONE_EACH
    assert {each.id: each.values for name in ("new-name", "pc2") for each in lookup(boxes, name)} == before


def test_what_is_in_force_may_be_sent_as_it_is(browser: Browser) -> None:
    """It is read back as the same policy."""
    said = main_of(tried(browser, typed(browser.page("/policy"))).text)

    assert "None: this is the policy in force." in said
    assert "would merge 0 none would split 0" in said


def test_mistakes_are_said_above_the_text_which_is_kept(browser: Browser) -> None:
    """All at once; what is no JSON with its line, and its tabs stay tabs."""
    wrong = tried(browser, '{\r\n\t"MaxHolders": 1, "MacAgainstName": "jon"}')
    broken = tried(browser, '{"MaxHolders" 3}')

    assert (wrong.status_code, broken.status_code) == (422, 422)
    assert "Policy:MaxHolders: is 1; it should be at least 2" in main_of(wrong.text)
    assert "Policy:MacAgainstName: is 'jon'" in main_of(wrong.text)
    assert "the text: line 1, column 15: a colon is missing after the key" in main_of(broken.text)
    assert '\n\t"MaxHolders": 1' in typed(wrong.text)


def test_one_trial_goes_on_at_a_time(browser: Browser) -> None:
    """Whoever comes meanwhile is told so, and keeps their text."""
    with policy.TRYING:
        answer = tried(browser, ONE_EACH)

    assert answer.status_code == 503
    assert "Somebody else tries a policy now" in main_of(answer.text)
    assert typed(answer.text) == ONE_EACH
    assert tried(browser, ONE_EACH).status_code == 200


def test_a_trial_that_is_asked_for_again_by_its_address_leads_to_the_form(browser: Browser) -> None:
    """Its text is gone."""
    answer = browser.get("/policy/try")

    assert (answer.status_code, answer.headers["location"]) == (303, "/policy")


@pytest.mark.parametrize(("scope", "may_try"), [(Scope.READ, False), (Scope.STEWARD, True)])
def test_trying_needs_the_scope_steward(boxes: World, scope: Scope, may_try: bool) -> None:
    """Who may only read sees the page without the form, and is refused when they send one."""
    with browsing(boxes, keys_required=True) as browser:
        browser.sign_in(token_of(boxes, f"try-{scope.value}", Rights(frozenset({scope}))))
        html = browser.page("/policy")
        token = form_token_of(html)
        sent = browser.post("/policy/try", data={"form_token": token, "policy": "{}"}, headers=OURS)

    assert ("<textarea" in html) == may_try
    assert sent.status_code == (200 if may_try else 403)


def test_a_bound_key_is_refused(boxes: World) -> None:
    """The policy names companies of all customers."""
    rights = Rights(frozenset({Scope.STEWARD}), customers=frozenset({Customer("alpha", "none")}))
    with browsing(boxes, keys_required=True) as browser:
        browser.sign_in(token_of(boxes, "try-bound", rights))
        first = browser.get("/").text
        token = form_token_of(first)
        seen = browser.get("/policy")
        sent = browser.post("/policy/try", data={"form_token": token, "policy": "{}"}, headers=OURS)

    assert (seen.status_code, sent.status_code) == (403, 403)
    assert 'href="/policy"' not in first


def test_a_form_of_elsewhere_is_refused(browser: Browser) -> None:
    """As every form is."""
    assert browser.post("/policy/try", data={"policy": "{}"}, headers=OURS).status_code == 403
