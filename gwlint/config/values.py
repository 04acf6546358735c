"""What a value may be, for each kind of value: a check takes the path of a key and its value, and yields problems."""

from collections.abc import Callable, Iterator, Mapping

from gwlint.config.faults import Fault
from gwlint.config.wording import in_quotes, joined, nearest, shown

Check = Callable[[str, object], Iterator[str]]


def choice(*words: str) -> Check:
    """Accept one of some words."""

    def check(key: str, value: object) -> Iterator[str]:
        if value not in words:
            yield f"{in_quotes(key)} can't be {shown(value)}; choose from {', '.join(words)}"

    return check


def boolean(key: str, value: object) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield f"{in_quotes(key)} must be true or false, not {shown(value)}; write one of them, without quotes"


def number(least: float, most: float, *, whole: bool = False) -> Check:
    """Accept a number between two others, these included, if asked for a whole one only."""
    noun = "whole number" if whole else "number"

    def check(key: str, value: object) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            yield f"{in_quotes(key)} must be a {noun}, not {shown(value)}; write one from {least} to {most}"
        elif not least <= value <= most:
            yield f"{in_quotes(key)} can't be {shown(value)}; write a {noun} from {least} to {most}"

    return check


def string(fault: Fault) -> Check:
    """Accept a string that is not blank and has no fault."""

    def check(key: str, value: object) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{in_quotes(key)} must be a string, not {shown(value)}; put it in quotes"
        elif not value.strip():
            yield f"{in_quotes(key)} is an empty string; fill it or remove the key"
        elif found := fault(value):
            yield f"{in_quotes(key)} is {shown(value)}, which {found}"

    return check


def strings(fault: Fault, *, normal: Callable[[str], str] = str, empty: str = "") -> Check:
    """Accept a list of strings without a fault; two that are the same in their normal form are a mistake.

    `empty` says what is wrong with a list without any; it may be so, unless something is.
    """

    def check(key: str, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield _no_list(key, value)
            return
        if empty and not value:
            yield f"{in_quotes(key)} is empty: {empty}"
        seen = set()
        for item in value:
            if not isinstance(item, str):
                yield _no_string(key, item)
            elif not item.strip():
                yield f"{in_quotes(key)} holds an empty string; remove it"
            elif normal(item) in seen:
                yield f"{in_quotes(key)} holds {shown(item)} a second time; remove it"
            else:
                seen.add(normal(item))
                if found := fault(item):
                    yield f"{in_quotes(key)} holds {shown(item)}, which {found}"

    return check


def lines_of_names(fault: Fault) -> Check:
    """Accept a list of at least two lines of names separated by `|`, where none has a fault or occurs twice."""

    def check(key: str, value: object) -> Iterator[str]:
        if not isinstance(value, list):
            yield _no_list(key, value)
            return
        if len(value) < 2:
            yield f"{in_quotes(key)} needs two layers at least, from the top down; add what is missing"
        seen: set[str] = set()
        for line in value:
            if isinstance(line, str):
                yield from _line_problems(key, line, fault, seen)
            else:
                yield _no_string(key, line)

    return check


def names_on(line: str) -> tuple[str, ...]:
    """Return the names on a line that are separated by `|`."""
    return tuple(part.strip() for part in line.split("|"))


def table(keys: Mapping[str, Check], required: Mapping[str, str] | None = None) -> Check:
    """Accept a table of these keys. `required` has those that can't be left out, with the remedy."""

    def check(key: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _no_table(key, value)
            return
        for inner, remedy in (required or {}).items():
            if inner not in value:
                yield f"{in_quotes(key)} has no '{inner}'; {remedy}"
        yield from keyed_problems(key, value, keys)

    return check


def named(fault: Fault, entry: Check) -> Check:
    """Accept a table with keys that the user chooses and that have no fault, where every value is such an entry."""

    def check(key: str, value: object) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _no_table(key, value)
            return
        for inner, held in value.items():
            if found := fault(inner):
                yield f"{in_quotes(key)} has {shown(inner)}, which {found}"
            yield from entry(joined(key, inner), held)

    return check


def keyed_problems(parent: str, value: Mapping[str, object], keys: Mapping[str, Check]) -> Iterator[str]:
    """Yield what is wrong with the values of known keys, and every key that is not known."""
    for key, held in value.items():
        path = joined(parent, key)
        if key in keys:
            yield from keys[key](path, held)
        else:
            yield f"unknown key {in_quotes(path)}; {nearest(key, keys)}"


def _line_problems(key: str, line: str, fault: Fault, seen: set[str]) -> Iterator[str]:
    for one in names_on(line):
        if not one:
            yield f"{in_quotes(key)} holds {shown(line)}, where a name is missing; write it or remove the '|'"
        elif one in seen:
            yield f"{in_quotes(key)} holds {shown(one)} a second time; remove it"
        else:
            seen.add(one)
            if found := fault(one):
                yield f"{in_quotes(key)} holds {shown(one)}, which {found}"


def _no_list(key: str, value: object) -> str:
    return f"{in_quotes(key)} must be a list of strings, not {shown(value)}; put it in brackets"


def _no_string(key: str, item: object) -> str:
    return f"{in_quotes(key)} holds {shown(item)}, which is no string; put it in quotes"


def _no_table(key: str, value: object) -> str:
    return f"{in_quotes(key)} must be a table, not {shown(value)}; give it keys of its own"
