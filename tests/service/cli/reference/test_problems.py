"""The page of the problems."""

import re

from service.api.http.codes import ProblemCode
from service.cli.reference.problems import problems_page


def test_every_code_is_listed_once_with_its_status() -> None:
    """A reader who got a code finds what it means."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| [^|]+ \| [^|]+ \|$", problems_page(), re.M)

    assert rows == [(code.value, str(code.status)) for code in ProblemCode]
