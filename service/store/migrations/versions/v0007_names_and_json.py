"""
Tables, codes and calibrations get the field's names, and JSON is written with its letters as they are.

JSON that is compared is written anew, and with it the hashes of it and the ids made of it; the change feed stays as it
was told. Rows that cannot be written anew, because they are nested too deeply, stay as they are.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROWS = 5_000
"""Rows that are rewritten at a time."""

REASONS = {
    "mainboard replaced?": "mainboard_replaced",
    "clone?": "clone",
    "serial across companies": "serial_across_companies",
    "one MAC, two hostnames": "mac_across_hostnames",
    "link disputed": "link_disputed",
    "name re-used?": "name_reused",
    "mistyped serial?": "serial_mistyped",
}
"""Label of a review's reason -> its code."""

CALIBRATION = {"shared": "suppressed_values", "set_aside": "untrusted_fields", "crowded": "ambiguous_prefixes"}
"""Name of what a calibration holds -> its new name."""

DECISIVE = {"void": "suppressed_values", "set_aside": "untrusted_fields", "crowded": "ambiguous_prefixes"}
"""The same for the names under which it goes into the digest."""

KINDS = {"bios_guid": "BIOS GUID", "mac": "MAC"}
"""Kind of evidence -> how sentences name it, where that is not its code."""

FIELD_REASONS = {
    "'s field is set aside by the operator": "'s field is not trusted: the operator says so",
    "'s field is set aside: ": "'s field is not trusted: ",
}
"""What was said of a value of an untrusted field -> what is said of it now."""

Spelling = Callable[[Any], str]
"""Value -> its JSON."""

_Change = Callable[[Any, Spelling, Spelling], Mapping[str, Any]]
"""Takes a row, the spelling that it has and the one that it gets; returns the columns as they are to be."""


def upgrade() -> None:
    """Rename the tables and columns, and write JSON in UTF-8."""
    op.rename_table("joints", "blocking_keys")
    op.alter_column("blocking_keys", "joint", new_column_name="blocking_key")
    op.alter_column("memberships", "joints", new_column_name="blocking_keys")
    op.rename_table("fields_set_aside", "untrusted_fields")
    _rename_keys({"joints": "blocking_keys", "fields_set_aside": "untrusted_fields"})
    _respell(_escaped, _as_it_is)
    _recode(REASONS, _as_it_is, is_reason_in_id=False)
    op.alter_column("memberships", "unusable", new_column_name="suppressed")
    for former, now in FIELD_REASONS.items():
        _say_of_fields(former, now)
    op.execute("UPDATE calibrations SET status = 'in_force' WHERE status = 'in force'")
    _rename_in_calibrations(CALIBRATION, list(DECISIVE.values()))


def downgrade() -> None:
    """Write JSON in ASCII again, and give all their former names; values that became texts stay texts."""
    _rename_in_calibrations({new: former for former, new in CALIBRATION.items()}, list(DECISIVE))
    op.execute("UPDATE calibrations SET status = 'in force' WHERE status = 'in_force'")
    for former, now in FIELD_REASONS.items():
        _say_of_fields(now, former)
    op.alter_column("memberships", "suppressed", new_column_name="unusable")
    _recode({code: label for label, code in REASONS.items()}, _as_it_is, is_reason_in_id=True)
    _respell(_as_it_is, _escaped)
    op.rename_table("untrusted_fields", "fields_set_aside")
    op.alter_column("memberships", "blocking_keys", new_column_name="joints")
    op.alter_column("blocking_keys", "blocking_key", new_column_name="joint")
    op.rename_table("blocking_keys", "joints")
    _rename_keys({"blocking_keys": "joints", "untrusted_fields": "fields_set_aside"})


def _rename_keys(tables: Mapping[str, str]) -> None:
    """Name primary keys after their tables, as PostgreSQL keeps them; SQLite has no names to change."""
    if op.get_context().dialect.name == "postgresql":
        for former, table in tables.items():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT pk_{former} TO pk_{table}")


