"""The table of problem codes is complete, and says of each what it means."""

from matching.errors import BadKey, MatchingError
from service.api.http.codes import CODES, FRAMEWORK, ProblemCode, code_of, code_of_status
from service.core.errors import Busy, Moved
from tests.service.api.http.test_problems import every_service_error


def test_every_code_is_used_and_every_error_of_the_engine_has_one() -> None:
    """A code that nothing answers with would promise something; the table holds all that is raised, and no more."""
    raised = {*every_service_error(), MatchingError, *MatchingError.__subclasses__()} - {Moved}
    by_hand = {
        ProblemCode.MISDIRECTED_REQUEST,
        ProblemCode.HEADERS_TOO_LARGE,
        ProblemCode.TOO_MANY_CONNECTIONS,
        ProblemCode.STOPPING,
    }

    assert set(CODES) == raised
    assert {*CODES.values(), *FRAMEWORK.values(), *by_hand} == set(ProblemCode)
    assert all(code.status == status for status, code in FRAMEWORK.items())
    assert all(code.label and code.sentence.endswith(".") for code in ProblemCode)


def test_a_code_is_found_by_error_and_by_status() -> None:
    """An error that the table does not list has the code of its base; an unlisted status that of its class."""

    class Unlisted(Busy):
        """An error that somebody forgot to list."""

    assert code_of(Unlisted("no")) is ProblemCode.BUSY
    assert code_of(BadKey("x")) is ProblemCode.BAD_KEY
    assert code_of_status(404) is ProblemCode.UNKNOWN_PATH
    assert code_of_status(418) is ProblemCode.BAD_REQUEST
    assert code_of_status(507) is ProblemCode.INTERNAL_SERVER_ERROR
