"""When two functions count as copies of one another."""

from __future__ import annotations

from collections import Counter
from typing import Literal, NamedTuple

from gwlint.clones.profile import Profile, bag_ratio, common_subsequence
from gwlint.model import Function

CloneKind = Literal["exact", "renamed", "near"]

_SILENT = frozenset({"builder", "delegate", "initialiser", "record"})
"""What looks alike by custom, even word for word."""

_FORMAL = frozenset({"dunder", "property"})
"""What has its form from the language: only a long body counts."""

_FORMAL_STATEMENTS = 5
_LEAST_TOKENS = 13
_LEAST_TOKENS_OF_OVERRIDES = 15
_LEAST_TOKENS_IF_NEAR = 20
_SMALL_TOKENS = 9
_FEWEST_STATEMENTS = 3
"""Who asks for more wants to hear of nothing shorter."""

_MANY_TOKENS = 40
_MOVED = 0.92
"""What it takes off the similarity when everything is there, but in another order."""

_FEW_STATEMENTS = 5
_STRICTER = 0.04
_AS_GOOD_AS_EQUAL = 0.97
_MOST = 0.7
_LEAST_NAMES_SHARED = 0.7
_CONTAINED = 0.95
_LOOSER = 0.1


class Limits(NamedTuple):
    """What the settings say: how many statements a function must have, how alike copies that differ must be.

    `kinds` are those of the classes that are wanted: copies of another kind are in none of them.
    """

    statements: int
    similarity: float
    kinds: tuple[CloneKind, ...] = ("exact", "renamed", "near")


def counts(function: Function, limits: Limits) -> bool:
    """Tell whether a function is compared at all."""
    if not _SILENT.isdisjoint(function.traits):
        return False
    statements, tokens = function.length, len(function.tokens) // 2
    if not _FORMAL.isdisjoint(function.traits):
        return statements >= max(_FORMAL_STATEMENTS, limits.statements)
    if statements >= limits.statements:
        return tokens >= _LEAST_TOKENS
    return limits.statements <= _FEWEST_STATEMENTS and is_small_work(function)


def is_small_work(function: Function) -> bool:
    """Tell whether a function of few statements still does something that is its own: a call with values of its own."""
    return (
        len(function.tokens) // 2 >= _SMALL_TOKENS
        and (function.calls > 1 or (function.calls > 0 and bool(function.literals)))
        and _SMALL_EXCLUDED.isdisjoint(function.traits)
    )


_SMALL_EXCLUDED = frozenset({"dunder", "property", "local", "test", "method"})


def distinction(function: Function, limits: Limits) -> tuple[object, ...]:
    """Return what functions with similar bodies must have in common besides.

    Tests have to be equal in all, and functions of few statements in their values.
    """
    is_async = "async" in function.traits
    if "test" in function.traits or set(limits.kinds) == {"exact"}:
        return is_async, function.exact
    renamed = None if "near" in limits.kinds else function.renamed
    return is_async, renamed, function.literals if function.length < limits.statements else None


def is_slight(function: Function) -> bool:
    """Tell whether a method may only say what a class of its kind has to say in so few words."""
    return "method" in function.traits and len(function.tokens) // 2 < _LEAST_TOKENS_OF_OVERRIDES


def is_compared(function: Function, limits: Limits) -> bool:
    """Tell whether a function that counts is compared with those that are not quite the same."""
    if "test" in function.traits or "near" not in limits.kinds:
        return False
    return function.length >= limits.statements and len(function.tokens) // 2 >= _LEAST_TOKENS_IF_NEAR


def similarity(one: Profile, other: Profile, limits: Limits) -> float:
    """Return how alike two bodies are that share enough of what is rare, 0 where they are no copies."""
    statements = min(one.function.length, other.function.length)
    least = limits.similarity + (_STRICTER if statements < _FEW_STATEMENTS else 0.0)
    bag = bag_ratio(one, other)
    loosest = limits.similarity - _LOOSER
    if bag < loosest or _shared_names(one, other) < _LEAST_NAMES_SHARED or _call_others(one, other):
        return 0.0
    common = common_subsequence(one, other)
    total = len(one.codes) + len(other.codes)
    score = max(2 * common / total, _MOVED * bag)
    lesser = min(len(one.codes), len(other.codes))
    if score >= loosest and lesser >= _MANY_TOKENS and common >= _CONTAINED * lesser:
        # All of the one is in the other: what was added to it counts half.
        score = max(score, (score + common / lesser) / 2)
    if statements < _FEW_STATEMENTS and score < _AS_GOOD_AS_EQUAL and _shared_statements(one, other) < _MOST:
        # Of few statements, the one that differs is what the function is about.
        return 0.0
    return score if score >= least else 0.0


def _shared_statements(one: Profile, other: Profile) -> float:
    """Return the share of the statements of the shorter body that the other one has, too."""
    shared = (Counter(one.statements) & Counter(other.statements)).total()
    return shared / min(len(one.statements), len(other.statements))


def _call_others(one: Profile, other: Profile) -> bool:
    """Tell whether two functions that only do one thing after the other each use something that the other doesn't.

    That is what such a function is about. What is between, handlers of requests have in common.
    """
    is_straight = "straight" in one.function.traits and "straight" in other.function.traits
    return is_straight and not (one.names <= other.names or other.names <= one.names)


def _shared_names(one: Profile, other: Profile) -> float:
    least = min(len(one.names), len(other.names))
    return len(one.names & other.names) / least if least else 1.0
