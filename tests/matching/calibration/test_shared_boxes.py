"""Shared boxes: pairs of records that one box explains best, each once."""

from collections.abc import Iterable
from typing import Any

from matching.calibration.index import build_index, unique_pairs
from matching.calibration.shared_boxes import shared_boxes
from matching.calibration.suppression import Suppression
from matching.calibration.trust import HARDWARE
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.policy import Policy
from tests.matching.calibration.boxes import guid
from tests.matching.stories import identity

MACS = ["3C:52:82:00:00:01", "3C:52:82:00:00:02"]


def found(
    rows: Iterable[Identity], suppression: Suppression | None = None, policy: Policy | None = None
) -> list[tuple[str, str]]:
    """Return the keys of the pairs of some identities."""
    index = build_index(rows)
    silenced = suppression or Suppression()
    by_guid, by_serial = (list(unique_pairs(index.providers, index.holders(kind, silenced))) for kind in HARDWARE)
    pairs = shared_boxes(index, by_guid, by_serial, silenced, policy or Policy())
    return sorted((str(index.identities[left].key), str(index.identities[right].key)) for left, right in pairs)


def test_a_guid_a_serial_or_a_mac_beside_a_hostname_is_a_shared_box() -> None:
    """A MAC alone is a dock, a hostname alone is a name."""
    rows = [
        *(identity(f"{provider}:guid", bios_guid=guid(1)) for provider in ("alpha", "beta")),
        *(identity(f"{provider}:serial", serial="5CG1234ABC") for provider in ("alpha", "beta")),
        *(identity(f"{provider}:both", macs=MACS[:1], hostname="pc1") for provider in ("alpha", "beta")),
        *(identity(f"{provider}:dock", macs=MACS[1:], hostname=f"{provider}-pc") for provider in ("alpha", "beta")),
        *(identity(f"{provider}:name", hostname="pc2") for provider in ("alpha", "beta")),
    ]

    assert found(rows) == [(f"alpha:{name}", f"beta:{name}") for name in ("both", "guid", "serial")]


def test_a_box_counts_once_whatever_it_shares() -> None:
    """Two adapters, a serial and a GUID of one box are one box."""
    said: dict[str, Any] = {"macs": MACS, "hostname": "pc1", "serial": "5CG1234ABC"}
    with_guid = [identity(key, **said, bios_guid=guid(1)) for key in ("alpha:1", "beta:1")]
    without = [identity(key, **said) for key in ("alpha:1", "beta:1")]

    assert found(with_guid) == found(without) == [("alpha:1", "beta:1")]


def test_a_suppressed_guid_leaves_the_other_evidence_to_count() -> None:
    """The GUID of an image is on many boxes; their serials tell them apart."""
    rows = [identity(f"{provider}:1", bios_guid=guid(1), serial="5CG1234ABC") for provider in ("alpha", "beta")]
    over_shared = Suppression(values=frozenset({(Kind.BIOS_GUID, rows[0].guid or "")}))
    untrusted = Suppression(fields=frozenset({("alpha", Kind.BIOS_GUID)}))

    assert found(rows, over_shared) == found(rows, untrusted) == [("alpha:1", "beta:1")]


def test_a_name_that_many_boxes_have_is_no_hostname_beside_a_mac() -> None:
    """A dongle moves between two machines called `localhost`."""
    assert found(identity(key, macs=MACS[:1], hostname="localhost") for key in ("alpha:1", "beta:1")) == []


def test_a_provider_that_is_not_trusted_across_customers_shares_no_box() -> None:
    """Whoever pushes records could copy any value."""
    rows = [identity(f"{provider}:1", serial="5CG1234ABC") for provider in ("alpha", "beta", "gamma")]
    trusting = Policy(trusted_across_customers=frozenset({"alpha", "beta"}))

    assert found(rows, policy=trusting) == [("alpha:1", "beta:1")]
