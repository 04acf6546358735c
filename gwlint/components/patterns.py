"""Globs over the dotted names of modules, as settings write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from gwlint.config import ConfigError
from gwlint.nearest import nearest
from gwlint.project import Module
from gwlint.roles import designations


class Names:
    """The modules of a project by all the dotted names that settings may call them by."""

    def __init__(self, modules: Iterable[Module]) -> None:
        """Index modules: each by its own name and by the one that its path spells."""
        self._paths: dict[str, list[str]] = {}
        for module in modules:
            for name in designations(module.path, module.name):
                self._paths.setdefault(name, []).append(module.path)

    def named(self, name: str) -> tuple[str, ...]:
        """Return the paths of the modules of exactly this name."""
        return tuple(sorted(self._paths.get(name, ())))

    def matching(self, glob: str) -> dict[str, str]:
        """Return the paths of the modules that a glob means, each with the name by which it does."""
        is_meant = _compiled(glob).match
        return {path: name for name, paths in sorted(self._paths.items()) if is_meant(name) for path in paths}

    def nearest(self, name: str) -> str:
        """Return a remedy that offers the name of a module that looks like a name, if there is one."""
        near = nearest(name, self._paths)
        return f"did you mean '{near}'?" if near else "name a module of the project"


def assigned(names: Names, globs: Mapping[str, Sequence[str]], where: Callable[[str], str]) -> dict[str, str]:
    """Return for every module that a glob of somebody means, by path, whom it belongs to: the longest glob wins.

    `globs` has the globs of each owner, `where` says in which setting they stand. Raises `ConfigError` with every glob
    that means nothing.
    """
    problems: list[str] = []
    best: dict[str, tuple[int, str]] = {}
    for owner, patterns in globs.items():
        for glob in patterns:
            meant = names.matching(glob)
            if not meant:
                problems.append(f"{where(owner)}: no module matches '{glob}'; {names.nearest(glob)}")
            for path in meant:
                if path not in best or len(glob) > best[path][0]:
                    best[path] = len(glob), owner
    if problems:
        raise ConfigError(tuple(problems))
    return {path: owner for path, (_, owner) in best.items()}


@cache
def _compiled(glob: str) -> re.Pattern[str]:
    """`*` stays within a part between dots, `**` does not; what is below a match is meant as well."""
    translated = "".join(map(_translated, re.split(r"(\*\*|[*?]|\[!?\]?[^\]]*\])", glob)))
    return re.compile(rf"{translated}(?:\.|\Z)")


def _translated(token: str) -> str:
    if len(token) > 1 and token.startswith("["):
        negated = token.startswith("[!")
        return f"[{'^' if negated else ''}{re.escape(token[1 + negated : -1]).replace(chr(92) + '-', '-')}]"
    return _WILDCARDS.get(token) or re.escape(token)


_WILDCARDS = {"**": r".*", "*": r"[^.]*", "?": r"[^.]"}
