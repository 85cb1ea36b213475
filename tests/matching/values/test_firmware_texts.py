"""Texts of firmware and constants of clouds are no serials, and real serials are no such texts."""

import pytest

from matching.evidence.identity import identify
from matching.policy import Policy
from matching.values.firmware_texts import text_reason, wordy_reason
from matching.values.normalise import normalise_serial


@pytest.mark.parametrize(
    "text",
    [
        *(
            "$(DEFAULT_STRING)",
            "OEM Default string000",
            "Default string be filled by O.E.M",
            "O.E.M",
            "(none)",
            "[NULL]",
        ),
        *("OEM default string inject", "To be filled by OEM.", "ITo be filled by O.E.M.", "Not Set", "Not used"),
        *("no information", "Standard", "01234567", "01234567890123456789AB", "012345678912345678912345678", "tbd."),
        *("Product Name", "Type1ProductConfigId", "Lenovo Product", "00000000Not Defined", "No Enclosure"),
        *("BSN12345678901234567", "CSN12345678901234567", "ATN12345678901234567", "Base Board Asset Tag"),
        *("7783-7084-3265-9085-8269-3286-77", "Amazon EC2", "OracleCloud.com", "Google", "Virtual Machine"),
        *("Google Compute Engine", "KBC Version 85.79", "SYS_CHASSIS_MANUFACTURER_1", "SmbiosType2_BoardProductName"),
    ],
)
@pytest.mark.parametrize("spell", [str, str.upper, "  {} ".format])
def test_a_text_of_firmware_or_a_cloud_is_no_serial(text: str, spell: "type[str]") -> None:
    """Whatever the case and the blanks around it; an operator who allows it is obeyed."""
    record = {"provider": "p", "id": "1", "serial": spell(text)}

    identity = identify(record, Policy())  # type: ignore[arg-type]
    assert not identity.serials
    assert not identity.weak
    assert len(identity.suppressed) == 1
    allowed = Policy(allow={"serial": frozenset({normalise_serial(text)})})
    assert identify(record, allowed).serials  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "serial",
    [
        *("5CG1234ABC", "PF0EX0A1", "0000-0012-3456-7890-1234-5678-91", "C02XK0AAJGH5", "HKLMNPR", "CZC1234576"),
        *("VMware-56 4d 4c bc", "R90ABCDE", "1234568", "MXL2345670", "102677490240", "9000116105", "VERS1234"),
        *("J1234567890K9", "48368130c2f8", "4242-1234-4242-1234-4242-1234-42"),
    ],
)
def test_a_real_serial_passes(serial: str) -> None:
    """Forms of real serials with invented characters: letters alone, digits alone, groups, lower case."""
    assert text_reason(normalise_serial(serial)) is None
    assert wordy_reason(serial) is None


@pytest.mark.parametrize(
    "serial", ["LATITUDE 5440", "Latitude-Unit", "latitude 5440", "Dell Inc.", "Dell Inc. Latitude 5440"]
)
def test_the_records_own_maker_or_model_is_no_serial(serial: str) -> None:
    """A name in the wrong field sits on every box of its kind."""
    model = "Latitude-Unit" if serial == "Latitude-Unit" else "Latitude 5440"
    identity = identify(
        {"provider": "p", "id": "1", "serial": serial, "manufacturer": "Dell Inc.", "model": model}, Policy()
    )

    assert identity.serials == ()


def test_the_model_of_another_record_is_not_asked_for() -> None:
    """What is a serial depends on the record alone."""
    identity = identify({"provider": "p", "id": "1", "serial": "LATITUDE5440", "model": "OptiPlex"}, Policy())

    assert identity.serials == ("LATITUDE5440",)
