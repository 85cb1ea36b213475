"""Names are taken out of texts beside records, and out of nothing else there."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.store.database.canonical_json import canonical_json
from service.store.ingested import forgotten_users
from service.store.ingested.redaction import fragment_of, redact
from service.store.resolved import changes
from service.store.resolved.changes import Change, ChangeKind
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["jdoe", "ACME\\jdoe", "Jürgen O'Neil", 'j"doe', "STRASSE"])
def test_whatever_holds_a_name_holds_its_fragment(name: str) -> None:
    """Also as JSON, where a backslash and a quotation mark are escaped, and in another case."""
    for written in (name, name.upper(), name.lower()):
        assert fragment_of(name) in canonical_json({"a": [written]}).casefold()


def test_a_change_loses_the_user_and_keeps_who_did_it(tmp_path: Path) -> None:
    """Values of `last_user` and a person's reason are cleaned; a hostname, and who decided, are told as they were."""
    world = Sandbox(tmp_path)
    detail: dict[str, Any] = {
        "fields": {"last_user": {"from": "ACME\\jdoe", "to": "jdoe"}, "hostname": {"from": "jdoe", "to": "pc-2"}},
        "because": {"decision": "d-1", "by": "jdoe", "why": "jdoe has two", "verdict": "same"},
    }
    details: list[dict[str, Any]] = [detail, {"fields": {}}, detail]
    with world.store.writing() as connection:
        users = forgotten_users.add(connection, "ACME\\JDoe", "salt", AT)
        happened = [Change("id-1", ChangeKind.CHANGED, each) for each in details]
        changes.append(connection, happened, AT)
        found = redact(connection, users, fragment_of("ACME\\JDoe"))
        told = [json.loads(canonical_json(each.change.detail)) for each in changes.after(connection, 0)]

    assert found == {"changes": 2}
    assert told[0] == told[2]
    assert told[0]["fields"] == {
        "last_user": {"from": "[forgotten]", "to": "jdoe"},
        "hostname": {"from": "jdoe", "to": "pc-2"},
    }
    assert told[0]["because"] == {"decision": "d-1", "by": "jdoe", "why": "jdoe has two", "verdict": "same"}
    assert told[1] == {"fields": {}}
