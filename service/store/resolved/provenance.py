"""
Where golden values came from, as the row of a device holds it.

Twenty fields come from a few records by a few rules. Each record and each of its rules is written once, because
provenance would otherwise be half of the database.
"""

import json
from collections.abc import Mapping
from typing import Any

from matching.model import Provenance
from service.store.database.canonical_json import canonical_json


def written(provenance: Mapping[str, Provenance]) -> str:
    """Return the provenance of each field as JSON: `sources`, records with their fields by rule; `others`, by field."""
    sources: dict[tuple[str, str, str | None], dict[str, list[str]]] = {}
    others: dict[str, Any] = {}
    for field, (provider, record_id, last_seen, rule, lost) in sorted(provenance.items()):
        sources.setdefault((provider, record_id, last_seen), {}).setdefault(rule, []).append(field)
        if lost:
            others[field] = lost
    return canonical_json({"sources": [[*source, rules] for source, rules in sources.items()], "others": others})


def read(text: str) -> dict[str, Provenance]:
    """Return the provenance of each field, in order of the fields."""
    held = json.loads(text)
    others = {field: tuple((value, key) for value, key in lost) for field, lost in held["others"].items()}
    found = {
        field: Provenance(provider, record_id, last_seen, rule, others.get(field, ()))
        for provider, record_id, last_seen, rules in held["sources"]
        for rule, fields in rules.items()
        for field in fields
    }
    return dict(sorted(found.items()))
