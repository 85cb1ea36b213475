"""Where `samebox serve` listens, and what a client may use of it."""

from pydantic import Field

from service.core.sections import Section
from service.core.setting_types import Networks, PlainText

LONGEST = 3600
"""Seconds: beyond an hour, a time-out is none."""


class ServerSettings(Section):
    """Where `samebox serve` listens, whom it believes, and what a client may use of it."""

    host: PlainText = Field(
        default="127.0.0.1",
        description="Listen on this address; while there is no API key, samebox listens on 127.0.0.1 only.",
        examples=["192.0.2.10"],
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="Listen on this TCP port; 0 takes any port that is free."
    )
    trusted_proxies: Networks = Field(
        default=[],
        description=(
            "Believe X-Forwarded-For and X-Forwarded-Proto of proxies at these addresses or networks; an empty list"
            " believes nobody."
        ),
        examples=[["10.0.0.0/24"]],
    )
    connections: int = Field(
        default=1000,
        ge=1,
        le=1_000_000,
        description=(
            "Keep at most this many connections open, and fewer where the process may open fewer files; a new one takes"
            " the place of one that has no request under way, or is refused."
        ),
    )
    connections_per_client: int = Field(
        default=200,
        ge=1,
        le=1_000_000,
        description=(
            "Keep at most this many connections of one client address open (of IPv6: of one /64 network); those of"
            " trusted proxies are not counted."
        ),
    )
    header_seconds: float = Field(
        default=10,
        gt=0,
        le=LONGEST,
        description="Close a connection that does not bring a whole request line and headers within this many seconds.",
    )
    body_seconds: float = Field(
        default=20,
        gt=0,
        le=LONGEST,
        description=(
            "Wait at most this many seconds for the body of a request, and one second more for each 1,000 bytes of it."
        ),
    )
    answer_seconds: float = Field(
        default=30,
        gt=0,
        le=LONGEST,
        description=(
            "Close a connection whose client takes less than 1,000 bytes a second of its answer, measured over this"
            " many seconds."
        ),
    )
    wait_seconds: float = Field(
        default=10,
        gt=0,
        le=LONGEST,
        description=(
            "Let a request wait this many seconds for its turn, and a write as long again for the database's other"
            " writers, then answer 503."
        ),
    )
    requests_per_minute: int = Field(
        default=60_000,
        ge=0,
        le=10_000_000,
        description="Answer at most this many requests a minute of one API key, then 429; 0 sets no limit.",
    )
    failed_keys_per_minute: int = Field(
        default=60,
        ge=0,
        le=10_000_000,
        description=(
            "Check no more keys of a client address that showed this many wrong ones within a minute, but for those"
            " that were right before; 0 sets no limit."
        ),
    )
