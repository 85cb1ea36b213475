"""What the document says of operations besides what the framework knows."""

from copy import deepcopy
from pathlib import Path

import pytest

from service.api.http.operations import add_bound_keys
from tests.service.api.conftest import application, the_document
from tests.service.reports.fleets import empty_world


@pytest.mark.parametrize(
    ("path", "method", "answers", "codes"),
    [
        ("/v1/devices", "get", True, ["insufficient-scope"]),
        ("/v1/syncs", "get", False, ["insufficient-scope", "needs-unbound-key"]),
        ("/v1/feeds/{provider}", "put", False, ["insufficient-scope", "provider-not-allowed", "needs-unbound-key"]),
    ],
)
def test_a_call_that_refuses_bound_keys_says_with_which_code(
    path: str, method: str, answers: bool, codes: list[str]
) -> None:
    """Beside the other codes of a 403; `test_permissions` has a row for every call."""
    operation = the_document()["paths"][path][method]

    assert operation["x-answers-bound-keys"] is answers
    assert operation["responses"]["403"]["x-problem-codes"] == codes
    assert operation["responses"]["403"]["description"] == f"Forbidden ({', '.join(f'`{code}`' for code in codes)})"


def test_it_is_said_once_however_often_the_document_is_made(tmp_path: Path) -> None:
    """The framework keeps the document, and each request for it completes it again."""
    document = deepcopy(the_document())
    add_bound_keys(document, application(empty_world(tmp_path)).routes)

    assert document == the_document()
