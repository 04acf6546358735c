"""Bodies of answers as Lambda takes them: text, or Base64."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def body_text(body: object, dumps: Callable[[object], str]) -> tuple[str, bool, str]:
    """Return a body as text, whether that is Base64, and its media type. `dumps` writes JSON of what is no text."""
    if body is None:
        return "", False, ""
    if isinstance(body, str):
        return body, False, "text/plain; charset=utf-8"
    if isinstance(body, (bytes, bytearray, memoryview)):
        from binascii import b2a_base64

        return b2a_base64(body, newline=False).decode(), True, "application/octet-stream"
    return dumps(body), False, "application/json"
