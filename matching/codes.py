"""Codes that programs compare and store, each with a label and a sentence for people."""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """
    A plain identifier such as `mainboard_replaced`; it never changes once published.

    `label` is a short title for a column or a heading, `sentence` says what the code means.
    """

    label: str
    sentence: str

    def __new__(cls, value: str, label: str = "", sentence: str = "") -> Self:
        """Make a member from its identifier, label and sentence; with the identifier alone, find the member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.sentence = sentence
        return member

    __hash__ = str.__hash__  # Enum.__hash__ runs Python code, and codes are keys of every index
