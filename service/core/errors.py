"""
The errors that the service raises: the text is a sentence for an operator, `status` is the HTTP status.

Errors of the engine are listed in `matching.errors`; those that reach the API become answers too (`api.problems`).

* ServiceError
  - SettingsError            settings that cannot be used: correct them and start again   500
  - BadRequest               the question cannot be understood                            400
    + Unprocessable          it is understood, and cannot be done as it says              422
    + MalformedBody          the body of a request cannot be read                         400
    + UnknownParameter       a query parameter is unknown or comes twice                  400
    + UnreadableFile         a file cannot be read, or not to its end                     400
    + UnknownValue           a filter names nothing that is known; the nearest known      400
    + UnknownCursor          no page of that list ended with that cursor                  400
  - Unauthorised             no key, or none that is known                                401
    + KeyMissing             no key came with the request                                 401
    + KeyExpired             the key was known once, and its time is over                 401
  - Forbidden                the key does not allow this                                  403
    + InsufficientScope      it lacks a scope; which one                                  403
    + ProviderNotAllowed     it may not write records of that provider                    403
    + NeedsUnboundKey        it is bound to customers, and the answer is about all        403
  - NotFound                 nothing has that id                                          404
  - CursorGone               the change feed no longer has that place                     410
  - Moved                    the id is retired; the error names its successor             307
  - Conflict                 it contradicts what is already there                         409
    + Contradiction          other decisions that stand speak against it                  409
    + ReviewAnswered         somebody else has answered that review, and otherwise        409
    + ReviewClosed           the review is open no more, because it was answered          410
    + Busy                   somebody else syncs that provider now                        409
    + TurnLost               this sync was taken for dead, and another took its place     409
    + FeedHeld               the feed would remove more records than is allowed           409
    + IdempotencyKeyInUse    the first request with that key is still being answered      409
  - FeedRefused              rows of a feed cannot be stored (`intake.replacing`)         422
  - IdempotencyKeyReused     that key came with another request before                    422
  - ProviderError            a provider did not give us its records                       502
    + ProviderUnavailable    timed out, throttled or 5xx: try later                       503
    + ProviderRefused        400, 401, 403, 404: look at the setting or role it names     502
    + ProviderChanged        an answer of unknown shape                                   502
  - StoreError               the database does not answer                                 503
    + SchemaBehind           its tables or search terms are older than the program        503
    + WriterBusy             another writer went on for too long                          503
    + NoStore                there is none at the configured place, and none is made      503
  - ReadersBusy              too many others are being answered                           503
  - TooManyRequests          a key asks more often than it may                            429
  - TooManyFailedKeys        an address showed too many keys that are not known           429
  - WorkerFailed             a worker process failed or was ended                         500
  - EngineMissing            what would do the work is not installed, or does not start   500
  - CannotWrite              a file or folder cannot be written                           500
  - CannotListen             the address cannot be listened on, or must not be            500

What is caught inside, and never reaches a caller:

* Unparsable                 one raw row that is not a record; the others are still read
* Inadmissible               one record that no door lets in (`ingest.admission`); the others are still read
* DecodingError              bytes that are no JSON
* UnreadableLine             a line of a billed list; the others are still read (`reports.billing.billed`)
* UnreadableField            a field of an addition; the addition is listed as unread (`ingest.cw_manage`)
* GaveUp                     all retries of a request to a provider failed (`ingest.http.retry`)
* DamagedAnswer              a provider's JSON ends in the middle, and is asked for again (`ingest.http.buffer`)
* AnswerTooLarge             a provider's answer is too long to be read (`ingest.http.buffer`)
* Refusal                    what the fake ConnectWise Manage answers instead of rows (`demo.connectwise.answers`)
* BadConditions              conditions that the fake cannot parse (`demo.connectwise.conditions`)
"""

from collections.abc import Mapping, Sequence
from typing import Any


class ServiceError(Exception):
    """
    Anything the service refuses or fails at; never carries a secret.

    `members` are what a program may use of it, by the name that they have in the problem that the API answers with.
    """

    status = 500
    retry_after: int | None = None
    """Seconds after which it may go well; None where trying again does not help."""

    def __init__(self, sentence: str, **members: Any) -> None:
        super().__init__(sentence)
        self.members: Mapping[str, Any] = members


class SettingsError(ServiceError):
    """Settings that cannot be used: which key, what is wrong, and an example."""


class BadRequest(ServiceError):
    """The caller asked for something that cannot be understood."""

    status = 400


class MalformedBody(BadRequest):
    """The body of a request cannot be read: it is not what it has to be, not UTF-8, or no gzip stream."""


class UnknownParameter(BadRequest):
    """A query parameter is unknown or comes twice; the member `parameters` has those that there are."""


class UnreadableFile(BadRequest):
    """A file cannot be read, or not to its end."""


