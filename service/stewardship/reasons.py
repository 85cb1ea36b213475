"""The reasons of reviews, under the names by which people and programs ask for them."""

from collections.abc import Mapping

from matching.model import ReviewReason
from service.core.choosing import unknown_value

FORMER_SPELLINGS: Mapping[str, ReviewReason] = {
    "mainboard replaced?": ReviewReason.MAINBOARD_REPLACED,
    "clone?": ReviewReason.CLONE,
    "serial across companies": ReviewReason.SERIAL_ACROSS_COMPANIES,
    "one MAC, two hostnames": ReviewReason.MAC_ACROSS_HOSTNAMES,
    "link disputed": ReviewReason.LINK_DISPUTED,
    "name re-used?": ReviewReason.NAME_REUSED,
    "mistyped serial?": ReviewReason.SERIAL_MISTYPED,
}
"""What reasons were called before they had codes. To be removed in 0.3, with the test of it."""


def review_reason(text: str) -> ReviewReason:
    """
    Return the reason that a text names: its code, or what it was called before.

    Raises:
        UnknownValue: There is no such reason; the sentence has the nearest.
    """
    if former := FORMER_SPELLINGS.get(text):
        return former
    try:
        return ReviewReason(text)
    except ValueError:
        raise unknown_value("reason", text, [reason.value for reason in ReviewReason]) from None
