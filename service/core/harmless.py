"""Text of strangers, made fit to be shown to people."""


def harmless(value: object) -> str:
    """Return a text with all that a terminal would obey, or that turns its direction round, written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))
