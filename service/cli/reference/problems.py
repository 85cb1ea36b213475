"""The page of the problems: every code of an error of the REST API, with its status and what to do about it."""

from service.api.http.codes import TYPE, ProblemCode
from service.api.http.problems import MEDIA_TYPE
from service.cli.reference.markdown import code, page, table

INTRODUCTION = f"""
An error of the REST API is a problem as RFC 9457 has it, with the media type `{MEDIA_TYPE}`. Tell problems apart by
`code`; `type` is `{TYPE}` and the code, and leads nowhere. A code never changes. More may come: treat one that you do
not know by its status.

Status 400 is for a request that is malformed, 422 for one that is well-formed and wrong.
"""


def problems_page() -> str:
    """Return the page."""
    rows = [(code(each), str(each.status), each.label, each.sentence) for each in ProblemCode]
    return page("Problems", INTRODUCTION.strip(), table(("code", "status", "title", "meaning, and what to do"), rows))
