"""ASGI applications and requests for tests of middleware."""

import json
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def request(path: str = "/v1/devices", client: str = "192.0.2.7", method: str = "GET", **headers: str) -> Scope:
    """Return a request."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "headers": raw, "client": (client, 1), "query_string": b""}


class Answer:
    """What an application answered."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    @property
    def json(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)

    async def take(self, message: Message) -> None:
        """Take a part of it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


async def asked(app: ASGIApp, scope: Scope) -> Answer:
    """Return what an application answers to a request without a body."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    answer = Answer()
    await app(scope, receive, answer.take)
    return answer


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200."""
    await PlainTextResponse("hello")(scope, receive, send)
