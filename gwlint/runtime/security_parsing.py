"""Reading JSON from strangers: how large, how deep and of how many keys it is is known before it is read."""

from __future__ import annotations

import json
import re
from math import isfinite

from .errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# A string that does not end goes on to the end of the text: it is not gone through again from each quote in it.
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}:]', re.DOTALL)
MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
MAX_KEYS = 10_000


def parse_json(
    text: str | bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, max_keys: int = MAX_KEYS
) -> Any:  # Any: whatever it says
    """Return what JSON says. Raises `Invalid` for what is too large, too deep, has too many keys, or is no JSON.

    NaN, infinities, numbers that a float can't hold, and an object with two values for one key are no JSON here.
    """
    check_size(text, max_bytes)
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        _check_counts(text, max_depth, max_keys)
        return _decoder.decode(text)
    except (ValueError, RecursionError):
        # What the decoder says about it quotes it.
        raise Invalid("the text is not valid JSON", "", "json") from None


def check_size(text: str | bytes, max_bytes: int) -> None:
    """Raise `Invalid` for what has more bytes than may be."""
    # A character has at most four bytes: most texts need not be encoded to know.
    if len(text) > max_bytes or (
        isinstance(text, str) and len(text) * 4 > max_bytes and len(text.encode("utf-8", "replace")) > max_bytes
    ):
        raise Invalid(f"the text has more than {max_bytes} bytes", "", "maxBytes")


def _check_counts(text: str, max_depth: int, max_keys: int) -> None:
    # There are no more levels than brackets, and no more keys than colons: few of them settle it.
    if text.count("[") + text.count("{") <= max_depth and text.count(":") <= max_keys:
        return
    depth = keys = 0
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark in ("[", "{"):
            depth += 1
            if depth > max_depth:
                raise Invalid(f"the text is more than {max_depth} levels deep", "", "maxDepth")
        elif mark in ("]", "}"):
            depth -= 1
        elif mark == ":":
            keys += 1
            if keys > max_keys:
                raise Invalid(f"the text has more than {max_keys} keys", "", "maxKeys")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: whatever it says
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("two values for one key")
    return made


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError("more than a float can hold")
    return value


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_float=_number, parse_constant=_no_constant)
