"""List the open reviews as a table: the questions that the rules leave to a person, each with our answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from matching.model import Key, ReviewReason, Verdict
from service.reports.catalogue.open_reviews import homes, open_reviews
from service.reports.context import ReportContext, ReportRequest
from service.reports.definition import Made, Report, WebAddress
from service.stewardship.claims import EvidenceKind
from service.store.resolved.devices import DeviceRow
from service.store.stewardship.reviews import StoredReview


@dataclass(slots=True)
class OpenReviewRow:
    """One question: whether two groups of records are one box."""

    number: Annotated[
        int | None,
        Field(
            title="Review",
            description="Its number, which no other review ever has; empty for a key that is bound to customers.",
            examples=[17],
        ),
    ]
    company: Annotated[str | None, Field(title="Customer", description="Name of the customer.", examples=["Acme Inc."])]
    left: Annotated[
        str, Field(title="Is this", description="Name of the device on one side.", examples=["acme-lt-0421"])
    ]
    right: Annotated[
        str, Field(title="the same box as", description="Name of the device on the other side.", examples=["ACME-LT-7"])
    ]
    proposed: Annotated[
        Verdict | None, Field(title="We propose", description="Our answer; it joins nothing.", examples=["same"])
    ]
    certainty: Annotated[
        float | None,
        Field(title="How sure", description="How likely our answer is right, 0.5 to 1.", examples=[0.97]),
    ]
    because: Annotated[
        str | None,
        Field(
            title="Because",
            description="Our answer in words, with the evidence that tipped it.",
            examples=["Almost certainly one box (97 %): the serials agree and the hostnames agree"],
        ),
    ]
    reason: Annotated[
        ReviewReason,
        Field(title="Why it is asked", description="Why the rules leave it open.", examples=["mainboard_replaced"]),
    ]
    evidence_for: Annotated[
        str, Field(title="For one box", description="What speaks for one box.", examples=["serial 5CG1234ABC"])
    ]
    evidence_against: Annotated[
        str,
        Field(
            title="Against", description="What speaks against it.", examples=["hostname acme-lt-1 against acme-lt-2"]
        ),
    ]
    left_records: Annotated[
        str, Field(title="Records of this", description="Records of one side.", examples=["cw_manage:4711, cw_rmm:A-1"])
    ]
    right_records: Annotated[
        str, Field(title="Records of that", description="Records of the other side.", examples=["cw_manage:4712"])
    ]
    left_link: Annotated[
        WebAddress | None,
        Field(
            title="Open this",
            description="Its page in the PSA.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4711"],
        ),
    ]
    right_link: Annotated[
        WebAddress | None,
        Field(
            title="Open that",
            description="The page of the other side in the PSA.",
            examples=["https://na.myconnectwise.net/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid=4712"],
        ),
    ]
    if_same: Annotated[
        str,
        Field(title="If one box", description="The command that says so.", examples=["samebox decide same 17"]),
    ]
    if_different: Annotated[
        str,
        Field(title="If two boxes", description="The command that says so.", examples=["samebox decide different 17"]),
    ]
    worth: Annotated[
        float, Field(title="Worth", description="What an answer is worth; the greatest come first.", examples=[2.5])
    ]
    review_id: Annotated[
        str,
        Field(
            title="Id",
            description="The review's id, which `POST /v1/decisions` takes.",
            examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        ),
    ]


@dataclass
class OpenReviewTotals:
    """How many questions there are, by our answer."""

    reviews: Annotated[int, Field(description="Open reviews.", examples=[224])]
    proposed_same: Annotated[int, Field(description="Those that we would answer with one box.", examples=[120])]
    proposed_different: Annotated[int, Field(description="Those that we would answer with two boxes.", examples=[104])]


Golden = Mapping[str, Any]
"""Golden values of a device by field."""


def review_table(context: ReportContext) -> Made[OpenReviewRow, OpenReviewTotals]:
    """Return the open reviews, the most worthwhile first."""
    totals = OpenReviewTotals(0, 0, 0)
    return Made(_rows(context, totals), lambda: totals)


def _rows(context: ReportContext, totals: OpenReviewTotals) -> Iterator[OpenReviewRow]:
    for found in open_reviews(context):
        known = homes(context, found)
        for review in found:
            left, right = (_side(review, side, known) for side in ("left", "right"))
            if not _passes(review, [*left, *right], context.wanted):
                continue
            row = _row(context, review, left, right)
            totals.reviews += 1
            totals.proposed_same += row.proposed is Verdict.SAME
            totals.proposed_different += row.proposed is Verdict.DIFFERENT
            yield row


def _side(review: StoredReview, side: str, known: Mapping[Key, DeviceRow]) -> list[Golden]:
    """The golden values of the devices on a side, mostly one."""
    rows = {known[key].id: known[key] for key in map(Key.parse, review.body[side]) if key in known}
    return [json.loads(row.golden) for _, row in sorted(rows.items())]


def _passes(review: StoredReview, devices: Sequence[Golden], wanted: ReportRequest) -> bool:
    """Whether a record of either side is the provider's, and a device of either side is of the company and type."""
    records = (*review.body["left"], *review.body["right"])
    return (
        (wanted.provider is None or any(Key.parse(record).provider == wanted.provider for record in records))
        and _has(devices, "company", wanted.company)
        and _has(devices, "type", wanted.type)
    )


