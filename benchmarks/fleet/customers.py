"""Customers of very different size, and under which company and spelling each provider lists them."""

from dataclasses import dataclass, field

from benchmarks.fleet.chance import Chance
from benchmarks.fleet.words import BRAND_ENDS, BRAND_STARTS, LEGAL, PLACES, SURNAMES, TRADES

PROVIDERS = ("cw_manage", "rmm_alpha", "rmm_beta", "rmm_gamma", "mdm_delta")
COVERED = {"cw_manage": 1.0, "rmm_alpha": 0.9, "rmm_beta": 0.75, "rmm_gamma": 0.72, "mdm_delta": 0.7}
"""Share of the customers at which a provider is rolled out at all."""

CATCH_ALLS = {
    "cw_manage": ("Catchall (for email connector)", "Catchall"),
    "rmm_alpha": ("Unassigned", "New Devices"),
    "rmm_beta": ("Unassigned", "Default"),
    "rmm_gamma": ("_Staging", "Unknown"),  # the first is on nobody's list
    "mdm_delta": ("Unassigned",),
    "iot_epsilon": ("Default group",),
}
LARGEST = 2_000
"""Boxes of the second edition's one large customer, at the most."""


@dataclass(slots=True)
class Customer:
    """
    A customer; `size` is the number of boxes meant for it, `companies` provider -> site -> (company id, name there).

    A provider that is not rolled out here is not in `companies`.
    """

    number: int
    name: str
    legal: str
    size: int
    sites: list[str]
    code: str
    companies: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)

    @property
    def initials(self) -> str:
        """The first letters of its name's words."""
        return "".join(word[0] for word in self.name.split() if word[0].isalpha()).upper()

    @property
    def domain(self) -> str:
        """The DNS domain of its machines."""
        letters = "".join(letter for letter in self.name.lower() if letter.isalnum())
        return f"{('ad.', 'corp.', '')[self.number % 3]}{letters[:14]}.{('local', 'com', 'lan')[self.number % 3]}"


