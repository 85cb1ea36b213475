"""The faults that the command line can switch on, by name: what operators meet on their first day."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from service.demo.connectwise.faults import (
    Cut,
    Fault,
    LastLink,
    NoCompanies,
    PageSizeLimit,
    ShortPages,
    failing,
    invalid,
    login_page,
    not_permitted,
    unroutable,
)


class NamedFault(NamedTuple):
    """What makes a fault, out of a number where it has one; the number that it has by default; what it is for."""

    make: Callable[[int], Fault]
    number: int | None
    about: str


def _fixed(fault: Fault, about: str) -> NamedFault:
    return NamedFault(lambda _: fault, None, about)


NAMED_FAULTS = {
    "unauthorised": _fixed(
        failing(401, "Unauthorized", "The credentials are missing or wrong."), "401: the keys are wrong"
    ),
    "not-permitted": _fixed(not_permitted(), "403 with code Security: the role does not allow it"),
    "not-permitted-401": _fixed(not_permitted(401), "401 that speaks of permission: the role does not allow it"),
    "forbidden": _fixed(failing(403, "Forbidden", "Access is denied."), "403 with the usual body"),
    "not-found": _fixed(failing(404, "NotFound", "There is no such resource."), "404: a stale address"),
    "unroutable": _fixed(unroutable(), "400 in plain text: the company or the codebase is wrong"),
    "bad-conditions": _fixed(invalid("conditions"), "400 that names the conditions"),
    "bad-request": _fixed(failing(400, "BadRequest"), "400 that names nothing"),
    "login-page": _fixed(login_page(), "200 with a web page"),
    "cut": _fixed(Cut(honest=True), "JSON that ends in the middle, in an answer that arrives complete"),
    "no-companies": _fixed(NoCompanies(), "rows without their company: the role may not see companies"),
    "last-link": _fixed(LastLink(address=True), "a last page that names a next one"),
    "empty-link": _fixed(LastLink(address=False), "a last page that names a next one without an address"),
    "page-size-limit": NamedFault(PageSizeLimit, 100, "400 that names pageSize, beyond so many rows a page"),
    "short-pages": NamedFault(ShortPages, 25, "a gateway that serves so many rows a page, whatever is asked"),
}
"""Name -> fault."""


def named_fault(text: str) -> Fault:
    """
    Return the fault that a text names: `cut`, `short-pages` or `short-pages=10`.

    Raises:
        ValueError: There is no such fault, or its number is none.
    """
    name, _, number = text.partition("=")
    named = NAMED_FAULTS.get(name)
    if named is None:
        raise ValueError(f"there is no fault {name!r}; there are {', '.join(NAMED_FAULTS)}")
    if number and (named.number is None or not number.isdecimal() or int(number) < 1):
        raise ValueError(f"the fault {name!r} takes no {number!r}")
    return named.make(int(number or named.number or 0))
