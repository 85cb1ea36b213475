"""A body that comes too slowly is given up."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SLOWEST = 1_000
"""Bytes a second that a body has to bring, or an answer to be taken, after the time that is allowed in any case."""


class BodyTime:
    """
    ASGI middleware: all waiting for a body may take `seconds`, and one more for each 1,000 bytes that came.

    Only the time in which the service waits for the client counts, not that in which it does not read on.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. The error is raised where the body is read, so it is answered like any other."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        left, is_whole = self.seconds, False

        async def receive_in_time() -> Message:
            nonlocal left, is_whole
            if is_whole:  # what comes after it says that the client is gone, which may take as long as the answer
                return await receive()
            begun = loop.time()
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(
                    408, "the body came too slowly; send it again, whole", {"Connection": "close"}
                ) from None
            left += len(message.get("body", b"")) / SLOWEST - (loop.time() - begun)
            is_whole = not message.get("more_body", False)
            return message

        await self.app(scope, receive_in_time, send)
