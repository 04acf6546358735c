"""Which files have other names now, told from what was found in them then and now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

_WORD = re.compile(r"[^\s:]+")
_CROWD = 100
_THIS, _OTHER = "<this>", "<other>"


class Told(NamedTuple):
    """What a finding is about, in words; `path` is empty where the words are a set of files that names its own."""

    rule: str
    path: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, rule: str, path: str, identity: str) -> Told:
        """Take the identity of a finding in a file apart."""
        words = tuple(_WORD.findall(identity))
        is_set = path in words and all(map(_is_path, words))
        return cls(rule, "" if is_set else path, tuple(sorted(words)) if is_set else words)

    @property
    def paths(self) -> set[str]:
        """The files that are named."""
        return {*filter(_is_path, self.words), *filter(None, (self.path,))}

    def after(self, moves: Mapping[str, str]) -> Told:
        """Return the same with other names for some files."""
        words = tuple(moves.get(word, word) for word in self.words)
        return self._replace(path=moves.get(self.path, self.path), words=words if self.path else tuple(sorted(words)))

    def is_part_of(self, other: Told) -> bool:
        """Tell whether this is about some of the files of a set that the other one is about."""
        return not self.path and not other.path and self.rule == other.rule and {*self.words} < {*other.words}


def moves(
    then: Iterable[Told], now: Iterable[Told], named: Collection[str], modules: Collection[str]
) -> dict[str, str]:
    """Return the new paths of files by the old ones.

    `then` is what is not found any more and `now` what was not found before, `named` the paths of all that was found
    before. A file that is gone has moved to the new file that is most like it: the same must be found of both, and what
    counts most is that as many others as possible have made the same move between two folders, then that as much as
    possible is found of both, then that the folder is the same. Where two are equally like it, it is anybody's guess,
    and the file has not moved.
    """
    then, now = tuple(then), tuple(now)
    present = {path for one in now for path in one.paths}
    gone = {path for one in then for path in one.paths}.difference(modules, present)
    come = present.difference(named)
    if not gone or not come:
        return {}
    shared = _shared(_roles(then, gone), _roles(now, come))
    movers = Counter(move for old in shared for new in shared[old] for move in _moves_between(old, new))
    found = {old: _likest(old, shared[old], movers) for old in sorted(shared)}
    return {old: new for old, new in found.items() if new}


def _likest(old: str, shared: Mapping[str, int], movers: Mapping[_Move, int]) -> str:
    """Return the one path that is most like another one; empty where there is none, or more than one."""
    folder = _folder(old)
    likeness = {
        new: (max((movers[move] for move in _moves_between(old, new)), default=0), times, _folder(new) == folder)
        for new, times in shared.items()
    }
    most = max(likeness.values(), default=None)
    likest = [new for new, like in likeness.items() if like == most]
    return likest[0] if len(likest) == 1 else ""


_Move = tuple[str, str]
"""The path of a folder, and its new one; empty is the project itself."""


def _moves_between(old: str, new: str) -> Iterator[_Move]:
    """Yield the moves of folders that would make one path of another."""
    before, after = old.split("/"), new.split("/")
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
        yield "/".join(before), "/".join(after)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _shared(before: _Roles, after: _Roles) -> dict[str, Counter[str]]:
    """Count for every old path and every new one how much of the same is said of both.

    Candidates are namesakes, or where there are none, all: as long as they are no crowd, in which nobody is found.
    """
    alike: dict[tuple[Told, str], list[str]] = {}
    for path, roles in after.items():
        for role in roles:
            for end in ("", *_ends(path)):
                alike.setdefault((role, end), []).append(path)
    shared: dict[str, Counter[str]] = {}
    for path, roles in before.items():
        for role, times in roles.items():
            for candidate in _candidates(path, role, alike):
                shared.setdefault(path, Counter())[candidate] += min(times, after[candidate][role])
    return shared


def _candidates(path: str, role: Told, alike: Mapping[tuple[Told, str], list[str]]) -> list[str]:
    name, *longer = _ends(path)
    ends = (name, *longer) if (role, name) in alike else ("",)
    groups = (alike.get((role, end), []) for end in ends)
    return next((group for group in groups if len(group) <= _CROWD), [])


def _ends(path: str) -> list[str]:
    """Return the ends of a path, from its name to all of it."""
    parts = path.split("/")
    return ["/".join(parts[-length:]) for length in range(1, len(parts) + 1)]


_Roles = dict[str, Counter[Told]]
"""By path, what is said of it: with a mark in its place, and another one for all paths that may have changed, too."""


def _roles(told: Iterable[Told], changing: Collection[str]) -> _Roles:
    roles: _Roles = {}
    for one in told:
        for path in one.paths.intersection(changing):
            marks = {**dict.fromkeys(one.paths.intersection(changing), _OTHER), path: _THIS}
            roles.setdefault(path, Counter())[one.after(marks)] += 1
    return roles


def _is_path(word: str) -> bool:
    return word.endswith(".py")
