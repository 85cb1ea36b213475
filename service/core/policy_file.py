"""
Read a policy that somebody wants to try, from a file or a text, with the checks and the words of the settings.

It is a settings file, of which only the section `Policy` is read, or the section alone. A text that has a key of the
settings' own at the top, such as `Policy` or `Providers`, is the former; one without is the latter. Either way it is
the whole policy: what it does not say has its default, and the environment has no say.
"""

import json
from pathlib import Path

from pydantic import Field, ValidationError

from service.core.appsettings import leaf_keys, read_text, read_tree
from service.core.errors import SettingsError
from service.core.policy_settings import PolicySettings, as_json
from service.core.sections import POLICY, Section, items, mistakes
from service.core.settings import Settings, describe

SECTIONS = frozenset(str(field.alias) for field in Settings.model_fields.values())
"""The keys of a settings file at the top; no key of the policy is among them."""

ENVIRONMENT = "environment "
"""Begins the source of a setting that a variable sets."""


class _PolicyFile(Section):
    """A settings file of which nothing else is read."""

    policy_settings: PolicySettings = Field(default=PolicySettings(), alias="Policy")


def read_policy_file(file: Path) -> PolicySettings:
    """
    Return the policy of a file.

    Raises:
        SettingsError: Every mistake at once, a line each, with the name of the file.
    """
    return read_policy(read_text(file), str(file), sources_named=True)


def read_policy(text: str, name: str, *, sources_named: bool = False) -> PolicySettings:
    """
    Return the policy of a text.

    Args:
        name: What errors call the text.
        sources_named: Whether an error about a key has the name, too.

    Raises:
        SettingsError: Every mistake at once, a line each.
    """
    wrong: dict[str, str] = {}
    tree = read_tree(text, name, wrong)
    section = {key: tree[key] for key in tree if key == POLICY} if SECTIONS.intersection(tree) else {POLICY: tree}
    known = {key: field for key, field, _ in items(_PolicyFile)}
    sources = dict.fromkeys(leaf_keys(section), name) if sources_named else {}
    sentences = list(wrong.values())
    try:
        read = _PolicyFile.model_validate(section, by_alias=True, by_name=False)
    except ValidationError as error:
        sentences += [each.sentence for each in mistakes(error, known, sources)]
    if sentences:
        raise SettingsError("\n".join(sentences))
    return read.policy_settings


def environment_sets(settings: Settings) -> list[tuple[str, str]]:
    """Return the variables in force that set something of the policy, each with the key: they outweigh every file."""
    return [
        (source.removeprefix(ENVIRONMENT), key)
        for key, _, source in describe(settings)
        if key.startswith(f"{POLICY}:") and source.startswith(ENVIRONMENT)
    ]


def policy_text(policy: PolicySettings) -> str:
    """
    Return a policy as the section of a settings file, each key on a line of its own, to be changed by a person.

    >>> policy_text(PolicySettings()).splitlines()[1]
    '  "BoardReplacement": "join",'
    """
    lines = (
        f"  {json.dumps(field.alias)}: {json.dumps(as_json(getattr(policy, name)), ensure_ascii=False)}"
        for name, field in PolicySettings.model_fields.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}"
