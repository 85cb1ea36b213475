"""Bodies of forms with a file, as browsers send them, and what is none."""

import pytest
from starlette.exceptions import HTTPException

from service.console.uploads import parsed

TYPE = "multipart/form-data; boundary=----edge"


def body(*parts: tuple[str, bytes]) -> bytes:
    """Return a body with these parts: their disposition and content."""
    written = [b"------edge\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (d.encode(), c) for d, c in parts]
    return b"".join(written) + b"------edge--\r\n"


@pytest.mark.parametrize("content", [b"", b"a,b\r\n1,2\r\n", "ä;b\r\n".encode("utf-16"), b"\xe4\n\r\n--edge\x00\xff"])
def test_a_file_comes_as_it_was_sent(content: bytes) -> None:
    """Every byte of it, in whatever encoding, and with whatever ends its lines; fields are UTF-8."""
    sent = parsed(TYPE, body(('name="text"', "Grün\n".encode()), ('name="file"; filename="a.csv"', content)))

    assert sent.content == content
    assert sent.fields == {"text": "Grün\n"}


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("application/x-www-form-urlencoded", b"a=1"),
        (TYPE, b""),
        (TYPE, b"no part at all"),
        ("multipart/form-data", body(('name="a"', b"1"))),
        ("multipart/form-data; boundary=\r\nX: y", body(('name="a"', b"1"))),
        (TYPE, body(*[('name="a"', b"1")] * 51)),
        (TYPE, body(('name="a"', b"\xff"))),
        (TYPE, b"------edge\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n1\r\n--x--\r\n------edge--"),
    ],
)
def test_what_is_no_form_is_refused(content_type: str, sent: bytes) -> None:
    """Without a guess at what was meant."""
    with pytest.raises(HTTPException) as refused:
        parsed(content_type, sent)

    assert refused.value.status_code == 400
