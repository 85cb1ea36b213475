"""Texts that should hold one MAC address and may hold several: those that they list, each as it is written."""

import re

from matching.model import Kind
from matching.values.labels import LABELS, letters

MAC = re.compile(
    r"""
    (?<![0-9a-f]) (?<![0-9a-f][:.-])
    (?: [0-9a-f]{2} ([ :.-]?) (?: [0-9a-f]{2} \1 ){4} [0-9a-f]{2}      # 00:11:22:33:44:55, 00 11 .., 001122334455
      | [0-9a-f]{1,2} ([:-]) (?: [0-9a-f]{1,2} \2 ){4} [0-9a-f]{1,2}   # 0:11:22:33:44:55
      | [0-9a-f]{4} ([ :.-])  [0-9a-f]{4} \3 [0-9a-f]{4} )             # 0011.2233.4455
    (?![0-9a-f]) (?![:.-][0-9a-f])
    """,
    re.VERBOSE | re.IGNORECASE,
)
SEPARATORS = re.compile(r"[\s,;|{}\"']+")


def split_macs(text: str) -> list[str]:
    """
    Return the MAC addresses that one text lists, as written.

    Blanks, line ends, commas, semicolons and bars separate them, and a blank or a dot may also be inside one. WMI
    writes them in braces and quotes. What is no MAC is returned too, so that its record says why it is not used; the
    label of one is not.

    >>> split_macs('00 11 22 33 44 55, 0011.2233.4466;{"001122334477"}')
    ['00 11 22 33 44 55', '0011.2233.4466', '001122334477']
    """
    if (len(text) == 12 and text.isalnum()) or (len(text) == 17 and text[2] in ":-" and text[8] == text[2]):
        return [text]  # nearly every text holds one address in one of these spellings
    macs: list[str] = []
    end = 0
    for match in MAC.finditer(text):
        macs += [*_rest(text[end : match.start()]), match[0]]
        end = match.end()
    return macs + _rest(text[end:]) if macs else [text] * bool(text.strip())


def _rest(text: str) -> list[str]:
    """What stands between two addresses, without the label of the second one."""
    if letters(text) in LABELS[Kind.MAC] and not any(map(str.isdigit, text)):
        return []
    return [part for part in SEPARATORS.split(text) if part]
