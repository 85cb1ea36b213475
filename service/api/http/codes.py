"""
The codes of all problems that the API answers with: what a program tells mistakes apart by.

A code never changes once published; its status and its meaning stay. The type of a problem (RFC 9457) is its code as a
URN, which leads nowhere: `docs/reference/problems.md` and the page at `/docs` list the codes.
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Self

from matching import errors as engine
from service.core import errors
from service.intake.replacing import FeedRefused

TYPE = "urn:samebox:problem:"
"""What stands before the code in the type of a problem."""


class ProblemCode(StrEnum):
    """One mistake or failure; `status` is its HTTP status, `label` its name, `sentence` what to do about it."""

    status: int
    label: str
    sentence: str

    def __new__(cls, value: str, status: int, label: str, sentence: str) -> Self:
        """Make a member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.status, member.label, member.sentence = status, label, sentence
        return member

    @property
    def type(self) -> str:
        """The type of the problem, as RFC 9457 has it."""
        return TYPE + self.value

    BAD_REQUEST = "bad-request", 400, "Bad request", "The request cannot be understood; `detail` says what to change."
    MALFORMED_BODY = (
        "malformed-body",
        400,
        "Malformed body",
        "The body cannot be read; send JSON in UTF-8, and gzip whole.",
    )
    UNKNOWN_PARAMETER = (
        "unknown-parameter",
        400,
        "Unknown parameter",
        "A query parameter is unknown or comes twice; `parameters` are those that the call has.",
    )
    UNKNOWN_VALUE = "unknown-value", 400, "Unknown value", "A filter names nothing known; `detail` has the nearest."
    UNKNOWN_CURSOR = (
        "unknown-cursor",
        400,
        "Unknown cursor",
        "The cursor is not one of this list, or of another version; leave it out to begin at the start.",
    )
    BAD_KEY = "bad-key", 422, "Bad record key", "A record is written `provider:id`, such as `cw_manage:4711`."
    NOT_A_RECORD = "not-a-record", 422, "Not a record", "A record is an object with `provider` and `id`."
    UNUSABLE_VALUE = "unusable-value", 422, "Unusable value", "The value cannot be compared; `detail` says why."
    UNREADABLE_FILE = "unreadable-file", 400, "Unreadable file", "A file of the service cannot be read."
    UNAUTHORISED = (
        "unauthorised",
        401,
        "No valid key",
        "Send a key that is known: `Authorization: Bearer sbx_...`. A revoked key is not known.",
    )
    KEY_EXPIRED = "key-expired", 401, "Key expired", "The key is no longer valid; ask an administrator for a new one."
    FORBIDDEN = "forbidden", 403, "Forbidden", "The key does not allow this."
    INSUFFICIENT_SCOPE = (
        "insufficient-scope",
        403,
        "Insufficient scope",
        "The key lacks the scope `scope`; use one that has it.",
    )
    PROVIDER_NOT_ALLOWED = (
        "provider-not-allowed",
        403,
        "Provider not allowed",
        "The key may not write records of this provider; `providers` are those that it may write.",
    )
    NEEDS_UNBOUND_KEY = (
        "needs-unbound-key",
        403,
        "Needs an unbound key",
        "The key is bound to customers, and this call is about all; use a key that is not bound.",
    )
    UNKNOWN_PATH = "unknown-path", 404, "Unknown path", "No call has this path; `GET /openapi.json` lists all calls."
    NOT_FOUND = "not-found", 404, "Not found", "Nothing has that id, or nothing that the key may see."
    METHOD_NOT_ALLOWED = (
        "method-not-allowed",
        405,
        "Method not allowed",
        "The path has other methods; `Allow` names them.",
    )
    REQUEST_TIMEOUT = "request-timeout", 408, "Request timeout", "The request came too slowly; send it again, whole."
    CONFLICT = "conflict", 409, "Conflict", "It contradicts what is stored; `detail` says what."
    CONTRADICTION = (
        "contradiction",
        409,
        "Contradicting decisions",
        "Decisions that stand contradict the new one; `decisions` are those that together speak against it.",
    )
    BAD_DECISION = "bad-decision", 409, "Contradicting stored decisions", "Stored decisions contradict each other."
    REVIEW_ANSWERED = (
        "review-answered",
        409,
        "Review answered",
        "Somebody else has answered that review otherwise; see `decisions`.",
    )
    REVIEW_CLOSED = "review-closed", 410, "Review closed", "The review was answered; see `decisions`."
    CURSOR_GONE = (
        "cursor-gone",
        410,
        "Cursor gone",
        "The change feed has forgotten that place; list all devices, and follow the feed from their `as_of`.",
    )
    BUSY = "busy", 409, "Sync in progress", "The provider is being synced; wait for the end of that sync."
    TURN_LOST = "turn-lost", 409, "Sync replaced", "Another sync took the place of this one, which stored nothing."
    FEED_HELD = (
        "feed-held",
        409,
        "Feed held",
        "The feed would remove more records than is allowed; send it whole, or confirm that they are gone.",
    )
    IDEMPOTENCY_KEY_IN_USE = (
        "idempotency-key-in-use",
        409,
        "Idempotency key in use",
        "The first request with that `Idempotency-Key` is still being answered; send the request again.",
    )
    CONTENT_TOO_LARGE = "content-too-large", 413, "Content too large", "Send the rest in a second request."
    UNSUPPORTED_MEDIA_TYPE = (
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "Name the body's media type in `Content-Type`.",
    )
    MISDIRECTED_REQUEST = (
        "misdirected-request",
        421,
        "Misdirected request",
        "A service without keys answers this machine alone, asked as 127.0.0.1 or localhost.",
    )
    UNPROCESSABLE_CONTENT = (
        "unprocessable-content",
        422,
        "Unprocessable content",
        "The request is well-formed, and values in it cannot be used; `errors` points at each that is known.",
    )
    FEED_REFUSED = (
        "feed-refused",
        422,
        "Feed refused",
        "Rows of the feed cannot be stored, so nothing was; `errors` has the first.",
    )
    IDEMPOTENCY_KEY_REUSED = (
        "idempotency-key-reused",
        422,
        "Idempotency key reused",
        "That `Idempotency-Key` came with another request before; make a new key for each request.",
    )
    TOO_MANY_REQUESTS = (
        "too-many-requests",
        429,
        "Too many requests",
        "Ask again after `retry_after` seconds, and less often.",
    )
    TOO_MANY_FAILED_KEYS = (
        "too-many-failed-keys",
        429,
        "Too many failed keys",
        "Too many keys that are not known came from this address; show a valid one after `retry_after` seconds.",
    )
    HEADERS_TOO_LARGE = (
        "request-header-fields-too-large",
        431,
        "Request header fields too large",
        "Send fewer or shorter headers.",
    )
    INTERNAL_SERVER_ERROR = (
        "internal-server-error",
        500,
        "Internal server error",
        "A defect in the service. Its log has the details; trying again rarely helps.",
    )
    SETTINGS_ERROR = "settings-error", 500, "Wrong settings", "An operator has to correct the service's settings."
    WORKER_FAILED = "worker-failed", 500, "Worker failed", "A process of the service was ended; nothing was stored."
    CANNOT_WRITE = "cannot-write", 500, "Cannot write", "The service cannot write a file."
    CANNOT_LISTEN = "cannot-listen", 500, "Cannot listen", "The service cannot listen on its address."
    PROVIDER_ERROR = "provider-error", 502, "Provider error", "The provider did not give its records."
    PROVIDER_REFUSED = "provider-refused", 502, "Provider refused", "The provider does not accept our credentials."
    PROVIDER_CHANGED = "provider-changed", 502, "Provider changed", "The provider's answer is of unknown shape."
    PROVIDER_UNAVAILABLE = "provider-unavailable", 503, "Provider unavailable", "Try again later."
    STORE_ERROR = "store-error", 503, "Database unavailable", "The database does not answer; try again later."
    SCHEMA_BEHIND = "schema-behind", 503, "Schema behind", "The operator has to run `samebox db upgrade`."
    WRITER_BUSY = (
        "writer-busy",
        503,
        "Writer busy",
        "Another writer is at work. Nothing was stored; send it again after `retry_after` seconds.",
    )
    READERS_BUSY = (
        "readers-busy",
        503,
        "Readers busy",
        "Many others are being answered; ask again after `retry_after` seconds.",
    )
    TOO_MANY_CONNECTIONS = (
        "too-many-connections",
        503,
        "Too many connections",
        "Too many connections are open; connect again after `retry_after` seconds, and keep fewer open.",
    )
    STOPPING = "stopping", 503, "Service stopping", "The service ends; ask again after `retry_after` seconds."


