"""What the parts of the resolver tell one another."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Hit(NamedTuple):
    """A file of the project that an import asks for: what it takes from it, and the packages that run before it.

    `called` is the name that a `from` import has for the module, where it takes that as such.
    """

    path: str
    names: tuple[str, ...]
    parents: tuple[str, ...]
    called: str = ""


class Outcome(NamedTuple):
    """What an import comes to: files of the project, modules outside of it, or, in part or whole, nothing."""

    hits: tuple[Hit, ...] = ()
    external: tuple[str, ...] = ()
    is_missing: bool = False


class Resolver(Protocol):
    """Follows imports under one layout: the way names of modules come from where files are stored."""

    def name(self, path: str) -> str:
        """Return the dotted name of a file."""

    def outcome(self, path: str, module: str, level: int, names: tuple[str, ...], taken: frozenset[str]) -> Outcome:
        """Resolve one import of the file at `path`. `taken` are the names it takes of the module, in any way."""

    def reached(self, path: str, dotted: str, level: int) -> Hit | None:
        """Return the module that a chain of attributes leads to, and the name it takes from it."""
