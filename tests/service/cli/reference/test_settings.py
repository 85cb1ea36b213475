"""The page of the settings."""

import re
import shlex
from pathlib import Path

from service.cli.reference.settings import settings_page
from service.core.settings import load_settings, secret_settings


def test_the_examples_are_settings(tmp_path: Path) -> None:
    """The file and the variables that the page shows are read as it says: the environment outweighs the file."""
    file, shell = re.findall(r"```(?:json|sh)\n(.*?)\n```", settings_page(), re.S)
    (tmp_path / "appsettings.json").write_text(file)
    variables = (shlex.split(line)[1].partition("=") for line in shell.splitlines())
    settings = load_settings(tmp_path / "appsettings.json", {name: value for name, _, value in variables})

    assert settings.server.port == 9000
    assert settings.database.url == "sqlite:///samebox.db"
    assert set(settings.policy_settings.retired_statuses) == {"retired", "sold"}


def test_the_page_says_which_settings_may_stand_in_files() -> None:
    """An operator who looks for a way to keep a key out of the environment finds it, with an example that is right."""
    assert "These are secrets: " + ", ".join(f"`{key}`" for key in secret_settings()) in settings_page()
    assert "`Database__Url_FILE=" in settings_page()
    assert "Database:Url" in secret_settings()


def test_each_section_is_there_once_with_its_own_keys() -> None:
    """A key is looked for under the section that its name begins with."""
    headings = re.findall(r"^## (.*)$", settings_page(), re.M)
    parts = re.split(r"^## .*$", settings_page(), flags=re.M)[1:]

    assert len(headings) == len(set(headings)) > 5
    for heading, part in zip(headings, parts, strict=True):
        keys = re.findall(r"^\| `([\w:]+)` \|", part, re.M)
        assert keys
        assert {key.rpartition(":")[0] for key in keys} == {heading}
