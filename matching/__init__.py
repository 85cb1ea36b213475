"""
The engine of Samebox resolves records of devices into devices. It uses no I/O, no clock and no environment.

Three records of two laptops. The RMM's agent reports a serial number, a row of the PSA has the same one, and the
third record shares only the MAC address of a dock with the first:

>>> from matching import Key, read_record, resolve_records
>>> rows = [
...     {"provider": "ninjaone", "id": "1", "serial": "5CG1234ABC", "macs": ["3C:52:82:00:00:01"]},
...     {"provider": "cw_manage", "id": "4711", "serial": " 5cg 1234abc"},
...     {"provider": "ninjaone", "id": "2", "serial": "PF0EXMPL", "macs": ["3C:52:82:00:00:01"]},
... ]
>>> resolution = resolve_records(read_record(row)[0] for row in rows)
>>> for device in resolution.devices:
...     print(*device.keys)
cw_manage:4711 ninjaone:1
ninjaone:2
>>> print(resolution.explain(Key("ninjaone", "1"), Key("ninjaone", "2")).sentence)
ninjaone:1 and ninjaone:2 are different devices: they agree on MAC 3C:52:82:00:00:01, but their serials differ, which \
outweighs it (serial 5CG1234ABC against PF0EXMPL).

A record passes through the packages in this order: `values` (its canonical values), `evidence` (its identity),
`calibration` (what is learnt from all records), `clustering` (which records are one device), `results` (golden
records and explanations). Each imports only those before it.
"""

from matching.errors import BadDecision, MatchingError, NotARecord
from matching.model import (
    Claim,
    Decision,
    Device,
    Explanation,
    GoldenRecord,
    Key,
    Kind,
    Record,
    Review,
    ReviewReason,
    SharedValue,
    Suppressed,
    Verdict,
)
from matching.policy import Policy
from matching.records import read_record
from matching.results.resolution import Resolution, resolve_records

__all__ = [
    "BadDecision",
    "Claim",
    "Decision",
    "Device",
    "Explanation",
    "GoldenRecord",
    "Key",
    "Kind",
    "MatchingError",
    "NotARecord",
    "Policy",
    "Record",
    "Resolution",
    "Review",
    "ReviewReason",
    "SharedValue",
    "Suppressed",
    "Verdict",
    "read_record",
    "resolve_records",
]
