"""The committed weights are such as the model promises, and belong to evidence that there is."""

from matching.clustering.proposal_weights import WEIGHTS
from matching.clustering.proposals import FEATURES
from matching.model import ReviewReason, Verdict


def test_evidence_never_weighs_against_what_it_speaks_for() -> None:
    """A reader can follow each weight; every one belongs to a piece of evidence or to a ground."""
    for name, feature in FEATURES.items():
        assert WEIGHTS[name] == 0 or (WEIGHTS[name] > 0) is (feature.speaks_for is Verdict.SAME), name
    assert WEIGHTS.keys() <= {*FEATURES, *map(str, ReviewReason)}
