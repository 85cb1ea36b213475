"""Labels that tools print in front of a value come off; one that is not understood makes the value say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import UnusableValue
from matching.evidence.identity import identify
from matching.model import Kind
from matching.policy import Policy
from matching.values.labels import LABELS, without_label
from matching.values.normalise import NORMALISERS

VALUES = {
    Kind.SERIAL: ("5CG1234ABC", "5CG1234ABC"),
    Kind.BIOS_GUID: ("BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "564D4CBCC6A919693FEEFA0F3887B6A5"),
    Kind.MAC: ("3C:52:82:00:0A:01", "3c5282000a01"),
}
NAMES = {Kind.SERIAL: "SerialNumber", Kind.BIOS_GUID: "UUID", Kind.MAC: "MACAddress"}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize(
    "form",
    [
        "{name}  \r\r\n{value}  \r\r\n  \r\r\n",  # wmic
        "\r\r\n\r\r\n{name}={value}\r\r\n\r\r\n",  # wmic /format:list
        "Node,{name}\r\r\nPC-07,{value}\r\r\n",  # wmic /format:csv
        "{name}\n------------\n{value}\n",  # PowerShell, a table
        "{name} : {value}",  # PowerShell, a list
        "\t{name}: {value}",  # dmidecode
        "{value}\r\n{value}\r\n",
        "Manufacturer: HP\n{name}: {value}\nFamily: 103C_53307F",
    ],
)
def test_the_label_of_each_tool_comes_off(kind: Kind, form: str) -> None:
    """Whatever stands around it, the value is the one behind its own name."""
    value, canonical = VALUES[kind]

    assert NORMALISERS[kind](form.format(name=NAMES[kind], value=value)) == canonical


@pytest.mark.parametrize(
    "text",
    ["IdentifyingNumber=5CG1234ABC", "Serial Number 5CG1234ABC", "SN 5CG1234ABC", "Dell Service Tag: 5CG1234ABC"],
)
def test_other_names_of_a_serial_are_labels_too(text: str) -> None:
    """wmic calls it an identifying number, people a service tag."""
    assert NORMALISERS[Kind.SERIAL](text) == "5CG1234ABC"


@pytest.mark.parametrize("text", ["Physical Address. . . . . : 3C-52-82-00-0A-01", "ether 3c:52:82:00:0a:01"])
def test_the_labels_of_ipconfig_and_ifconfig_come_off_an_address(text: str) -> None:
    """Dots lead from the label to the address, or a blank does."""
    assert NORMALISERS[Kind.MAC](text) == "3c5282000a01"


@pytest.mark.parametrize(
    "text",
    [
        "Asset: 1234567",
        "Base Board Serial Number: PVZGR0A1B2C3",
        "5CG1234ABC\n5CG1234ABD",
        "IdentifyingNumber  Name  UUID\r\n5CG1234ABC  HP  4C4C",
        "SKU=1234;ModelName=PowerEdge",
        "103C G=N L=CON B=HP",
    ],
)
def test_a_label_that_is_not_understood_makes_the_value_say_nothing(text: str) -> None:
    """It is suppressed with the reason: a wrong serial would veto every right join."""
    with pytest.raises(UnusableValue, match=r"label|lines"):
        without_label(Kind.SERIAL, text)
    assert identify({"provider": "p", "id": "1", "serial": text}, Policy()).serials == ()


@pytest.mark.parametrize("text", ["AC:3F:A4:00:11:22", "5CG1234ABC", "P/N 123-45", "1634NM1100", "SERIALISED1234"])
def test_what_has_no_label_stays_as_it_is(text: str) -> None:
    """An address in place of a serial begins with two letters and a colon, and is no label."""
    assert without_label(Kind.SERIAL, text) == text


@pytest.mark.parametrize("kind", LABELS)
@given(text=st.text(alphabet="SN:= \r\n,-A1serialuumc", max_size=40))
def test_a_canonical_value_of_any_lines_and_signs_is_its_own(kind: Kind, text: str) -> None:
    """Texts made of what labels are made of are normalised or refused, and twice is once."""
    try:
        value = NORMALISERS[kind](text)
    except UnusableValue:
        return
    assert NORMALISERS[kind](value) == value
