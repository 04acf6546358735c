"""What is kept of a function in its place: which ones it is equal to, and where to find it again."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from gwlint.clones.judge import Limits, counts, is_compared
from gwlint.model import Fact, Function

_DIGEST_BYTES = 8


class Sketch(Fact, frozen=True):
    """A function that counts, as the one at a `place` among those of its file.

    `body` is equal for functions with the same canonical tokens; `form` only where comparisons, too, come out the same.
    """

    body: int
    form: int
    place: int


def sketches(functions: Sequence[Function], limits: Limits) -> tuple[Sketch, ...]:
    """Return the sketches of those functions of a file that count, sorted by where they are."""
    counting = [(one.at, one.name, place) for place, one in enumerate(functions) if counts(one, limits)]
    return tuple(_sketch(functions[place], place, limits) for _, _, place in sorted(counting))


def _sketch(function: Function, place: int, limits: Limits) -> Sketch:
    body = _digest(function.tokens, "async" in function.traits)
    form = _digest(body + function.statements, "straight" in function.traits, is_compared(function, limits))
    return Sketch(_number(body), _number(form), place)


def _digest(content: bytes, *traits: bool) -> bytes:
    return blake2b(content, digest_size=_DIGEST_BYTES, key=bytes(traits)).digest()


def _number(digest: bytes) -> int:
    return int.from_bytes(digest, "big")
