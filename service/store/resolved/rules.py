"""The rules by which devices were made: the version of the engine, and the defaults of the policy beside it."""

import json
from dataclasses import asdict
from typing import NamedTuple

from matching.policy import Policy
from matching.version import ENGINE_VERSION
from service.store.database.canonical_json import digest


class Rules(NamedTuple):
    """
    What a release decides, and no operator: the engine's version, and the digest of the policy's defaults.

    A policy that an operator changed on purpose leaves them as they are.
    """

    engine: int
    defaults: str


def policy_digest(policy: Policy) -> str:
    """Return the SHA-256 of all that a policy says; its spelling is for good, for digests are stored."""
    return digest(json.dumps(asdict(policy), sort_keys=True, default=sorted))


RULES = Rules(ENGINE_VERSION, policy_digest(Policy()))
"""The rules of this program."""
