"""Who names nothing known is told what is near, or that nothing is."""

import pytest

from service.core.choosing import MOST_NAMED, MOST_REPEATED, unknown_value

MANY = [f"company {number:03}" for number in range(MOST_NAMED)] + ["Müller & Söhne"]


@pytest.mark.parametrize(
    ("value", "known", "hint"),
    [
        ("cw-manage", ["cw_manage", "cw_rmm"], "did you mean 'cw_manage'? known: cw_manage, cw_rmm"),
        ("zzz", ["cw_manage", "cw_rmm"], "known: cw_manage, cw_rmm"),
        ("muller & sohne", MANY, "did you mean 'Müller & Söhne'?"),
        ("zzz", MANY, f"none of the {len(MANY)} is spelt alike"),
        ("x" * 100_000, MANY, f"none of the {len(MANY)} is spelt alike"),
        ("anything", [], "there are none yet"),
    ],
)
def test_the_nearest_known_names_are_told(value: str, known: list[str], hint: str) -> None:
    """All names are listed where they are few; of a long text only the beginning is repeated."""
    assert str(unknown_value("provider", value, known)) == f"no provider {value[:MOST_REPEATED]!r}; {hint}"