CODES: Mapping[type[Exception], ProblemCode] = {
    errors.ServiceError: ProblemCode.INTERNAL_SERVER_ERROR,
    errors.SettingsError: ProblemCode.SETTINGS_ERROR,
    errors.BadRequest: ProblemCode.BAD_REQUEST,
    errors.MalformedBody: ProblemCode.MALFORMED_BODY,
    errors.UnknownParameter: ProblemCode.UNKNOWN_PARAMETER,
    errors.UnknownValue: ProblemCode.UNKNOWN_VALUE,
    errors.UnknownCursor: ProblemCode.UNKNOWN_CURSOR,
    errors.UnreadableFile: ProblemCode.UNREADABLE_FILE,
    errors.Unprocessable: ProblemCode.UNPROCESSABLE_CONTENT,
    errors.Unauthorised: ProblemCode.UNAUTHORISED,
    errors.KeyMissing: ProblemCode.UNAUTHORISED,
    errors.KeyExpired: ProblemCode.KEY_EXPIRED,
    errors.Forbidden: ProblemCode.FORBIDDEN,
    errors.InsufficientScope: ProblemCode.INSUFFICIENT_SCOPE,
    errors.ProviderNotAllowed: ProblemCode.PROVIDER_NOT_ALLOWED,
    errors.NeedsUnboundKey: ProblemCode.NEEDS_UNBOUND_KEY,
    errors.NotFound: ProblemCode.NOT_FOUND,
    errors.Conflict: ProblemCode.CONFLICT,
    errors.Contradiction: ProblemCode.CONTRADICTION,
    errors.ReviewAnswered: ProblemCode.REVIEW_ANSWERED,
    errors.ReviewClosed: ProblemCode.REVIEW_CLOSED,
    errors.CursorGone: ProblemCode.CURSOR_GONE,
    errors.Busy: ProblemCode.BUSY,
    errors.TurnLost: ProblemCode.TURN_LOST,
    errors.FeedHeld: ProblemCode.FEED_HELD,
    errors.IdempotencyKeyInUse: ProblemCode.IDEMPOTENCY_KEY_IN_USE,
    errors.IdempotencyKeyReused: ProblemCode.IDEMPOTENCY_KEY_REUSED,
    FeedRefused: ProblemCode.FEED_REFUSED,
    errors.ProviderError: ProblemCode.PROVIDER_ERROR,
    errors.ProviderUnavailable: ProblemCode.PROVIDER_UNAVAILABLE,
    errors.ProviderRefused: ProblemCode.PROVIDER_REFUSED,
    errors.ProviderChanged: ProblemCode.PROVIDER_CHANGED,
    errors.StoreError: ProblemCode.STORE_ERROR,
    errors.NoStore: ProblemCode.STORE_ERROR,
    errors.SchemaBehind: ProblemCode.SCHEMA_BEHIND,
    errors.WriterBusy: ProblemCode.WRITER_BUSY,
    errors.ReadersBusy: ProblemCode.READERS_BUSY,
    errors.TooManyRequests: ProblemCode.TOO_MANY_REQUESTS,
    errors.TooManyFailedKeys: ProblemCode.TOO_MANY_FAILED_KEYS,
    errors.WorkerFailed: ProblemCode.WORKER_FAILED,
    errors.EngineMissing: ProblemCode.WORKER_FAILED,
    errors.CannotWrite: ProblemCode.CANNOT_WRITE,
    errors.CannotListen: ProblemCode.CANNOT_LISTEN,
    engine.MatchingError: ProblemCode.UNPROCESSABLE_CONTENT,
    engine.BadKey: ProblemCode.BAD_KEY,
    engine.NotARecord: ProblemCode.NOT_A_RECORD,
    engine.UnusableValue: ProblemCode.UNUSABLE_VALUE,
    engine.BadDecision: ProblemCode.BAD_DECISION,
}
"""What is raised -> the code that it is answered with; a test holds it complete. `Moved` is a redirection."""

FRAMEWORK = {
    400: ProblemCode.BAD_REQUEST,
    404: ProblemCode.UNKNOWN_PATH,
    405: ProblemCode.METHOD_NOT_ALLOWED,
    408: ProblemCode.REQUEST_TIMEOUT,
    413: ProblemCode.CONTENT_TOO_LARGE,
    415: ProblemCode.UNSUPPORTED_MEDIA_TYPE,
    422: ProblemCode.UNPROCESSABLE_CONTENT,
}
"""Status of an error that the framework or an endpoint raises as `HTTPException` -> its code."""


def code_of(error: Exception) -> ProblemCode:
    """Return the code of an error, which is that of its nearest class in the table."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def code_of_status(status: int) -> ProblemCode:
    """Return the code of an `HTTPException` of this status."""
    return FRAMEWORK.get(status, ProblemCode.BAD_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else _DEFECT)


_DEFECT = ProblemCode.INTERNAL_SERVER_ERROR
