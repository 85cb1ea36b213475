"""
The section `Policy` of the settings: pydantic reads and checks it, the engine gets its own frozen `Policy`.

The defaults are the engine's. What each key means is written here, and nowhere else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from matching.errors import UnusableValue
from matching.policy import OnConflict, Policy, Trust
from matching.values.normalise import NORMALISERS
from service.core.sections import POLICY, Section

DEFAULT = Policy()


def _value_kind(name: str) -> str:
    if name not in NORMALISERS:
        raise ValueError(f"there is no such kind; there are {', '.join(NORMALISERS)}")
    return name


def _canonical(values: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    try:
        return {kind: frozenset(map(NORMALISERS[kind], written)) for kind, written in values.items()}
    except UnusableValue as error:
        raise ValueError(f"holds a value that is none of its kind: {error}") from None


def _company(name: str) -> str:
    if not all(name.partition(":")):
        raise ValueError(f"holds {name[:100]!r}; write provider:company, such as cw_manage:250")
    return name


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
FoldedNames = frozenset[Annotated[Text, AfterValidator(str.casefold)]]
ValueKind = Annotated[str, AfterValidator(_value_kind)]
ValuesByKind = Annotated[Mapping[ValueKind, frozenset[Text]], AfterValidator(_canonical)]


class PolicySettings(Section):
    """The rules of matching that an operator can change; the defaults prefer a review to a wrong join."""

    board_replacement: OnConflict = Field(
        default=DEFAULT.board_replacement,
        description=(
            "`join` joins records of one customer whose serial and hostname agree although their BIOS GUIDs differ, as"
            " after a new mainboard, unless two live agents measured the different GUIDs; `review` keeps all such"
            " records apart and asks a person."
        ),
        examples=["review"],
    )
    mac_against_name: OnConflict = Field(
        default=DEFAULT.mac_against_name,
        description=(
            "`join` joins records that share a MAC although their hostnames differ (a renamed box, or a dock that"
            " moved); `review` keeps them apart and asks a person."
        ),
        examples=["join"],
    )
    complete_adapters: Mapping[str, bool] = Field(
        default=DEFAULT.complete_adapters,
        description=(
            "Say of a provider whether it lists every network adapter of a box. Calibration measures it for the"
            " providers that are not named here."
        ),
        examples=[{"ninjaone": True}],
    )
    trust: Mapping[str, Mapping[ValueKind, Trust]] = Field(
        default=DEFAULT.trust,
        description=(
            "Say of a provider and a kind (bios_guid, serial, mac, hostname) whether its values are evidence: `always`,"
            " `never`, or `measured`, which is the default and trusts them until the data prove them unreliable."
        ),
        examples=[{"cw_manage": {"bios_guid": "never"}}],
    )
    allow: ValuesByKind = Field(
        default=DEFAULT.allow,
        description=(
            "Count these values of a kind (bios_guid, serial, mac, hostname) as evidence, although a list of"
            " placeholders or the data speak against them."
        ),
        examples=[{"mac": ["00-15-5D-01-02-03"]}],
    )
    deny: ValuesByKind = Field(
        default=DEFAULT.deny,
        description=(
            "Never count these values of a kind (bios_guid, serial, mac, hostname) as evidence; this outweighs `Allow`"
            " and everything else."
        ),
        examples=[{"serial": ["LOANER-1"]}],
    )
    company_map: tuple[frozenset[Annotated[Text, AfterValidator(_company)]], ...] = Field(
        default=DEFAULT.company_map,
        description=(
            "Treat the companies of each group as one customer, whatever their names are. Write a company as"
            " `provider:id` or `provider:name`, and a name in lists of billed quantities as `billed:name`."
        ),
        examples=[[["cw_manage:250", "ninjaone:Acme Inc."]]],
    )
    different_companies: tuple[frozenset[Annotated[Text, AfterValidator(_company)]], ...] = Field(
        default=DEFAULT.different_companies,
        description=(
            "Never take two companies of one of these groups for one customer, whatever their names and boxes say; only"
            " `CompanyMap` outweighs it. Write a company as `provider:id` or `provider:name`."
        ),
        examples=[[["cw_manage:250", "ninjaone:HS"]]],
    )
    trusted_across_customers: frozenset[Text] | None = Field(
        default=DEFAULT.trusted_across_customers,
        description=(
            "Let these providers' boxes show which companies are one customer, and let their BIOS GUIDs and links join"
            " records of different customers; what another provider says there is a review. If not set, these are the"
            " providers that are configured below `Providers`, and never one beside them that is pushed or imported."
            " Where none is configured, and in `samebox match`, which reads no settings, all are trusted."
        ),
        examples=[["cw_manage", "ninjaone"]],
    )
    catch_all_companies: FoldedNames = Field(
        default=DEFAULT.catch_all_companies,
        description="Treat the company of a record as unknown if it has one of these names; case does not matter.",
        examples=[["unassigned", "new devices"]],
    )
    retired_statuses: FoldedNames = Field(
        default=DEFAULT.retired_statuses,
        description="Treat a record as retired if it has one of these statuses; case does not matter.",
        examples=[["retired", "sold"]],
    )
    non_device_types: FoldedNames = Field(
        default=DEFAULT.non_device_types,
        description=(
            "Take no evidence from a record whose type contains one of these words: it is a contract, a licence or a"
            " part, and its values are those of the device it is about. Case does not matter."
        ),
        examples=[["licence", "toner"]],
    )
    psa_providers: frozenset[Text] = Field(
        default=DEFAULT.psa_providers,
        description=(
            "Treat these providers as PSAs, whose records people keep by hand; all others are agents, which report what"
            " they measure."
        ),
        examples=[["cw_manage"]],
    )
    precedence: Mapping[str, tuple[Text, ...]] = Field(
        default=DEFAULT.precedence,
        description=(
            "Take a field of the golden record from the first of these providers that has a value; the providers that"
            " are not named follow in the default order."
        ),
        examples=[{"company": ["cw_manage", "ninjaone"]}],
    )
    max_holders: int = Field(
        default=DEFAULT.max_holders,
        ge=2,
        description="Suppress a value that more live records than this hold; 2 is the least.",
    )
    islands: int = Field(
        default=DEFAULT.islands,
        ge=2,
        description=(
            "Suppress a value that this many boxes of one provider, or more, hold and that have nothing else in common;"
            " 2 is the least."
        ),
    )

    def to_policy(self) -> Policy:
        """Return what the engine works with."""
        return Policy(**dict(self))


@dataclass(frozen=True)
class PolicyDifference:
    """A setting in which two policies differ: its key, and its value in either, as JSON has it."""

    key: str
    now: Any
    then: Any

    def said(self) -> list[tuple[str, str]]:
        """Return labelled texts that say the difference; of two lists they say what is added and what is taken away."""
        if not (isinstance(self.now, list) and isinstance(self.then, list)):
            return [("now", setting_text(self.now)), ("then", setting_text(self.then))]
        lists = {
            "adds": [each for each in self.then if each not in self.now],
            "takes away": [each for each in self.now if each not in self.then],
        }
        return [(label, ", ".join(map(setting_text, values))) for label, values in lists.items() if values]


def policy_differences(now: Policy, then: Policy) -> list[PolicyDifference]:
    """Return the settings in which two policies differ, in their order."""
    return [
        PolicyDifference(f"{POLICY}:{field.alias}", as_json(getattr(now, name)), as_json(getattr(then, name)))
        for name, field in PolicySettings.model_fields.items()
        if getattr(now, name) != getattr(then, name)
    ]


def as_json(value: object) -> Any:
    """Return the value of a setting of the policy as JSON has it; what has no order is sorted."""
    return json.loads(json.dumps(value, default=sorted))


def setting_text(value: Any) -> str:
    """
    Return the value of a setting of the policy, as JSON has it, for people.

    >>> setting_text(["retired", "sold"]), setting_text([]), setting_text(None), setting_text({"mac": []})
    ('retired, sold', 'none', 'not set', '{"mac": []}')
    """
    if value is None:
        return "not set"
    if value in ([], {}):
        return "none"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
