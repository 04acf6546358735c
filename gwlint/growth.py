"""What of the memory that functions keep from one invocation to the next has no bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from gwlint.callees import Meaning
from gwlint.invocations import FIXED, FROM_EVENT, Invocations, Occurrence
from gwlint.model import Growth, Parameter, Procedure, Span

_UNBOUNDED = -1
_AS_GOOD_AS_UNBOUNDED = 100_000
"""An entry of a bounded `lru_cache` takes 140 bytes with nothing in it but a small number: so many take 13 MiB."""

_ENUMERATIONS = frozenset({"Enum", "Flag", "IntEnum", "IntFlag", "StrEnum"})


class Unbounded(NamedTuple):
    """Something that grows from one invocation to the next.

    `kind` is what it is: a function or a method with a cache, or a container of a module. `by` says what makes it grow:
    the event, values nobody knows, objects that are made in invocations, or each call. `name` is that of the function
    or container, `parameter` what is the key, if that is one; `bound` is that of the cache, if it has any. `at` is
    where the cache is asked for, or where the container grows; `cause` a call that hands on what varies, `container`
    where the container is made.
    """

    kind: Literal["function", "method", "container"]
    by: Literal["event", "unknown", "object", "call"]
    path: str
    name: str
    parameter: str
    bound: int
    at: Span
    cause: Occurrence | None = None
    container: tuple[str, Span] | None = None


def unbounded(invocations: Invocations) -> Iterator[Unbounded]:
    """Yield the caches and containers that only grow, each once."""
    yield from _memos(invocations)
    yield from _containers(invocations)


def _memos(invocations: Invocations) -> Iterator[Unbounded]:
    cleared = set(_cleared(invocations))
    for path, name in invocations.reached:
        procedure = invocations.callees.procedure(path, name)
        if procedure is None or not (procedure.memo == _UNBOUNDED or procedure.memo >= _AS_GOOD_AS_UNBOUNDED):
            continue
        found = _memo(invocations, path, procedure)
        if found is not None and (path, name) not in cleared:
            yield found


def _memo(invocations: Invocations, path: str, procedure: Procedure) -> Unbounded | None:
    is_method = procedure.binding == "instance"
    keys = procedure.parameters[procedure.binding != "none" :]
    levels = {
        one.name: invocations.level_of((path, procedure.name), one.name.lstrip("*"))
        for one in keys
        if not _takes_few(invocations, path, one)
    }
    highest = max(levels.values(), default=FIXED)
    key = next((name for name, level in levels.items() if level == highest), "")
    bound = max(procedure.memo, 0)
    kind: Literal["function", "method"] = "method" if is_method else "function"
    if is_method and procedure.memo == _UNBOUNDED and invocations.is_made_anew(path, procedure.owner):
        return Unbounded(kind, "object", path, procedure.name, "", bound, procedure.memo_at)
    if highest == FIXED:
        return None
    by: Literal["event", "unknown"] = "event" if highest == FROM_EVENT else "unknown"
    cause = invocations.cause((path, procedure.name), key.lstrip("*"))
    return Unbounded(kind, by, path, procedure.name, key.lstrip("*"), bound, procedure.memo_at, cause)


def _takes_few(invocations: Invocations, path: str, parameter: Parameter) -> bool:
    if parameter.is_few:
        return True
    if not parameter.annotation:
        return False
    local = parameter.annotation.rpartition(".")[2]
    meaning = invocations.callees.meant(path, local)
    if meaning is None or meaning.kind != "class":
        return False
    classes = invocations.callees.ancestors(meaning.path, meaning.name)
    bases = {base.rpartition(".")[2] for one in classes for base in invocations.callees.bases(*one)}
    return not _ENUMERATIONS.isdisjoint(bases)


def _cleared(invocations: Invocations) -> Iterator[tuple[str, str]]:
    """Yield the functions whose cache somebody clears."""
    for path, said in invocations.conducts.items():
        for action in said.actions:
            name, _, method = action.local.rpartition(".")
            meaning = invocations.callees.meant(path, name) if method == "cache_clear" else None
            if meaning is not None and meaning.kind == "procedure":
                yield meaning.path, meaning.name


def _containers(invocations: Invocations) -> Iterator[Unbounded]:
    shrunk = {
        (meaning.path, meaning.name)
        for path, said in invocations.conducts.items()
        for name in said.shrunk
        if (meaning := _container(invocations, path, name)) is not None
    }
    reached = set(invocations.reached)
    found: dict[tuple[str, str], list[tuple[int, str, Growth, str]]] = {}
    for path, said in sorted(invocations.conducts.items()):
        for growth in said.growths:
            procedure = said.procedures[growth.within]
            meaning = _container(invocations, path, growth.container) if (path, procedure.name) in reached else None
            if meaning is None or (meaning.path, meaning.name) in shrunk or not _lives_on(invocations, meaning):
                continue
            level = invocations.level((path, procedure.name), growth.key)
            if level > FIXED or growth.is_element:
                found.setdefault((meaning.path, meaning.name), []).append((level, path, growth, procedure.name))
    for (home, name), growths in found.items():
        level, path, growth, procedure_name = max(growths, key=lambda one: (one[2].is_element, one[0]))
        variable = invocations.callees.variable(home, name)
        by: Literal["event", "unknown", "call"] = (
            "call" if growth.is_element else "event" if level == FROM_EVENT else "unknown"
        )
        cause = next(
            (
                call
                for origin in growth.key.origins
                if (call := invocations.cause((path, procedure_name), origin)) is not None
                and invocations.level_of((path, procedure_name), origin) == level
            ),
            None,
        )
        place = None if variable is None else (home, variable.at)
        yield Unbounded("container", by, path, name, growth.key.text, 0, growth.at, cause, place)


def _container(invocations: Invocations, path: str, name: str) -> Meaning | None:
    """Return the container that a name of a file means."""
    meaning = invocations.callees.meant(path, name)
    return meaning if meaning is not None and meaning.kind == "variable" else None


def _lives_on(invocations: Invocations, meaning: Meaning) -> bool:
    """Tell whether a variable is a container that is still there in the next invocation."""
    variable = invocations.callees.variable(meaning.path, meaning.name)
    if variable is None or not variable.is_container:
        return False
    owner, is_attribute, _ = meaning.name.partition("().")
    if not is_attribute:
        return True
    return not invocations.is_made_anew(meaning.path, owner) and (meaning.path, owner) in _shared(invocations)


def _shared(invocations: Invocations) -> set[tuple[str, str]]:
    """Return the classes of which there are objects as long as their modules."""
    found: set[tuple[str, str]] = set()
    for path, said in invocations.conducts.items():
        for variable in said.variables:
            if variable.local.endswith("()") and "()." not in variable.name:
                meaning = invocations.callees.meant(path, variable.local.removesuffix("()"))
                if meaning is not None and meaning.kind == "class":
                    found.update(invocations.callees.ancestors(meaning.path, meaning.name))
    return found
