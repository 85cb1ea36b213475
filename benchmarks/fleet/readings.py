"""How agents and scripts of the second edition write down what they read: byte orders, gaps, labels, spellings."""

from benchmarks.fleet.boxes import METAL, SERVERS, Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.hardware import twin
from benchmarks.fleet.sights import Row

LABELS = {
    "serial": ("SerialNumber  \r\r\n{0}  \r\r\n", "SerialNumber={0}", "IdentifyingNumber={0}", "SerialNumber\r\n{0}"),
    "bios_guid": ("UUID  \r\r\n{0}  \r\r\n", "UUID={0}", "UUID: {0}", "UUID\r\n{0}"),
}


def in_some_order(guid: str | None, box: Box, chance: Chance) -> str | None:
    """Return a GUID as one reader decodes it: where the SMBIOS is old, every other prints the bytes as they stand."""
    if guid and "old_smbios" in box.tags and guid.count("-") == 4 and chance.maybe(0.5):
        return twin(guid)
    return guid


def rewrite(row: Row, box: Box, phase: Phase, chance: Chance) -> None:
    """Write a finished row as its provider does where it does not write every value plainly."""
    provider = row["provider"]
    if provider == "rmm_alpha" and chance.strikes("serial_only", box):
        row["bios_guid"] = None
    if provider == "rmm_beta" and chance.strikes("guid_only", box):
        row["serial"] = None
    if provider in {"rmm_alpha", "iot_epsilon"} and box.kind == "guest" and chance.strikes("vm_guid_only", box):
        row["serial"] = None
    if provider in {"mdm_delta", "iot_epsilon"} and box.kind in METAL and chance.strikes("board_serial_few", box):
        row["serial"] = phase.board
    if provider in {"cw_manage", "rmm_alpha"} and row.get("serial") and chance.strikes("labelled_value", box):
        for field, forms in LABELS.items():
            row[field] = chance.pick(forms).format(row[field]) if row.get(field) else None
    if row.get("macs"):
        _respell(row, box, chance)


def _respell(row: Row, box: Box, chance: Chance) -> None:
    provider, macs = row["provider"], row["macs"]
    if provider == "rmm_gamma" and box.kind in SERVERS and chance.strikes("mac_short_octets", box):
        row["macs"] = [":".join(f"{int(octet, 16):x}" for octet in mac.split("-")) for mac in macs]
    elif provider == "rmm_beta" and chance.strikes("mac_array", box):
        row["macs"] = [f'{{"{mac.upper()}"}}' for mac in macs]
    elif provider == "rmm_alpha" and len(macs) > 1 and chance.strikes("macs_in_one_text", box):
        row["macs"] = [chance.pick((",", ", ", ";", " ")).join(macs)]
