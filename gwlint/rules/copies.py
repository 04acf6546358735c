"""What the rules about copies of functions have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from gwlint.clones import CloneKind, Member
from gwlint.codebase import Codebase
from gwlint.duplication import Difference, Duplicate, line_count
from gwlint.finding import Finding, Related
from gwlint.model import Span
from gwlint.rule import Rule

_SHOWN = 3
"""How many values or lines a message lists."""


class CopyRule(Rule):
    """A rule that reports the classes of copies of one kind, each once."""

    kind: ClassVar[CloneKind]

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every class that no gateway offers, at its first function that is no test."""
        for duplicate in codebase.clones:
            if duplicate.kind == self.kind and duplicate.offer is None and not codebase.is_reimplemented(duplicate):
                yield self.reported(codebase, duplicate, self.message(codebase, duplicate))

    def message(self, codebase: Codebase, duplicate: Duplicate) -> str:  # noqa: ARG002  for those who say more
        """Say what is a copy of what."""
        return self.summary

    def reported(self, codebase: Codebase, duplicate: Duplicate, message: str) -> Finding:
        """Return the finding for a class, with every member for a related place."""
        anchor = duplicate.anchor
        return self.finding(
            anchor.path,
            anchor.function.at,
            message,
            # Among those that are only alike, some may be equal.
            severity="warning" if duplicate.has_equal else None,
            identity=" ".join(sorted(f"{one.path}:{one.function.name}" for one in duplicate.members)),
            related=tuple(_related(codebase, one) for one in duplicate.members),
        )


def others(duplicate: Duplicate) -> str:
    """Say how many more copies there are than the two that a message names."""
    more = len(duplicate.members) - 2
    return f" (and {more} more)" if more else ""


def percent(similarity: float) -> str:
    """Return the similarity for people: what differs is never quite the same."""
    return f"{min(int(similarity * 100), 99)}%"


def differing(difference: Difference) -> str:
    """Say which statements two similar functions do not share."""
    own, its = len(difference.own), len(difference.others)
    if not own and not its:
        return "the same statements put in another way"
    if not own:
        return f"it lacks {counted(its, 'statement')}"
    return f"{own} of {counted(difference.statements, 'statement')} {'differs' if own == 1 else 'differ'}" + _listed(
        difference.own
    )


def counted(count: int, noun: str) -> str:
    """Return a number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def values(difference: Difference) -> str:
    """Return the values that differ, as many as fit into a message."""
    pairs = [f"`{left}` for `{right}`" for left, right in difference.literals[:_SHOWN]]
    more = len(difference.literals) - len(pairs)
    return ", ".join(pairs) + (f" and {more} more" if more else "")


def _listed(lines: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    return f" (line{'' if len(lines) == 1 else 's'} {shown}{', …' if len(lines) > _SHOWN else ''})"


def _related(codebase: Codebase, member: Member) -> Related:
    function = member.function
    at = Span(function.at.line, function.at.column, function.end_line, function.at.end_column)
    return Related(member.path, at, f"`{codebase.function_called(member)}`, {counted(line_count(member), 'line')}")
