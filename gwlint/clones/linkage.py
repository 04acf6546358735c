"""From pairs to classes: two groups become one only when nearly all of their members are alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_NEARLY_ALL = 2 / 3


class Link(NamedTuple):
    """Two bodies by their numbers, and how alike they are."""

    one: int
    other: int
    similarity: float


def linked(links: Iterable[Link]) -> list[tuple[int, ...]]:
    """Return the classes of two and more, each sorted, in order.

    The most similar pairs come first. That bodies are alike along a chain does not make them one class.
    """
    ordered = sorted(links, key=lambda link: (-link.similarity, link.one, link.other))
    neighbours: dict[int, set[int]] = {}
    for one, other, _ in ordered:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    groups = {number: {number} for number in neighbours}
    for one, other, _ in ordered:
        first, second = groups[one], groups[other]
        if first is second:
            continue
        few, many = sorted((first, second), key=len)
        known = sum(len(neighbours[number] & many) for number in few)
        if known >= _NEARLY_ALL * len(few) * len(many):
            many |= few
            for number in few:
                groups[number] = many
    distinct = {id(group): group for group in groups.values() if len(group) > 1}
    return sorted(tuple(sorted(group)) for group in distinct.values())
