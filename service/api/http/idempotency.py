"""
Calls that write and may be sent again: the same `Idempotency-Key` gets the first answer, and nothing is written twice.

An answer is stored in the transaction of what its request wrote, so that both are there or neither is: a caller whose
connection broke sends the request again, whatever became of the first one. A refused request is not stored.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from service.api.http.codes import ProblemCode
from service.api.http.context import CallerDep, ContextDep
from service.core.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from service.store.access import idempotency
from service.store.access.idempotency import KeptAnswer
from service.store.world import World

REPLAYED = "Idempotency-Replayed"
"""The header of an answer that was given before."""

ONCE = ProblemCode.IDEMPOTENCY_KEY_IN_USE, ProblemCode.IDEMPOTENCY_KEY_REUSED
"""The codes with which a key is refused."""

_answering: set[tuple[int, str, str]] = set()
_lock = threading.Lock()

IdempotencyKey = Annotated[
    str | None,
    Header(
        pattern="^[!-~]{1,255}$",
        description=(
            "A text that the caller makes for this request alone, such as a UUID. The same request with the same key is"
            " answered as the first time, for 24 hours, and writes nothing; another request with it is a 422, and a 409"
            " while the first one is being answered."
        ),
        examples=["0192f0c1-7a8e-7c3d-9f11-2f4f5c1b9a10"],
    ),
]


class WriteAnswer(NamedTuple):
    """What a call answers: its status, its body, and where to follow what it began."""

    status: int
    body: BaseModel
    location: str | None = None


class Once:
    """A dependency: does what a request asks once for each of its caller's idempotency keys."""

    def __init__(
        self, request: Request, context: ContextDep, caller: CallerDep, idempotency_key: IdempotencyKey = None
    ) -> None:
        """Take the header of a request."""
        self._world, self._caller, self._key = context.world, caller.key_id or "", idempotency_key
        self._asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()

    def answer(self, payload: bytes, do: Callable[[World], WriteAnswer]) -> Response:
        """
        Do it in the world that `do` is given, or return the answer of the first time.

        Raises:
            IdempotencyKeyInUse: The first request is still being answered.
            IdempotencyKeyReused: The key came with another request.
        """
        if self._key is None:
            return _written(do(self._world))
        request_hash = sha256(self._asked + payload).hexdigest()
        with self._alone(self._key), self._world.store.writing() as connection:
            at = self._world.now()
            if known := idempotency.find(connection, self._caller, self._key, at):
                return _replayed(known, request_hash)
            done = do(self._world.within(connection))
            body = done.body.model_dump_json(by_alias=True)
            idempotency.add(
                connection,
                KeptAnswer(self._caller, self._key, request_hash, done.status, done.location, body, at),
            )
        return _written(done)

    @contextmanager
    def _alone(self, key: str) -> Iterator[None]:
        """Keep others from the key; another process waits for the writer instead, and then finds the answer."""
        mine = (id(self._world.store), self._caller, key)
        with _lock:
            if mine in _answering:
                raise IdempotencyKeyInUse("the first request with that Idempotency-Key is still being answered")
            _answering.add(mine)
        try:
            yield
        finally:
            with _lock:
                _answering.remove(mine)


OnceDep = Annotated[Once, Depends()]


async def payload_of(request: Request) -> bytes:
    """Return the body of a request, which is kept for whoever else reads it."""
    return await request.body()


PayloadDep = Annotated[bytes, Depends(payload_of)]


def replayable(status: int, **declared: Any) -> dict[int | str, dict[str, Any]]:
    """Return the declaration of an answer that may be given again; `declared` is what else it has."""
    header = {
        "description": "`true` where this is the first answer again",
        "schema": {"type": "string", "enum": ["true"]},
    }
    return {status: {**declared, "headers": {**declared.get("headers", {}), REPLAYED: header}}}


def _written(done: WriteAnswer) -> Response:
    return _response(done.status, done.body.model_dump_json(by_alias=True), done.location)


def _replayed(known: KeptAnswer, request_hash: str) -> Response:
    if known.request_hash != request_hash:
        raise IdempotencyKeyReused("that Idempotency-Key came with another request; make a new key for each request")
    answer = _response(known.status, known.body, known.location)
    answer.headers[REPLAYED] = "true"
    return answer


def _response(status: int, body: str, location: str | None) -> Response:
    headers = {"Location": location} if location else None
    return Response(body, status, headers, "application/json")
