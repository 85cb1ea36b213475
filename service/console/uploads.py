"""Forms with a file: fields and the content of the file, as a browser sends them (RFC 7578)."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import NamedTuple

from fastapi import Request
from starlette.exceptions import HTTPException

from service.console.forms import FIELD, FORGED, FormFields, came_from_here, is_token_of, secret_of

MULTIPART = "multipart/form-data"

MOST_PARTS = 50


class Upload(NamedTuple):
    """The fields of a form, and the content of its file; empty where none was chosen."""

    fields: FormFields
    content: bytes


async def own_upload(request: Request) -> Upload:
    """
    Return what a form with a file holds that was made for the session that sends it.

    Raises:
        HTTPException: 403: it was made elsewhere, or for another session; 400: it cannot be read.
    """
    if not came_from_here(request):
        raise HTTPException(403, FORGED)
    upload = parsed(request.headers.get("content-type", ""), await request.body())
    if not is_token_of(secret_of(request), upload.fields.pop(FIELD, "")):
        raise HTTPException(403, FORGED)
    return upload


def parsed(content_type: str, body: bytes) -> Upload:
    """Return what the body of a form with a file holds; of a field that comes twice, the last one."""
    if content_type.partition(";")[0].strip().lower() != MULTIPART or not content_type.isprintable():
        raise HTTPException(400, "that is no form")
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts = list(form.iter_parts()) if form.is_multipart() else []
    if not 0 < len(parts) <= MOST_PARTS:
        raise HTTPException(400, "that is no form")
    fields: FormFields = {}
    content = b""
    for part in parts:
        sent = part.get_payload(decode=True)
        if not isinstance(sent, bytes):  # a form within a form
            raise HTTPException(400, "that is no form")
        if part.get_filename() is not None:
            content = sent
            continue
        try:
            fields[str(part.get_param("name", "", "content-disposition"))] = sent.decode()
        except UnicodeDecodeError:
            raise HTTPException(400, "that is no form") from None
    return Upload(fields, content)
