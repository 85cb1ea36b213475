"""The page at /docs shows the whole document, and needs nothing from elsewhere."""

import json
import re
from html import unescape

import pytest

from service.api.documentation.page import documentation
from service.api.http.codes import ProblemCode
from tests.service.api.conftest import Client, the_document


@pytest.fixture(scope="module")
def page() -> str:
    """Return the page of the service's own document."""
    return documentation(json.dumps(the_document()))


def test_the_page_is_served_with_a_policy_that_lets_nothing_else_in(client: Client) -> None:
    """Its own style is allowed by its hash; scripts, pictures, frames and forms are not."""
    answer = client.get("/docs")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.match(r"default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'", answer.headers[CSP])
    assert "/v1/devices/{device_id}" in answer.text


CSP = "content-security-policy"


def test_every_call_and_shape_is_on_it_and_every_link_leads_somewhere(page: str) -> None:
    """A reader who follows a link of the page stays on the page, or gets the document itself."""
    places = set(re.findall(r'id="([^"]+)"', page))
    document = the_document()
    operations = [each for item in document["paths"].values() for each in item.values()]

    named = {each["operationId"] for each in operations} | set(document["components"]["schemas"])
    assert named | {f"problem-{code}" for code in ProblemCode} == places
    links = set(re.findall(r'href="([^"]+)"', page))
    assert {link for link in links if not link.startswith("#")} == {"/openapi.json"}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= places


def test_every_call_says_who_may_call_it(page: str) -> None:
    """The scope that it needs, and whether a key that is bound to customers is answered."""
    sections = re.findall(r'<section id="(\w+)">.*?<p class="key">(.*?)</p>', page, re.S)
    said = dict(sections)

    assert said["livez"] == "Needs no key."
    assert said["begin_syncs"] == "Needs a key with the scope admin; one that is bound to customers is refused."
    assert said["push_records"].startswith("Needs a key with the scope ingest; one that is bound to customers is ans")
    assert len(said) == sum(len(item) for item in the_document()["paths"].values())


def test_nothing_is_loaded_and_nothing_runs(page: str) -> None:
    """No script, no picture and no style from elsewhere, so it works offline."""
    assert not re.search(r"<(script|img|link|iframe|object)\b|\bsrc=|url\(|@import|\son\w+=", page)


def test_every_call_has_a_command_for_it(page: str) -> None:
    """It names the method, the path, the key and the example of the body."""
    commands = [unescape(each) for each in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.S)]
    [decide] = [each for each in commands if each.endswith('$SAMEBOX/v1/decisions"') and "POST" in each]

    assert len(commands) == sum(len(item) for item in the_document()["paths"].values())
    assert "Bearer $KEY" in decide
    assert json.loads(re.findall(r"-d '(.*)'", decide)[0])["verdict"] == "same"


def test_every_answer_in_json_is_shown(page: str) -> None:
    """As the example that the document has of it."""
    shown = [json.loads(unescape(each)) for each in re.findall(r'<pre class="answer">(.*?)</pre>', page, re.S)]
    operations = [each for item in the_document()["paths"].values() for each in item.values()]
    promised = [
        content["example"]
        for each in operations
        for content in [answer.get("content", {}).get("application/json") for answer in each["responses"].values()][:1]
        if content
    ]

    assert len(shown) >= 20
    assert all(each in shown for each in promised)


def test_what_the_document_says_is_text() -> None:
    """A description is shown as it is, whatever it looks like."""
    hostile = "<script>alert(1)</script>"
    operation = {"operationId": "x", "summary": hostile, "description": hostile, "tags": ["t"], "responses": {}}
    document = {
        "info": {"title": hostile, "summary": hostile, "description": hostile},
        "paths": {"/x": {"get": operation}},
        "components": {"schemas": {"S": {"description": hostile}}},
    }

    assert hostile not in documentation(json.dumps(document))
