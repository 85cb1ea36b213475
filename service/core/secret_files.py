"""
Secrets that stand in files of their own, as containers and service managers hand them over.

A key of a secret with `_FILE` behind it names the file: `Providers:ConnectWiseManage:ApiPrivateKey_FILE`. No error
repeats what a file holds.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from service.core.sections import source_of

SUFFIX = "_FILE"
"""What a key ends with whose value is the path of a file."""

LONGEST = 65_536
"""Bytes of a file from which on it cannot be meant: no secret is as long."""


def file_key(secret: str) -> str:
    """Return the key that names the file of a secret."""
    return secret + SUFFIX


def read_secret_files(tree: dict[str, Any], sources: dict[str, str], secrets: Collection[str]) -> dict[str, str]:
    """
    Put what the named files hold in the place of their names, and say in `sources` where it came from.

    Args:
        tree: Sections with what was set, changed in place.
        sources: Key -> the file or variable that sets it, changed in place.
        secrets: The keys of all settings that are secret.

    Returns:
        The key of each secret whose file cannot be used -> a sentence that names the key, the file and the reason.
    """
    wrong: dict[str, str] = {}
    for secret in sorted(secrets):
        *sections, name = secret.split(":")
        section = _section(tree, sections)
        if file_key(name) in section:
            source = source_of(file_key(secret), sources)
            path = section.pop(file_key(name))
            try:
                section[name] = _content(path, is_alone=name not in section, other=sources.get(secret, ""))
            except ValueError as error:
                wrong[secret] = f"{file_key(secret)} ({source}): {error}"
            sources[secret] = f"file {path}"
    return wrong


def _section(tree: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The keys that are set in a section; none where it is absent, or is no section."""
    for name in names:
        below = tree.get(name)
        tree = below if isinstance(below, dict) else {}
    return tree


def _content(path: object, *, is_alone: bool, other: str) -> str:
    """What a file holds, without the line break at its end. Raises: ValueError, with a sentence for the operator."""
    if not is_alone:
        raise ValueError(f"the value is given as well ({other}); give the value or the file, not both")
    if not isinstance(path, str) or not path.strip():
        raise ValueError("has to be the path of a file")
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError("has to be the path of a file") from None  # it holds a NUL
    if len(content) > LONGEST:
        raise ValueError(f"{path} is longer than {LONGEST:,} bytes; it has to hold the secret alone")
    try:
        return content.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text") from None
