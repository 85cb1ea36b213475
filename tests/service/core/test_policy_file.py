"""A policy to try is read from a settings file or by itself, and all its mistakes are said at once."""

import json
from pathlib import Path

import pytest

from matching.policy import OnConflict, Policy
from service.core.errors import SettingsError
from service.core.policy_file import SECTIONS, read_policy, read_policy_file
from service.core.policy_settings import PolicySettings, policy_differences

JOIN = {"MacAgainstName": "join"}


def refusal(text: str) -> list[str]:
    """Return the mistakes of a text, a sentence each."""
    with pytest.raises(SettingsError) as error:
        read_policy(text, "the text")
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (JOIN, OnConflict.JOIN),
        ({"Policy": JOIN}, OnConflict.JOIN),
        ({"Policy": JOIN, "Providers": {"NoSuchProvider": 1}, "Server": {"Port": "x"}}, OnConflict.JOIN),
        ({"Providers": {}}, OnConflict.REVIEW),
        ({}, OnConflict.REVIEW),
    ],
)
def test_a_settings_file_and_the_section_alone_are_read(tree: object, expected: OnConflict) -> None:
    """Of a settings file nothing else is looked at; what is not said has its default."""
    assert read_policy(json.dumps(tree), "the text").to_policy() == Policy(mac_against_name=expected)


def test_no_key_of_the_policy_is_a_section_of_the_settings() -> None:
    """Else a section alone could be taken for a settings file."""
    assert not SECTIONS.intersection(str(field.alias) for field in PolicySettings.model_fields.values())


def test_every_mistake_is_said_at_once_with_the_name_of_the_file(tmp_path: Path) -> None:
    """In the words of the settings, values included: nothing in a policy is secret."""
    file = tmp_path / "new.json"
    file.write_text(
        '\ufeff{"Policy": {"MaxHolders": 1, "MacAgainstName": "jon", "Colour": 1, "Islands": 3, "Islands": 4}}'
    )

    with pytest.raises(SettingsError) as error:
        read_policy_file(file)

    sentences = str(error.value).splitlines()
    assert len(sentences) == 4
    assert all(f"({file})" in each for each in sentences)
    for part in ("key comes twice", "is 1; it should be at least 2", "is 'jon'", "there is no such key"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"MaxHolders" 3}', "the text: line 1, column 15: a colon is missing after the key"),
        ("[]", 'the text: has to hold an object, for example {"Providers": {}}'),
        ('{"Policy": []}', "Policy: is a section, and needs an object of keys"),
        ('{"MaxHolders": NaN}', "the text: NaN is no JSON number"),
        ('{"MaxHolders": 1}', 'Policy:MaxHolders: is 1; it should be at least 2; for example "MaxHolders": 200'),
    ],
)
def test_a_text_that_is_no_policy_is_refused_in_words(text: str, sentence: str) -> None:
    """With its line and column where it is no JSON."""
    assert refusal(text) == [sentence]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """And nothing else is said."""
    with pytest.raises(SettingsError, match=r"none\.json: cannot be read: No such file"):
        read_policy_file(tmp_path / "none.json")


def test_the_settings_that_differ_are_listed_with_both_values() -> None:
    """Of two lists, what comes and what goes."""
    now = read_policy('{"RetiredStatuses": ["gone", "sold"]}', "now").to_policy()
    then = read_policy('{"RetiredStatuses": ["sold", "lost"], "MaxHolders": 3}', "then").to_policy()

    lists, number = policy_differences(now, then)

    assert (lists.key, lists.now, lists.then) == ("Policy:RetiredStatuses", ["gone", "sold"], ["lost", "sold"])
    assert lists.said() == [("adds", "lost"), ("takes away", "gone")]
    assert (number.key, number.said()) == ("Policy:MaxHolders", [("now", "200"), ("then", "3")])
    assert policy_differences(now, now) == []
