"""
What a new OpenAPI document takes away from an old one, so that a client that was made from the old one breaks.

A new document may allow more in requests: further operations, optional parameters and members, wider bounds. Its
answers may say more: further members, statuses and codes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

UPPER = ("maximum", "maxLength", "maxItems", "maxProperties")
LOWER = ("minimum", "minLength", "minItems", "minProperties")
NOTHING: Json = {}


class Comparison:
    """Compares two documents; each pair of schemas of one name is compared once for requests, and once for answers."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._compared: set[tuple[str, bool]] = set()

    def breaks(self) -> Iterator[str]:
        """Yield what breaks, each with its place."""
        for path, item in self._old["paths"].items():
            for method, operation in item.items():
                place = f"{method.upper()} {path}"
                if (now := self._new["paths"].get(path, {}).get(method)) is None:
                    yield f"{place}: the operation is gone"
                else:
                    yield from self._operation(operation, now, place)

    def _operation(self, old: Json, new: Json, place: str) -> Iterator[str]:
        for member in ("operationId", "security"):
            if old.get(member) != new.get(member):
                yield f"{place}: {member} is another"
        yield from self._parameters(old.get("parameters", ()), new.get("parameters", ()), place)
        body, body_now = old.get("requestBody", NOTHING), new.get("requestBody", NOTHING)
        if body_now.get("required") and not body.get("required"):
            yield f"{place}: a body is required"
        yield from self._contents(body, body_now, f"{place} body", is_request=True)
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{place}: the answer {status} is gone"
                continue
            now = new["responses"][status]
            gone = answer.get("headers", NOTHING).keys() - now.get("headers", NOTHING).keys()
            yield from (f"{place} {status}: the header {name} is gone" for name in sorted(gone))
            yield from self._contents(answer, now, f"{place} {status}", is_request=False)

    def _parameters(self, old: list[Json], new: list[Json], place: str) -> Iterator[str]:
        before, after = ({(each["in"], each["name"]): each for each in listed} for listed in (old, new))
        for key, each in before.items():
            if key not in after:
                yield f"{place}: the parameter {key[1]} is gone"
            else:
                yield from self._schema(each["schema"], after[key]["schema"], f"{place} {key[1]}", is_request=True)
        for key, each in after.items():
            if each.get("required") and not before.get(key, NOTHING).get("required"):
                yield f"{place}: the parameter {key[1]} is required"

    def _contents(self, old: Json, new: Json, place: str, *, is_request: bool) -> Iterator[str]:
        for media_type, content in old.get("content", NOTHING).items():
            if media_type not in new.get("content", NOTHING):
                yield f"{place}: {media_type} is gone"
            else:
                now = new["content"][media_type]["schema"]
                yield from self._schema(content["schema"], now, place, is_request=is_request)

    def _schema(self, old: Json, new: Json, place: str, *, is_request: bool) -> Iterator[str]:
        """Compare the forms that a value may have, mostly one: by the names of their schemas, else by their types."""
        before, after = ({_form(each): each for each in one.get("anyOf", [one])} for one in (old, new))
        lost = before.keys() - after.keys() if is_request else after.keys() - before.keys()
        yield from (f"{place}: {form} is {'not taken any more' if is_request else 'a new form'}" for form in lost)
        for form in before.keys() & after.keys():
            if "$ref" not in before[form]:
                yield from self._one(before[form], after[form], place, is_request=is_request)
            elif (form, is_request) not in self._compared:
                self._compared.add((form, is_request))
                named, named_now = (each["components"]["schemas"][form] for each in (self._old, self._new))
                yield from self._one(named, named_now, form, is_request=is_request)

    def _one(self, old: Json, new: Json, place: str, *, is_request: bool) -> Iterator[str]:
        yield from self._members(old, new, place, is_request=is_request)
        for part in ("items", "additionalProperties"):
            if isinstance(old.get(part), Mapping) and isinstance(new.get(part), Mapping):
                yield from self._schema(old[part], new[part], f"{place}[]", is_request=is_request)
        for value in old.get("enum", ()):
            if value not in new.get("enum", [value]):
                yield f"{place}: the value {value} is gone"
        if is_request:
            yield from (f"{place}: {each}" for each in _narrowed(old, new))

    def _members(self, old: Json, new: Json, place: str, *, is_request: bool) -> Iterator[str]:
        before, after = old.get("properties", NOTHING), new.get("properties", NOTHING)
        for name, each in before.items():
            if name not in after:
                yield f"{place}: the member {name} is gone"
            else:
                yield from self._schema(each, after[name], f"{place}.{name}", is_request=is_request)
        required, required_now = set(old.get("required", ())), set(new.get("required", ()))
        changed = required_now - required if is_request else required - required_now
        for name in sorted(changed & after.keys()):
            yield f"{place}: the member {name} is {'required' if is_request else 'not always there'}"


def _form(schema: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema.get("type", "any value"))


def _narrowed(old: Json, new: Json) -> Iterator[str]:
    """What of a request is refused that was taken before."""
    if "enum" in new and "enum" not in old:
        yield "only some values are taken"
    if old.get("pattern") != new.get("pattern") and "pattern" in new:
        yield "the pattern is another"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield "no further members are taken"
    yield from (f"{bound} is less" for bound in UPPER if bound in new and new[bound] < old.get(bound, float("inf")))
    yield from (f"{bound} is more" for bound in LOWER if bound in new and new[bound] > old.get(bound, 0))
