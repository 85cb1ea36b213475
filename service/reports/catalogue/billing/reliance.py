"""On which feeds a count rests, so that one of a feed that did not come is never taken for zero."""

from collections.abc import Collection, Iterator
from functools import cached_property

from service.reports.context import ReportContext
from service.reports.rules import FeedRole
from service.reports.sources import FeedState


class Reliance:
    """
    Says why counts may be wrong.

    A count rests on the PSA, which says whose a device is, and on what says when it was seen. A feed matters to a
    customer of whom it lists devices; an empty one matters to all, because nobody knows of whom it would list any.
    """

    def __init__(self, context: ReportContext) -> None:
        self._context = context

    def because(self, providers: Collection[str]) -> str | None:
        """Return why a count of devices that these providers list may be wrong; None where nothing speaks for it."""
        bad = [name for name, state in self._unreliable.items() if name in providers or state is FeedState.EMPTY]
        return self._sentence(bad)

    @cached_property
    def zero_because(self) -> str | None:
        """Why no zero is shown; None where a zero can be relied on."""
        if not any(self._context.rules.counts_for_activity(provider) for provider in self._context.sources):
            return "no provider that says when devices were last seen lists any"
        return self._sentence(list(self._unreliable))

    @cached_property
    def _unreliable(self) -> dict[str, FeedState]:
        listed = {each.provider: each.state for each in self._context.sources.values() if not each.is_reliable}
        found = listed | dict.fromkeys(self._missing(), FeedState.EMPTY)
        return {provider: found[provider] for provider in sorted(found) if self._counts(provider)}

    def _missing(self) -> Iterator[str]:
        """Providers that the settings name, and of which nothing ever came; a bound key knows of no others."""
        if self._context.visibility is None:
            named = {*self._context.rules.active_providers, *self._context.rules.roles}
            yield from named - set(self._context.sources)

    def _counts(self, provider: str) -> bool:
        rules = self._context.rules
        return rules.counts_for_activity(provider) or rules.role(provider) is FeedRole.PSA

    def _sentence(self, providers: Collection[str]) -> str | None:
        return ", ".join(f"{each} is {self._unreliable[each].label}" for each in providers) or None
