"""Which network interfaces are a box's own."""

import pytest

from service.ingest.interfaces import own_macs


@pytest.mark.parametrize(
    "name",
    [
        "Hyper-V Virtual Ethernet Adapter #2",
        "vEthernet (Default Switch)",
        "Microsoft Kernel Debug Network Adapter",
        "Bluetooth Device (Personal Area Network)",
        "Cisco AnyConnect Secure Mobility Client Virtual Miniport Adapter",
        "PANGP Virtual Ethernet Adapter",
        "TAP-Windows Adapter V9",
        "Fortinet SSL VPN Virtual Ethernet Adapter",
        "VMware Virtual Ethernet Adapter for VMnet8",
        "VirtualBox Host-Only Ethernet Adapter",
        "ThinkPad USB-C Dock Ethernet",
        "docker0",
        "utun3",
    ],
)
def test_the_mac_of_a_foreign_adapter_is_dropped_everywhere(name: str) -> None:
    """Software's adapters, VPN clients and docks identify no box, in whichever list their MAC stands."""
    nics = [{"description": name, "macAddress": "02-00-5E-10-00-09"}, {"name": "Wi-Fi", "macAddress": "02005E100001"}]

    assert own_macs(["02:00:5e:10:00:09", "02:00:5E:10:00:02"], nics) == ["02:00:5E:10:00:02", "02005E100001"]


@pytest.mark.parametrize(
    "name",
    [
        "Intel(R) Ethernet Connection (16) I219-LM",
        "Microsoft Hyper-V Network Adapter",
        "vmxnet3 Ethernet Adapter",
        "Red Hat VirtIO Ethernet Adapter",
        "Ethernet",
        "eth0",
        "enp0s31f6",
        "",
    ],
)
def test_the_mac_of_an_own_adapter_stays(name: str) -> None:
    """Hardware, and the adapters that a virtual machine has for its hardware, are the box's."""
    assert own_macs([], [{"name": name, "macAddress": ["02:00:5E:10:00:01"]}]) == ["02:00:5E:10:00:01"]


def test_a_virtual_switch_does_not_take_the_mac_of_its_physical_adapter_away() -> None:
    """Hyper-V gives its switch the physical adapter's MAC; the box still has that adapter."""
    nics = [
        {"name": "vEthernet (External)", "macAddress": "02:00:5E:10:00:01"},
        {"name": "Ethernet", "macAddress": "02-00-5E-10-00-01"},
    ]

    assert own_macs(["02005E100001"], nics) == ["02005E100001"]
