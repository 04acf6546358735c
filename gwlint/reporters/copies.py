"""Classes of copies as they are printed, those first without which the most lines would go."""

from __future__ import annotations

from typing import NamedTuple

from gwlint.clones import Member
from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate


class Copy(NamedTuple):
    """One function, by the name that messages give it, and its lines from the `def` to the last one."""

    path: str
    line: int
    end_line: int
    name: str


class Copies(NamedTuple):
    """Functions that are copies of one another; the first two are those to compare.

    `lines` says how many lines could go, `instead` names the function of a gateway to call, empty where there is none.
    """

    rule: str
    kind: str
    similarity: float
    lines: int
    instead: str
    functions: tuple[Copy, ...]
    literals: tuple[tuple[str, str], ...]


def copies(codebase: Codebase) -> list[Copies]:
    """Return the classes of a codebase. Raises `ConfigError`."""
    found = [_copies(codebase, one) for one in codebase.clones]
    return sorted(found, key=lambda one: (-one.lines, one.functions))


def _copies(codebase: Codebase, duplicate: Duplicate) -> Copies:
    compared = (duplicate.anchor, duplicate.original)
    members = (*compared, *(one for one in duplicate.members if one not in compared))
    offer = duplicate.offer
    return Copies(
        duplicate.rule,
        duplicate.kind,
        round(duplicate.similarity, 3),
        duplicate.lines,
        f"{codebase.called(offer.component.gateway)}.{offer.name}" if offer is not None and offer.name else "",
        tuple(_copy(codebase, one) for one in members),
        duplicate.difference.literals,
    )


def _copy(codebase: Codebase, member: Member) -> Copy:
    function = member.function
    return Copy(member.path, function.at.line, function.end_line, codebase.function_called(member))
