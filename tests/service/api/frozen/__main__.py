"""Freeze the document of this program: `python -m tests.service.api.frozen`."""

from service.cli.reference.calls import document_page
from tests.service.api.test_frozen import FROZEN

FROZEN.write_text(document_page(), "utf-8")
