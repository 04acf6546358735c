"""Functions that may be called copies of one another: none is in another one, or there to stand in for another one."""

from __future__ import annotations

import re

from gwlint.clones.judge import is_slight
from gwlint.clones.profile import Member
from gwlint.model import Function

_ASYNC = re.compile(r"(?i)_?a?sync_?")


class Company:
    """A growing group of such functions. Whether one more fits in hangs on few of those that are there."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self._in_file: dict[str, list[Function]] = {}
        self._editions: dict[str, str] = {}
        self._slight: set[str] = set()

    def add(self, member: Member) -> None:
        """Take a member in that is admitted."""
        self.members.append(member)
        self._in_file.setdefault(member.path, []).append(member.function)
        self._editions.setdefault(*_edition(member))
        if is_slight(member.function):
            self._slight.add(_own_name(member))

    def admits(self, member: Member) -> bool:
        """Tell whether a function may be called a copy of all that are there.

        It may not when it is an alternative to one, or its edition for asynchronous code, or for synchronous code.
        """
        plain, full = _edition(member)
        if self._editions.get(plain, full) != full or self.has_slight(member):
            return False
        return not any(_exclude(member.function, other) for other in self._in_file.get(member.path, ()))

    def has_slight(self, member: Member) -> bool:
        """Tell whether there is a method of few words with the same name."""
        return is_slight(member.function) and _own_name(member) in self._slight


def _own_name(member: Member) -> str:
    return member.function.name.rpartition(".")[2]


def _edition(member: Member) -> tuple[str, str]:
    """Return the name of a function without what says whether it is asynchronous, and its full name."""
    full = f"{member.path}:{member.function.name}"
    return _ASYNC.sub("", full), full


def _exclude(one: Function, other: Function) -> bool:
    """Tell whether two functions of one file are alternatives, or one of them is in the other."""
    if one.name == other.name and "alternative" in (*one.traits, *other.traits):
        return True
    return _lies_in(one, other) or _lies_in(other, one)


def _lies_in(one: Function, other: Function) -> bool:
    return other.at.line < one.at.line and one.end_line <= other.end_line
