"""Where golden values came from is read as it was written, and written the same for the same."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from matching.model import Provenance
from service.store.resolved import provenance

WORDS = st.sampled_from(["a", "b", "an agent before the PSA", "ß", "\x7f", "\ue000", "\U0001f4a9", '"', ""])
LOST = st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)
FIELDS = st.dictionaries(WORDS, st.builds(Provenance, WORDS, WORDS, st.none() | WORDS, WORDS, LOST))


@given(FIELDS)
def test_it_is_read_as_it_was_written(fields: dict[str, Provenance]) -> None:
    """Also where one record gives fields by several rules, and where two records differ in their last sight alone."""
    assert provenance.read(provenance.written(fields)) == fields


@given(FIELDS, st.randoms())
def test_no_order_of_the_fields_matters(fields: dict[str, Provenance], chance: Random) -> None:
    """A device whose values did not change must not look as if they had."""
    mixed = list(fields.items())
    chance.shuffle(mixed)

    assert provenance.written(dict(mixed)) == provenance.written(fields)
