"""Read the policy file and the decisions file. A file with an error is refused as a whole, with line and reason."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from matching.clustering.decisions import check_decisions
from matching.errors import BadDecision, BadKey
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from service.core.errors import BadRequest, DecodingError
from service.core.policy_settings import PolicySettings
from service.core.sections import POLICY, items, mistakes
from service.ingest.decoding import decode

REQUIRED = ("verdict", "left", "right")
OPTIONAL = ("by", "why", "at")


def read_policy(path: Path) -> Policy:
    """
    Read a policy: JSON with the keys of the settings' `Policy`.

    Raises:
        BadRequest: Not readable, no JSON, or keys that do not exist or do not fit; all of them, each with its line.
    """
    content = _content(path)
    try:
        value = decode(content)
    except DecodingError as error:
        raise BadRequest(f"{path}, line {error.line}: not JSON: {error.reason} (column {error.column})") from None
    if not isinstance(value, dict):
        raise BadRequest(f'{path}, line 1: a policy is a JSON object, such as {{"BoardReplacement": "join"}}')
    try:
        return PolicySettings.model_validate(value, by_alias=True, by_name=False).to_policy()
    except ValidationError as error:
        raise BadRequest("\n".join(_wrong_keys(path, content, error))) from None


def _wrong_keys(path: Path, content: bytes, error: ValidationError) -> Iterator[str]:
    prefix = f"{POLICY}:"
    known = {key: field for key, field, _ in items(PolicySettings, prefix=prefix)}
    for key, sentence in mistakes(error, known, {}, prefix):
        yield f"{path}, line {_line_of(content, key.removeprefix(prefix))}: {sentence}"


def _line_of(content: bytes, key: str) -> int:
    """The line of a key in a JSON file, from 1; of the part that is found last, where names are written as escapes."""
    place = 0
    for name in key.split(":"):
        place = max(place, content.find(b'"' + name.encode() + b'"', place))
    return content.count(b"\n", 0, place) + 1


def read_decisions(path: Path) -> list[Decision]:
    """
    Read decisions, NDJSON: `verdict`, `left` and `right`, and perhaps `by`, `why` and `at`.

    Raises:
        BadRequest: Not readable, a line that is no decision, or decisions that contradict each other.
    """
    found = []
    for number, line in enumerate(_content(path).split(b"\n"), 1):
        if line.strip():
            try:
                found.append(_decision(decode(line.rstrip())))
            except DecodingError as error:
                reason = f"not JSON: {error.reason} (column {error.column})"
                raise BadRequest(f"{path}, line {number}: {reason}") from None
            except (BadDecision, BadKey) as error:
                raise BadRequest(f"{path}, line {number}: {error}") from None
    try:
        check_decisions(found)
    except BadDecision as error:
        raise BadRequest(f"{path}: {error}") from None
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from None


def _decision(value: object) -> Decision:
    if not isinstance(value, dict):
        raise BadDecision('a decision is a JSON object: {"verdict":"same","left":"a:1","right":"b:2"}')
    texts = dict(_texts(value))
    if texts["verdict"] not in set(Verdict):
        raise BadDecision(f"verdict is {texts['verdict'][:100]!r}; write same or different")
    left, right = (_key(texts, side) for side in ("left", "right"))
    if left == right:
        raise BadDecision(f"left and right are both {left}")
    return Decision(Verdict(texts["verdict"]), left, right, *(texts.get(name, "") for name in OPTIONAL))


def _texts(value: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if name not in value:
            raise BadDecision(f"{name} is missing; a decision has {', '.join(REQUIRED)}")
    for name, text in value.items():
        if name not in REQUIRED + OPTIONAL:
            raise BadDecision(f"{name[:100]} is not known; there are {', '.join(REQUIRED + OPTIONAL)}")
        if text is None and name in OPTIONAL:
            continue
        if not isinstance(text, str):
            raise BadDecision(f"{name} is {str(text)[:100]}; write a text")
        if name == "at":
            _check_time(text)
        yield name, text


def _key(texts: dict[str, str], side: str) -> Key:
    try:
        return Key.parse(texts[side])
    except BadKey as error:
        raise BadDecision(f"{side}: {error}") from None


def _check_time(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise BadDecision(f"at is {text[:100]!r}; write a time such as 2026-10-30T08:00:00Z") from None
