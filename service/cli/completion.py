"""What the shell offers where a command takes a name: providers and reasons of reviews."""

from matching.model import ReviewReason


def reasons(incomplete: str) -> list[tuple[str, str]]:
    """Return the reasons of reviews that begin so, each with what it says."""
    return [(each.value, each.sentence) for each in ReviewReason if each.value.startswith(incomplete)]


def providers(incomplete: str) -> list[str]:
    """Return the providers that begin so and can be synced."""
    from service.ingest.registry import SETTINGS  # noqa: PLC0415 - adapters take long to import, and only Tab needs them

    return [name for name in SETTINGS if name.startswith(incomplete)]


def sources(incomplete: str) -> list[str]:
    """Return the same, and `import` for files."""
    return [*providers(incomplete), *(["import"] if "import".startswith(incomplete) else [])]
