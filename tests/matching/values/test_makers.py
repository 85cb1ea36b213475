"""What firmware leaves in the fields for the maker and the model is no name; generic and short names are names."""

import pytest

from matching.values.makers import is_placeholder_name

PLACEHOLDERS = """
System manufacturer
System Manufacter
SYSTEM_MANUFACTURER
System Product Name
SYSTEM_PRODUCT_NAME
Product Name
Base Board Product Name
To be filled by O.E.M.
To Be Filled By O.E.M. by More String
ITo be filled by OEM.
To be Filled
Default string
$(DEFAULT_STRING)
OEM Default string000
Default string be filled by O.E.M
OEM
O.E.M
Not Specified
not applicable
N/A
<BAD INDEX>
(none)
NULL
Unknow
Unknown Product
no information
Standard
Type2 - Board Vendor Name1
SmbiosType1_SystemManufacturer
Type1ProductConfigId
Lenovo Product
ACME_NB1234567890
00000000
12345
0123456789
1.02
V1.0
XXXXXX
......
*
' '
Ｎ／Ａ
""".strip().splitlines()

NAMES = """
Dell Inc.
LENOVO
HP
MSI
SR
A7
innotek GmbH
Red Hat
Tulip Computers
System76, Inc.
System x3550 M5: -[5463AC1]-
Intel(R) Client Systems
Dell System XPS L502X
Latitude 5420
20L8S07A14
5420
1000
5555
Virtual Machine
VMware Virtual Platform
VMware7,1
VirtualBox
KVM
HVM domU
Standard PC (Q35 + ICH9, 2009)
OpenStack Compute
t3.small
iMac15,1
Notebook
Mini PC
Defaultech 300
Model 3
Generic Devices AG
P5KPL-AM IN/ROEM/SI
北京公司
""".strip().splitlines()


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_nobody_filled_in_is_no_name(text: str) -> None:
    """In any case, with whatever around it."""
    assert is_placeholder_name(text)
    assert is_placeholder_name(f"  {text.upper()} ")


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_a_name(text: str) -> None:
    """Also where it is short, a number, a platform's, or begins like a placeholder."""
    assert not is_placeholder_name(text)
    assert not is_placeholder_name(f"  {text.upper()} ")
