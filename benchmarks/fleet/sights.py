"""What any provider's row has in common: id, company, time last seen; and how each provider spells values."""

from datetime import datetime, timedelta
from typing import Any

from benchmarks.fleet.boxes import Box, Phase
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.customers import CATCH_ALLS, Customer

Row = dict[str, Any]
NOW = datetime(2026, 11, 1, 8)


class Sights:
    """Opens rows for every provider, with ids that say nothing of the box behind them."""

    def __init__(self, customers: list[Customer], chance: Chance) -> None:
        self.customers = customers
        self.chance = chance

    def open(self, provider: str, box: Box, phase: Phase, age: int) -> Row:
        """Return a row with provider, id, company and time; `age` is in days."""
        row: Row = {"provider": provider, "id": self._id(provider)}
        company_id, company = self._company(provider, box, phase)
        if company:
            row["company_id"], row["company"] = company_id, company
        seen = NOW - timedelta(days=age, minutes=self.chance.randrange(0, 1400))
        row["last_seen"] = seen.strftime("%Y-%m-%dT%H:%M:%SZ")
        return row

    def _company(self, provider: str, box: Box, phase: Phase) -> tuple[str, str]:
        listed = phase.customer.companies
        if provider != "cw_manage":
            if self.chance.strikes("catch_all", box):
                return "1", self.chance.pick(CATCH_ALLS[provider])
            if self.chance.strikes("wrong_company", box):
                listed = self.chance.pick(self.customers).companies
        if provider in listed:
            return listed[provider][phase.site % len(listed[provider])]
        if provider in phase.customer.companies:
            return phase.customer.companies[provider][phase.site]
        return "", ""

    def _id(self, provider: str) -> str:
        return self.chance.fresh(lambda: f"{provider} {self._draw(provider)}").partition(" ")[2]

    def _draw(self, provider: str) -> str:
        if provider == "cw_manage":
            return str(self.chance.randrange(1000, 9_999_999))
        if provider == "rmm_gamma":
            return str(self.chance.randrange(1, 4_000_000))
        raw = f"{self.chance.getrandbits(128):032x}"
        return (
            f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
            if provider == "mdm_delta"
            else f"{provider[4]}{raw[:11]}"
        )


def spell_mac(mac: str, style: str) -> str:
    """Write 12 digits as `colons`, `dashes`, `dots` or `bare`; the first two in upper case."""
    if style == "bare":
        return mac
    if style == "dots":
        return f"{mac[:4]}.{mac[4:8]}.{mac[8:]}"
    pairs = [mac[at : at + 2] for at in range(0, 12, 2)]
    return (":" if style == "colons" else "-").join(pairs).upper()


def spell_guid(guid: str | None, style: int) -> str | None:
    """Write a GUID in one of four spellings: as it is, lower case, in braces, without dashes."""
    if not guid:
        return guid
    return (guid, guid.lower(), "{" + guid + "}", guid.replace("-", ""))[style]


def without_nothing(row: Row) -> Row:
    """Return the row without fields that have no value."""
    return {name: value for name, value in row.items() if value not in (None, "", [])}
