"""What the environment variables of a function take, as Lambda measures them."""

import json
from collections.abc import Mapping


def measured(variables: Mapping[str, str | None]) -> tuple[int | None, int]:
    """Return the bytes of all variables, None where a value is unknown, and of those alone that are known.

    The message with which Lambda refuses too many of them quotes what it has measured: they are written as JSON.
    """
    known = {name: value for name, value in variables.items() if value is not None}
    least = _written(known) if known else 0
    return (least if len(known) == len(variables) else None), least


def _written(variables: Mapping[str, str]) -> int:
    text = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "replace"))
