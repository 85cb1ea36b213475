"""
Everything the service raises; the text is a sentence for an operator, `status` the answer over HTTP.

* ServiceError
  - SettingsError            settings that cannot be used: correct them and start again   500
  - BadRequest               the question cannot be understood                            400
  - Unauthorised             no key, or none that is known                                401
  - NotFound                 nothing has that id                                          404
  - Moved                    the id is retired; who took its place                        307
  - Conflict                 it contradicts what is already there                         409
  - ProviderError            a provider did not give us its records                       502
    + ProviderUnavailable    timed out, throttled or 5xx: try later                       503
    + ProviderRefused        400, 401, 403, 404: look at the setting or role it names     502
    + ProviderChanged        an answer of unknown shape                                   502
  - StoreError               the database does not answer                                 503
    + SchemaBehind           its tables are older than the program                        503
* Unparsable                 one raw row that is no record; the rest goes on
"""


class ServiceError(Exception):
    """Anything the service refuses or fails at; never carries a secret."""

    status = 500


class SettingsError(ServiceError):
    """Settings that cannot be used: which key, what is wrong, and an example."""


class BadRequest(ServiceError):
    """The caller asked for something that cannot be understood."""

    status = 400


class Unauthorised(ServiceError):
    """The caller showed no key, or one that is not known."""

    status = 401


class NotFound(ServiceError):
    """Nothing has that id."""

    status = 404


class Moved(ServiceError):
    """A retired id; `successor` is the id that took its place."""

    status = 307

    def __init__(self, retired: str, successor: str) -> None:
        super().__init__(f"{retired} is retired; its records are in {successor}")
        self.successor = successor


class Conflict(ServiceError):
    """It contradicts something that already stands."""

    status = 409


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
    """The tables are older than the program."""


class Unparsable(Exception):
    """One raw row of which no record can be made; `record_id` is "" when it has none."""

    def __init__(self, record_id: str, reason: str) -> None:
        super().__init__(f"record {record_id or '(no id)'}: {reason}")
        self.record_id = record_id
        self.reason = reason
