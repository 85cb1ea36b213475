"""
The floor of the API's benchmark: a FastAPI route with one read of an indexed row, sent as it is stored.

Served as the service is, by uvicorn with uvloop and httptools in one process, but without a key and without a log.
"""

import sqlite3
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

ROWS = 1000
BODY = b'{"values":"' + b"x" * 1000 + b'"}'
"""As long as a device in short."""


def application(file: Path) -> FastAPI:
    """Return the application over a new file."""
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE answers (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID")
    database.executemany("INSERT INTO answers VALUES (?, ?)", ((str(n), BODY) for n in range(ROWS)))
    database.commit()
    app = FastAPI(openapi_url=None)

    @app.get("/answers/{answer_id}")
    async def answer(answer_id: str) -> Response:
        row = database.execute("SELECT body FROM answers WHERE id = ?", (answer_id,)).fetchone()
        return Response(row[0], media_type="application/json")

    return app


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[1])),
        port=int(sys.argv[2]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
