"""How much memory a value takes, as far as that can be told without looking at all of it."""

from __future__ import annotations

from sys import getsizeof

_ATOMS = frozenset({str, bytes, int, float, bool, type(None), complex})
_MOST_PARTS = 1000


def size_of(value: object) -> int:
    """Return the bytes of a value with what it holds: lists, tuples, sets, dictionaries and attributes of objects.

    What it holds twice counts once. Of more than a thousand parts, some stand for the others.
    """
    if type(value) in _ATOMS:
        return getsizeof(value)
    total, count, seen, parts = 0, 0, {id(value)}, [value]
    while parts and count < _MOST_PARTS:
        count += 1
        part = parts.pop()
        total += getsizeof(part, 64)
        if type(part) not in _ATOMS:
            held = {id(one): one for one in _held(part) if id(one) not in seen}
            seen.update(held)
            parts.extend(held.values())
    # The containers are counted by now, most of them: of what is left, every so many stand for the others.
    step = len(parts) // _MOST_PARTS + 1
    return total + step * sum(getsizeof(part, 64) for part in parts[::step])


def _held(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    return list(getattr(value, "__dict__", {}).values())