def _has(devices: Sequence[Golden], field: str, wanted: str | None) -> bool:
    return wanted is None or any(str(each.get(field, "")).casefold() == wanted.casefold() for each in devices)


def _row(context: ReportContext, review: StoredReview, left: list[Golden], right: list[Golden]) -> OpenReviewRow:
    body = review.body
    proposal = body.get("proposal") or {}
    about = review.number or review.id
    return OpenReviewRow(
        number=review.number,
        company=_companies([*left, *right]),
        left=_name(left, body["left"]),
        right=_name(right, body["right"]),
        proposed=Verdict(proposal["verdict"]) if proposal else None,
        certainty=proposal.get("certainty"),
        because=proposal.get("sentence"),
        reason=ReviewReason(review.reason),
        evidence_for=_claims(body["evidence_for"]),
        evidence_against=_claims(body["evidence_against"]),
        left_records=", ".join(body["left"]),
        right_records=", ".join(body["right"]),
        left_link=_link(context, body["left"]),
        right_link=_link(context, body["right"]),
        if_same=f"samebox decide {Verdict.SAME} {about}",
        if_different=f"samebox decide {Verdict.DIFFERENT} {about}",
        worth=review.worth,
        review_id=review.id,
    )


def _companies(devices: Sequence[Golden]) -> str | None:
    named = [str(each["company"]) for each in devices if each.get("company")]
    return " / ".join({name.casefold(): name for name in reversed(named)}.values()) or None


def _name(devices: Sequence[Golden], records: Sequence[str]) -> str:
    named = [str(name) for each in devices if (name := each.get("name") or each.get("hostname"))]
    return " and ".join(named) or records[0]


def _claims(claims: Sequence[Mapping[str, str]]) -> str:
    return "; ".join(
        f"{EvidenceKind(each['kind'] or EvidenceKind.DECISION).label} {each['value']}" + _note(each["note"])
        for each in claims
    )


def _note(note: str) -> str:
    return f" ({note})" if note else ""


def _link(context: ReportContext, records: Sequence[str]) -> str | None:
    links = (context.rules.link(*Key.parse(record)) for record in records)
    return next((link for link in links if link), None)


REVIEWS = Report(
    name="reviews",
    title="Reviews",
    description="Questions that are left to a person, each with the answer that we propose.",
    explanation=(
        "Each row asks whether two devices are one box. Something speaks for it and something against it, so nothing is"
        " joined before somebody answers. We propose an answer and say how sure it is. Answer by the command in the"
        " row. The rows whose answer is worth most come first."
    ),
    row=OpenReviewRow,
    totals=OpenReviewTotals,
    make=review_table,
    main_columns=("number", "company", "left", "right", "proposed", "because", "if_same", "if_different"),
)
