"""Where the data of the demo are: feeds, an invoice, and the API description of the fake ConnectWise Manage."""

from pathlib import Path


def _fixtures() -> Path:
    """Return the folder `fixtures`: inside this package where a wheel installed it, else at the top of the checkout."""
    installed = Path(__file__).with_name("fixtures")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "fixtures"


FEEDS = _fixtures() / "feeds"
INVOICE = _fixtures() / "billing" / "invoice.csv"
AGREEMENTS = _fixtures() / "billing" / "agreements.json"
ADDITIONS = _fixtures() / "billing" / "additions.json"
API_DESCRIPTION = _fixtures() / "connectwise" / "openapi.json"
