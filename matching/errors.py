"""
What can go wrong in the engine.

* MatchingError
  - BadKey          a text that is no `provider:id`
  - NotARecord      a line that is not a record: not an object, or without a provider or id
  - UnusableValue   a value that identifies nothing, with the reason
  - BadDecision     a decision that is malformed or contradicts another
"""


class MatchingError(Exception):
    """Anything the engine refuses; its text is fit for an operator."""


class BadKey(MatchingError):
    """A record is written `provider:id`."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:100]!r} is no record: write provider:id, such as cw_manage:4711")


class NotARecord(MatchingError):
    """No record can be made of this at all; `field` is the one at fault, "" where there is not even an object."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class UnusableValue(MatchingError):
    """A value that cannot be compared, or would identify the wrong box."""

    def __init__(self, kind: str, value: str, reason: str) -> None:
        super().__init__(f"{kind} {value[:100]!r}: {reason}")
        self.kind = kind
        self.value = value
        self.reason = reason


class BadDecision(MatchingError):
    """A decision that cannot stand."""
