"""
Placeholders in the fields for the maker and the model: texts that firmware has where nobody filled a field in.

They are fewer than the texts that are no serial: `Virtual Machine` is a model of Hyper-V, and some makers do write
`Notebook`.

Sources: the texts of 162,836 dmidecode reports (linuxhw/DMI), collected in the project's reference.
"""

import re
import unicodedata
from functools import lru_cache

_WORDS = frozenset(
    """
    badindex brand default empty generic invalid lenovoproduct make manufacturer model modelnumber na nil noinformation
    none notapplicable notavailable notdefined notfound notpresent notset notspecified notused null odm oem oemmb other
    outofspec product productid reserved standard stemmanufacturer systemname tba tbd undefined unknow unknown unnamed
    unspecified vendor
    """.split()
)
"""Whole texts, letters and digits alone: words for nothing, and the names of the fields themselves."""

_PHRASES = re.compile(
    """
      default string | to be filled | be filled by | filled by oem | not defined
    | serial number | asset tag | product name | product config id | system manufact
    | board (?: manufacturer | product | vendor )
    | ^unknown (?: device | maker | manufacturer | model | product | vendor )
    | 0123456789 | 1234567890
    | ^0+$ | ^x{3,}$
    """.replace(" ", "").replace("\n", "")
)
"""Parts of texts, letters and digits alone, that no maker and no model has in its name."""

_VERSION = re.compile(r"v?\d{1,3}(?:\.\d{1,3}){1,3}", re.IGNORECASE)

_COUNTING = ("0123456789", "1234567890")
FEWEST_COUNTING = 5
"""Digits that count upwards from the first before they are a filler."""


@lru_cache(maxsize=10_000)  # a million records have few makers and models between them
def is_placeholder_name(text: str) -> bool:
    """
    Whether a maker's or a model's name is a placeholder, in whatever spelling.

    >>> is_placeholder_name("To Be Filled By O.E.M."), is_placeholder_name("VMware Virtual Platform")
    (True, False)
    """
    bare = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    if not bare or bare in _WORDS or _PHRASES.search(bare) or _VERSION.fullmatch(text.strip()):
        return True
    return len(bare) >= FEWEST_COUNTING and any(digits.startswith(bare) for digits in _COUNTING)
