"""The command `reviews`: what is left for a person, each question with the commands that answer it."""

from collections.abc import Iterator
from typing import Annotated

import typer

from matching.model import ReviewReason, Verdict
from service.cli import completion
from service.cli.blocks import Labelled, TextBlock
from service.cli.session import AsJson, session_of
from service.cli.terminal import say, show_blocks, show_json
from service.core.errors import BadRequest
from service.core.paging import LARGEST_PAGE, PageRequest
from service.devices.naming import day_and_time, device_name, providers_of, records_named
from service.stewardship.claims import ClaimView
from service.stewardship.reasons import review_reason
from service.stewardship.reviewing import ReviewView, Side, list_reviews

HIGH, LOW = 1.0, 0.25
"""Worth of an answer from which it is high, and below which it is low; two devices in use, likely one, are high."""

Full = Annotated[bool, typer.Option("--full", help="Show ids and everything else that is known.")]


def _reason(text: str) -> ReviewReason:
    try:
        return review_reason(text)
    except BadRequest as error:
        raise typer.BadParameter(str(error)) from None


def show_reviews(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    reason: Annotated[
        ReviewReason | None,
        typer.Option(
            parser=_reason,
            autocompletion=completion.reasons,
            metavar="REASON",
            help=f"List only reviews for this reason: {', '.join(ReviewReason)}.",
        ),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            autocompletion=completion.stored_providers,
            metavar="PROVIDER",
            help="List only reviews about records of this provider.",
        ),
    ] = None,
    company: Annotated[
        str | None, typer.Option(metavar="NAME", help="List only reviews about devices of this company.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=LARGEST_PAGE, help="List at most N.")] = 20,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """
    List the open reviews, the most worthwhile first.

    A review is a question that the rules leave to a person: two groups of records share evidence, and something speaks
    against joining them. Each shows what an answer is worth, both sides, the evidence, and the answer that we propose;
    nothing is joined by a proposal. Its last two lines are the commands that answer it, by its number. `samebox explain
    A B` shows all the evidence about two records.

    \b
    Examples:
      samebox reviews
      samebox reviews --reason mainboard_replaced --company "Acme Inc."
      samebox decide same 17 --preview
      samebox reviews --json --limit 1000
    """
    with session_of(context).world() as world:
        page = list_reviews(world, PageRequest(limit), reason=reason, provider=provider, company=company)
    if as_json:
        show_json([each.model_dump(mode="json") for each in page.data])
        return
    show_blocks(review_block(each, full=full) for each in page.data)
    say("there are more; --limit shows them" if page.next_cursor else f"reviews: {len(page.data):,}")


def review_block(review: ReviewView, *, full: bool = False) -> TextBlock:
    """Return an open review as a person is shown it; `full`: with ids, and with the records that wait."""
    about = review.number or review.id
    return TextBlock(
        f"Review {about}  {_names(review)}  worth: {worth_in_words(review.worth)}",
        [question(review)],
        [
            Labelled("customer", _customers(review)),
            Labelled("why", review.reason.sentence),
            Labelled("A", _side(review.left, full)),
            Labelled("B", _side(review.right, full)),
            *(Labelled("for", _evidence(each)) for each in review.evidence_for),
            *(Labelled("against", _evidence(each)) for each in review.evidence_against),
            Labelled("proposed", review.proposal and review.proposal.sentence),
            *(_everything(review) if full else ()),
        ],
        [f"samebox decide {verdict} {about}" for verdict in Verdict],
    )


def question(review: ReviewView) -> str:
    """Return what is asked, names first."""
    return f"{_named(review.left)} and {_named(review.right)}: are they one box?"


def worth_in_words(worth: float) -> str:
    """
    Return what an answer is worth, for a person.

    >>> worth_in_words(1.5), worth_in_words(0.3), worth_in_words(0)
    ('high', 'medium', 'low')
    """
    if worth >= HIGH:
        return "high"
    return "low" if worth < LOW else "medium"


def _named(side: Side) -> str:
    return f"{_name(side)} in {providers_of(side.records)}"


def _name(side: Side) -> str:
    return " and ".join(device_name(each.values, side.records) for each in side.devices) or side.records[0]


def _names(review: ReviewView) -> str:
    return " / ".join(dict.fromkeys(_name(side) for side in (review.left, review.right)))


def _customers(review: ReviewView) -> str:
    sides = (*review.left.devices, *review.right.devices)
    named = [str(each.values["company"]) for each in sides if each.values.get("company")]
    return " / ".join({name.casefold(): name for name in reversed(named)}.values())


def _side(side: Side, full: bool) -> str:
    seen = max((day_and_time(each.values.get("last_seen")) for each in side.devices), default="")
    kinds = dict.fromkeys(str(each.values["type"]) for each in side.devices if each.values.get("type"))
    said = [_name(side), *kinds, f"last seen {seen} UTC" if seen else "last seen: not known"]
    return f"{', '.join(said)}; {records_named(side.records, full=full)}"


def _evidence(claim: ClaimView) -> str:
    return f"{claim.kind.label} {claim.value}" + (f" ({claim.note})" if claim.note else "")


def _everything(review: ReviewView) -> Iterator[Labelled]:
    yield Labelled("id", review.id)
    yield Labelled("devices of A", ", ".join(each.id for each in review.left.devices))
    yield Labelled("devices of B", ", ".join(each.id for each in review.right.devices))
    yield Labelled("grounds", " ".join(ground.sentence for ground in review.grounds))
    yield Labelled("worth", f"{review.worth:g}")
    yield Labelled("asked next", ", ".join(review.waiting))
