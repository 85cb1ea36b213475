"""What the calibration in force rules out is shown as it was learnt."""

import json
from pathlib import Path

from matching.calibration.calibrate import Calibration
from matching.calibration.trust import UntrustedField
from matching.model import Key, Kind, SharedValue
from service.store.indexes import suppressed_values
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

SERIAL = SharedValue(Kind.SERIAL, "SN-1", "on 5 boxes", (Key("a", "1"), Key("b", "1")))
MAC = SharedValue(Kind.MAC, "00:00:5E:00:53:01", "on 9 boxes")
FIELD, OTHER = UntrustedField("b", Kind.BIOS_GUID, 20, 3), UntrustedField("a", Kind.SERIAL, 9, 1)


def test_the_tables_follow_the_calibration(tmp_path: Path) -> None:
    """Only rows that differ are touched and counted."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        assert suppressed_values.mirror(connection, Calibration((SERIAL, MAC), (FIELD, OTHER))) == 4
        assert suppressed_values.mirror(connection, Calibration((SERIAL, MAC), (FIELD, OTHER))) == 0
        assert suppressed_values.count(connection) == 2
        assert suppressed_values.untrusted_fields(connection) == [OTHER, FIELD]

        assert suppressed_values.mirror(connection, Calibration((SERIAL,), (FIELD,))) == 2
        assert suppressed_values.count(connection) == 1
        assert suppressed_values.untrusted_fields(connection) == [FIELD]

    [(kind, value, reason, holders)] = world.rows("SELECT kind, value, reason, holders FROM shared_values")
    assert (kind, value, reason, json.loads(holders)) == ("serial", "SN-1", "on 5 boxes", ["a:1", "b:1"])


def test_a_value_keeps_its_row_when_others_hold_it(tmp_path: Path) -> None:
    """It is named by kind and value: the same text as a serial and as a MAC is two values."""
    world = Sandbox(tmp_path)
    more = SharedValue(Kind.SERIAL, "SN-1", "on 6 boxes", (*SERIAL.holders, Key("c", "1")))
    with world.store.writing() as connection:
        suppressed_values.mirror(connection, Calibration((SERIAL,)))
    before = world.rows("SELECT id FROM shared_values")

    with world.store.writing() as connection:
        assert suppressed_values.mirror(connection, Calibration((more, SharedValue(Kind.HOSTNAME, "SN-1", "?")))) == 2

    assert {*before} < {*world.rows("SELECT id FROM shared_values")}
    assert world.rows("SELECT reason FROM shared_values WHERE kind = 'serial'") == [("on 6 boxes",)]


def test_shared_values_are_read_as_they_were_learnt(tmp_path: Path) -> None:
    """Each with its holders."""
    with Sandbox(tmp_path).store.writing() as connection:
        suppressed_values.mirror(connection, Calibration((SERIAL, MAC)))

        assert sorted(suppressed_values.shared(connection), key=lambda each: each.kind) == [MAC, SERIAL]
