"""People who decide, in tests."""

from collections.abc import Sequence

from matching.model import Decision, Key, Verdict
from service.stewardship import deciding, previewing, transfer
from service.stewardship.deciding import Decided
from service.stewardship.previewing import Preview
from service.stewardship.transfer import Imported
from tests.service.sandbox import Sandbox


def decision(verdict: str, left: str, right: str, by: str = "anna", why: str = "saw both stickers") -> Decision:
    """Return a decision about `provider:id` twice."""
    return Decision(Verdict(verdict), Key.parse(left), Key.parse(right), by, why)


def decide(world: Sandbox, verdict: str, left: str, right: str, **texts: str) -> Decided:
    """Decide."""
    return deciding.decide(world, decision(verdict, left, right, **texts))


def preview(world: Sandbox, verdict: str, left: str, right: str) -> Preview:
    """Ask what a decision would do."""
    return previewing.preview(world, decision(verdict, left, right))


def revoke(world: Sandbox, decision_id: str, by: str = "bob", why: str = "was a mistake") -> Decided:
    """Take a decision back."""
    return deciding.revoke(world, decision_id, by, why)


def bring(world: Sandbox, wanted: Sequence[Decision]) -> Imported:
    """Import decisions."""
    return transfer.import_decisions(world, wanted)
