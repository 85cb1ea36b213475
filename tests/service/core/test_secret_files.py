"""Secrets come from files where a key with `_FILE` names one; what a file holds is never shown."""

from pathlib import Path

import pytest

from service.core.secret_files import LONGEST
from service.core.settings import describe, known_settings, load_settings, secret_settings
from tests.service.core.trees import CW, connection, manage, read, refusal

IN_ENVIRONMENT = "Providers__ConnectWiseManage__ApiPrivateKey_FILE"


def secret_file(content: str | bytes, name: str = "private-key") -> str:
    """Write a file and return its path."""
    Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
    return str(Path(name).absolute())


@pytest.mark.parametrize("content", ["hush", "hush\n", "hush\r\n", b"\xef\xbb\xbfhush\n"])
def test_a_secret_is_read_from_the_file_that_a_variable_names(content: str | bytes) -> None:
    """The line break that an editor adds, and a byte order mark, are no part of it."""
    settings = read(manage(ApiPrivateKey=None), **{IN_ENVIRONMENT: secret_file(content)})

    assert connection(settings).api_private_key.get_secret_value() == "hush"


def test_the_settings_file_names_files_as_well_and_the_environment_is_above_it() -> None:
    """In any case of letters, because Windows knows one only; a relative path begins where samebox runs."""
    tree = manage(ApiPrivateKey=None, ApiPrivateKey_FILE="private-key")
    secret_file("from-file")
    other = secret_file("from-env", "other")

    assert connection(read(tree)).api_private_key.get_secret_value() == "from-file"
    above = read(tree, **{IN_ENVIRONMENT.upper(): other})
    assert connection(above).api_private_key.get_secret_value() == "from-env"


def test_every_secret_may_stand_in_a_file_and_nothing_else() -> None:
    """The keys of providers and the address of the database, which may hold a password."""
    assert secret_settings() == [f"{CW}:{name}" for name in ("ApiPublicKey", "ApiPrivateKey", "ApiClientId")] + [
        "Database:Url"
    ]
    for key in (each.key for each in known_settings()):
        variable = f"{key.replace(':', '__')}_FILE"
        sentence = refusal({}, **{variable: "/nowhere"})
        assert ("there is no such key" in sentence) == (key not in secret_settings()), key
        assert ("/nowhere cannot be read" in sentence) == (key in secret_settings()), key


def test_the_address_of_the_database_is_read_from_a_file() -> None:
    """It is shown with its source and without its password."""
    path = secret_file("postgresql://box:DB-hush@db/box\n")
    settings = load_settings(None, {"Database__Url_FILE": path})
    shown = {key: (value, source) for key, value, source in describe(settings)}

    assert settings.database.url == "postgresql://box:DB-hush@db/box"
    assert shown["Database:Url"] == ("postgresql://box:***@db/box", f"file {path}")


def test_the_description_names_the_file_and_hides_what_it_holds() -> None:
    """For `samebox check`."""
    path = secret_file("hush")
    settings = read(manage(ApiPrivateKey=None), **{IN_ENVIRONMENT: path})
    shown = {key: (value, source) for key, value, source in describe(settings)}

    assert shown[f"{CW}:ApiPrivateKey"] == ("set (hidden)", f"file {path}")


@pytest.mark.parametrize("is_above", [True, False], ids=["environment", "same file"])
def test_a_value_and_a_file_are_not_both_given(is_above: bool) -> None:
    """Whatever is above whatever: which of them is meant cannot be known."""
    path = secret_file("hush")
    refused = refusal(manage(), **{IN_ENVIRONMENT: path}) if is_above else refusal(manage(ApiPrivateKey_FILE=path))

    assert refused.startswith(f"{CW}:ApiPrivateKey_FILE (")
    assert refused.endswith("the value is given as well (settings.json); give the value or the file, not both")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff\xfehush", "is not UTF-8 text"),
        ("hush" * LONGEST, "is longer than 65,536 bytes; it has to hold the secret alone"),
    ],
    ids=["missing", "UTF-16", "long"],
)
def test_a_file_that_cannot_be_used_is_named(content: str | bytes | None, sentence: str) -> None:
    """All of them at once, each with the key and the reason, and never with what it holds."""
    path = "nowhere" if content is None else secret_file(content)
    refused = refusal(manage(ApiPrivateKey=None), **{IN_ENVIRONMENT: path, "Database__Url_FILE": "."})

    assert refused.splitlines() == [
        "Database:Url_FILE (environment Database__Url_FILE): . cannot be read: Is a directory",
        f"{CW}:ApiPrivateKey_FILE (environment {IN_ENVIRONMENT}): {path} {sentence}",
    ]


@pytest.mark.parametrize("path", ["", 7, {}, {"a": 1}, "a\0b"])
def test_what_names_no_file_is_refused(path: object) -> None:
    """A path is a text that is not empty."""
    assert "has to be the path of a file" in refusal(manage(ApiPrivateKey=None, ApiPrivateKey_FILE=path))


@pytest.mark.parametrize(("content", "sentence"), [("", "is empty"), ("two hush\nlines", "may hold neither blanks")])
def test_a_wrong_secret_is_refused_with_the_name_of_its_file(content: str, sentence: str) -> None:
    """The error is that of a wrong value, and does not repeat it."""
    path = secret_file(content)
    refused = refusal(manage(ApiPrivateKey=None), **{IN_ENVIRONMENT: path})

    assert refused.startswith(f"{CW}:ApiPrivateKey (file {path}): {sentence}")
    assert "hush" not in refused
