"""What an import statement says, read from its text."""

import re
from typing import NamedTuple

_COMMENT = re.compile(r"#[^\n]*")
_FROM = re.compile(r"(?:lazy\s+)?from\s*([.\s]*)([\w.\s]*?)\s*\bimport\b(.*)", re.DOTALL)
_ALIAS = re.compile(r"\s+as\s+")


class Clause(NamedTuple):
    """One module that a statement asks for: see `gwlint.model.Import`.

    `bindings` are the local names that come out of it with what each stands for, written out with its leading
    dots: `from . import cache as c` binds `c` to `.cache`.
    """

    module: str
    level: int
    names: tuple[str, ...]
    bindings: tuple[tuple[str, str], ...]


def clauses(statement: str) -> list[Clause]:
    """Read one import statement, comments and continuation lines included; an unfinished one gives what it has."""
    if "#" in statement:
        statement = _COMMENT.sub("", statement)
    if "\\" in statement:
        statement = statement.replace("\\\r\n", " ").replace("\\\n", " ")
    taken = _FROM.match(statement)
    if taken:
        return _from_clause(*taken.groups())
    return [_plain_clause(name, alias) for name, alias in _items(statement.partition("import")[2])]


def _from_clause(dots: str, module: str, rest: str) -> list[Clause]:
    module, level = _squeezed(module), dots.count(".")
    items = _items(rest.strip().strip("()"))
    if not items and not module:
        return []
    prefix = "." * level + module + ("." if module else "")
    bindings = tuple((alias or name, prefix + name) for name, alias in items if name != "*")
    return [Clause(module, level, tuple(name for name, _ in items), bindings)]


def _plain_clause(module: str, alias: str) -> Clause:
    first = module.partition(".")[0]
    return Clause(module, 0, (), ((alias, module) if alias else (first, first),))


def _items(listed: str) -> list[tuple[str, str]]:
    items = []
    for item in listed.split(","):
        name, *alias = _ALIAS.split(item.strip(), maxsplit=1)
        if name:
            items.append((_squeezed(name), alias[0].strip() if alias else ""))
    return items


def _squeezed(dotted: str) -> str:
    return "".join(dotted.split())