class UnknownValue(BadRequest):
    """The value of a filter names nothing that is known."""


class UnknownCursor(BadRequest):
    """No page of that list ended with that cursor, or another version of the program made it."""


class Unprocessable(BadRequest):
    """The caller asked for something that is understood, and cannot be done as it says."""

    status = 422


class Unauthorised(ServiceError):
    """The caller showed no key, or one that is not known."""

    status = 401


class KeyMissing(Unauthorised):
    """The caller showed no key at all."""


class KeyExpired(Unauthorised):
    """The caller showed a key, or a token of one, that was known once and whose time is over."""


class Forbidden(ServiceError):
    """The caller is known, and may not do this."""

    status = 403


class InsufficientScope(Forbidden):
    """The caller's key lacks a scope; the member `scope` names it."""


class ProviderNotAllowed(Forbidden):
    """The caller's key may not write records of that provider; the member `providers` has those that it may write."""


class NeedsUnboundKey(Forbidden):
    """The caller's key is bound to customers, and no answer can be made of their records alone."""


class NotFound(ServiceError):
    """Nothing has that id."""

    status = 404


class CursorGone(ServiceError):
    """The change feed does not have that place: what follows it is forgotten, or was never stored here."""

    status = 410


class Moved(ServiceError):
    """The id `retired` is one; `successor` took its place."""

    status = 307

    def __init__(self, retired: str, successor: str) -> None:
        super().__init__(f"{retired} is retired; its records are in {successor}")
        self.retired = retired
        self.successor = successor


class Conflict(ServiceError):
    """It contradicts something that already stands."""

    status = 409


class Contradiction(Conflict):
    """A decision cannot hold beside others that stand; `decisions` are those that the caller may see, in JSON."""

    def __init__(self, sentence: str, decisions: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(sentence)
        self.members = {"decision_id": decisions[0]["id"], "decisions": decisions} if decisions else {}


class ReviewAnswered(Contradiction):
    """Somebody else has answered the review, and otherwise."""


class ReviewClosed(Contradiction):
    """The review is open no more, because it was answered."""

    status = 410


class Busy(Conflict):
    """Somebody else syncs that provider now."""


class TurnLost(Conflict):
    """This sync was taken for dead, and another one has its provider."""


class FeedHeld(Conflict):
    """
    A feed that replaces another would remove more records than may go without a person's word.

    The members `would_remove` and `stored` say how many of how many.
    """


class IdempotencyKeyInUse(Conflict):
    """The first request with that idempotency key is still being answered."""


class IdempotencyKeyReused(ServiceError):
    """That idempotency key came with another request before."""

    status = 422


class ProviderError(ServiceError):
    """A provider did not give us its records."""

    status = 502

    def __init__(self, provider: str, sentence: str) -> None:
        super().__init__(f"{provider}: {sentence}")
        self.provider = provider


class ProviderUnavailable(ProviderError):
    """The provider timed out, throttled us or failed, and went on doing so: try later."""

    status = 503


class ProviderRefused(ProviderError):
    """The provider will not answer us as we are set up; `answered` is its HTTP status."""

    def __init__(self, provider: str, sentence: str, answered: int) -> None:
        super().__init__(provider, sentence)
        self.answered = answered


class ProviderChanged(ProviderError):
    """The provider answered something that this program does not understand."""


class StoreError(ServiceError):
    """The database cannot be reached or used."""

    status = 503


class SchemaBehind(StoreError):
    """The tables, or the search terms in them, are older than the program."""


class WriterBusy(StoreError):
    """Another writer went on for longer than this one may wait; nothing of this one was stored."""

    retry_after = 5


class NoStore(StoreError):
    """There is no store at the configured place, and the command is none that makes one."""


class ReadersBusy(ServiceError):
    """So many others are being answered that this question had to wait for too long."""

    status = 503
    retry_after = 5


class TooManyRequests(ServiceError):
    """A key asks more often than it may."""

    status = 429

    def __init__(self, sentence: str, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class TooManyFailedKeys(TooManyRequests):
    """An address showed too many keys that are not known."""


class WorkerFailed(ServiceError):
    """A process that worked for us did not come to its end."""


class EngineMissing(ServiceError):
    """What would do the work is not installed here, or does not start."""


class CannotWrite(ServiceError):
    """A file or folder cannot be written."""


class CannotListen(ServiceError):
    """The address cannot be listened on, or must not be."""


class Unparsable(Exception):
    """One raw row of which no record can be made; `record_id` is "" when it has none."""

    def __init__(self, record_id: str, reason: str) -> None:
        super().__init__(f"record {record_id or '(no id)'}: {reason}")
        self.record_id = record_id
        self.reason = reason


class DecodingError(ValueError):
    """The bytes are no JSON; `line` and `column` count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"{reason} (line {line}, column {column})")
        self.reason = reason
        self.line = line
        self.column = column
