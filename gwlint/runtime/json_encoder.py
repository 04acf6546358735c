"""JSON in one step: an encoder that is made once, where the standard library makes one for each text."""

from __future__ import annotations

from json import JSONEncoder, encoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def make_encoder(
    default: Callable[[object], object] | None = None, *, ensure_ascii: bool = True
) -> Callable[[object], str]:
    """Return a function that turns something into JSON, without spaces and strictly.

    `default` is given what JSON knows nothing of, and returns what to write instead. The function raises TypeError,
    ValueError or RecursionError where there is no JSON: for what is not finite, keys of another kind, and circles.
    """
    slow = JSONEncoder(
        ensure_ascii=ensure_ascii, check_circular=False, allow_nan=False, separators=(",", ":"), default=default
    )
    make: Any = getattr(encoder, "c_make_encoder", None)  # Any: it is not in the stubs
    quote = encoder.encode_basestring_ascii if ensure_ascii else encoder.encode_basestring
    try:
        iterate = make(None, slow.default, quote, None, ":", ",", False, False, False)
        iterate({"a": [1.5]}, 0)
    except Exception:
        # It belongs to the standard library, which may change it, and is not there in every Python.
        return slow.encode
    join = "".join
    return lambda value: join(iterate(value, 0))
