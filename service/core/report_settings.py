"""What reports count: which provider is for what, when a device is active, and what an invoice counts."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from service.core.sections import Section
from service.core.setting_types import BaseUrl

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Folded = Annotated[Name, AfterValidator(str.casefold)]


class ReportSettings(Section):
    """What reports count."""

    active_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Count a device as active if a provider that counts has seen it within this many days.",
    )
    active_providers: frozenset[Name] = Field(
        default=frozenset(),
        description=("Let these providers say when a device was last seen; an empty list lets all do that are no PSA."),
        examples=[["cw_rmm", "ninjaone"]],
    )
    stale_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Report a device as stale if no agent has seen it for this many days.",
    )
    late_feed_hours: float = Field(
        default=48,
        gt=0,
        le=8760,
        description=(
            "Mark every number that rests on a provider whose last sync succeeded longer ago than this many hours."
        ),
    )
    roles: Mapping[Name, Literal["psa", "rmm", "edr", "backup", "mdm"]] = Field(
        default={},
        description=(
            "Say what a provider is for: `psa`, `rmm`, `edr`, `backup` or `mdm`. One that is not named is a PSA if it"
            " is among `Policy:PsaProviders`, else an RMM."
        ),
        examples=[{"sentinel": "edr", "veeam": "backup"}],
    )
    weights: Mapping[Folded, Annotated[float, Field(ge=0, le=1000)]] = Field(
        default={},
        description="Count a device of this type so many times in the report `counts`; types not named count once.",
        examples=[{"Server": 2}],
    )
    products: Mapping[Folded, Name] = Field(
        default={},
        description=(
            "Compare the billed quantity of this product with the devices of this type, of several types parted by"
            " commas, or of all types: `*`. A product that is not named is compared with the type of the same name."
        ),
        examples=[{"Managed Workstation": "Workstation, Laptop", "Endpoint protection": "*"}],
    )
    psa_web: BaseUrl | None = Field(
        default=None,
        description=(
            "Link configurations to the PSA's web pages at this address; if not set, to the host of"
            " `Providers:ConnectWiseManage:BaseUrl`."
        ),
        examples=["https://na.myconnectwise.net"],
    )
    psa_links: Literal["cloud", "self_hosted", "none"] = Field(
        default="cloud",
        description=(
            "Write links to configurations as the vendor's cloud does, as an instance of one's own does"
            " (`self_hosted`), or not at all: `none`."
        ),
    )