def _escaped(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _as_it_is(value: Any) -> str:
    return orjson.dumps(_sayable(value), option=orjson.OPT_SORT_KEYS).decode()


def _sayable(value: Any) -> Any:
    """What this spelling cannot say is replaced by its text, as it is where records come in."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    if isinstance(value, list):
        return [_sayable(each) for each in value]
    if isinstance(value, dict):
        return {_sayable(name): _sayable(each) for name, each in value.items()}
    return value


def _respell(former: Spelling, wanted: Spelling) -> None:
    _rewrite("records", ["number"], ["payload", "content_hash"], _record, former, wanted)
    _rewrite("devices", ["id"], ["golden", "provenance"], _texts, former, wanted)
    _rewrite("memberships", ["provider", "record_id"], ["unusable"], _texts, former, wanted)
    _rewrite("calibrations", ["version"], ["body", "report"], _texts, former, wanted)
    _rewrite("reviews", ["id"], ["id", "reason", "body"], _review, former, wanted)
    _rewrite("shared_values", ["id"], ["id", "kind", "value", "holders"], _shared_value, former, wanted)
    _rewrite("quarantine", ["id"], ["id", "provider", "record_id", "reason", "payload"], _quarantined, former, wanted)


def _record(row: Any, _: Spelling, wanted: Spelling) -> Mapping[str, Any]:
    payload = _respelled(row.payload, wanted)
    return {"payload": payload, "content_hash": _digest(payload)}


def _texts(row: Any, _: Spelling, wanted: Spelling) -> Mapping[str, Any]:
    return {
        name: _respelled(text, wanted)
        for name, text in row._mapping.items()
        if name in {"golden", "provenance", "unusable", "body", "report"}
    }


def _review(row: Any, former: Spelling, wanted: Spelling) -> Mapping[str, Any]:
    body = json.loads(row.body)
    about = {"left": body["left"], "right": body["right"], "reason": row.reason}
    return {"id": _id(row.id, about, former, wanted), "body": _respelled(row.body, wanted)}


def _shared_value(row: Any, former: Spelling, wanted: Spelling) -> Mapping[str, Any]:
    return {"id": _id(row.id, [row.kind, row.value], former, wanted), "holders": _respelled(row.holders, wanted)}


def _quarantined(row: Any, former: Spelling, wanted: Spelling) -> Mapping[str, Any]:
    payload = _respelled(row.payload, wanted)
    said = [row.provider, row.record_id, row.reason]
    own = row.id == _digest(former([*said, row.payload]))
    return {"id": _digest(wanted([*said, payload])) if own else row.id, "payload": payload}


def _recode(reasons: Mapping[str, str], spelling: Spelling, *, is_reason_in_id: bool) -> None:
    """Give reviews other reasons, and ids that are made of their two sides, with the reason or without."""
    reviews = sa.table("reviews", *map(sa.column, ("id", "reason", "body")))
    connection = op.get_bind()
    for own, reason, text in connection.execute(sa.select(reviews)).all():
        body = json.loads(text)
        about = {side: body[side] for side in ("left", "right")}
        code = reasons.get(reason, reason)
        body["sentence"] = sentence_naming(body, {} if is_reason_in_id else KINDS)
        new = {
            "id": _digest(spelling({**about, "reason": code} if is_reason_in_id else about)),
            "reason": code,
            "body": spelling(body),
        }
        connection.execute(reviews.update().where(reviews.c.id == own).values(new))


def sentence_naming(body: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    """The sentence of a review, in which kinds of evidence have the given names; what follows it stays."""
    sides = [
        ", ".join(f"{kinds.get(each['kind'], each['kind'])} {each['value']}" for each in body[evidence])
        for evidence in ("evidence_for", "evidence_against")
    ]
    dispute = f", but {sides[1]}" if sides[1] else ""
    label = body["sentence"].rpartition(": ")[2]
    return f"{body['left'][0]} and {body['right'][0]} agree on {sides[0]}{dispute}: {label}"


def _say_of_fields(former: str, now: str) -> None:
    """Give the reason of suppressed values of an untrusted field other words."""
    op.get_bind().execute(
        sa.text("UPDATE memberships SET suppressed = replace(suppressed, :former, :now) WHERE suppressed LIKE :like"),
        {"former": former, "now": now, "like": f"%{former}%"},
    )


def _rename_in_calibrations(names: Mapping[str, str], decisive: Sequence[str]) -> None:
    """
    Rename what calibrations hold, and make their digests anew with the names under which it goes into them.

    Of a calibration that is over nothing but the digest is left: one that a person dropped is held once more.
    """
    calibrations = sa.table("calibrations", *map(sa.column, ("version", "body", "digest")))
    connection = op.get_bind()
    for version, text, _ in connection.execute(sa.select(calibrations).where(calibrations.c.body != "{}")).all():
        body = {names.get(name, name): value for name, value in json.loads(text).items()}
        learnt = [sorted(each[:2] for each in body.get(name, ())) for name in names.values()]
        new = {"body": _as_it_is(body), "digest": _decisive_digest(body, dict(zip(decisive, learnt, strict=True)))}
        connection.execute(calibrations.update().where(calibrations.c.version == version).values(new))


def _decisive_digest(body: Mapping[str, Any], learnt: Mapping[str, Any]) -> str:
    """The digest of all in a calibration that decides anything."""
    companies = body["companies"]
    decisive = {
        **learnt,
        "complete": sorted(body["complete"]),
        "customer": {company: customer for company, customer in companies["customer"].items() if company != customer},
        "providers": {
            customer: sorted(providers)
            for customer, providers in companies["providers"].items()
            if set(providers) != {customer.partition(":")[0]}
        },
        "catch_alls": sorted(companies["catch_alls"]),
    }
    return _digest(json.dumps(decisive, sort_keys=True, separators=(",", ":")))


def _id(own: str, of: Any, former: Spelling, wanted: Spelling) -> str:
    """The id that is made of something; another one, made of what no column holds at full length, stays."""
    return _digest(wanted(of)) if own == _digest(former(of)) else own


def _respelled(text: str, wanted: Spelling) -> str:
    try:
        return wanted(json.loads(text))
    except (RecursionError, TypeError, ValueError):
        return text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _rewrite(  # noqa: PLR0913, PLR0917 - a table, what of it, and how
    name: str, keys: Sequence[str], columns: Sequence[str], change: _Change, former: Spelling, wanted: Spelling
) -> None:
    """Change the rows of a table that differ; those that get another id may be looked at twice."""
    table = sa.table(name, *map(sa.column, dict.fromkeys((*keys, *columns))))
    own = sa.and_(*(table.c[key] == sa.bindparam(f"of_{key}") for key in keys))
    for rows in _portions(table, keys):
        changed: list[dict[str, Any]] = []
        new: Mapping[str, Any] = {}
        for row in rows:
            new = change(row, former, wanted)
            if any(row._mapping[column] != value for column, value in new.items()):
                key = {f"of_{key}": row._mapping[key] for key in keys}
                changed.append({**key, **{f"new_{column}": value for column, value in new.items()}})
        if changed:
            values: dict[str, Any] = {column: sa.bindparam(f"new_{column}") for column in new}
            op.get_bind().execute(table.update().where(own).values(values), changed)


def _portions(table: sa.TableClause, keys: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows in order of key, some at a time."""
    order = [table.c[key] for key in keys]
    query = sa.select(table).order_by(*order).limit(ROWS)
    rows = op.get_bind().execute(query).all()
    while rows:
        last = sa.tuple_(*(sa.literal(rows[-1]._mapping[key]) for key in keys))
        yield rows
        rows = op.get_bind().execute(query.where(sa.tuple_(*order) > last)).all()
