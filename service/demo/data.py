"""Where the data of the demo are: the feeds, and the API description that the fake ConnectWise Manage follows."""

from pathlib import Path


def _fixtures() -> Path:
    """Return the folder `fixtures`: inside this package where a wheel installed it, else at the top of the checkout."""
    installed = Path(__file__).with_name("fixtures")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "fixtures"


FEEDS = _fixtures() / "feeds"
API_DESCRIPTION = _fixtures() / "connectwise" / "openapi.json"
