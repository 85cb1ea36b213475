"""Fleets of records drawn from few values, so that every pathology and every conflict comes up."""

from typing import cast

from hypothesis import strategies as st

from matching.model import Decision, Key, Record, Verdict
from matching.policy import OnConflict, Policy

PROVIDERS = ("cw_manage", "alpha", "beta", "gamma")
COMPANIES = ("Acme Inc.", "ACME", "Bolt GmbH", "Unassigned")

GUIDS = (
    "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
    "564d4cbc-c6a9-1969-3fee-fa0f3887b6a5",  # the same, byte-swapped
    "{7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F}",
    "4C4C4544-0033-3410-8036-C4C04F32334A",  # Dell, tag D34623J
    "03000200-0400-0500-0006-000700080009",  # placeholder
    "0352023C-0482-0500-0006-030700080009",  # a template with the MAC 3C:52:82:00:00:03
    "37383638-3330-4835-4331-323334414243",  # HP, 5CH1234ABC or H5C1234ABC
    "not a guid",
)
SERIALS = (
    "5CG1234ABC",
    "5cg 1234abc",
    "5CG1234ABD",  # one error away
    "PF0EXMPL",
    "D34623J",
    "VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5",
    "VirtualBox-7b1d6c2e-0a11-4d4f-9e55-1c2b3a4d5e6f",
    "/D34623J/CN1234567800A1/",  # a Dell board of tag D34623J
    "5CH1234ABC",
    "To be filled by O.E.M.",
    "X1",  # weak: too short
)
MACS = (
    "3C:52:82:00:00:01",
    "3c5282000001",
    "3C-52-82-00-00-02",
    "3C:52:82:00:00:03",
    "02:00:5E:10:00:01",  # weak: locally administered
    "00:50:B6:00:00:01",  # weak: a dock
    "00:00:00:00:00:00",
)
NAMES = ("pc1", "PC1.acme.test", "pc2", "pc3", "acme-laptop-0042", "acme-laptop-004", "acme-laptop-0043", "front desk")


def _some(values: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


@st.composite
def records(draw: st.DrawFn, ids: st.SearchStrategy[str] | None = None) -> Record:
    """One record of a pathological fleet."""
    fields = {
        "company": draw(_some(COMPANIES)),
        "bios_guid": draw(_some(GUIDS)),
        "serial": draw(_some(SERIALS)),
        "macs": draw(st.lists(st.sampled_from(MACS), max_size=3)),
        "hostname": draw(_some(NAMES)),
        "name": draw(_some(NAMES)),
        "active": draw(st.sampled_from((True, True, True, False))),
        "links": draw(st.lists(links(), max_size=1)),
    }
    given = {field: value for field, value in fields.items() if value not in (None, [])}
    own = {"provider": draw(st.sampled_from(PROVIDERS)), "id": draw(ids or st.integers(1, 6).map(str))}
    return cast("Record", own | given)


def links() -> st.SearchStrategy[dict[str, str]]:
    """A provider's word on another's record, which may not exist."""
    return st.fixed_dictionaries({"provider": st.sampled_from(PROVIDERS), "id": st.integers(1, 6).map(str)})


def fleets(max_size: int = 14, min_size: int = 0) -> st.SearchStrategy[list[Record]]:
    """Records with distinct keys."""
    return st.lists(
        records(), min_size=min_size, max_size=max_size, unique_by=lambda record: (record["provider"], record["id"])
    )


SERIALS_OF_RENAMED: tuple[list[str], ...] = (
    ["5CG1234ABC"],
    ["5CG1234ABC", "PF0EXMPL"],
    ["PF0EXMPL"],
    ["To be filled by O.E.M."],
    [],
)


@st.composite
def renamed(draw: st.DrawFn) -> list[Record]:
    """What providers that list every adapter, or do not, say of what is mostly one box under several names."""
    return [
        cast(
            "Record",
            {
                "provider": provider,
                "id": "1",
                "company": "Acme Inc.",
                "serial": draw(st.sampled_from(SERIALS_OF_RENAMED)),
                "macs": draw(st.lists(st.sampled_from(MACS[2:6]), max_size=2)),
                **({"bios_guid": GUIDS[2]} if draw(st.booleans()) else {}),
                **({"hostname": draw(st.sampled_from(NAMES[1:4]))} if draw(st.booleans()) else {}),
            },
        )
        for provider in draw(st.sets(st.sampled_from(PROVIDERS), min_size=2))
    ]


@st.composite
def sparse(draw: st.DrawFn) -> list[Record]:
    """
    Two to five records of one company that say little, so that components are small and one kind decides.

    In the fleets above most components hold several conflicts at once, and an overlooked one shows nowhere.
    """
    few = {
        "bios_guid": GUIDS[1:3],
        "serial": SERIALS[0:4:3],
        "hostname": ("pc1", "pc2", "acme-laptop-004", "acme-laptop-0042", "acme-laptop-0043", "printer"),
        "name": ("pc1", "pc2"),
    }
    found = []
    for number in range(draw(st.integers(2, 5))):
        row = {"provider": draw(st.sampled_from(PROVIDERS)), "id": str(number), "company": "Acme"}
        row |= {
            field: draw(st.sampled_from(few[field]))
            for field in draw(st.sets(st.sampled_from(sorted(few)), max_size=2))
        }
        given = {"macs": draw(st.lists(st.sampled_from(MACS[1:4]), max_size=2)), "active": draw(st.booleans())}
        found.append(cast("Record", row | given))
    return found


keys = st.builds(Key, st.sampled_from(PROVIDERS), st.integers(1, 6).map(str))

decisions = st.builds(Decision, st.sampled_from(Verdict), keys, keys)

policies = st.builds(
    Policy,
    board_replacement=st.sampled_from(OnConflict),
    mac_against_name=st.sampled_from(OnConflict),
    complete_adapters=st.dictionaries(st.sampled_from(PROVIDERS), st.booleans()),
    trusted_across_customers=st.none() | st.frozensets(st.sampled_from(PROVIDERS)),
    islands=st.sampled_from((2, 3)),
)
