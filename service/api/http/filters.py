"""The filters of the list of devices, as parameters of a query."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AfterValidator, AwareDatetime

from service.api.http.paging import Filter
from service.store.access.visibility import Customer
from service.store.resolved.device_filters import Filters


def _in_utc(moment: datetime) -> datetime:
    """Return a time in UTC; at either end of the calendar there may be none."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar in UTC") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


def device_filters(  # noqa: PLR0913 - a parameter a filter
    *,
    company: Annotated[Filter, Query(description="Only devices of this company, by name.", examples=["Acme"])] = None,
    customer: Annotated[
        Filter,
        Query(
            description="Only devices with a record of this company of a provider, as `provider:company_id`.",
            examples=["cw_manage:250"],
        ),
    ] = None,
    type: Annotated[Filter, Query(description="Only devices of this type.", examples=["Server"])] = None,
    provider: Annotated[Filter, Query(description="Only devices that this provider lists.")] = None,
    without_provider: Annotated[Filter, Query(description="Only devices that this provider does not list.")] = None,
    active: Annotated[
        bool | None, Query(description="Whether some record says that the device is in use.", examples=[True])
    ] = None,
    seen_before: Annotated[
        Moment | None,
        Query(
            description="Only devices that were last seen before this time; none of which nobody says when.",
            examples=["2026-10-01T00:00:00Z"],
        ),
    ] = None,
    seen_after: Annotated[
        Moment | None,
        Query(description="Only devices that were last seen after this time.", examples=["2026-10-01T00:00:00Z"]),
    ] = None,
    updated_since: Annotated[
        Moment | None,
        Query(description="Only devices that changed then or later.", examples=["2026-10-01T00:00:00Z"]),
    ] = None,
    has_conflict: Annotated[
        bool | None, Query(description="Whether its records differ on hardware.", examples=[True])
    ] = None,
    has_review: Annotated[bool | None, Query(description="Whether a review is open about it.", examples=[True])] = None,
    q: Annotated[
        Filter, Query(description="Only devices with this text in their name, hostname, serial or company.")
    ] = None,
) -> Filters:
    """Return what the list of devices is narrowed to: every filter that is given has to hold."""
    return Filters(
        company=company,
        customer=None if customer is None else Customer.parse(customer),
        type=type,
        provider=provider,
        text=q,
        without_provider=without_provider,
        active=active,
        seen_before=seen_before,
        seen_after=seen_after,
        updated_since=updated_since,
        has_conflict=has_conflict,
        has_review=has_review,
    )


FiltersDep = Annotated[Filters, Depends(device_filters)]
