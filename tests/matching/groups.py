"""Groups of records, and what vetoes depend on besides them, drawn from few values so that everything collides."""

from hypothesis import strategies as st

from matching.calibration.companies import CompanyMap
from matching.clustering.vetoes import Premises
from matching.evidence.groups import Group
from matching.model import Key, Kind
from tests.matching.fleets import PROVIDERS, keys, policies

NAMES = ("pc1", "pc2", "acme-laptop-004", "acme-laptop-0042", "acme-laptop-0043")
CUSTOMERS = ("alpha:Acme", "beta:Bolt", "gamma:Core")


def some(*values: str) -> st.SearchStrategy[frozenset[str]]:
    """A few of the values, often none."""
    return st.frozensets(st.sampled_from(values), max_size=2)


@st.composite
def groups(draw: st.DrawFn) -> Group:
    """What several records may say together."""
    macs, weak_macs = draw(some("3c5282000001", "000c29000002")), draw(some("02005e100001", "00155d000002"))
    field_hostnames, display_names = draw(some(*NAMES)), draw(some(*NAMES))
    truncated = frozenset(name for name in field_hostnames if len(name) == 15 and draw(st.booleans()))
    own = draw(st.frozensets(keys, min_size=1, max_size=3))
    guids, live = draw(some("A" * 32, "B" * 32)), draw(st.booleans())
    return Group(
        keys=own,
        guids=guids,
        serials=draw(some("5CG1234ABC", "PF0EXMPL", "R90ABCDE")),
        links=frozenset(map(str, own | draw(st.frozensets(keys, max_size=1)))),
        macs=macs,
        weak=frozenset((Kind.MAC, mac) for mac in weak_macs),
        field_hostnames=field_hostnames,
        hostnames=(field_hostnames | display_names) - truncated,
        truncated=truncated,
        customers=draw(some(*CUSTOMERS)),
        live=live,
        live_guids=frozenset(
            (key.provider, guid) for key, guid in zip(sorted(own), sorted(guids), strict=False) if live
        ),
        doubtful_guids=guids if draw(st.booleans()) else frozenset(),
        complete=bool(macs or weak_macs) and draw(st.booleans()),
        adapters=macs | weak_macs,
    )


sets_of_groups = st.lists(groups(), min_size=2, max_size=5)

company_maps = st.builds(
    CompanyMap, providers=st.dictionaries(st.sampled_from(CUSTOMERS), st.frozensets(st.sampled_from(PROVIDERS)))
)


@st.composite
def premises(draw: st.DrawFn) -> Premises:
    """A policy, a company map and some decisions *different*."""
    parted: dict[Key, frozenset[Key]] = {}
    for left, right in draw(st.lists(st.tuples(keys, keys), max_size=2)):
        parted[left] = parted.get(left, frozenset()) | {right}
        parted[right] = parted.get(right, frozenset()) | {left}
    return Premises(draw(policies), draw(company_maps), parted)
