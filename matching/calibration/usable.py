"""
The usable identity of a record: what it says once the calibration of all records is known.

Each record's is made by itself, so that any process can make it: from the identity, the calibration, and the one longer
hostname that its truncated hostname stands for. Only that hostname is looked up among all records.
"""

from matching.calibration.calibrate import Calibration
from matching.calibration.suppression import without_suppressed
from matching.calibration.truncated_names import restored
from matching.evidence.identity import Identity


def usable(identity: Identity, calibration: Calibration, longer: str | None) -> Identity:
    """
    Return a record's identity without suppressed values, and with its truncated hostname restored or suppressed.

    Args:
        longer: The one longer hostname that the record's stands for (`truncated_names.longer_hostnames`); None where
            its hostname is not truncated.
    """
    found = identity
    if calibration.suppression.may_change(identity):
        found = without_suppressed(identity, calibration.value_reasons, calibration.field_reasons)
    return restored(found, calibration.companies.of(found.company), calibration.ambiguous_prefixes, longer)
