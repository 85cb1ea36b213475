"""The shapes of the report `counts`: a row, the totals, and what comes of laying a number beside another."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from matching.codes import Code
from service.reports.definition import Money


class CountOutcome(Code):
    """What comes of laying what is billed beside what is found."""

    MORE_FOUND = "more_found", "more found", "More devices are active than are billed."
    MORE_BILLED = "more_billed", "more billed", "More devices are billed than are active."
    NOT_BILLED = "not_billed", "not billed", "Devices are active, and no line of their customer bills their type."
    EQUAL = "equal", "equal", "As many devices are active as are billed."
    NOT_COUNTED = "not_counted", "not counted", "No device is found, and that cannot be relied on: a feed is missing."
    UNKNOWN_CUSTOMER = "unknown_customer", "unknown customer", "No customer has the name of the line."
    UNKNOWN_PRODUCT = "unknown_product", "unknown product", "It is not known which type of devices the product bills."
    NOT_READ = "not_read", "not read", "The line of the list cannot be read."
    COUNTED = "counted", "counted", "Devices are counted; nothing says what is billed."


@dataclass(slots=True)
class CountRow:
    """One customer and product, or one customer and type."""

    company: Annotated[
        str | None,
        Field(
            title="Customer",
            description="Name of the customer; empty for devices of no customer.",
            examples=["Acme Inc."],
        ),
    ]
    product: Annotated[
        str | None,
        Field(
            title="Product",
            description="What is billed, as the list or the agreement names it; empty where nothing is.",
            examples=["Managed Server"],
        ),
    ]
    type: Annotated[
        str | None, Field(title="Type", description="Which types of devices are counted.", examples=["Server"])
    ]
    billed: Annotated[float | None, Field(title="Billed", description="The quantity that is billed.", examples=[12.0])]
    found: Annotated[
        float | None,
        Field(
            title="Found",
            description="Active devices, each as often as its type weighs; empty where it cannot be relied on.",
            examples=[14.0],
        ),
    ]
    difference: Annotated[float | None, Field(title="Difference", description="Found less billed.", examples=[2.0])]
    price: Annotated[
        Money | None,
        Field(title="Price", description="Price of one, as the list or the agreement gives it.", examples=[9.5]),
    ]
    money: Annotated[
        Money | None,
        Field(
            title="Money",
            description="The difference by the price: what is not billed, or, below zero, billed too much.",
            examples=[19.0],
        ),
    ]
    finding: Annotated[
        str,
        Field(
            title="Finding",
            description="What is so, in words.",
            examples=["2 more found than billed; the newest: ACME-SRV-3 (first seen 2026-11-20)"],
        ),
    ]
    marked_because: Annotated[
        str | None,
        Field(
            title="Take care",
            description="Why the number may be wrong: the feeds that it rests on and that cannot be relied on.",
            examples=["cw_rmm is held"],
        ),
    ]
    outcome: Annotated[CountOutcome, Field(title="Outcome", description="What comes of it, for programs.")]
    names: Annotated[
        str | None,
        Field(
            title="Devices behind it",
            description=(
                "Where more is found: the active devices, newest first. Where more is billed: those that are not"
                " active, first those that the PSA lists as in use, then those that were not seen for the longest time."
            ),
            examples=["ACME-SRV-3, ACME-SRV-2, and 12 more"],
        ),
    ]
    records: Annotated[
        str | None,
        Field(
            title="Records",
            description="A record of each of these devices: its configuration, where it has one.",
            examples=["cw_manage:4711, cw_rmm:A-17"],
        ),
    ]
    active: Annotated[
        int | None,
        Field(title="Active", description="Active devices; empty where it cannot be relied on.", examples=[7]),
    ]
    devices: Annotated[int | None, Field(title="All", description="Devices, active or not.", examples=[9])]
    lines: Annotated[
        str | None,
        Field(
            title="Lines",
            description="The lines of the list that bill it; of agreements, the ids of the additions.",
            examples=["4, 17"],
        ),
    ]


@dataclass
class CountTotals:
    """What all counts add up to; those of devices count each device once."""

    devices: Annotated[int, Field(description="Devices.", examples=[1200])]
    active: Annotated[
        int | None, Field(description="Active ones; null where no zero can be relied on.", examples=[1100])
    ]
    found: Annotated[
        float | None, Field(description="Active ones, each as often as its type weighs.", examples=[1250.0])
    ]
    billed: Annotated[
        float | None,
        Field(
            description=(
                "The sum of all quantities, of agreements those of products that bill devices; null where nothing is"
                " known of them."
            ),
            examples=[1180.0],
        ),
    ]
    money_not_billed: Annotated[
        float | None, Field(description="What differences come to that are found and not billed.", examples=[950.0])
    ]
    money_billed_too_much: Annotated[
        float | None, Field(description="What differences come to that are billed and not found.", examples=[420.0])
    ]
    equal: Annotated[int, Field(description="Customers and products that are billed as they are found.", examples=[40])]
    more_found: Annotated[int, Field(description="Those with more found than billed.", examples=[6])]
    more_billed: Annotated[int, Field(description="Those with more billed than found.", examples=[5])]
    not_billed: Annotated[int, Field(description="Customers and types that no line bills.", examples=[3])]
    not_counted: Annotated[
        int, Field(description="Those of which nothing is found, and that cannot be relied on.", examples=[1])
    ]
    unknown_customer: Annotated[int, Field(description="Those whose customer is not known.", examples=[1])]
    unknown_product: Annotated[int, Field(description="Those whose product is not known.", examples=[1])]
    not_read: Annotated[int, Field(description="Lines of the list that cannot be read.", examples=[2])]
