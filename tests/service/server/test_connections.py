"""How many connections there may be, and which one goes for a new one."""

import logging
from dataclasses import dataclass, field

import pytest

from service.server.connections import Connections


@dataclass(eq=False)
class Made:
    """A connection that notes whether it was closed."""

    client_key: str
    busy: bool = False
    closed: bool = field(default=False, init=False)

    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return not self.busy

    def displace(self) -> None:
        """Note it."""
        self.closed = True


def entered(all_connections: Connections, *made: Made) -> list[bool]:
    """Return of each whether it got a place."""
    return [all_connections.enter(each) for each in made]


def test_a_new_connection_takes_the_place_of_the_clients_oldest_idle_one() -> None:
    """Connections that are opened and left keep nobody out, and cost other clients nothing."""
    other, first, second, third = Made("b"), Made("a", busy=True), Made("a"), Made("a")

    assert entered(Connections(9, 2), other, first, second, third) == [True] * 4
    assert [each.closed for each in (other, first, second, third)] == [False, False, True, False]


def test_a_client_whose_connections_all_work_gets_no_more() -> None:
    """Another client does; and the client itself, when one is closed."""
    all_connections = Connections(9, 2)
    first, second = Made("a", busy=True), Made("a", busy=True)

    assert entered(all_connections, first, second, Made("a"), Made("b")) == [True, True, False, True]
    all_connections.leave(first)
    assert entered(all_connections, Made("a")) == [True]


def test_in_all_the_client_with_most_connections_gives_way() -> None:
    """Whoever opens many loses his own."""
    few, many, more = Made("a"), Made("b"), Made("b")

    assert entered(Connections(3, 3), few, many, more, Made("c")) == [True] * 4
    assert [each.closed for each in (few, many, more)] == [False, True, False]


def test_when_all_work_nobody_else_comes_in() -> None:
    """Who gave way or was refused is not counted."""
    all_connections = Connections(2, 2)

    assert entered(all_connections, Made("a", busy=True), Made("b", busy=True), Made("c")) == [True, True, False]
    all_connections.leave(Made("c"))
    assert entered(all_connections, Made("c")) == [False]


def test_a_trusted_proxy_may_have_as_many_as_there_are() -> None:
    """It stands for many clients."""
    all_connections = Connections(3, 1)
    made = [Made("proxy", busy=True) for _ in range(4)]

    assert [all_connections.enter(each, is_proxy=True) for each in made] == [True, True, True, False]


def test_that_there_is_no_place_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Not a line a try: whoever tries wants to fill the disk, too."""
    all_connections = Connections(1, 1)
    worker = Made("a", busy=True)
    with caplog.at_level(logging.WARNING):
        entered(all_connections, worker, Made("b"), Made("b"))
        all_connections.leave(worker)
        entered(all_connections, Made("a", busy=True), Made("b"))

    assert len(caplog.records) == 2
