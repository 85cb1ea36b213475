"""
The reference pages of `docs/reference`, generated from the program itself so that they cannot contradict it.

`make reference` writes them; a test makes them anew and compares.
"""

from collections.abc import Callable

from service.cli.reference.calls import calls_page, document_page
from service.cli.reference.commands import commands_page
from service.cli.reference.problems import problems_page
from service.cli.reference.settings import settings_page
from service.cli.reference.vetoes import vetoes_page

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "calls.md": calls_page,
    "openapi.json": document_page,
    "problems.md": problems_page,
    "vetoes.md": vetoes_page,
}
"""File name -> what makes the page."""
