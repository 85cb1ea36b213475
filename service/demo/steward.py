"""What two stewards did with the demo before anybody looks at it: decisions, and a correction of the policy."""

from matching.model import Decision, Key, Verdict
from matching.policy import PolicyEntryKind
from service.core.paging import PageRequest
from service.stewardship import deciding
from service.stewardship.correcting import correct, list_entries, of_value
from service.store.access.actors import Actor
from service.store.world import World

ANNA, BEN = "anna", "ben"

STANDING = (
    Decision(
        Verdict.SAME,
        Key("cw_manage", "4728"),
        Key("cw_rmm", "9a7f549d-41a5-4b8a-8ac6-63c0c0cb4212"),
        ANNA,
        "the sticker says PF5YX4NG; whoever typed it left out the 5",
    ),
    Decision(
        Verdict.DIFFERENT,
        Key("cw_manage", "4861"),
        Key("cw_manage", "5096"),
        ANNA,
        "TPE-VM50 was copied from TPE-VM08 to test the new ERP, and both run",
    ),
)
"""A serial with a typing error and a guest that was copied (`letter_left_out`, `cloned_vm` of `fixtures/README.md`)."""

WITHDRAWN = Decision(
    Verdict.SAME,
    Key("cw_manage", "5221"),
    Key("cw_manage", "5632"),
    BEN,
    "same name, and only one stands in the office",
)
"""A broken laptop and its successor under the same name (`name_passed_on`)."""

WHY_WITHDRAWN = "the old one was on the scrap pile; asked the customer"

VPN_ADAPTER = "00:60:73:4A:1F:22"
"""The fixed MAC of a VPN client that is on no list (`vpn_mac`)."""


def work(world: World) -> None:
    """Decide, withdraw and correct, once: where anything was decided or corrected before, that is left as it is."""
    first = PageRequest(1)
    if not deciding.list_decisions(world, first, revoked=True).data:
        anna, ben = (world.acting(Actor(name)) for name in (ANNA, BEN))
        for decision in STANDING:
            deciding.decide(anna, decision)
        withdrawn = deciding.decide(ben, WITHDRAWN).decision
        deciding.revoke(anna, withdrawn.id, ANNA, WHY_WITHDRAWN)
    if not list_entries(world):
        entry = of_value(PolicyEntryKind.DENY, "mac", VPN_ADAPTER)
        correct(world.acting(Actor(ANNA)), [entry], ANNA, "the adapter of the VPN client, the same on every laptop")
