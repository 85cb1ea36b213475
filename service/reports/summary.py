"""Counts of records, devices, duplicates and gaps, as `samebox check` and the demo show them."""

from pydantic import BaseModel, Field

from service.store.indexes import suppressed_values
from service.store.resolved import counts
from service.store.stewardship import reviews
from service.store.world import World


class ProviderSummary(BaseModel):
    """What one provider lists."""

    provider: str
    records: int
    devices: int = Field(description="Devices behind its records.")
    duplicates: int = Field(description="Records beyond the first of a device.")
    missing: int = Field(description="Devices that other providers list and this one does not.")
    quarantined: int = Field(description="Rows of which no record could be made.")


class Summary(BaseModel):
    """Records minus duplicates is devices."""

    providers: list[ProviderSummary]
    records: int
    devices: int
    duplicates_inside: int = Field(description="Records beyond the first of a device, each provider for itself.")
    duplicates_across: int = Field(description="Devices counted once more by every further provider that lists them.")
    not_in_psa: int = Field(description="Devices that an agent reports and the PSA does not list.")
    not_in_rmm: int = Field(description="Devices that the PSA lists and no agent reports.")
    quarantined: int
    reviews: int = Field(description="Questions for a person.")
    shared_values: int = Field(description="Values on several boxes, and therefore no evidence.")
    untrusted_fields: list[str] = Field(description="Fields that the data show not to be what they are called.")


def summary(world: World) -> Summary:
    """Count what is stored, as of one moment; the policy says which providers are PSAs."""
    with world.store.reading() as connection:
        psa = world.policy_in(connection).psa_providers
        total = counts.devices(connection)
        listed = counts.listings(connection)
        quarantined = counts.quarantined(connection)
        open_reviews = sum(reviews.counts(connection).values())
        shared_values = suppressed_values.count(connection)
        untrusted = suppressed_values.untrusted_fields(connection)
        in_psa, in_rmm = (counts.listed_by(connection, psa, inside=inside) for inside in (True, False))
    providers = [
        ProviderSummary(
            provider=each.provider,
            records=each.records,
            devices=each.devices,
            duplicates=each.records - each.devices,
            missing=total - each.devices,
            quarantined=quarantined.get(each.provider, 0),
        )
        for each in listed
    ]
    return Summary(
        providers=providers,
        records=sum(each.records for each in listed),
        devices=total,
        duplicates_inside=sum(each.records - each.devices for each in listed),
        duplicates_across=sum(each.devices for each in listed) - total,
        not_in_psa=total - in_psa,
        not_in_rmm=total - in_rmm,
        quarantined=sum(quarantined.values()),
        reviews=open_reviews,
        shared_values=shared_values,
        untrusted_fields=[
            f"{each.provider} {each.kind} ({each.agreeing} of {each.pairs} pairs agree)" for each in untrusted
        ],
    )
