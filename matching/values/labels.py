"""
Labels: the names of fields that tools print in front of a value, such as `SerialNumber=5CG1234ABC`.

They come off while blanks and line ends are still there, because nothing separates them from the value afterwards. A
label that is suspected and not understood makes a value unusable: it says nothing, rather than something false.

Sources: the output of wmic (table, list and csv), PowerShell (list and table), dmidecode, ipconfig and ifconfig.
"""

import re

from matching.errors import UnusableValue
from matching.model import Kind

LABELS = {
    Kind.SERIAL: frozenset(
        """
        serial serialnumber serialno serialnr sn servicetag identifyingnumber systemserialnumber biosserialnumber
        productserialnumber machineserialnumber deviceserialnumber hardwareserialnumber dellservicetag serialnum
        """.split()
    ),
    Kind.BIOS_GUID: frozenset("uuid guid biosguid biosuuid systemuuid hardwareuuid smbiosuuid urnuuid".split()),
    Kind.MAC: frozenset(
        """
        mac macs macaddress macaddresses macaddr physicaladdress ether hwaddr hwaddress hardwareaddress ethernetaddress
        networkaddress permanentaddress
        """.split()
    ),
}
"""Kind -> the names under which tools print its value, letters only and in lower case."""

SHORTEST_WORD = 3
"""Letters before a colon from which they are a word and may be a label: `AC:` begins an address."""

_LINE_ENDS = re.compile(r"[\r\n]+")
_DIGIT = re.compile(r"\d")
_LABELLED = re.compile(r"([^:=]*)[:=](.*)", re.DOTALL)


def without_label(kind: Kind, raw: str) -> str:
    """
    Return a text without the label in front of its value.

    Raises:
        UnusableValue: A label, or several lines, of which it is not known which part is the value.

    >>> without_label(Kind.SERIAL, "SerialNumber  \\r\\r\\n5CG1234ABC  \\r\\r\\n")
    '5CG1234ABC'
    """
    text = raw.strip("\0 \t\r\n")
    if "\n" in text or "\r" in text:
        text = _value_of_lines(kind, raw, [line.strip("\0 \t") for line in _LINE_ENDS.split(text)])
    if (":" in text or "=" in text) and (labelled := _LABELLED.fullmatch(text)):
        name = letters(labelled[1])
        if name in LABELS[kind]:
            return labelled[2].strip()
        if _is_suspicious(kind, labelled[1], name, text):
            raise UnusableValue(kind, raw, "a label that is not understood")
    return _without_leading_words(kind, text) if " " in text or "\t" in text else text


def letters(text: str) -> str:
    """Return the letters of a text alone, in lower case."""
    return (text if text.isalpha() else "".join(filter(str.isalpha, text))).lower()


def _is_suspicious(kind: Kind, front: str, name: str, text: str) -> bool:
    """Whether what stands before a colon or an equals sign may be a label. Other kinds are refused by their form."""
    is_word = len(name) >= SHORTEST_WORD and not any(map(str.isdigit, front))
    return kind is Kind.SERIAL and (is_word or "=" in text)


def _value_of_lines(kind: Kind, raw: str, lines: list[str]) -> str:
    """The value of a table with a heading, of a list in which one line has a known label, or of one line repeated."""
    filled = [line for line in lines if line]
    rows = [line for line in filled if line.strip("-")]  # PowerShell underlines its headings
    if len(set(rows)) == 1:
        return rows[0]
    if len(rows) == 2:
        heading, values = rows[0].split(","), rows[1].split(",")
        known = [place for place, name in enumerate(heading) if letters(name) in LABELS[kind]]
        if len(known) == 1 and len(heading) == len(values):
            return values[known[0]].strip()
    pairs = [found for line in filled if (found := _LABELLED.fullmatch(line))]
    values = [pair[2].strip() for pair in pairs if letters(pair[1]) in LABELS[kind]]
    if len(values) == 1:
        return values[0]
    raise UnusableValue(kind, raw, "several lines, of which it is not known which is the value")


def _without_leading_words(kind: Kind, text: str) -> str:
    """Remove words in front that are a label together, such as `Serial Number 5CG1234ABC`."""
    if _DIGIT.search(text.split(maxsplit=1)[0]):
        return text
    words = text.split()
    for count in range(min(3, len(words) - 1), 0, -1):
        rest = " ".join(words[count:])
        if letters("".join(words[:count])) in LABELS[kind] and _is_value(words[:count], rest):
            return rest
    return text


def _is_value(label: list[str], rest: str) -> bool:
    """Whether a label holds no digit, and what follows it does and is long enough to be a serial."""
    return not _DIGIT.search("".join(label)) and len(rest) >= 5 and bool(_DIGIT.search(rest))
