"""The page of the settings: how the file and the environment work, and every key."""

from itertools import groupby

from service.cli.reference.markdown import block, code, page, table
from service.core.settings import Setting, known_settings, secret_settings

INTRODUCTION = """
samebox reads its settings from one file and from the environment. The file is the one that `--settings` names, else the
one that the variable `SAMEBOX_SETTINGS` names, else `appsettings.json` in the folder where samebox runs. Without a file
every setting has its default, and no provider is read.

A key is written with colons: `Server:Port` is the key `Port` in the section `Server`.
"""

ENVIRONMENT = """
In the environment the same key has two underscores in place of each colon, in any case of letters. The environment
outweighs the file:
"""

RULES = """
A list in the environment is a JSON array, or, for `Types`, names with commas between them. Below `Policy` a value is
JSON; what is no JSON is a text.

A secret need not stand in `appsettings.json` or the environment: add `_FILE` to its key, and give the path of a file
that holds it, such as `Database__Url_FILE=/run/secrets/database_url`. A line break at the end of that file is no part
of the secret. Give the value or the file, not both. These are secrets: SECRETS.

A key that does not exist and a value that does not fit stop the start. All mistakes are named at once, each with its
place, what is wrong, and an example. `samebox check` shows every setting in force and where it comes from; it hides
secrets.

The section of a provider turns the provider on: if the section is there, its keys without a default are required, and
without it the provider is off.
"""

EXAMPLE = '{\n  "Database": {"Url": "sqlite:///samebox.db"},\n  "Server": {"Port": 8000}\n}'
VARIABLE = 'export Server__Port=9000\nexport Policy__RetiredStatuses=\'["retired", "sold"]\''


def settings_page() -> str:
    """Return the page."""
    sections = groupby(known_settings(), lambda setting: setting.key.rpartition(":")[0])
    return page(
        "Settings",
        INTRODUCTION.strip(),
        block(EXAMPLE, "json"),
        ENVIRONMENT.strip(),
        block(VARIABLE),
        RULES.strip().replace("SECRETS", ", ".join(map(code, secret_settings()))),
        *(
            f"## {name}\n\n{table(('key', 'default', 'meaning', 'example'), map(_row, keys))}"
            for name, keys in sections
        ),
    )


def _row(setting: Setting) -> tuple[str, str, str, str]:
    default = setting.default if setting.default in {"required", "not set"} else code(setting.default)
    return code(setting.key), default, setting.meaning, code(setting.example)
