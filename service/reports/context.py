"""What the making of a report is given: the store as of one moment, the policy, the rules, and what is wanted."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from matching.policy import Policy
from service.reports.rules import ReportRules
from service.reports.sources import FeedSource, sources
from service.store.access.visibility import Visibility


@dataclass(frozen=True)
class ReportRequest:
    """
    What of a report is wanted; None: not narrowed by this.

    `all` adds the rows that ask for nothing. `options` are what a single report takes, by name.
    """

    company: str | None = None
    provider: str | None = None
    type: str | None = None
    since: datetime | None = None
    all: bool = False
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportContext:
    """What a report is made of. `visibility` says which records may be shown; None: all."""

    connection: Connection
    policy: Policy
    rules: ReportRules
    now: datetime
    wanted: ReportRequest
    visibility: Visibility | None = None

    @cached_property
    def sources(self) -> dict[str, FeedSource]:
        """The providers, each with how fresh and complete what it listed is."""
        return {each.provider: each for each in sources(self.connection, self.rules, self.now, self.visibility)}