def customers(boxes: int, chance: Chance, taken: set[str] | None = None, first: int = 0) -> list[Customer]:
    """
    Return customers that have that many boxes between them, each listed with every provider it has.

    `taken`: names that others have; it takes in the new ones. `first`: the number of the first customer.
    """
    count = max(12, boxes // 160)
    weights = [min(60.0, chance.lognormvariate(0.0, 1.45)) for _ in range(count)]
    large = max(30, min(LARGEST, boxes // 20)) if chance.strikes("large_customer") else 0
    scale = (boxes - large) / sum(weights)
    taken = set() if taken is None else taken
    found = [
        _customer(first + n, min(3000, max(5, int(weight * scale))), taken, chance) for n, weight in enumerate(weights)
    ]
    if large:
        found.append(_customer(first + count, large, taken, chance))
        found[-1].tags.add("large_customer")
    for customer in found:
        _namesake(customer, found, chance)
    for customer in found:
        _list(customer, chance)
    for customer in found:
        _nickname(customer, chance)
        _add_edge_agent(customer, chance)
    for customer in found:
        _entangle(customer, found, chance)
    return found


def _customer(number: int, size: int, taken: set[str], chance: Chance) -> Customer:
    name = _name(chance)
    while name in taken:
        name = f"{_name(chance)} {chance.pick(PLACES)}" if chance.maybe(0.3) else _name(chance)
    taken.add(name)
    sites = chance.sample(PLACES, k=min(len(PLACES), 1 + size // 60))
    code = "".join(word[0] for word in name.split() if word[0].isalpha()).upper() + chance.text("ABCDEFGHKLMNPRST", 2)
    return Customer(number, name, chance.pick(LEGAL), size, sites, code)


def _name(chance: Chance) -> str:
    shape = chance.random()
    if shape < 0.35:
        return f"{chance.pick(SURNAMES)} {chance.pick(TRADES)}"
    if shape < 0.6:
        return f"{chance.pick(SURNAMES)} & {chance.pick(SURNAMES)}"
    if shape < 0.8:
        return f"{chance.pick(PLACES)} {chance.pick(TRADES)}"
    return f"{chance.pick(SURNAMES)} {chance.pick(SURNAMES)} {chance.pick(TRADES)}"


def _namesake(customer: Customer, others: list[Customer], chance: Chance) -> None:
    if chance.strikes("near_namesake", customer):
        original = chance.pick(others)
        words = (*LEGAL[:3], "Group", "Holdings", chance.pick(PLACES), "2")
        if original is not customer:
            customer.name = f"{original.name} {chance.pick(words)}"
            original.tags.add("near_namesake")


def _list(customer: Customer, chance: Chance) -> None:
    branching = (
        chance.pick(PROVIDERS[:4]) if customer.size > 60 and chance.strikes("branch_companies", customer) else ""
    )
    renamed = chance.pick(PROVIDERS[:4]) if chance.strikes("renamed_company", customer) else ""
    for provider in PROVIDERS:
        if not chance.maybe(COVERED[provider]):
            continue
        written = _name(chance) if provider == renamed else spelling(customer, provider, chance)
        if provider == branching:
            rows = [(_id(provider, chance), f"{written} - {site}") for site in customer.sites]
        else:
            rows = [(_id(provider, chance), written)] * len(customer.sites)
        customer.companies[provider] = rows


def _nickname(customer: Customer, chance: Chance) -> None:
    """Let one provider list the customer under a name that says little or nothing of it."""
    listed = [provider for provider in PROVIDERS[:4] if provider in customer.companies]
    if "large_customer" in customer.tags:
        _call(customer, "cw_manage", customer.initials)  # so its rows and those of every agent have other words
    elif listed and chance.strikes("initials_company", customer):
        _call(customer, chance.pick(listed), customer.initials)
    if listed and chance.strikes("trade_name", customer):
        _call(customer, chance.pick(listed), chance.pick(BRAND_STARTS) + chance.pick(BRAND_ENDS))
    if listed and chance.strikes("main_office", customer):
        provider = chance.pick(listed)
        end = chance.pick((" - Main Office", " (Main)", " - HQ", " Head Office", " - Main"))
        _call(customer, provider, customer.companies[provider][0][1] + end)


def _add_edge_agent(customer: Customer, chance: Chance) -> None:
    if chance.strikes("edge_agent", customer):
        row = (_id("iot_epsilon", chance), spelling(customer, "iot_epsilon", chance))
        customer.companies["iot_epsilon"] = [row] * len(customer.sites)


def _call(customer: Customer, provider: str, name: str) -> None:
    customer.companies[provider] = [(number, name) for number, _ in customer.companies[provider]]


def _entangle(customer: Customer, others: list[Customer], chance: Chance) -> None:
    other = chance.pick(others)
    if chance.strikes("shared_tenant", customer) and other is not customer:
        _list_under(customer, other, "mdm_delta")
    if chance.strikes("merged_company", customer) and other is not customer:
        _list_under(customer, other, chance.pick(PROVIDERS[:4]))


def _list_under(customer: Customer, owner: Customer, provider: str) -> None:
    if provider in owner.companies and provider in customer.companies:
        customer.companies[provider] = [owner.companies[provider][0]] * len(customer.sites)


def spelling(customer: Customer, provider: str, chance: Chance) -> str:
    """Return the customer's name as somebody entered it with that provider."""
    name = customer.name
    if chance.maybe(0.3):
        name = name.replace("&", "and") if "&" in name else name.replace(" and ", " & ")
    if provider == "mdm_delta" and chance.maybe(0.4):
        name = name.replace(" ", "") + ".onmicrosoft.com"
    elif customer.legal and chance.maybe(0.6):
        other = {"Ltd": "Limited", "Limited": "Ltd.", "Inc.": "Incorporated", "LLC": "L.L.C."}.get(
            customer.legal, customer.legal
        )
        name = f"{name}{chance.pick((' ', ', '))}{chance.pick((customer.legal, other))}"
    if chance.maybe(0.08):
        name = name.upper()
    if chance.maybe(0.04):
        name = f"The {name}"
    if chance.maybe(0.04):
        name = f"{customer.code} - {name}"
    if chance.strikes("misspelt_company", customer):
        at = chance.randrange(1, len(name) - 1)
        name = name[:at] + chance.pick((name[at + 1] + name[at] + name[at + 2 :], name[at + 1 :], name[at] + name[at:]))
    return name


def _id(provider: str, chance: Chance) -> str:
    return chance.distinct(lambda: _number(provider, chance), lambda number: (f"company of {provider} {number}",))


def _number(provider: str, chance: Chance) -> str:
    if provider in {"cw_manage", "rmm_gamma"}:
        return str(chance.randrange(20, 90_000))
    return f"{provider[4]}-{chance.getrandbits(40):010x}"
